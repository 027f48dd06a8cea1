import type { Knex } from "knex";
import { retryDeadlocks } from "../transaction.js";
import { toUser, USER_COLUMNS, type User, type UserRow } from "./user.js";
import {
  createToken,
  expiryOf,
  hashToken,
  type TokenContext,
  toLiveSocketId,
} from "./user-token.js";

/** The user of a valid token. */
export interface TokenOwner {
  /** The id of the token. */
  readonly id: number;
  readonly user: User;
  /** The address that the token was mailed to; null for a session. */
  readonly sentTo: string | null;
  /** When the user of a session last proved to be the owner; null for other tokens. */
  readonly authenticatedAt: Date | null;
}

/** The data that is stored with a token. */
export interface TokenDetails {
  /** The address that the token is mailed to. */
  readonly sentTo?: string;
  /** The hash of the code that is mailed with the token. */
  readonly hashedCode?: string;
  /** The browser and the system of a session. */
  readonly device?: string | undefined;
}

/** A session that has not expired. */
export interface SessionRow {
  readonly id: number;
  readonly hash: string;
  readonly device: string | null;
  readonly usedAt: Date;
}

/** A mailed code that can still be tried. */
export interface CodeRow {
  readonly id: number;
  readonly hashedCode: string;
}

/** How many times a code can be tried, so that it cannot be guessed. Its link stays valid. */
const CODE_ATTEMPTS = 5;
/** How many mails of a user have a valid code: a stranger who requests mails must not make the owner's code invalid. */
export const CODES = 3;
/** How exactly the last use of a session is known. */
const USE_MS = 60 * 1000;

type FoundRow = UserRow & {
  readonly token_id: number;
  readonly sent_to: string | null;
  readonly used_at: Date | number | null;
  readonly authenticated_at: Date | number | null;
};

/** The table `users_tokens`. Tokens are passed unchecked; an invalid one finds nothing. */
export class UserTokens {
  readonly #knex: Knex;
  readonly #now: () => Date;

  constructor(knex: Knex, now: () => Date) {
    this.#knex = knex;
    this.#now = now;
  }

