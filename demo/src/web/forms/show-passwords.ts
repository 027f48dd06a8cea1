import { js } from "@live-session/adapter-koa";
import { html, type TemplateResult } from "lit";

const show = js.removeAttribute("hidden");

/**
 * Renders a checkbox that shows the new password of a form. It runs client commands, without the server, and
 * stays hidden in browsers without JavaScript.
 */
export function showPasswords(formId: string): TemplateResult {
  const fields = `#${formId} [autocomplete="new-password"]`;
  return html`<label class="checkbox" hidden live-mounted=${show}>
    <input
      type="checkbox"
      autocomplete="off"
      live-click=${js.toggleAttribute("type", ["text", "password"], { to: fields })}
    > Show password
  </label>`;
}
