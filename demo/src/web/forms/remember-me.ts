import { html, type TemplateResult } from "lit";

/** Renders the checkbox that keeps the user logged in. */
export function rememberMe(checked = false): TemplateResult {
  return html`<label class="checkbox">
    <input type="checkbox" name="user[remember_me]" value="true" ?checked=${checked}> Keep me logged in
  </label>`;
}
