import { type FieldErrors, toFields } from "../../accounts/users/user-fields.js";

/** What a form shows. */
export interface Form {
  /** What was typed, by field; never a password. */
  readonly values: Readonly<Record<string, string>>;
  /** What is wrong, by field. */
  readonly errors: FieldErrors;
  /** What is wrong with the whole; null unless it has been sent and refused. */
  readonly message: string | null;
}

/** Why what a form asked for was not done. */
export interface Refusal {
  readonly ok: false;
  readonly errors: FieldErrors;
  readonly message: string;
}

/** The message of a form with errors under its fields. */
export const OOPS = "Oops, something went wrong! Please check the errors below.";

/** A form that nobody has touched. */
export const untouchedForm: Form = { values: {}, errors: {}, message: null };

/** A form that shows what is there already. */
export function filledForm(values: Form["values"]): Form {
  return { ...untouchedForm, values };
}

/** A refusal because of what is in the fields. */
export function refuse(errors: FieldErrors): Refusal {
  return { ok: false, errors, message: OOPS };
}

/**
 * A form that is being filled in: errors show under the fields that have been used. The browser marks
 * those that have not with another one, `_unused_email` for `email`.
 */
export function changedForm(params: unknown, errors: FieldErrors): Form {
  const fields = toFields(params);
  const used = Object.entries(errors).filter(([name]) => !(`_unused_${name}` in fields));
  return { values: toValues(fields), errors: Object.fromEntries(used), message: null };
}

/** A form that was sent and refused: every error shows. */
export function refusedForm(params: unknown, { errors, message }: Refusal): Form {
  return { values: toValues(toFields(params)), errors, message };
}

function toValues(fields: Readonly<Record<string, unknown>>): Form["values"] {
  const { email } = fields;
  return typeof email === "string" ? { email } : {};
}
