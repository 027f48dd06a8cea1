import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { argsToRun } from "../../scripts/test-runner/process-script.js";
import {
  createDatabase,
  type Database,
  type DatabaseConfig,
  isUniqueViolation,
} from "../src/database.js";
import {
  describeOnDatabases,
  describeOnMigratedDatabases,
  describeOnMysql,
  onMysqlServer,
} from "./support/database.js";

const user = (email: string) => ({
  email,
  email_key: email.toLowerCase(),
  hashed_password: "$argon2id$secret-hash",
  inserted_at: new Date(),
  updated_at: new Date(),
});

const tokenOf = (userId: number, token: string) => ({
  user_id: userId,
  token,
  context: "session",
  inserted_at: new Date(),
});

async function migrateInProcess(config: DatabaseConfig, fatal?: string) {
  const args = [
    ...argsToRun("demo/test/support/migrate-process.ts"),
    JSON.stringify(config),
    ...(fatal ? [fatal] : []),
  ];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"] });
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  return { code, signal };
}

async function withDatabase<T>(
  config: DatabaseConfig,
  use: (database: Database) => Promise<T>,
): Promise<T> {
  const database = createDatabase(config);
  try {
    return await use(database);
  } finally {
    await database.close();
  }
}

const recordedMigrations = (config: DatabaseConfig) =>
  withDatabase(config, ({ knex }) => knex("knex_migrations").orderBy("id").pluck("name"));

const allMigrations = [
  "20261123000001_create_users",
  "20261123000002_create_users_tokens",
  "20261130000001_create_feedback",
  "20261130000002_add_users_tokens_details",
  "20261130000003_create_avatars",
];

describeOnDatabases("migrate", (database) => {
  it("runs each migration once when several processes start together", async () => {
    const ends = await Promise.all(
      Array.from({ length: 5 }, () => migrateInProcess(database().config)),
    );
    assert.deepEqual(ends, Array(5).fill({ code: 0, signal: null }));
    assert.deepEqual(await recordedMigrations(database().config), allMigrations);
  });

  it("changes nothing if all migrations are done", async () => {
    await withDatabase(database().config, async ({ knex, migrate }) => {
      await knex("users").insert(user("kept@example.com"));
      await migrate();
      assert.equal((await knex("users")).length, 1);
    });
    assert.deepEqual(await recordedMigrations(database().config), allMigrations);
  });
});

const fatalStatements = [
  "create table `users_unfinished`",
  "users_email_key_unique",
  "create table `users_tokens_unfinished`",
  "insert into `knex_migrations` (",
];

for (const fatal of fatalStatements) {
  describeOnDatabases(`migrate after a process died before \`…${fatal}…\``, (database) => {
    it("finishes the migration at the next start", async () => {
      const dead = await migrateInProcess(database().config, fatal);
      assert.equal(dead.signal, "SIGKILL");
      await withDatabase(database().config, async ({ knex, migrate }) => {
        await migrate();
        await knex("users").insert(user("one@example.com"));
        await assert.rejects(knex("users").insert(user("ONE@example.com")), isUniqueViolation);
        assert.equal(await knex.schema.hasTable("users_tokens"), true);
        assert.equal(await knex.schema.hasTable("users_unfinished"), false);
      });
      assert.deepEqual(await recordedMigrations(database().config), allMigrations);
    });
  });
}

describeOnMigratedDatabases("tables", (database) => {
  const insertUser = async (email: string) => {
    const [id] = await database().knex("users").insert(user(email));
    return id as number;
  };

  it("accept e-mail addresses that differ in more than case", async () => {
    await insertUser("rene@example.com");
    await insertUser("rené@example.com");
  });

  it("refuse a second token of the same context and hash, for any user", async () => {
    const [one, other] = [
      await insertUser("one@example.com"),
      await insertUser("other@example.com"),
    ];
    await database()
      .knex("users_tokens")
      .insert(tokenOf(one, "a".repeat(64)));
    await assert.rejects(
      async () =>
        database()
          .knex("users_tokens")
          .insert(tokenOf(other, "a".repeat(64))),
      isUniqueViolation,
    );
    await database()
      .knex("users_tokens")
      .insert({ ...tokenOf(other, "a".repeat(64)), context: "confirm" });
  });

  it("delete the tokens of a deleted user", async () => {
    const id = await insertUser("deleted@example.com");
    await database()
      .knex("users_tokens")
      .insert(tokenOf(id, "b".repeat(64)));
    await database().knex("users").where({ id }).delete();
    assert.deepEqual(await database().knex("users_tokens").where({ user_id: id }), []);
  });

  it("refuse a token without a user", async () => {
    await assert.rejects(async () =>
      database()
        .knex("users_tokens")
        .insert(tokenOf(-1, "c".repeat(64))),
    );
  });

  it("store times with milliseconds, independent of the time zone", async () => {
    const time = new Date("2026-03-29T02:30:00.123Z");
    const id = await insertUser("time@example.com");
    await database().knex("users").where({ id }).update({ confirmed_at: time });
    const row = await database().knex("users").where({ id }).first("confirmed_at");
    assert.equal(new Date(row.confirmed_at).getTime(), time.getTime());
    assert.equal((await database().knex("users").where("confirmed_at", "<", time)).length, 0);
    assert.equal((await database().knex("users").where("confirmed_at", "<=", time)).length, 1);
  });
});

