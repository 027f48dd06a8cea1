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

/** Whom a valid token belongs to, and the address that it was mailed to; null for a session's. */
export interface TokenOwner {
  readonly user: User;
  readonly sentTo: string | null;
}

/** The table `users_tokens`. A token handed in may be anything: what is no token finds nothing. */
export class UserTokens {
  readonly #knex: Knex;
  readonly #now: () => Date;

  constructor(knex: Knex, now: () => Date) {
    this.#knex = knex;
    this.#now = now;
  }

  /** Makes a token and keeps its hash. A user may have any number for the same purpose, all valid. */
  async create(user: User, context: TokenContext, sentTo: string | null = null): Promise<string> {
    const { token, hash } = createToken();
    const row = {
      user_id: user.id,
      token: hash,
      context,
      sent_to: sentTo,
      inserted_at: this.#now(),
    };
    await retryDeadlocks(() => this.#knex("users_tokens").insert(row));
    return token;
  }

  /** The owner of a token of this context that is known and not expired, or null. */
  async find(token: unknown, context: TokenContext): Promise<TokenOwner | null> {
    const hash = hashToken(token);
    if (hash === null) return null;
    const row = await this.#knex("users_tokens")
      .join("users", "users.id", "users_tokens.user_id")
      .where({ token: hash, context })
      .where("users_tokens.inserted_at", ">", expiryOf(context, this.#now()))
      .first<(UserRow & { sent_to: string | null }) | undefined>(
        ...USER_COLUMNS,
        "users_tokens.sent_to",
      );
    return row ? { user: toUser(row), sentTo: row.sent_to } : null;
  }

  /** The same for a token that says that its owner reads the mail of the user's address, as it now is. */
  async findByMail(token: unknown, context: "confirm" | "reset_password"): Promise<User | null> {
    const owner = await this.find(token, context);
    return owner && owner.sentTo === owner.user.email ? owner.user : null;
  }

  /** Uses a token up within a transaction; false when somebody else was first. */
  async claim(trx: Knex.Transaction, token: unknown, context: TokenContext): Promise<boolean> {
    return (
      (await trx("users_tokens")
        .where({ token: hashToken(token), context })
        .delete()) === 1
    );
  }

  /** Deletes all tokens that the user has for one purpose. */
  async deleteContext(trx: Knex.Transaction, user: User, context: TokenContext): Promise<void> {
    await trx("users_tokens").where({ user_id: user.id, context }).delete();
  }

  /** Deletes all tokens of the user, and returns the live socket ids of the sessions that end with them. */
  deleteAll(trx: Knex.Transaction, user: User): Promise<readonly string[]> {
    return deleteAndTell(trx, { user_id: user.id });
  }

  /** Deletes the tokens of all sessions of the user, and returns the live socket ids of what ends. */
  deleteSessions(trx: Knex.Transaction, user: User): Promise<readonly string[]> {
    return deleteAndTell(trx, { user_id: user.id, context: "session" });
  }

  /** Deletes a session's token, expired or not; the live socket id of its session, none if there is none. */
  async deleteSession(token: unknown): Promise<readonly string[]> {
    const hash = hashToken(token);
    if (hash === null) return [];
    const row = { token: hash, context: "session" };
    const count = await retryDeadlocks(() => this.#knex("users_tokens").where(row).delete());
    return count === 0 ? [] : [toLiveSocketId(hash)];
  }
}

/** Deletes just what it has read: a session that ended untold would keep its sockets. */
async function deleteAndTell(trx: Knex.Transaction, where: object): Promise<readonly string[]> {
  // MySQL lets nobody add a token of the user's before the transaction ends; SQLite has this one begin anew.
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
