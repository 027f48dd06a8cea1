import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { debuglog } from "node:util";
import type BetterSqlite3 from "better-sqlite3";
import knex, { type Knex } from "knex";
import { migrateToLatest } from "./migrations/migrate.js";

/** Which database to use: a SQLite file (`:memory:` for one that ends with the process) or a MySQL server. */
export type DatabaseConfig =
  | { readonly client: "sqlite"; readonly file: string }
  | { readonly client: "mysql"; readonly url: string };

/** An open database. Nothing is connected before the first query. */
export interface Database {
  /** Runs queries. A connection that broke is replaced; only the query that met the break fails. */
  readonly knex: Knex;
  /**
   * Brings the tables up to date. Any number of processes may call it at the same time: one works, the
   * others wait, and a process that dies in the middle holds nobody up.
   */
  migrate(): Promise<void>;
  /** Ends all connections, once the queries under way are done. */
  close(): Promise<void>;
}

/** How long a query waits for a connection, and a connection for another process' lock, in milliseconds. */
const WAIT_MS = 10_000;
const MYSQL_CONNECTIONS = 10;
const DEADLOCKS: readonly unknown[] = ["ER_LOCK_DEADLOCK", "SQLITE_BUSY_SNAPSHOT"];
const UNIQUE_VIOLATIONS: readonly unknown[] = ["SQLITE_CONSTRAINT_UNIQUE", "ER_DUP_ENTRY"];

const log = debuglog("demo:database");

/**
 * Opens the database.
 *
 * @example
 * const database = createDatabase({ client: "sqlite", file: "data/demo.sqlite" });
 * await database.migrate();
 */
export function createDatabase(config: DatabaseConfig): Database {
  const db = knex({
    ...(config.client === "sqlite" ? sqlite(config.file) : mysql(config.url)),
    acquireConnectionTimeout: WAIT_MS,
    // Values stay out of error messages: among them are password hashes and addresses.
    compileSqlOnError: false,
    log: { debug: log, deprecate: log, error: log, warn: log },
  });
  db.on("query-error", forgetValues);
  return {
    knex: db,
    migrate: () => migrateToLatest(db, config.client),
    close: () => db.destroy(),
  };
}

/** Tells whether a query failed because a unique index already has the value. */
export function isUniqueViolation(error: unknown): boolean {
  return UNIQUE_VIOLATIONS.includes(codeOf(error));
}

/**
 * Tells whether a transaction was undone because of another one, and would do when tried again: they waited for each
 * other, or what it had read has changed before it wrote.
 */
export function isDeadlock(error: unknown): boolean {
  return DEADLOCKS.includes(codeOf(error));
}

function mysql(url: string): Knex.Config {
  return {
    client: "mysql2",
    connection: {
      uri: url,
      // The server's own time zone has no say: what is written and read is UTC.
      timezone: "Z",
      charset: "utf8mb4",
      // A second guard behind the checks of the domain: an object as a value never becomes SQL.
      stringifyObjects: true,
      connectTimeout: WAIT_MS,
    },
    pool: { min: 0, max: MYSQL_CONNECTIONS },
  };
}

function sqlite(file: string): Knex.Config {
  if (file !== ":memory:") mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  return {
    client: "better-sqlite3",
    connection: { filename: file },
    useNullAsDefault: true,
    pool: {
      min: 1,
      max: 1,
      afterCreate(connection: BetterSqlite3.Database, done: (error: unknown) => void) {
        prepareSqlite(connection).then(() => done(null), done);
      },
    },
  };
}

async function prepareSqlite(connection: BetterSqlite3.Database): Promise<void> {
  connection.pragma(`busy_timeout = ${WAIT_MS}`);
  connection.pragma("foreign_keys = ON");
  const deadline = Date.now() + WAIT_MS;
  // The switch to WAL, done once in a file's life, does not wait for other processes by itself.
  for (;;) {
    try {
      connection.pragma("journal_mode = WAL");
      return;
    } catch (error) {
      if (!isBusy(error) || Date.now() > deadline) throw error;
      await delay(20);
    }
  }
}

function isBusy(error: unknown): boolean {
  return String(codeOf(error)).startsWith("SQLITE_BUSY");
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/** The MySQL driver adds to an error the whole statement, values included. */
function forgetValues(error: Error & { sql?: string }): void {
  delete error.sql;
}
