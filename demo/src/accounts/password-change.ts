import { checkFields, type FieldErrors, fieldErrors } from "../fields.js";
import type { AccountServices } from "./account-services.js";
import { type User, UserNotFoundError } from "./users/user.js";
import { passwordSchema } from "./users/user-fields.js";

/** The fields of a form that sets a password. */
export type PasswordField = "password" | "password_confirmation";

/** Result of a password change. On success, disconnect the sockets of the sessions that have ended. */
export type PasswordChange =
  | { readonly ok: true; readonly user: User; readonly liveSocketIds: readonly string[] }
  | { readonly ok: false; readonly errors: FieldErrors<PasswordField> };

const CHANGED_MEANWHILE = { password: ["has been changed in the meantime"] } as const;

/** Operations to set a new password. */
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
    async updateUserPassword(user: User, attrs: unknown): Promise<PasswordChange> {
      const checked = checkFields(passwordSchema, attrs);
      if (!checked.ok) return checked;
      const found = await users.findCredentials({ id: user.id });
      if (!found) throw new UserNotFoundError(user.id);
      const hashedPassword = await passwords.hash(checked.values.password);
      const change = await transact(async (trx) => {
        // Replace only the hash that was read: of two concurrent changes, the second must not undo the first unseen.
        const changed = await users.update(trx, found.user, found, { hashedPassword });
        return changed && { user: changed, liveSocketIds: await tokens.deleteAll(trx, changed) };
      });
      return change ? { ok: true, ...change } : { ok: false, errors: CHANGED_MEANWHILE };
    },
  };
}
