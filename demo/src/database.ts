import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { debuglog } from "node:util";
import type BetterSqlite3 from "better-sqlite3";
import knex, { type Knex } from "knex";
import { migrateToLatest } from "./migrations/migrate.js";

/** The database to use: a SQLite file (`:memory:` keeps it in memory) or a MySQL server. */
export type DatabaseConfig =
  | { readonly client: "sqlite"; readonly file: string }
  | { readonly client: "mysql"; readonly url: string };

/** A database. It connects at the first query. */
export interface Database {
  /** Runs queries. Replaces a broken connection; only the query that was running on it fails. */
  readonly knex: Knex;
  /**
   * Migrates the tables. Several processes can call it at the same time: one migrates while the others wait.
   * If that process dies, another one continues.
   */
  migrate(): Promise<void>;
  /** Closes all connections after the running queries have finished. */
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
    // Error messages must not contain values such as password hashes and addresses.
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

/** Whether a query failed because a unique index already has the value. */
export function isUniqueViolation(error: unknown): boolean {
  return UNIQUE_VIOLATIONS.includes(codeOf(error));
}

/**
 * Whether a transaction was rolled back because of another one, and can be tried again: both waited for each
 * other, or the other one changed what this one had read.
 */
export function isDeadlock(error: unknown): boolean {
  return DEADLOCKS.includes(codeOf(error));
}

function mysql(url: string): Knex.Config {
  return {
    client: "mysql2",
    connection: {
      uri: url,
      // Times are UTC, regardless of the server's time zone.
      timezone: "Z",
      charset: "utf8mb4",
      // In addition to validation: an object as a value never becomes SQL.
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
  // Switching a file to WAL ignores `busy_timeout`, so retry while another process has it locked.
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

/** Removes the SQL statement, which contains values, from an error of the MySQL driver. */
function forgetValues(error: Error & { sql?: string }): void {
  delete error.sql;
}
