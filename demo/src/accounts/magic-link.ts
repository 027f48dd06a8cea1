import type { AccountServices } from "./account-services.js";
import { createLoginCode, toLoginCode } from "./users/login-code.js";
import type { User } from "./users/user.js";
import { CODES, type CodeRow } from "./users/user-tokens.js";

/** Makes the link of a login mail from its token. */
export type MagicLinkUrl = (token: string) => string;

/** A user who has logged in by mail. Disconnect the sockets of the sessions that have ended. */
export interface MagicLinkLogin {
  readonly user: User;
  /** Whether the password has become invalid, because a stranger may have chosen it. */
  readonly needsPassword: boolean;
  readonly liveSocketIds: readonly string[];
}

/** Options of a login by mail. */
export interface MagicLinkOptions {
  /** Whether the browser has logged in to this account before. */
  readonly isKnown?: boolean;
}

/**
 * Operations to log in by mail: one message with a link and a code, of which one can be used once, within 15 minutes. The
 * code is for the device that cannot open the mail.
 */
export function magicLink(services: AccountServices) {
  const { users, tokens, passwords, notifier, transact } = services;
  return {
    /** Mails the link and the code. Returns before the mail is sent. */
    deliverLoginInstructions(user: User, urlFor: MagicLinkUrl): void {
      notifier.deliverLoginInstructions(user.email, async () => {
        const code = createLoginCode();
        const hashedCode = await passwords.hash(code);
        const token = await tokens.create(user, "login", { sentTo: user.email, hashedCode });
        return { url: urlFor(token), code };
      });
    },

    /** Finds the user whom a mailed link logs in, or null. The link stays valid: mail programs open links too. */
    userByMagicLinkToken(token: unknown): Promise<User | null> {
      return tokens.findByMail(token, "login");
    },

    /** Logs in with a mailed link and uses it up, with its code. Null for an invalid link. */
    async logInByMagicLink(
      token: unknown,
      options: MagicLinkOptions = {},
    ): Promise<MagicLinkLogin | null> {
      const owner = await tokens.find(token, "login");
      if (!owner || owner.sentTo !== owner.user.email) return null;
      return useUp(services, owner.user, owner.id, options);
    },

    /**
     * Logs in with a mailed code and uses it up, with its link. Null for a wrong code, an unknown address, and a code
     * that has been tried too often; all of them take the same time.
     */
    async logInByCode(
      email: unknown,
      typed: unknown,
      options: MagicLinkOptions = {},
    ): Promise<MagicLinkLogin | null> {
      const user = await users.findByEmail(email);
      const codes = user && (await transact((trx) => tokens.takeCodes(trx, user)));
      const code = toLoginCode(typed) ?? "";
      let used: CodeRow | undefined;
      // Always verifies as many hashes: their number would reveal that the user exists.
      for (let i = 0; i < CODES; i++) {
        const row = codes?.[i];
        const isCode = await passwords.verify(row?.hashedCode ?? null, code);
        if (isCode) used ??= row;
      }
      return user && used ? useUp(services, user, used.id, options) : null;
    },
  };
}

/**
 * Uses up a mail, and confirms its address. A stranger may have registered an address that was not confirmed: then all
 * sessions of the account end, and its password becomes invalid, unless the browser is known.
 */
async function useUp(
  { users, tokens, passwords, transact, now }: AccountServices,
  user: User,
  tokenId: number,
  { isKnown = false }: MagicLinkOptions,
): Promise<MagicLinkLogin | null> {
  const isFirst = user.confirmedAt === null;
  const isTakenOver = isFirst && !isKnown;
  const changes = {
    ...(isFirst && { confirmedAt: now() }),
    ...(isTakenOver && { hashedPassword: await passwords.hashOfNone() }),
  };
  return transact(async (trx) => {
    const changed = await users.update(trx, user, { email: user.email }, changes);
    if (!changed || !(await tokens.claimById(trx, tokenId))) return null;
    const login = { user: changed, needsPassword: isTakenOver };
    if (isTakenOver) return { ...login, liveSocketIds: await tokens.deleteAll(trx, user) };
    await tokens.deleteContext(trx, user, "login");
    return { ...login, liveSocketIds: [] };
  });
}
