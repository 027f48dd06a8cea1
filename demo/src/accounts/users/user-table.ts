import type { Knex } from "knex";
import { isUniqueViolation } from "../../database.js";
import { retryDeadlocks } from "../transaction.js";
import { toUser, USER_COLUMNS, type User, type UserRow } from "./user.js";
import { toEmailKey } from "./user-fields.js";

/** A user with the password hash, to verify a password. Never pass it on. */
export interface Credentials {
  readonly user: User;
  readonly hashedPassword: string;
}

/** The state that a user's row must still have for a change to be made. */
export type UserExpectation = { readonly email: string } | { readonly hashedPassword: string };

/** The fields of a user that the owner or a mailed link can change. */
export interface UserChanges {
  readonly email?: string;
  readonly hashedPassword?: string;
  readonly confirmedAt?: Date;
}

type CredentialsRow = UserRow & { readonly hashed_password: string };

/** The table `users`. */
export class UserTable {
  readonly #knex: Knex;
  readonly #now: () => Date;

  constructor(knex: Knex, now: () => Date) {
    this.#knex = knex;
    this.#now = now;
  }

  /** Adds an unconfirmed user; null if the unique index already has the address. */
  async insert(email: string, hashedPassword: string): Promise<User | null> {
    const now = this.#now();
    const row = {
      email,
      email_key: toEmailKey(email),
      hashed_password: hashedPassword,
      confirmed_at: null,
      inserted_at: now,
      updated_at: now,
    };
    const inserted = await unlessTaken(retryDeadlocks(() => this.#knex("users").insert(row)));
    return inserted?.[0] === undefined ? null : toUser({ ...row, id: inserted[0] });
  }

  /** Finds the user with this id, or null. */
  async find(id: number): Promise<User | null> {
    return (await this.findCredentials({ id }))?.user ?? null;
  }

  /** Finds the user with this address, ignoring case. Null if there is none or the address is invalid. */
  async findByEmail(email: unknown): Promise<User | null> {
    return (await this.findCredentials({ email }))?.user ?? null;
  }

  /** Finds a user with the password hash, or null. */
  async findCredentials(by: { id: number } | { email: unknown }): Promise<Credentials | null> {
    const where = "id" in by ? { id: by.id } : { email_key: toEmailKey(by.email) };
    if (Object.values(where).includes(null)) return null;
    const row = await this.#knex<CredentialsRow>("users")
      .where(where)
      .first<CredentialsRow | undefined>(...USER_COLUMNS, "users.hashed_password");
    return row ? { user: toUser(row), hashedPassword: row.hashed_password } : null;
  }

  /**
   * Changes a user within a transaction, if the row is still as expected. Call it first in every transaction:
   * it locks the user's row, so that transactions of one user run one after the other and cannot deadlock.
   *
   * @returns the user as changed; null when the row is gone or differs, or when the new address is taken.
   */
  async update(
    trx: Knex.Transaction,
    user: User,
    expected: UserExpectation,
    changes: UserChanges,
  ): Promise<User | null> {
    const where =
      "email" in expected
        ? { email: expected.email }
        : { hashed_password: expected.hashedPassword };
    const updatedAt = this.#now();
    // knex skips columns whose value is undefined.
    const columns = {
      email: changes.email,
      email_key: changes.email === undefined ? undefined : toEmailKey(changes.email),
      hashed_password: changes.hashedPassword,
      confirmed_at: changes.confirmedAt,
      updated_at: updatedAt,
    };
    const count = await unlessTaken(
      trx("users")
        .where({ id: user.id, ...where })
        .update(columns),
    );
    if (!count) return null;
    const { hashedPassword: _, ...visible } = changes;
    return { ...user, ...visible, updatedAt };
  }
}

async function unlessTaken<T>(query: PromiseLike<T>): Promise<T | null> {
  try {
    return await query;
  } catch (error) {
    if (isUniqueViolation(error)) return null;
    throw error;
  }
}
