import { z } from "zod";

/** The error messages of a form, by field. Fields without errors are missing. */
export type FieldErrors<Field extends PropertyKey = string> = {
  readonly [Name in Field]?: readonly string[];
};

/** Result of validating a form: the values of its fields, or the errors. */
export type Checked<Values, Field extends PropertyKey = keyof Values> =
  | { readonly ok: true; readonly values: Values }
  | { readonly ok: false; readonly errors: FieldErrors<Field> };

/** Returns the fields of a form; none if the value is not an object. */
export function toFields(attrs: unknown): Readonly<Record<string, unknown>> {
  return typeof attrs === "object" && attrs !== null && !Array.isArray(attrs) ? { ...attrs } : {};
}

/**
 * Validates the fields of a form, of any type. Drops fields that the schema does not contain.
 *
 * @example
 * checkFields(z.object({ name: z.string() }), {});
 * // { ok: false, errors: { name: ["Invalid input: expected string, received undefined"] } }
 */
export function checkFields<Values extends object>(
  schema: z.ZodType<Values>,
  attrs: unknown,
): Checked<Values> {
  const read = schema.safeParse(toFields(attrs));
  if (read.success) return { ok: true, values: read.data };
  return { ok: false, errors: z.flattenError(read.error).fieldErrors };
}

/** Returns the errors of the fields of a form; empty if all fields are valid. */
export function fieldErrors<Values extends object>(
  schema: z.ZodType<Values>,
  attrs: unknown,
): FieldErrors<keyof Values> {
  const checked = checkFields(schema, attrs);
  return checked.ok ? {} : checked.errors;
}
