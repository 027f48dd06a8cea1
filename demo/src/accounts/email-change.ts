import { type Checked, checkFields, type FieldErrors, toFields } from "../fields.js";
import type { AccountServices } from "./account-services.js";
import { type User, UserNotFoundError } from "./users/user.js";
import { EMAIL_TAKEN, emailSchema, type UserResult } from "./users/user-fields.js";

/** Operations to change the e-mail address. The change takes effect when the mailed link is opened. */
export function emailChange({ users, tokens, notifier, transact, now }: AccountServices) {
  return {
    /** Validates a new address without the database, fast enough for every keystroke. */
    changeUserEmail(user: User, attrs: unknown): FieldErrors<"email"> {
      const checked = checkEmailChange(user, attrs);
      return checked.ok ? {} : checked.errors;
    },

    /**
     * Returns the user with the new address, or all field errors. Saves nothing: pass the result to
     * `deliverUserUpdateEmailInstructions`.
     *
     * @throws UserNotFoundError when the user has been deleted.
     */
    async applyUserEmail(user: User, attrs: unknown): Promise<UserResult<"email">> {
      const current = await users.find(user.id);
      if (!current) throw new UserNotFoundError(user.id);
      const checked = checkEmailChange(current, attrs);
      if (!checked.ok) return checked;
      const { email } = checked.values;
      if (await isTaken(users, email, user)) return { ok: false, errors: { email: [EMAIL_TAKEN] } };
      return { ok: true, user: { ...current, email } };
    },

    /** Mails a link, valid for 7 days, to the new address of an applied change. Returns before the mail is sent. */
    deliverUserUpdateEmailInstructions(
      applied: User,
      currentEmail: string,
      urlFor: (token: string) => string,
    ): void {
      notifier.deliverUpdateEmailInstructions(applied.email, async () =>
        urlFor(await tokens.create(applied, `change:${currentEmail}`, { sentTo: applied.email })),
      );
    },

    /**
     * Gives the user the address that the token was mailed to, confirms it and uses the token up. Null if the
     * token is invalid or another user has taken the address. The user's sessions continue.
     */
    async updateUserEmail(user: User, token: unknown): Promise<User | null> {
      const context = `change:${user.email}` as const;
      const owner = await tokens.find(token, context);
      if (!owner || owner.sentTo === null || owner.user.id !== user.id) return null;
      const changes = { email: owner.sentTo, confirmedAt: now() };
      return transact(async (trx) => {
        const changed = await users.update(trx, user, { email: user.email }, changes);
        if (!changed || !(await tokens.claim(trx, token, context))) return null;
        await tokens.deleteContext(trx, user, context);
        return changed;
      });
    },
  };
}

function checkEmailChange(user: User, attrs: unknown): Checked<{ email: string }> {
  const { email = user.email } = toFields(attrs);
  const checked = checkFields(emailSchema, { email });
  if (!checked.ok || checked.values.email !== user.email) return checked;
  return { ok: false, errors: { email: ["did not change"] } };
}

/** Whether another user has the address. Users may change the case of their own address. */
async function isTaken(
  users: AccountServices["users"],
  email: string,
  user: User,
): Promise<boolean> {
  const owner = await users.findByEmail(email);
  return owner !== null && owner.id !== user.id;
}
