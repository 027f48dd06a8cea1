import { randomBytes } from "node:crypto";
import { createConnection } from "mysql2/promise";
import type { DatabaseConfig } from "../../src/database.js";

/** An empty database for one test file. `remove` deletes it. */
export interface TestDatabase {
  readonly config: DatabaseConfig;
  remove(): Promise<void>;
}

/** The kind of the test databases. */
export const client = "mysql";

const server = process.env.MYSQL_URL || "mysql://root@127.0.0.1:3306";

/** Creates an empty database on the MySQL server of `MYSQL_URL`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `my_app_test_${randomBytes(6).toString("hex")}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  await onServer(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  return {
    config: { client, url: url.href },
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
