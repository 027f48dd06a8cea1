import type { UserNotifier } from "./mail/user-notifier.js";
import type { Transact } from "./transaction.js";
import type { Passwords } from "./users/password.js";
import type { UserTable } from "./users/user-table.js";
import type { UserTokens } from "./users/user-tokens.js";

/** The tables and services that operations on accounts use. */
export interface AccountServices {
  readonly users: UserTable;
  readonly tokens: UserTokens;
  readonly passwords: Passwords;
  readonly notifier: UserNotifier;
  readonly transact: Transact;
  /** Returns the current time. */
  readonly now: () => Date;
}
