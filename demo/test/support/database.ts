import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { createConnection } from "mysql2/promise";
import { createDatabase, type Database, type DatabaseConfig } from "../../src/database.js";

/** An empty database for one test. `remove` deletes it. */
export interface TestDatabase {
  readonly config: DatabaseConfig;
  remove(): Promise<void>;
}

const mysqlServer = process.env.MYSQL_URL || "mysql://root@127.0.0.1:3306";
const mysqlRuns = await runs(mysqlServer);

/** Creates an empty SQLite file in a new directory. */
export async function createSqliteDatabase(): Promise<TestDatabase> {
  const directory = mkdtempSync(join(tmpdir(), "demo-test-"));
  return {
    config: { client: "sqlite", file: join(directory, "demo.sqlite") },
    remove: async () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Creates an empty database for tests that run on one database only. */
export const createTestDatabase = createSqliteDatabase;

/** Creates an empty database on the MySQL server of `MYSQL_URL`. */
export async function createMysqlDatabase(): Promise<TestDatabase> {
  const name = `demo_test_${process.pid}_${randomBytes(4).toString("hex")}`;
  const url = new URL(mysqlServer);
  url.pathname = `/${name}`;
  await onMysqlServer(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  return {
    config: { client: "mysql", url: url.href },
    remove: () => onMysqlServer(`DROP DATABASE ${name}`),
  };
}

/** Runs one statement over a separate connection, outside of the database under test. */
export async function onMysqlServer(statement: string): Promise<void> {
  const connection = await createConnection(mysqlServer);
  try {
    await connection.query(statement);
  } finally {
    await connection.end();
  }
}

/** Declares the same tests for SQLite and for MySQL, each with an empty database. */
export function describeOnDatabases(
  name: string,
  declare: (database: () => TestDatabase, client: DatabaseConfig["client"]) => void,
): void {
  describeOn(`${name} on SQLite`, createSqliteDatabase, (database) => declare(database, "sqlite"));
  describeOnMysql(name, (database) => declare(database, "mysql"));
}

/** Declares tests that are slow for SQLite, and in `.ci/run` for MySQL too. */
export function describeSlowTests(
  name: string,
  declare: (database: () => TestDatabase) => void,
): void {
  if (process.env.TEST_ALL === "1") describeOnDatabases(name, declare);
  else describeOn(`${name} on SQLite`, createSqliteDatabase, declare);
}

/** Does the same as `describeOnDatabases`, with open databases that have their tables. */
export function describeOnMigratedDatabases(
  name: string,
  declare: (database: () => Database, client: DatabaseConfig["client"]) => void,
): void {
  describeOnDatabases(name, (testDatabase, client) => {
    let database: Database;
    before(async () => {
      database = createDatabase(testDatabase().config);
      await database.migrate();
    });
    after(() => database.close());
    declare(() => database, client);
  });
}

/** Declares tests for MySQL. Without a server they are skipped, or fail if `REQUIRE_SERVICES` is 1. */
export function describeOnMysql(
  name: string,
  declare: (database: () => TestDatabase) => void,
): void {
  if (mysqlRuns) {
    describeOn(`${name} on MySQL`, createMysqlDatabase, declare);
  } else if (process.env.REQUIRE_SERVICES === "1") {
    it(`${name} on MySQL`, () => {
      throw new Error(
        `no MySQL server answers at ${new URL(mysqlServer).host}, and REQUIRE_SERVICES is 1`,
      );
    });
  } else {
    it.skip(`${name} on MySQL: no server answers at ${new URL(mysqlServer).host}`);
  }
}

function describeOn(
  name: string,
  create: () => Promise<TestDatabase>,
  declare: (database: () => TestDatabase) => void,
): void {
  describe(name, () => {
    let database: TestDatabase;
    before(async () => {
      database = await create();
    });
    // Hooks run in the order of their declaration, so the tests close their connections before this.
    declare(() => database);
    after(() => database.remove());
  });
}

async function runs(url: string): Promise<boolean> {
  try {
    const connection = await createConnection({ uri: url, connectTimeout: 20_000 });
    await connection.end();
    return true;
  } catch {
    return false;
  }
}
