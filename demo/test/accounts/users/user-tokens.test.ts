import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import type { Knex } from "knex";
import { transactionsOn } from "../../../src/accounts/transaction.js";
import { UserTokens } from "../../../src/accounts/users/user-tokens.js";
import { createDatabase, type Database } from "../../../src/database.js";
import { createTestAccounts, registerUser } from "../../support/accounts.js";
import { describeOnDatabases } from "../../support/database.js";

const now = () => new Date();

describeOnDatabases("UserTokens", (testDatabase, client) => {
  let database: Database;
  let other: Database;
  before(async () => {
    [database, other] = [
      createDatabase(testDatabase().config),
      createDatabase(testDatabase().config),
    ];
    await database.migrate();
  });
  after(() => Promise.all([database.close(), other.close()]));

  for (const method of ["deleteAll", "deleteSessions"] as const) {
    it(`${method} returns each session that it ends, including one that begins concurrently`, async () => {
      const { accounts } = createTestAccounts(database);
      const user = await registerUser(accounts);
      const tokens = new UserTokens(database.knex, now);
      const sessions = [await tokens.create(user, "session"), await tokens.create(user, "session")];

      /** Begins a session over another connection, unless the database blocks it. */
      const begin = async () => {
        await other.knex.transaction(async (trx) => {
          if (client === "mysql") await trx.raw("SET SESSION innodb_lock_wait_timeout = 1");
          sessions.push(await new UserTokens(trx, now).create(user, "session"));
        });
      };
      let attempts = 0;
      const liveSocketIds = await transactionsOn(database.knex)((trx) =>
        tokens[method](
          beforeDelete(trx, async () => {
            if (++attempts === 1) await begin().catch(() => {});
          }),
          user,
        ),
      );

      assert.ok(attempts > 0);
      for (const session of sessions) {
        const hasEnded = (await tokens.find(session, "session")) === null;
        assert.equal(liveSocketIds?.includes(accounts.liveSocketIdOf(session) ?? ""), hasEnded);
      }
      assert.equal(liveSocketIds?.length, client === "mysql" ? 2 : 3);
    });
  }
});

/** Runs a transaction that runs another query before it deletes. */
function beforeDelete(trx: Knex.Transaction, work: () => Promise<void>): Knex.Transaction {
  return new Proxy(trx, {
    apply(target, self, args) {
      const query = Reflect.apply(target, self, args) as Knex.QueryBuilder;
      const { delete: del } = query;
      query.delete = (async () => {
        await work();
        return Reflect.apply(del, query, []);
      }) as unknown as typeof del;
      return query;
    },
  });
}
