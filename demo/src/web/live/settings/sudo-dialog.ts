import { html, type TemplateResult } from "lit";
import { field, formError } from "../../forms/field.js";
import type { Form } from "../../forms/form.js";
import { usernameField } from "../../forms/username-field.js";

/** The id of the dialog, for the events that open and close it. */
export const sudoDialogId = "sudo_dialog";

const formId = "sudo_form";

/** The data that the dialog shows. */
export interface SudoDialog {
  readonly form: Form;
  /** Whether a code has been mailed, so that the dialog asks for it instead of the password. */
  readonly isByCode: boolean;
}

/** Renders the dialog in which users prove again that they own the account. Its form is `live-submit="confirm_sudo"`. */
export function sudoDialog({ form, isByCode }: SudoDialog, email: string): TemplateResult {
  return html`
    <dialog id=${sudoDialogId} class="card" aria-labelledby="sudo_heading">
      <h2 id="sudo_heading">Confirm that it's you</h2>
      <form id=${formId} method="post" live-submit="confirm_sudo" novalidate>
        ${usernameField(email)} ${formError(form)}
        ${
          isByCode
            ? field({
                form,
                formId,
                key: "code",
                label: "Code from the email",
                type: "text",
                autocomplete: "one-time-code",
                inputmode: "numeric",
                name: "code",
              })
            : field({
                form,
                formId,
                key: "current_password",
                label: "Current password",
                type: "password",
                autocomplete: "current-password",
                name: "current_password",
              })
        }
        <p class="actions">
          <button live-disable-with="Confirming...">Confirm</button>
          <button type="button" class="secondary" popovertarget=${sudoDialogId} popovertargetaction="hide">Cancel</button>
          <button type="button" class="secondary" live-click="mail_sudo_code">Send me a code</button>
        </p>
      </form>
    </dialog>`;
}

/**
 * The field for the current password in a form of the settings. Only browsers without JavaScript show it: the others open
 * the dialog.
 */
export const sudoFieldWithoutScript = html`<noscript>
  <div class="field">
    <label>Current password <input name="current_password" type="password" autocomplete="current-password" maxlength="1000" required></label>
  </div>
</noscript>`;
