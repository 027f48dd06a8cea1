import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { createConnection } from "mysql2/promise";
import { createDatabase, type Database, type DatabaseConfig } from "../../src/database.js";

/** An empty database of its own, until `remove` is called. */
export interface TestDatabase {
  readonly config: DatabaseConfig;
  remove(): Promise<void>;
}

const mysqlServer = process.env.MYSQL_URL || "mysql://root@127.0.0.1:3306";
const mysqlRuns = await runs(mysqlServer);

/** Makes an empty SQLite file in a directory of its own. */
export async function createSqliteDatabase(): Promise<TestDatabase> {
  const directory = mkdtempSync(join(tmpdir(), "demo-test-"));
  return {
    config: { client: "sqlite", file: join(directory, "demo.sqlite") },
    remove: async () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Makes an empty database on the MySQL server of `MYSQL_URL`. */
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

/** Runs one statement over a connection of its own, outside of the database under test. */
export async function onMysqlServer(statement: string): Promise<void> {
  const connection = await createConnection(mysqlServer);
  try {
    await connection.query(statement);
  } finally {
    await connection.end();
  }
}

/** Declares the same tests once for each database, with an empty one for each. */
export function describeOnDatabases(
  name: string,
  declare: (database: () => TestDatabase, client: DatabaseConfig["client"]) => void,
): void {
  describeOn(`${name} on SQLite`, createSqliteDatabase, (database) => declare(database, "sqlite"));
  describeOnMysql(name, (database) => declare(database, "mysql"));
}

/** As `describeOnDatabases`, but each database is open and its tables are there. */
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

/**
 * Declares tests for MySQL alone. Without a server they are skipped with a notice, or fail where
 * `REQUIRE_SERVICES=1` says that nothing may be skipped.
 */
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
    // Declared hooks run in order: the tests' own clean-up, which closes connections, comes first.
    declare(() => database);
    after(() => database.remove());
  });
}

async function runs(url: string): Promise<boolean> {
  try {
    const connection = await createConnection({ uri: url, connectTimeout: 2_000 });
    await connection.end();
    return true;
  } catch {
    return false;
  }
}
