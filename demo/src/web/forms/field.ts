import { html, nothing, type TemplateResult } from "lit";
import type { Form } from "./form.js";

/** A field of a form with its label, and below it what is wrong with it. */
export interface Field {
  readonly form: Form;
  /** Begins the ids of what belongs to the form. */
  readonly formId: string;
  /** The field's key among the form's values and errors. */
  readonly key: string;
  readonly label: string;
  readonly type: "email" | "password";
  readonly autocomplete: "username" | "email" | "current-password" | "new-password";
  /** The control's name; `user[KEY]` where it is not given. */
  readonly name?: string;
}

/** More than any value that is taken, and little enough for all fields of a form in one message. */
const MAX_LENGTH = 1000;

/** Renders a field. */
export function field({
  form,
  formId,
  key,
  label,
  type,
  autocomplete,
  name,
}: Field): TemplateResult {
  const id = `${formId}_${key}`;
  const errors = form.errors[key] ?? [];
  const isInvalid = errors.length > 0;
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <input
      id=${id}
      name=${name ?? `user[${key}]`}
      type=${type}
      value=${type === "password" ? nothing : (form.values[key] ?? "")}
      autocomplete=${autocomplete}
      maxlength=${MAX_LENGTH}
      required
      ?autofocus=${isInvalid && form.message !== null && Object.keys(form.errors)[0] === key}
      aria-invalid=${isInvalid ? "true" : nothing}
      aria-describedby=${isInvalid ? `${id}_errors` : nothing}
    >
    ${
      isInvalid
        ? html`<div id=${`${id}_errors`}>${errors.map((error) => html`<p class="error">${error}</p>`)}</div>`
        : nothing
    }
  </div>`;
}

/** Renders what is wrong with the whole form. */
export function formError({ message }: Form): TemplateResult | null {
  return message === null ? null : html`<p class="form-error" role="alert">${message}</p>`;
}

/** Renders the hidden field without which no post is accepted. */
export function csrfField(csrfToken: string): TemplateResult {
  return html`<input type="hidden" name="_csrf_token" value=${csrfToken}>`;
}
