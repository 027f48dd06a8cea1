import { html, nothing, type TemplateResult } from "lit";
import { type FieldErrors, toFields } from "../../fields.js";

/** The state of a form: the typed values, and the errors that it shows. */
export interface FormState {
  readonly values: Readonly<Record<string, string>>;
  readonly errors: FieldErrors;
}

/** Options of `input`. */
export interface Input {
  readonly form: FormState;
  /** The name of the fields' group: `product` for `product[name]`. */
  readonly group: string;
  readonly key: string;
  readonly label: string;
  readonly type: "text" | "textarea" | "checkbox" | "date" | "datetime-local" | "select";
  /** The keyboard that phones show. */
  readonly inputmode?: "numeric";
  /** The values of a select. */
  readonly options?: readonly string[];
}

/** Creates the state of a form that is being filled in. It shows errors only at fields that have been used. */
export function changedFields(params: unknown, errors: FieldErrors): FormState {
  const fields = toFields(params);
  const used = Object.entries(errors).filter(([name]) => !(`_unused_${name}` in fields));
  return { values: toValues(fields), errors: Object.fromEntries(used) };
}

/** Creates the state of a form that was submitted and refused. It shows all errors. */
export function refusedFields(params: unknown, errors: FieldErrors): FormState {
  return { values: toValues(toFields(params)), errors };
}

function toValues(fields: Readonly<Record<string, unknown>>): FormState["values"] {
  const texts = Object.entries(fields).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return Object.fromEntries(texts);
}

/** Renders a field with its label and its errors. */
export function input(options: Input): TemplateResult {
  const { form, group, key, label, type } = options;
  const id = `${group}_${key}`;
  const errors = form.errors[key] ?? [];
  const list = errors.map((error) => html`<p class="error">${error}</p>`);
  const shown = control(options, id, errors.length > 0);
  return html`<div class="field">
    ${
      type === "checkbox"
        ? html`<label class="checkbox" for=${id}>${shown} ${label}</label>`
        : html`<label for=${id}>${label}</label> ${shown}`
    }
    ${errors.length > 0 ? html`<div id=${`${id}_errors`}>${list}</div>` : nothing}
  </div>`;
}

function control(
  { form, group, key, type, inputmode, options = [] }: Input,
  id: string,
  isInvalid: boolean,
) {
  const name = `${group}[${key}]`;
  const value = form.values[key] ?? "";
  const invalid = isInvalid ? "true" : nothing;
  const describedBy = isInvalid ? `${id}_errors` : nothing;
  switch (type) {
    case "checkbox":
      return html`<input type="hidden" name=${name} value="false">
        <input id=${id} name=${name} type="checkbox" value="true" ?checked=${value === "true"}>`;
    case "textarea":
      return html`<textarea
        id=${id}
        name=${name}
        rows="5"
        .value=${value}
        aria-invalid=${invalid}
        aria-describedby=${describedBy}
      ></textarea>`;
    case "select":
      return html`<select id=${id} name=${name} aria-invalid=${invalid} aria-describedby=${describedBy}>
        <option value="">Choose…</option>
        ${options.map(
          (option) =>
            html`<option value=${option} ?selected=${option === value}>${option}</option>`,
        )}
      </select>`;
    default:
      return html`<input
        id=${id}
        name=${name}
        type=${type}
        inputmode=${inputmode ?? nothing}
        value=${value}
        aria-invalid=${invalid}
        aria-describedby=${describedBy}
      >`;
  }
}
