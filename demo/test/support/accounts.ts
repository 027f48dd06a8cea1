import assert from "node:assert/strict";
import { type Accounts, createAccounts } from "../../src/accounts/accounts.js";
import { type KeptMail, MemoryMailer } from "../../src/accounts/mail/memory-mailer.js";
import { createUserNotifier } from "../../src/accounts/mail/user-notifier.js";
import { argon2Hasher, type PasswordHasher } from "../../src/accounts/users/password.js";
import type { User } from "../../src/accounts/users/user.js";
import type { Database } from "../../src/database.js";

/** A valid password. */
export const validPassword = "hello world!";

/** Argon2 with its lowest cost, because tests hash often. */
export const cheapHasher: PasswordHasher = argon2Hasher({
  memoryCost: 8,
  timeCost: 1,
  parallelism: 1,
});

/** Accounts on a test database, with their mails, errors and clock. */
export interface TestAccounts {
  readonly accounts: Accounts;
  readonly mailer: MemoryMailer;
  /** Errors of the mails. */
  readonly reported: readonly Error[];
  /** Returns the time of the accounts' clock. `travel` changes it. */
  now(): Date;
  /** Moves the clock by `ms` milliseconds. */
  travel(ms: number): void;
  /** Waits until all mails are sent and returns the newest one. */
  newestMail(): Promise<KeptMail>;
  /** Waits until all mails are sent and returns the token in the link of the newest one. */
  mailedToken(): Promise<string>;
  /** Waits until all mails are sent and returns their number. */
  mailCount(): Promise<number>;
}

/** Creates accounts that keep their mails and whose clock moves only by `travel`. */
export function createTestAccounts(
  database: Database,
  { hasher = cheapHasher }: { hasher?: PasswordHasher } = {},
): TestAccounts {
  let time = new Date("2026-11-23T12:00:00.123Z").getTime();
  const now = () => new Date(time);
  const mailer = new MemoryMailer({ limit: 1000, now });
  const reported: Error[] = [];
  const notifier = createUserNotifier({ mailer, report: (error) => reported.push(error) });
  const newestMail = async () => {
    await notifier.idle();
    const [mail] = mailer.mails;
    assert.ok(mail, `no mail was sent; reported: ${reported.map(String).join()}`);
    return mail;
  };
  return {
    accounts: createAccounts({ database, notifier, hasher, now }),
    mailer,
    reported,
    now,
    travel(ms) {
      time += ms;
    },
    newestMail,
    mailedToken: async () => {
      const token = /\[TOKEN\](.+)\[TOKEN\]/.exec((await newestMail()).text)?.[1];
      assert.ok(token, "the mail has no token made by urlFor");
      return token;
    },
    mailCount: async () => {
      await notifier.idle();
      return mailer.mails.length;
    },
  };
}

/** Returns a link whose token `mailedToken` finds. */
export const urlFor = (token: string) => `http://localhost/[TOKEN]${token}[TOKEN]`;

let addresses = 0;

/** Returns a new address at each call. */
export function uniqueEmail(): string {
  return `user${addresses++}@example.com`;
}

/** Registers a user. */
export async function registerUser(
  accounts: Accounts,
  { email = uniqueEmail(), password = validPassword }: { email?: string; password?: string } = {},
): Promise<User> {
  const registered = await accounts.registerUser({ email, password });
  assert.ok(registered.ok, JSON.stringify(registered));
  return registered.user;
}
