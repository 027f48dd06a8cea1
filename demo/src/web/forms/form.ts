import { type FieldErrors, toFields } from "../../fields.js";

/** The state of a form: its values and errors. */
export interface Form {
  /** The typed values by field, without passwords. */
  readonly values: Readonly<Record<string, string>>;
  /** The error messages by field. */
  readonly errors: FieldErrors;
  /** The error message of the whole form; null unless it was submitted and refused. */
  readonly message: string | null;
}

/** A refused form: its error messages. */
export interface Refusal {
  readonly ok: false;
  readonly errors: FieldErrors;
  readonly message: string;
}

/** The error message of a form with errors at its fields. */
export const OOPS = "Oops, something went wrong! Please check the errors below.";

/** A new form without values. */
export const untouchedForm: Form = { values: {}, errors: {}, message: null };

/** Creates a form that shows saved values. */
export function filledForm(values: Form["values"]): Form {
  return { ...untouchedForm, values };
}

/** Creates a refusal with errors at the fields. */
export function refuse(errors: FieldErrors): Refusal {
  return { ok: false, errors, message: OOPS };
}

/**
 * Creates a form that is being filled in. It shows errors only at fields that have been used. The client
 * marks an unused field `email` with an additional field `_unused_email`.
 */
export function changedForm(params: unknown, errors: FieldErrors): Form {
  const fields = toFields(params);
  const used = Object.entries(errors).filter(([name]) => !(`_unused_${name}` in fields));
  return { values: toValues(fields), errors: Object.fromEntries(used), message: null };
}

/** Creates a form that was submitted and refused. It shows all errors. */
export function refusedForm(
  params: unknown,
  { errors, message }: Pick<Form, "errors" | "message">,
): Form {
  return { values: toValues(toFields(params)), errors, message };
}

function toValues(fields: Readonly<Record<string, unknown>>): Form["values"] {
  const { email } = fields;
  return typeof email === "string" ? { email } : {};
}
