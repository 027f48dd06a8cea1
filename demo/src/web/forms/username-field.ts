import { html, type TemplateResult } from "lit";

/** Renders a hidden field with the username, for password managers. */
export function usernameField(email: string): TemplateResult {
  return html`<input type="text" name="user[email]" value=${email} autocomplete="username" readonly hidden>`;
}
