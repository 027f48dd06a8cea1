import { checkFields, type FieldErrors } from "../fields.js";
import type { AccountServices } from "./account-services.js";
import type { PasswordField } from "./password-change.js";
import type { User } from "./users/user.js";
import { passwordSchema } from "./users/user-fields.js";

/** Result of a password reset. On success, disconnect the sockets of the sessions that have ended. */
export type PasswordReset =
  | { readonly ok: true; readonly user: User; readonly liveSocketIds: readonly string[] }
  | { readonly ok: false; readonly reason: "token" }
  | { readonly ok: false; readonly reason: "fields"; readonly errors: FieldErrors<PasswordField> };

/** Operations to set a new password without the current one. */
export function passwordReset({ users, tokens, passwords, notifier, transact }: AccountServices) {
  return {
    /** Mails a link to the form for a new password, valid for a day. Returns before the mail is sent. */
    deliverUserResetPasswordInstructions(user: User, urlFor: (token: string) => string): void {
      notifier.deliverResetPasswordInstructions(user.email, async () =>
        urlFor(await tokens.create(user, "reset_password", { sentTo: user.email })),
      );
    },

    /** Finds the user who may reset the password with this token, or null. The token stays valid. */
    userByResetPasswordToken(token: unknown): Promise<User | null> {
      return tokens.findByMail(token, "reset_password");
    },

    /** Sets the password of the token's user, and ends all sessions and links of the user. The token works once. */
    async resetUserPassword(token: unknown, attrs: unknown): Promise<PasswordReset> {
      const user = await tokens.findByMail(token, "reset_password");
      if (!user) return { ok: false, reason: "token" };
      const checked = checkFields(passwordSchema, attrs);
      if (!checked.ok) return { ok: false, reason: "fields", errors: checked.errors };
      const hashedPassword = await passwords.hash(checked.values.password);
      const reset = await transact(async (trx) => {
        const changed = await users.update(trx, user, { email: user.email }, { hashedPassword });
        if (!changed || !(await tokens.claim(trx, token, "reset_password"))) return null;
        return { user: changed, liveSocketIds: await tokens.deleteAll(trx, user) };
      });
      return reset ? { ok: true, ...reset } : { ok: false, reason: "token" };
    },
  };
}
