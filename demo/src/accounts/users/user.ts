/**
 * A person with an account. It does not contain the password hash, which is read only to verify a password
 * and so cannot be printed, logged or sent by accident.
 */
export interface User {
  readonly id: number;
  /** As the owner typed it. Addresses of two users differ in more than case. */
  readonly email: string;
  /** When the user last confirmed the address; null before the first time. */
  readonly confirmedAt: Date | null;
  readonly insertedAt: Date;
  readonly updatedAt: Date;
}

/** A row of `users`. MySQL reads times as dates, SQLite as milliseconds. */
export interface UserRow {
  readonly id: number;
  readonly email: string;
  readonly confirmed_at: Date | number | null;
  readonly inserted_at: Date | number;
  readonly updated_at: Date | number;
}

/** The columns of a `UserRow`. */
export const USER_COLUMNS = [
  "users.id",
  "users.email",
  "users.confirmed_at",
  "users.inserted_at",
  "users.updated_at",
] as const;

/** Reports an id that no user has. */
export class UserNotFoundError extends Error {
  override readonly name = "UserNotFoundError";

  constructor(id: number) {
    super(`no user has the id ${id}`);
  }
}

/** Turns a row into a user. */
export function toUser(row: UserRow): User {
  return {
    id: row.id,
    email: row.email,
    confirmedAt: row.confirmed_at === null ? null : new Date(row.confirmed_at),
    insertedAt: new Date(row.inserted_at),
    updatedAt: new Date(row.updated_at),
  };
}
