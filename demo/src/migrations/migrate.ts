import type { Knex } from "knex";
import { migrations } from "./migrations.js";

/** How long a starting process waits while another one migrates. */
const WAIT_SECONDS = 60;
/** SQL for the name of the lock. It contains the database, since all databases of a server share lock names. */
const MYSQL_LOCK = "CONCAT('migrate:', SHA1(DATABASE()))";

/** Lists modules instead of a directory, so that names are the same in TypeScript and compiled code. */
const source: Knex.MigrationSource<string> = {
  getMigrations: async () => [...migrations.keys()],
  getMigrationName: (name) => name,
  getMigration: async (name) => {
    const migration = migrations.get(name);
    if (!migration) throw new Error(`migration ${name} does not exist`);
    return migration;
  },
};

const config: Knex.MigratorConfig = { migrationSource: source };

/**
 * Runs the pending migrations. knex's own lock, a row in a table, makes a second process fail instead of wait,
 * and stays after a crash. So this function takes a lock of the database first: it waits, and the database
 * frees it when its owner dies.
 */
export function migrateToLatest(db: Knex, client: "sqlite" | "mysql"): Promise<void> {
  return client === "sqlite" ? migrateSqlite(db) : migrateMysql(db);
}

async function migrateSqlite(db: Knex): Promise<void> {
  await db.transaction(async (trx) => {
    // Writing takes the lock before the first read, so the list of finished migrations is current.
    await trx.raw("PRAGMA user_version = 1");
    await trx.migrate.latest(config);
  });
}

async function migrateMysql(db: Knex): Promise<void> {
  // The transaction only reserves one connection, which owns the named lock.
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
      // No other process is migrating now. If knex's lock is taken, its owner has died.
      await db.migrate.forceFreeMigrationsLock(config);
      await db.migrate.latest(config);
    } finally {
      await owner.raw(`DO RELEASE_LOCK(${MYSQL_LOCK})`);
    }
  });
}

interface Locked {
  /** 1 if the lock was taken, 0 after a timeout. */
  readonly locked: number | null;
}
