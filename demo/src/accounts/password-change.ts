import { checkFields, type FieldErrors, fieldErrors } from "../fields.js";
import type { AccountServices } from "./account-services.js";
import { type User, UserNotFoundError } from "./users/user.js";
import { passwordSchema, WRONG_PASSWORD } from "./users/user-fields.js";

/** The fields of a form that sets a password. */
export type PasswordField = "password" | "password_confirmation";

/** Result of a password change. On success, disconnect the sockets of the sessions that have ended. */
export type PasswordChange =
  | { readonly ok: true; readonly user: User; readonly liveSocketIds: readonly string[] }
  | { readonly ok: false; readonly errors: FieldErrors<PasswordField | "current_password"> };

/** Operations to set a new password with the current one. */
export function passwordChange({ users, tokens, passwords, transact }: AccountServices) {
  return {
    /** Validates a new password on every keystroke, for a change and for a reset. */
    changeUserPassword(attrs: unknown): FieldErrors<PasswordField> {
      return fieldErrors(passwordSchema, attrs);
    },

    /**
     * Changes the password and ends all sessions and links of the user, including the caller's session.
     *
     * @throws UserNotFoundError when the user has been deleted.
     */
    async updateUserPassword(
      user: User,
      currentPassword: unknown,
      attrs: unknown,
    ): Promise<PasswordChange> {
      const checked = checkFields(passwordSchema, attrs);
      const found = await users.findCredentials({ id: user.id });
      if (!found) throw new UserNotFoundError(user.id);
      const isCurrent = await passwords.verify(found.hashedPassword, currentPassword);
      if (!checked.ok || !isCurrent) {
        const errors = checked.ok ? {} : checked.errors;
        return { ok: false, errors: isCurrent ? errors : { ...errors, ...WRONG_PASSWORD } };
      }
      const hashedPassword = await passwords.hash(checked.values.password);
      const change = await transact(async (trx) => {
        // Update only the hash that was verified: of two concurrent changes, the second has an outdated password.
        const changed = await users.update(trx, found.user, found, { hashedPassword });
        return changed && { user: changed, liveSocketIds: await tokens.deleteAll(trx, changed) };
      });
      return change ? { ok: true, ...change } : { ok: false, errors: WRONG_PASSWORD };
    },
  };
}
