import { type Checked, checkFields, type FieldErrors, toFields } from "../fields.js";
import type { AccountServices } from "./account-services.js";
import { type User, UserNotFoundError } from "./users/user.js";
import { EMAIL_TAKEN, emailSchema, type UserResult, WRONG_PASSWORD } from "./users/user-fields.js";

/** Operations to change the e-mail address. The change takes effect when the mailed link is opened. */
export function emailChange(services: AccountServices) {
  const { users, tokens, notifier, transact, now } = services;
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
    applyUserEmail(
      user: User,
      currentPassword: unknown,
      attrs: unknown,
    ): Promise<UserResult<"email" | "current_password">> {
      return applyEmailChange(services, user, currentPassword, attrs);
    },

    /** Mails a link, valid for 7 days, to the new address of an applied change. Returns before the mail is sent. */
    deliverUserUpdateEmailInstructions(
      applied: User,
      currentEmail: string,
      urlFor: (token: string) => string,
    ): void {
      notifier.deliverUpdateEmailInstructions(applied.email, async () =>
        urlFor(await tokens.create(applied, `change:${currentEmail}`, applied.email)),
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

async function applyEmailChange(
  { users, passwords }: AccountServices,
  user: User,
  currentPassword: unknown,
  attrs: unknown,
): Promise<UserResult<"email" | "current_password">> {
  const found = await users.findCredentials({ id: user.id });
  if (!found) throw new UserNotFoundError(user.id);
  const checked = checkEmailChange(found.user, attrs);
  const isFree = !checked.ok || !(await isTaken(users, checked.values.email, user));
  const isCurrent = await passwords.verify(found.hashedPassword, currentPassword);
  if (checked.ok && isFree && isCurrent) {
    return { ok: true, user: { ...found.user, email: checked.values.email } };
  }
  const errors = checked.ok ? (isFree ? {} : { email: [EMAIL_TAKEN] }) : checked.errors;
  return { ok: false, errors: isCurrent ? errors : { ...errors, ...WRONG_PASSWORD } };
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
