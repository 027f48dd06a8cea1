import type { Knex } from "knex";
import { createUsers } from "./create-users.js";
import { createUsersTokens } from "./create-users-tokens.js";

/** How long a process waits at its start for another one that is migrating. */
const WAIT_SECONDS = 60;
/** A lock's name, in SQL: short, and with the database in it, since all databases of a server share them. */
const MYSQL_LOCK = "CONCAT('migrate:', SHA1(DATABASE()))";

/** All migrations by name, in order. A name is recorded in the database: never change one. */
const migrations: ReadonlyMap<string, Knex.Migration> = new Map([
  ["20261123000001_create_users", createUsers],
  ["20261123000002_create_users_tokens", createUsersTokens],
]);

/** Modules instead of a directory: the same names whether TypeScript or its compiled form runs. */
const source: Knex.MigrationSource<string> = {
  getMigrations: async () => [...migrations.keys()],
  getMigrationName: (name) => name,
  getMigration: async (name) => {
    const migration = migrations.get(name);
    if (!migration) throw new Error(`there is no migration named ${name}`);
    return migration;
  },
};

const config: Knex.MigratorConfig = { migrationSource: source };

/**
 * Runs the migrations that this database has not seen. knex's own lock, a row in a table, refuses a second
 * process instead of letting it wait, and outlives a process that crashed; so a lock of the database
 * stands around it, which waits, and which the database frees when its owner is gone.
 */
export function migrateToLatest(db: Knex, client: "sqlite" | "mysql"): Promise<void> {
  return client === "sqlite" ? migrateSqlite(db) : migrateMysql(db);
}

async function migrateSqlite(db: Knex): Promise<void> {
  await db.transaction(async (trx) => {
    // A write, and so the lock, before the first read: the list of what is done cannot be outdated.
    await trx.raw("PRAGMA user_version = 1");
    await trx.migrate.latest(config);
  });
}

async function migrateMysql(db: Knex): Promise<void> {
  // The transaction does nothing but keep one connection, the owner of the named lock, in our hands.
  await db.transaction(async (owner) => {
    const [rows] = await owner.raw<Locked[][]>(`SELECT GET_LOCK(${MYSQL_LOCK}, ?) AS locked`, [
      WAIT_SECONDS,
    ]);
    if (rows?.[0]?.locked !== 1) {
      throw new Error(
        `another process has been migrating this database for over ${WAIT_SECONDS} seconds`,
      );
    }
    try {
      // Nobody else can be migrating now: if knex's lock is taken, its owner died.
      await db.migrate.forceFreeMigrationsLock(config);
      await db.migrate.latest(config);
    } finally {
      await owner.raw(`DO RELEASE_LOCK(${MYSQL_LOCK})`);
    }
  });
}

interface Locked {
  /** 1 when the lock is ours, 0 when the wait was too long. */
  readonly locked: number | null;
}
