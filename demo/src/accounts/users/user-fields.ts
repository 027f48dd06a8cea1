import { z } from "zod";
import type { User } from "./user.js";

const EMAIL_FORMAT = /^[^\s@,;\p{Cc}\p{Cs}]+@[^\s@,;\p{Cc}\p{Cs}]+$/u;
const EMAIL_MAX_LENGTH = 160;
const PASSWORD_MIN_LENGTH = 12;
const PASSWORD_MAX_LENGTH = 72;

/** What is wrong with the fields of a form: all messages of each field that has any. */
export type FieldErrors<Field extends PropertyKey = string> = {
  readonly [Name in Field]?: readonly string[];
};

/** A form's fields, checked: their values, or what is wrong with them. */
export type Checked<Values, Field extends PropertyKey = keyof Values> =
  | { readonly ok: true; readonly values: Values }
  | { readonly ok: false; readonly errors: FieldErrors<Field> };

/** What became of a form: the user that it led to, or what is wrong with its fields. */
export type UserResult<Field extends PropertyKey> =
  | { readonly ok: true; readonly user: User }
  | { readonly ok: false; readonly errors: FieldErrors<Field> };

/** The message for an address that another user has. */
export const EMAIL_TAKEN = "has already been taken";

/** The error of a form whose current password is not the user's. */
export const WRONG_PASSWORD = { current_password: ["is not valid"] } as const;

// Control characters and halves of surrogate pairs are as little part of an address as white space is, and
// some of them would not come back from a database as they went in.
const email = text(
  [(value) => EMAIL_FORMAT.test(value), "must have the @ sign and no spaces"],
  [isAtMost(EMAIL_MAX_LENGTH), `should be at most ${EMAIL_MAX_LENGTH} character(s)`],
);

const password = text(
  [isAtLeast(PASSWORD_MIN_LENGTH), `should be at least ${PASSWORD_MIN_LENGTH} character(s)`],
  [isAtMost(PASSWORD_MAX_LENGTH), `should be at most ${PASSWORD_MAX_LENGTH} character(s)`],
);

/** The fields of the registration form. */
export const registrationSchema = z.object({ email, password });

/** The field of the form that changes the e-mail address. */
export const emailSchema = z.object({ email });

/** The fields of the forms that set a new password. The confirmation counts only where there is one. */
export const passwordSchema = z
  .object({ password, password_confirmation: z.unknown().optional() })
  .refine(
    (fields) =>
      fields.password_confirmation === undefined ||
      fields.password_confirmation === fields.password,
    // By default zod looks at the whole only when all its parts are right; these errors come together.
    { path: ["password_confirmation"], error: "does not match password", when: () => true },
  );

/** What came as a form, if it is one, by field. */
export function toFields(attrs: unknown): Readonly<Record<string, unknown>> {
  return typeof attrs === "object" && attrs !== null && !Array.isArray(attrs) ? { ...attrs } : {};
}

/**
 * Checks what came with a form, of whatever type it is. Fields that the schema does not know are dropped.
 *
 * @example
 * checkFields(registrationSchema, { email: "a@b.c" });
 * // { ok: false, errors: { password: ["can't be blank"] } }
 */
export function checkFields<Values extends object>(
  schema: z.ZodType<Values>,
  attrs: unknown,
): Checked<Values> {
  const read = schema.safeParse(toFields(attrs));
  if (read.success) return { ok: true, values: read.data };
  return { ok: false, errors: z.flattenError(read.error).fieldErrors };
}

/** What is wrong with the fields that came with a form; empty when nothing is. */
export function fieldErrors<Values extends object>(
  schema: z.ZodType<Values>,
  attrs: unknown,
): FieldErrors<keyof Values> {
  const checked = checkFields(schema, attrs);
  return checked.ok ? {} : checked.errors;
}

/**
 * What makes an address unique: two addresses with the same key are the same. Null for what no user can
 * have for an address, and so need not be looked up.
 */
export function toEmailKey(address: unknown): string | null {
  const read = email.safeParse(address);
  return read.success ? read.data.toLowerCase() : null;
}

/** Tells whether a text may be a password as far as its length goes; nothing longer is ever hashed. */
export function isPasswordSized(candidate: string): boolean {
  return candidate !== "" && isAtMost(PASSWORD_MAX_LENGTH)(candidate);
}

type Rule = readonly [isKept: (value: string) => boolean, message: string];

/** A text that is there, and keeps all rules; blank it is told nothing but that. */
function text(...rules: readonly Rule[]) {
  const error = ({ input }: { input?: unknown }) =>
    input == null ? "can't be blank" : "is invalid";
  return z.string({ error }).superRefine((value, { addIssue }) => {
    if (value.trim() === "") return addIssue("can't be blank");
    for (const [isKept, message] of rules) if (!isKept(value)) addIssue(message);
  });
}

// Characters are code points. One takes two units of a string at most, so a huge text is not walked through.
function isAtMost(limit: number): (value: string) => boolean {
  return (value) => value.length <= 2 * limit && [...value].length <= limit;
}

function isAtLeast(limit: number): (value: string) => boolean {
  return (value) => value.length >= 2 * limit || [...value].length >= limit;
}
