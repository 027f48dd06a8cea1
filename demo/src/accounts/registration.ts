import { checkFields, type FieldErrors, fieldErrors } from "../fields.js";
import type { AccountServices } from "./account-services.js";
import {
  EMAIL_TAKEN,
  emailSchema,
  registrationSchema,
  type UserResult,
} from "./users/user-fields.js";

/** The fields of the registration form. */
export type RegistrationField = "email" | "password";

/** Operations to register a user. */
export function registration({ users, passwords }: AccountServices) {
  return {
    /** Validates a registration without the database, fast enough for every keystroke. */
    changeUserRegistration(attrs: unknown): FieldErrors<RegistrationField> {
      return fieldErrors(registrationSchema, attrs);
    },

    /** Adds an unconfirmed user, or returns all field errors, including a taken address. */
    async registerUser(attrs: unknown): Promise<UserResult<RegistrationField>> {
      const address = checkFields(emailSchema, attrs);
      const isTaken = address.ok && (await users.findByEmail(address.values.email)) !== null;
      const checked = checkFields(registrationSchema, attrs);
      if (!checked.ok || isTaken) {
        const errors = checked.ok ? {} : checked.errors;
        return { ok: false, errors: isTaken ? { ...errors, email: [EMAIL_TAKEN] } : errors };
      }
      const { email, password } = checked.values;
      // Another request may have taken the address since the check above.
      const user = await users.insert(email, await passwords.hash(password));
      return user ? { ok: true, user } : { ok: false, errors: { email: [EMAIL_TAKEN] } };
    },
  };
}
