import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { createDatabase, type Database, type DatabaseConfig } from "../../src/database.js";

/** An empty database for one test file. `remove` deletes it. */
export interface TestDatabase {
  readonly config: DatabaseConfig;
  remove(): Promise<void>;
}

/** Creates an empty SQLite file in a new directory. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const directory = mkdtempSync(join(tmpdir(), "my-app-test-"));
  return {
    config: { client: "sqlite", file: join(directory, "test.sqlite") },
    remove: async () => rmSync(directory, { recursive: true, force: true }),
  };
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
    declare(() => database, "sqlite");
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
