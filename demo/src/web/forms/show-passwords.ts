import { js } from "@live-session/adapter-koa";
import { html, type TemplateResult } from "lit";

const reveal = js.removeClass("scripted");

/**
 * Renders a checkbox that shows the new password of a form. It runs client commands, without the server. Until they can
 * run, its place stays empty, so that the button below does not move; browsers without JavaScript show no empty place.
 */
export function showPasswords(formId: string): TemplateResult {
  const fields = `#${formId} [autocomplete="new-password"]`;
  return html`<label class="checkbox scripted" live-mounted=${reveal}>
    <input
      type="checkbox"
      autocomplete="off"
      live-click=${js.toggleAttribute("type", ["text", "password"], { to: fields })}
    > Show password
  </label>`;
}
