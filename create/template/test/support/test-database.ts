import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseConfig } from "../../src/database.js";

/** An empty database for one test file. `remove` deletes it. */
export interface TestDatabase {
  readonly config: DatabaseConfig;
  remove(): Promise<void>;
}

/** The kind of the test databases. */
export const client = "sqlite";

/** Creates an empty SQLite file in a new directory. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const directory = mkdtempSync(join(tmpdir(), "my-app-test-"));
  return {
    config: { client, file: join(directory, "test.sqlite") },
    remove: async () => rmSync(directory, { recursive: true, force: true }),
  };
}