  /** Creates a token and stores its hash. A user can have several valid tokens for one purpose. */
  async create(
    user: User,
    context: TokenContext,
    { sentTo, hashedCode, device }: TokenDetails = {},
  ): Promise<string> {
    const { token, hash } = createToken();
    const now = this.#now();
    const session = { device: device ?? null, used_at: now, authenticated_at: now };
    const row = {
      user_id: user.id,
      token: hash,
      context,
      sent_to: sentTo ?? null,
      hashed_code: hashedCode ?? null,
      inserted_at: now,
      ...(context === "session" && session),
    };
    await retryDeadlocks(() => this.#knex("users_tokens").insert(row));
    return token;
  }

  /** Finds the owner of a token of this context that has not expired, or null. */
  async find(token: unknown, context: TokenContext): Promise<TokenOwner | null> {
    const hash = hashToken(token);
    if (hash === null) return null;
    const row = await this.#knex("users_tokens")
      .join("users", "users.id", "users_tokens.user_id")
      .where({ token: hash, context })
      .where("users_tokens.inserted_at", ">", expiryOf(context, this.#now()))
      .first<FoundRow | undefined>(
        ...USER_COLUMNS,
        "users_tokens.id as token_id",
        "users_tokens.sent_to",
        "users_tokens.used_at",
        "users_tokens.authenticated_at",
      );
    if (!row) return null;
    if (context === "session") await this.#noteUse(row.token_id, toDate(row.used_at));
    return {
      id: row.token_id,
      user: toUser(row),
      sentTo: row.sent_to,
      authenticatedAt: toDate(row.authenticated_at),
    };
  }

  /** Finds the user of a token that was mailed to the user's current address, or null. */
  async findByMail(
    token: unknown,
    context: "confirm" | "login" | "reset_password",
  ): Promise<User | null> {
    const owner = await this.find(token, context);
    return owner && owner.sentTo === owner.user.email ? owner.user : null;
  }

  /** Uses a token up within a transaction; false if another request has used it. */
  async claim(trx: Knex.Transaction, token: unknown, context: TokenContext): Promise<boolean> {
    return (
      (await trx("users_tokens")
        .where({ token: hashToken(token), context })
        .delete()) === 1
    );
  }

  /** Uses a token up by its id; false if another request has used it. */
  async claimById(trx: Knex.Transaction, id: number): Promise<boolean> {
    return (await trx("users_tokens").where({ id }).delete()) === 1;
  }

  /**
   * Counts one attempt to enter a code, within a transaction. Returns the codes that can be compared with the input:
   * those of the newest mails that have not expired and have been tried fewer than five times.
   */
  async takeCodes(trx: Knex.Transaction, user: User): Promise<readonly CodeRow[]> {
    const rows = await trx("users_tokens")
      .where({ user_id: user.id, context: "login", sent_to: user.email })
      .where("inserted_at", ">", expiryOf("login", this.#now()))
      .where("attempts", "<", CODE_ATTEMPTS)
      .orderBy("id", "desc")
      .limit(CODES)
      .forUpdate()
      .select<{ id: number; hashed_code: string }[]>("id", "hashed_code");
    const ids = rows.map(({ id }) => id);
    await trx("users_tokens").whereIn("id", ids).increment("attempts", 1);
    return rows.map(({ id, hashed_code: hashedCode }) => ({ id, hashedCode }));
  }

  /** Returns the sessions of a user that have not expired. */
  async listSessions(user: User): Promise<readonly SessionRow[]> {
    const rows = await this.#knex("users_tokens")
      .where({ user_id: user.id, context: "session" })
      .where("inserted_at", ">", expiryOf("session", this.#now()))
      .select("id", "token", "device", "used_at", "inserted_at");
    return rows.map(({ id, token, device, used_at: usedAt, inserted_at: insertedAt }) => ({
      id,
      hash: token,
      device,
      usedAt: new Date(usedAt ?? insertedAt),
    }));
  }

  /** Notes that the user of a session has just proved to be the owner. */
  async authenticate(token: unknown): Promise<void> {
    const row = { token: hashToken(token), context: "session" };
    const change = { authenticated_at: this.#now() };
    await retryDeadlocks(() => this.#knex("users_tokens").where(row).update(change));
  }

  /** Deletes all tokens of the user for one purpose. */
  async deleteContext(trx: Knex.Transaction, user: User, context: TokenContext): Promise<void> {
    await trx("users_tokens").where({ user_id: user.id, context }).delete();
  }

  /** Deletes all tokens of the user. Returns the live socket ids of the sessions that end. */
  deleteAll(trx: Knex.Transaction, user: User): Promise<readonly string[]> {
    return deleteTokens(trx, { user_id: user.id });
  }

  /** Deletes the tokens of all sessions of the user, or of one. Returns the live socket ids of the sessions that end. */
  deleteSessions(trx: Knex.Transaction, user: User, id?: number): Promise<readonly string[]> {
    const where = { user_id: user.id, context: "session" };
    return deleteTokens(trx, id === undefined ? where : { ...where, id });
  }

  /** Deletes the token of a session, even an expired one. Returns the live socket id; none for an unknown token. */
  async deleteSession(token: unknown): Promise<readonly string[]> {
    const hash = hashToken(token);
    if (hash === null) return [];
    const row = { token: hash, context: "session" };
    const count = await retryDeadlocks(() => this.#knex("users_tokens").where(row).delete());
    return count === 0 ? [] : [toLiveSocketId(hash)];
  }

  async #noteUse(id: number, usedAt: Date | null): Promise<void> {
    const now = this.#now();
    if (usedAt !== null && now.getTime() - usedAt.getTime() < USE_MS) return;
    await retryDeadlocks(() => this.#knex("users_tokens").where({ id }).update({ used_at: now }));
  }
}

function toDate(time: Date | number | null): Date | null {
  return time === null ? null : new Date(time);
}

/** Deletes exactly the tokens that it has read, so that the sockets of every ended session are disconnected. */
async function deleteTokens(trx: Knex.Transaction, where: object): Promise<readonly string[]> {
  // MySQL blocks new tokens of the user until the transaction ends; SQLite restarts this transaction.
  const rows: { id: number; context: string; token: string }[] = await trx("users_tokens")
    .where(where)
    .orderBy("id")
    .forUpdate()
    .select("id", "context", "token");
  const ids = rows.map(({ id }) => id);
  await trx("users_tokens").whereIn("id", ids).delete();
  return rows
    .filter(({ context }) => context === "session")
    .map(({ token }) => toLiveSocketId(token));
}
