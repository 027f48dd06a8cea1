import type { AccountServices } from "./account-services.js";
import type { User } from "./users/user.js";
import { hashToken } from "./users/user-token.js";
import type { SessionRow } from "./users/user-tokens.js";

/** A session of a user, in one browser. */
export interface SessionEntry {
  readonly id: number;
  /** The browser and the system, such as "Firefox on Linux"; null if they are unknown. */
  readonly device: string | null;
  /** When the browser last opened a page. */
  readonly usedAt: Date;
  /** Whether it is the session of the request. */
  readonly isCurrent: boolean;
}

/** How long after a login dangerous settings can be changed without another proof. */
const SUDO_MS = 10 * 60 * 1000;

/** Operations on the sessions of a user: their list, their end, and the time of their last proof. */
export function sessions({ users, tokens, passwords, transact, now }: AccountServices) {
  return {
    /** Lists the sessions of a user, the one of `token` first, then those that were used last. */
    async listUserSessions(user: User, token: unknown): Promise<readonly SessionEntry[]> {
      const hash = hashToken(token);
      const entries = (await tokens.listSessions(user)).map((row) => toEntry(row, hash));
      return entries.sort(
        (one, other) =>
          Number(other.isCurrent) - Number(one.isCurrent) ||
          other.usedAt.getTime() - one.usedAt.getTime(),
      );
    },

    /** Ends a session of the user. Returns the live socket ids to disconnect; none if the session belongs to another user. */
    async endUserSession(user: User, id: unknown): Promise<readonly string[]> {
      const tokenId = Number(id);
      if (!Number.isSafeInteger(tokenId)) return [];
      return (await transact((trx) => tokens.deleteSessions(trx, user, tokenId))) ?? [];
    },

    /**
     * Whether the user of a session has logged in, or has proved to be the owner again, within the last ten minutes.
     * Dangerous settings require it: the open browser may be in the hands of another person.
     */
    async isSudoMode(token: unknown): Promise<boolean> {
      const authenticatedAt = (await tokens.find(token, "session"))?.authenticatedAt ?? null;
      return authenticatedAt !== null && now().getTime() - authenticatedAt.getTime() < SUDO_MS;
    },

    /** Whether this is the password of the user. */
    async isUserPassword(user: User, password: unknown): Promise<boolean> {
      const found = await users.findCredentials({ id: user.id });
      return passwords.verify(found?.hashedPassword ?? null, password);
    },

    /** Notes that the user of a session has just proved to be the owner. */
    async renewSudoMode(token: unknown): Promise<void> {
      await tokens.authenticate(token);
    },
  };
}

function toEntry({ id, hash, device, usedAt }: SessionRow, current: string | null): SessionEntry {
  return { id, device, usedAt, isCurrent: hash === current };
}
