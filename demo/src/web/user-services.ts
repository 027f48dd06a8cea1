import type { Live } from "@live-session/adapter-koa";
import { type Accounts, createAccounts } from "../accounts/accounts.js";
import { MemoryMailer } from "../accounts/mail/memory-mailer.js";
import { createSmtpMailer } from "../accounts/mail/smtp-mailer.js";
import { createUserNotifier, type UserNotifier } from "../accounts/mail/user-notifier.js";
import { createRateLimits, type RateLimits } from "../accounts/rate-limits.js";
import type { PasswordHasher } from "../accounts/users/password.js";
import type { Config } from "../config.js";
import type { Database } from "../database.js";
import { UserSession } from "./session/user-session.js";
import { UserActions } from "./user-actions.js";
import { userAuth } from "./user-auth.js";

/** Parts of the services for users that tests replace. */
export interface UserOptions {
  /** Hashes passwords; argon2id by default. Tests pass a cheaper one. */
  readonly hasher?: PasswordHasher;
  readonly limits?: RateLimits;
  /** Returns the current time, by which tokens and sessions expire. */
  readonly now?: () => Date;
}

/** Options of `createUserServices`. */
export interface UserServicesOptions extends UserOptions {
  readonly config: Config;
  readonly database: Database;
  /** Returns the live sessions of the site. Called during requests and events only. */
  readonly live: () => Live;
  /** Called for every mail that was not sent. */
  readonly report: (error: Error) => void;
}

/** The services that the pages of users need. */
export interface UserServices {
  readonly accounts: Accounts;
  readonly actions: UserActions;
  readonly userSession: UserSession;
  /** The hooks and the middleware that check the logged-in user. */
  readonly auth: ReturnType<typeof userAuth>;
  /** Stores a flash message for the next page. */
  readonly putFlash: Live["putFlash"];
  readonly notifier: UserNotifier;
  /** The mails for the mailbox page; null if mails are sent. */
  readonly keptMails: MemoryMailer | null;
  /** Sends the waiting mails and closes the mailer. */
  close(): Promise<void>;
}

/** Creates the services for users. */
export function createUserServices(options: UserServicesOptions): UserServices {
  const { config, database, live, report, limits = createRateLimits(), hasher, now } = options;
  const { keptMails, mailer, notifier } = createMail(config, report);
  const accounts = createAccounts({
    ...{ database, notifier },
    ...(hasher && { hasher }),
    ...(now && { now }),
  });
  // Send the reply of the current event first: it may use one of these sockets.
  const endSockets = (liveSocketIds: readonly string[]) =>
    void setImmediate(() => {
      for (const id of liveSocketIds) live().disconnect(id);
    });
  const secure = config.environment === "production";
  const userSession = new UserSession({ accounts, endSockets, secure });
  const putFlash: Live["putFlash"] = (...flash) => live().putFlash(...flash);
  return {
    accounts,
    actions: new UserActions({ accounts, limits, appUrl: config.appUrl, endSockets }),
    userSession,
    auth: userAuth(accounts, userSession, putFlash),
    putFlash,
    notifier,
    keptMails,
    async close() {
      await notifier.idle();
      mailer.close();
    },
  };
}

/** Creates the mailer: over SMTP, or in memory, where the mailbox page shows the mails. */
function createMail({ smtpUrl }: Config, report: (error: Error) => void) {
  const keptMails = smtpUrl === null ? new MemoryMailer() : null;
  const mailer = keptMails ?? createSmtpMailer(smtpUrl ?? "");
  return { keptMails, mailer, notifier: createUserNotifier({ mailer, report }) };
}
