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

/** The user of a valid token, and the address that it was mailed to; null for a session. */
export interface TokenOwner {
  readonly user: User;
  readonly sentTo: string | null;
}

/** The table `users_tokens`. Tokens are passed unchecked; an invalid one finds nothing. */
export class UserTokens {
  readonly #knex: Knex;
  readonly #now: () => Date;

  constructor(knex: Knex, now: () => Date) {
    this.#knex = knex;
    this.#now = now;
  }

  /** Creates a token and stores its hash. A user can have several valid tokens for one purpose. */
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

  /** Finds the owner of a token of this context that has not expired, or null. */
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

  /** Finds the user of a token that was mailed to the user's current address, or null. */
  async findByMail(token: unknown, context: "confirm" | "reset_password"): Promise<User | null> {
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

  /** Deletes all tokens of the user for one purpose. */
  async deleteContext(trx: Knex.Transaction, user: User, context: TokenContext): Promise<void> {
    await trx("users_tokens").where({ user_id: user.id, context }).delete();
  }

  /** Deletes all tokens of the user. Returns the live socket ids of the sessions that end. */
  deleteAll(trx: Knex.Transaction, user: User): Promise<readonly string[]> {
    return deleteTokens(trx, { user_id: user.id });
  }

  /** Deletes the tokens of all sessions of the user. Returns the live socket ids of the sessions that end. */
  deleteSessions(trx: Knex.Transaction, user: User): Promise<readonly string[]> {
    return deleteTokens(trx, { user_id: user.id, context: "session" });
  }

  /** Deletes the token of a session, even an expired one. Returns the live socket id; none for an unknown token. */
  async deleteSession(token: unknown): Promise<readonly string[]> {
    const hash = hashToken(token);
    if (hash === null) return [];
    const row = { token: hash, context: "session" };
    const count = await retryDeadlocks(() => this.#knex("users_tokens").where(row).delete());
    return count === 0 ? [] : [toLiveSocketId(hash)];
  }
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
