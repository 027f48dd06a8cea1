import { z } from "zod";
import type { FieldErrors } from "../../fields.js";
import type { User } from "./user.js";

const EMAIL_FORMAT = /^[^\s@,;\p{Cc}\p{Cs}]+@[^\s@,;\p{Cc}\p{Cs}]+$/u;
const EMAIL_MAX_LENGTH = 160;
const PASSWORD_MIN_LENGTH = 12;
const PASSWORD_MAX_LENGTH = 72;

/** Result of a form: the user, or the errors of its fields. */
export type UserResult<Field extends PropertyKey> =
  | { readonly ok: true; readonly user: User }
  | { readonly ok: false; readonly errors: FieldErrors<Field> };

/** The error of an address that another user has. */
export const EMAIL_TAKEN = "has already been taken";

// Zero-width and bidirectional characters are invisible: two addresses could look the same.
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]/gu;

// An address contains no white space, control characters or lone surrogates. A database may change some of them.
const email = z.preprocess(
  normalizeEmail,
  text(
    [(value) => EMAIL_FORMAT.test(value), "must have the @ sign and no spaces"],
    [isAtMost(EMAIL_MAX_LENGTH), `should be at most ${EMAIL_MAX_LENGTH} character(s)`],
  ),
);

const password = text(
  [isAtLeast(PASSWORD_MIN_LENGTH), `should be at least ${PASSWORD_MIN_LENGTH} character(s)`],
  [isAtMost(PASSWORD_MAX_LENGTH), `should be at most ${PASSWORD_MAX_LENGTH} character(s)`],
);

/** The fields of the registration form. */
export const registrationSchema = z.object({ email, password });

/** The field of the form that changes the e-mail address. */
export const emailSchema = z.object({ email });

/** The fields of the forms that set a new password. The confirmation is checked only if it is present. */
export const passwordSchema = z
  .object({ password, password_confirmation: z.unknown().optional() })
  .refine(
    (fields) =>
      fields.password_confirmation === undefined ||
      fields.password_confirmation === fields.password,
    // By default zod skips this check if a field is invalid; `when` shows all errors together.
    { path: ["password_confirmation"], error: "does not match password", when: () => true },
  );

/**
 * Returns the key that makes an address unique: addresses with the same key are the same. Null for a value
 * that is not a valid address, which needs no lookup.
 */
export function toEmailKey(address: unknown): string | null {
  const read = email.safeParse(address);
  return read.success ? read.data.toLowerCase().normalize("NFC") : null;
}

/** Removes invisible characters from an address and composes its letters (NFC). Keystrokes and copies vary in both. */
function normalizeEmail(address: unknown): unknown {
  // A huge string is refused anyway.
  if (typeof address !== "string" || address.length > 10 * EMAIL_MAX_LENGTH) return address;
  return address.replace(INVISIBLE, "").normalize("NFC");
}

/** Whether a string has the length of a password. Longer strings are never hashed. */
export function isPasswordSized(candidate: string): boolean {
  return candidate !== "" && isAtMost(PASSWORD_MAX_LENGTH)(candidate);
}

type Rule = readonly [isKept: (value: string) => boolean, message: string];

/** A required string that follows all rules. A blank string has one error only. */
function text(...rules: readonly Rule[]) {
  const error = ({ input }: { input?: unknown }) =>
    input == null ? "can't be blank" : "is invalid";
  return z.string({ error }).superRefine((value, { addIssue }) => {
    if (value.trim() === "") return addIssue("can't be blank");
    for (const [isKept, message] of rules) if (!isKept(value)) addIssue(message);
  });
}

// Characters are code points of one or two code units, so the length of a huge string decides without a loop.
function isAtMost(limit: number): (value: string) => boolean {
  return (value) => value.length <= 2 * limit && [...value].length <= limit;
}

function isAtLeast(limit: number): (value: string) => boolean {
  return (value) => value.length >= 2 * limit || [...value].length >= limit;
}
