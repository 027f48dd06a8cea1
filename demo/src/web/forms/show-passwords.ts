import { js } from "@live-session/adapter-koa";
import { html, type TemplateResult } from "lit";

const appear = js.removeAttribute("hidden");

/**
 * Renders the choice to see the new password in a form while it is typed. The browser does it by itself, by
 * commands; where none can be run, there is no choice.
 */
export function showPasswords(formId: string): TemplateResult {
  const fields = `#${formId} [autocomplete="new-password"]`;
  return html`<label class="checkbox" hidden live-mounted=${appear}>
    <input
      type="checkbox"
      autocomplete="off"
      live-click=${js.toggleAttribute("type", ["text", "password"], { to: fields })}
    > Show what I type
  </label>`;
}
