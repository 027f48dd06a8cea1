import assert from "node:assert/strict";
import { type Accounts, createAccounts } from "../../src/accounts/accounts.js";
import { type KeptMail, MemoryMailer } from "../../src/accounts/mail/memory-mailer.js";
import { createUserNotifier } from "../../src/accounts/mail/user-notifier.js";
import { argon2Hasher, type PasswordHasher } from "../../src/accounts/users/password.js";
import type { User } from "../../src/accounts/users/user.js";
import type { Database } from "../../src/database.js";

/** A password that keeps the rules. */
export const validPassword = "hello world!";

/** Argon2 at the least cost it can do: tests hash often. */
export const cheapHasher: PasswordHasher = argon2Hasher({
  memoryCost: 8,
  timeCost: 1,
  parallelism: 1,
});

/** Accounts on a test's database, with what the tests look at and turn. */
export interface TestAccounts {
  readonly accounts: Accounts;
  readonly mailer: MemoryMailer;
  /** What went wrong with mails. */
  readonly reported: readonly Error[];
  /** The time that the accounts see. Set it with `travel`. */
  now(): Date;
  /** Moves the clock by so many milliseconds. */
  travel(ms: number): void;
  /** The newest mail, once all are sent. */
  newestMail(): Promise<KeptMail>;
  /** The token in the link of the newest mail. */
  mailedToken(): Promise<string>;
  /** How many mails have been sent, once all are. */
  mailCount(): Promise<number>;
}

/** Makes accounts that keep their mails and have a clock that stands still. */
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

/** A link whose token `mailedToken` finds again. */
export const urlFor = (token: string) => `http://localhost/[TOKEN]${token}[TOKEN]`;

let addresses = 0;

/** An address that no other call returns. */
export function uniqueEmail(): string {
  return `user${addresses++}@example.com`;
}

/** A registered user. */
export async function registerUser(
  accounts: Accounts,
  { email = uniqueEmail(), password = validPassword }: { email?: string; password?: string } = {},
): Promise<User> {
  const registered = await accounts.registerUser({ email, password });
  assert.ok(registered.ok, JSON.stringify(registered));
  return registered.user;
}
