import { after, before, describe } from "node:test";
import { createDatabase, type Database, type DatabaseConfig } from "../../src/database.js";
import { client, createTestDatabase, type TestDatabase } from "./test-database.js";

export { createTestDatabase, type TestDatabase } from "./test-database.js";

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
    declare(() => database, client);
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