describeOnMigratedDatabases("a failed query", (database) => {
  it("reports neither the hash nor the other values", async () => {
    await database().knex("users").insert(user("once@example.com"));
    const error = await database()
      .knex("users")
      .insert(user("once@example.com"))
      .then(
        () => assert.fail("inserted twice"),
        (error: unknown) => error,
      );
    assert.doesNotMatch(inspect(error, { depth: 5 }), /secret-hash/);
  });

  it("reports neither the hash nor the other values from within a transaction", async () => {
    await database().knex("users").insert(user("twice@example.com"));
    const work = database().knex.transaction((trx) =>
      trx("users").insert(user("twice@example.com")),
    );
    const error = await work.then(
      () => assert.fail("inserted twice"),
      (error: unknown) => error,
    );
    assert.equal(isUniqueViolation(error), true);
    assert.doesNotMatch(inspect(error, { depth: 5 }), /secret-hash/);
  });

  it("keeps the database usable", async () => {
    await assert.rejects(async () => database().knex("no_such_table"));
    assert.equal((await database().knex("users").count({ count: "*" })).length, 1);
  });
});

describe("createDatabase for SQLite", () => {
  it("creates the directory, waits for locks and checks foreign keys", async () => {
    const directory = mkdtempSync(join(tmpdir(), "demo-test-"));
    const file = join(directory, "deep", "demo.sqlite");
    await withDatabase({ client: "sqlite", file }, async ({ knex }) => {
      assert.deepEqual(await knex.raw("PRAGMA foreign_keys"), [{ foreign_keys: 1 }]);
      assert.deepEqual(await knex.raw("PRAGMA journal_mode"), [{ journal_mode: "wal" }]);
      assert.deepEqual(await knex.raw("PRAGMA busy_timeout"), [{ timeout: 10_000 }]);
    });
    assert.equal(existsSync(file), true);
    rmSync(directory, { recursive: true });
  });

  it("keeps an in-memory database while it is open", async () => {
    await withDatabase({ client: "sqlite", file: ":memory:" }, async ({ knex, migrate }) => {
      await migrate();
      await knex("users").insert(user("one@example.com"));
      assert.equal((await knex("users")).length, 1);
    });
  });
});

describeOnMysql("lost connections", (database) => {
  /** Ends every connection to the database, as a restarting server does. */
  async function killConnections(knex: Database["knex"]) {
    const [rows] = await knex.raw(
      "SELECT ID AS id FROM information_schema.PROCESSLIST WHERE DB = DATABASE()",
    );
    for (const { id } of rows) await onMysqlServer(`KILL ${id}`).catch(() => {});
    return rows.length as number;
  }

  it("are replaced if they were idle", () =>
    withDatabase(database().config, async ({ knex, migrate }) => {
      await migrate();
      // Transactions that are open at the same time have a connection each.
      const open = await Promise.all(Array.from({ length: 4 }, () => knex.transaction()));
      for (const transaction of open) await transaction.rollback();
      assert.equal((await killConnections(knex)) >= 4, true);
      // A connection whose end has not been read yet can fail one query. Later queries succeed.
      await Promise.allSettled(Array.from({ length: 8 }, () => knex("users")));
      assert.deepEqual(
        await Promise.all(Array.from({ length: 8 }, () => knex("users"))),
        Array(8).fill([]),
      );
    }));

  it("fail only the running query", () =>
    withDatabase(database().config, async ({ knex }) => {
      const query = assert.rejects(
        async () => knex.raw("SELECT SLEEP(30)"),
        /connection|closed|lost|killed/i,
      );
      await waitUntil(async () => (await sleeping(knex)) === 1);
      await killConnections(knex);
      await query;
      assert.deepEqual(await knex("users"), []);
    }));

  it("roll back the running transaction", () =>
    withDatabase(database().config, async ({ knex }) => {
      const work = knex.transaction(async (trx) => {
        await trx("users").insert(user("undone@example.com"));
        const [[{ id }]] = await trx.raw("SELECT CONNECTION_ID() AS id");
        await onMysqlServer(`KILL ${id}`);
        await trx("users").insert(user("never@example.com"));
      });
      await assert.rejects(work);
      assert.deepEqual(await knex("users"), []);
    }));

  const sleeping = async (knex: Database["knex"]) => {
    const [rows] = await knex.raw(
      "SELECT ID FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND INFO LIKE 'SELECT SLEEP(30)%'",
    );
    return rows.length as number;
  };
});

describe("a database server that does not answer", () => {
  it("makes the start fail with the reason", async () => {
    await withDatabase(
      { client: "mysql", url: "mysql://root:pass-word@127.0.0.1:1/demo" },
      async (database) => {
        const error = await database.migrate().then(
          () => assert.fail("migrated"),
          (error: unknown) => error,
        );
        assert.match(String(error), /ECONNREFUSED/);
        assert.doesNotMatch(inspect(error), /pass-word/);
      },
    );
  });
});

async function waitUntil(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise(setImmediate);
}
