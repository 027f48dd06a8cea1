import { html, type TemplateResult } from "lit";

/** Renders the field that tells password managers whose new password a form is for. Nobody sees it. */
export function usernameField(email: string): TemplateResult {
  return html`<input type="text" name="user[email]" value=${email} autocomplete="username" readonly hidden>`;
}
