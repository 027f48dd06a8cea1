import { randomBytes } from "node:crypto";
import { after, before, describe } from "node:test";
import { createConnection } from "mysql2/promise";
import { createDatabase, type Database, type DatabaseConfig } from "../../src/database.js";

/** An empty database for one test file. `remove` deletes it. */
export interface TestDatabase {
  readonly config: DatabaseConfig;
  remove(): Promise<void>;
}

const server = process.env.MYSQL_URL || "mysql://root@127.0.0.1:3306";

/** Creates an empty database on the MySQL server of `MYSQL_URL`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `my_app_test_${randomBytes(6).toString("hex")}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  await onServer(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  return {
    config: { client: "mysql", url: url.href },
    remove: () => onServer(`DROP DATABASE ${name}`),
  };
}

async function onServer(statement: string): Promise<void> {
  const connection = await createConnection(server);
  try {
    await connection.query(statement);
  } finally {
    await connection.end();
  }
}

/** Declares tests with an empty database. */
export function describeOnDatabases(
  name: string,
  declare: (database: () => TestDatabase, client: DatabaseConfig["client"]) => void,
): void {
  describe(name, () => {
    let database: TestDatabase;
    before(async () => {
      database = await createTestDatabase();
    });
    // Hooks run in the order of their declaration, so the tests close their connections before this.
    declare(() => database, "mysql");
    after(() => database.remove());
  });
}

/** Declares tests with an open database that has its tables. */
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
