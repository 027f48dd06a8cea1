import type { UserNotifier } from "./mail/user-notifier.js";
import type { Transact } from "./transaction.js";
import type { Passwords } from "./users/password.js";
import type { UserTokens } from "./users/user-tokens.js";
import type { Users } from "./users/users.js";

/** The tables and services that operations on accounts use. */
export interface AccountServices {
  readonly users: Users;
  readonly tokens: UserTokens;
  readonly passwords: Passwords;
  readonly notifier: UserNotifier;
  readonly transact: Transact;
  /** Returns the current time. */
  readonly now: () => Date;
}
