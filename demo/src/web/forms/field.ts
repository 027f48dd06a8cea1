import { html, nothing, type TemplateResult } from "lit";
import type { Form } from "./form.js";

/** Options of `field`. */
export interface Field {
  readonly form: Form;
  /** The id of the form, a prefix of the ids of its fields. */
  readonly formId: string;
  /** The key of the field in the form's values and errors. */
  readonly key: string;
  readonly label: string;
  readonly type: "email" | "password" | "text";
  readonly autocomplete:
    | "username"
    | "email"
    | "current-password"
    | "new-password"
    | "one-time-code";
  /** The keyboard that phones show. */
  readonly inputmode?: "numeric";
  /** The name of the control; `user[KEY]` by default. */
  readonly name?: string;
}

/** Longer than every valid value, and short enough for all fields of a form to fit into one frame. */
const MAX_LENGTH = 1000;

/** Renders a field with its label and its errors. */
export function field({
  form,
  formId,
  key,
  label,
  type,
  autocomplete,
  inputmode,
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
      inputmode=${inputmode ?? nothing}
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

/** Renders the error message of the whole form. */
export function formError({ message }: Form): TemplateResult | null {
  return message === null ? null : html`<p class="form-error" role="alert">${message}</p>`;
}

/** Renders the hidden field with the CSRF token, which every post needs. */
export function csrfField(csrfToken: string): TemplateResult {
  return html`<input type="hidden" name="_csrf_token" value=${csrfToken}>`;
}
