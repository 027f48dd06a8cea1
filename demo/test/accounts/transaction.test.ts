import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import type { Knex } from "knex";
import { type Transact, transactionsOn } from "../../src/accounts/transaction.js";
import { createDatabase, isDeadlock } from "../../src/database.js";
import { describeOnMigratedDatabases, describeOnMysql } from "../support/database.js";

const user = (email: string) => ({
  email,
  email_key: email,
  hashed_password: "",
  inserted_at: new Date(),
  updated_at: new Date(),
});

const deadlock = () => Object.assign(new Error("try again"), { code: "ER_LOCK_DEADLOCK" });

describeOnMigratedDatabases("transactionsOn", (database) => {
  let transact: Transact;
  beforeEach(async () => {
    transact = transactionsOn(database().knex);
    await database().knex("users").delete();
  });

  const insert = (trx: Knex.Transaction) => trx("users").insert(user("ada@example.com"));
  const count = async () => (await database().knex("users")).length;

  it("commits the work and returns the result", async () => {
    const result = await transact(async (trx) => {
      await insert(trx);
      return "done";
    });
    assert.equal(result, "done");
    assert.equal(await count(), 1);
  });

  it("rolls back if the result is null", async () => {
    const result = await transact(async (trx) => {
      await insert(trx);
      return null;
    });
    assert.equal(result, null);
    assert.equal(await count(), 0);
  });

  it("rolls back if the work throws", async () => {
    const broken = new Error("broken");
    const work = transact(async (trx) => {
      await insert(trx);
      throw broken;
    });
    await assert.rejects(work, broken);
    assert.equal(await count(), 0);
  });

  it("retries after a deadlock", async () => {
    let attempts = 0;
    await transact(async (trx) => {
      await insert(trx);
      if (++attempts < 3) throw deadlock();
      return attempts;
    });
    assert.equal(attempts, 3);
    assert.equal(await count(), 1);
  });

  it("throws after many deadlocks", async () => {
    let attempts = 0;
    const work = transact(async () => {
      attempts++;
      throw deadlock();
    });
    await assert.rejects(work, isDeadlock);
    assert.equal(attempts, 10);
  });
});

describeOnMysql("two transactions that wait for each other", (testDatabase) => {
  it("both finish", async () => {
    const database = createDatabase(testDatabase().config);
    await database.migrate();
    const [one, other] = ["one@example.com", "other@example.com"];
    await database.knex("users").insert([user(one), user(other)]);
    const transact = transactionsOn(database.knex);
    let attempts = 0;
    let meet = () => {};
    const met = new Promise<void>((resolve) => {
      meet = resolve;
    });
    const update = (first: string, second: string) =>
      transact(async (trx) => {
        await trx("users").where({ email_key: first }).update({ hashed_password: first });
        // Both lock their first row before one of them locks its second row.
        if (++attempts === 2) meet();
        await met;
        return trx("users").where({ email_key: second }).update({ hashed_password: first });
      });
    assert.deepEqual(await Promise.all([update(one, other), update(other, one)]), [1, 1]);
    assert.equal(attempts, 3);
    await database.close();
  });
});
