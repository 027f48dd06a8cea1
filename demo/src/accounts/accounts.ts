import type { Database } from "../database.js";
import type { AccountServices } from "./account-services.js";
import { confirmation } from "./confirmation.js";
import { emailChange } from "./email-change.js";
import { logIn } from "./log-in.js";
import { magicLink } from "./magic-link.js";
import type { UserNotifier } from "./mail/user-notifier.js";
import { passwordChange } from "./password-change.js";
import { passwordReset } from "./password-reset.js";
import { registration } from "./registration.js";
import { sessions } from "./sessions.js";
import { transactionsOn } from "./transaction.js";
import { argon2Hasher, type PasswordHasher, Passwords } from "./users/password.js";
import { UserTable } from "./users/user-table.js";
import { UserTokens } from "./users/user-tokens.js";

/** Options of `createAccounts`. */
export interface AccountsOptions {
  readonly database: Database;
  readonly notifier: UserNotifier;
  /** Hashes passwords; argon2id by default. Tests pass a cheaper one. */
  readonly hasher?: PasswordHasher;
  /** Returns the current time. */
  readonly now?: () => Date;
}

/** All operations on accounts, like the Accounts context that `phx.gen.auth` generates. */
export type Accounts = ReturnType<typeof createAccounts>;

/**
 * Creates the operations on accounts for a database. Values from forms, cookies and links can be passed
 * unchecked, with any type. An invalid value gives field errors or null, or has no effect.
 *
 * @example
 * const accounts = createAccounts({ database, notifier });
 * const registered = await accounts.registerUser({ email: "ada@example.com", password: "a long password" });
 * if (registered.ok) accounts.deliverUserConfirmationInstructions(registered.user, urlFor);
 */
export function createAccounts({
  database: { knex },
  notifier,
  hasher = argon2Hasher(),
  now = () => new Date(),
}: AccountsOptions) {
  const services: AccountServices = {
    users: new UserTable(knex, now),
    tokens: new UserTokens(knex, now),
    passwords: new Passwords(hasher),
    transact: transactionsOn(knex),
    notifier,
    now,
  };
  return {
    ...registration(services),
    ...logIn(services),
    ...magicLink(services),
    ...sessions(services),
    ...confirmation(services),
    ...passwordReset(services),
    ...emailChange(services),
    ...passwordChange(services),
  };
}
