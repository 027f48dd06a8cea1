import assert from "node:assert/strict";
import { before, it } from "node:test";
import type { Accounts } from "../../src/accounts/accounts.js";
import {
  createTestAccounts,
  registerUser,
  type TestAccounts,
  validPassword,
} from "../support/accounts.js";
import { describeOnMigratedDatabases } from "../support/database.js";

const MINUTE = 60 * 1000;

describeOnMigratedDatabases("the sessions of a user", (database) => {
  let test: TestAccounts;
  let accounts: Accounts;
  before(() => {
    test = createTestAccounts(database());
    accounts = test.accounts;
  });

  it("are listed with device and last use, the current one first", async () => {
    const user = await registerUser(accounts);
    const laptop = await accounts.createUserSessionToken(user, "Firefox on Linux");
    test.travel(5 * MINUTE);
    const phone = await accounts.createUserSessionToken(user, "Safari on iOS");
    await accounts.createUserSessionToken(await registerUser(accounts));
    test.travel(5 * MINUTE);
    await accounts.userBySessionToken(laptop);
    const usedAt = test.now();
    test.travel(MINUTE - 1);
    await accounts.userBySessionToken(laptop);
    const listed = await accounts.listUserSessions(user, phone);
    assert.deepEqual(
      listed.map(({ device, isCurrent }) => [device, isCurrent]),
      [
        ["Safari on iOS", true],
        ["Firefox on Linux", false],
      ],
    );
    assert.deepEqual(listed[1]?.usedAt, usedAt, "the use of a session is noted once a minute");
    const [first] = await accounts.listUserSessions(user, laptop);
    assert.equal(first?.device, "Firefox on Linux");
  });

  it("end one by one, for their own user only", async () => {
    const [user, other] = [await registerUser(accounts), await registerUser(accounts)];
    const [current, lost] = [
      await accounts.createUserSessionToken(user),
      await accounts.createUserSessionToken(user),
    ];
    const ended = (await accounts.listUserSessions(user, current))[1];
    assert.deepEqual(await accounts.endUserSession(other, ended?.id), []);
    for (const id of [undefined, null, "x", {}, -1])
      assert.deepEqual(await accounts.endUserSession(user, id), []);
    assert.deepEqual(await accounts.endUserSession(user, String(ended?.id)), [
      accounts.liveSocketIdOf(lost),
    ]);
    assert.equal(await accounts.userBySessionToken(lost), null);
    assert.deepEqual(await accounts.userBySessionToken(current), user);
  });

  it("are in sudo mode for less than ten minutes after the login and after another proof", async () => {
    const user = await registerUser(accounts);
    const token = await accounts.createUserSessionToken(user);
    for (let i = 0; i < 2; i++) {
      test.travel(10 * MINUTE - 1);
      assert.equal(await accounts.isSudoMode(token), true);
      test.travel(1);
      assert.equal(await accounts.isSudoMode(token), false);
      await accounts.renewSudoMode(token);
    }
    for (const value of ["oops", null, undefined, {}])
      assert.equal(await accounts.isSudoMode(value), false);
  });

  it("check the password of their user", async () => {
    const user = await registerUser(accounts);
    assert.equal(await accounts.isUserPassword(user, validPassword), true);
    for (const value of ["wrong password", "", null, {}])
      assert.equal(await accounts.isUserPassword(user, value), false);
  });
});
