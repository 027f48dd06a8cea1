import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { before, it } from "node:test";
import type { Accounts } from "../../src/accounts/accounts.js";
import {
  createTestAccounts,
  registerUser,
  type TestAccounts,
  urlFor,
} from "../support/accounts.js";
import { describeOnMigratedDatabases } from "../support/database.js";

const DAY = 24 * 60 * 60 * 1000;

describeOnMigratedDatabases("confirmation", (database) => {
  let test: TestAccounts;
  let accounts: Accounts;
  before(() => {
    test = createTestAccounts(database());
    accounts = test.accounts;
  });

  const rowsOf = (userId: number) =>
    database().knex("users_tokens").where({ user_id: userId }).orderBy("id");

  async function unconfirmedUser() {
    const user = await registerUser(accounts);
    assert.equal(accounts.deliverUserConfirmationInstructions(user, urlFor), "queued");
    return { user, token: await test.mailedToken() };
  }

  it("mails a token of 32 bytes and stores its SHA-256", async () => {
    const { user, token } = await unconfirmedUser();
    assert.match(token, /^[\w-]{43}$/);
    const [row] = await rowsOf(user.id);
    assert.equal(
      row.token,
      createHash("sha256").update(Buffer.from(token, "base64url")).digest("hex"),
    );
    assert.equal(row.context, "confirm");
    assert.equal(row.sent_to, user.email);
    assert.equal((await test.newestMail()).to, user.email);
  });

  it("confirms the user once", async () => {
    const { user, token } = await unconfirmedUser();
    test.travel(1000);
    const confirmed = await accounts.confirmUser(token);
    assert.deepEqual(confirmed, { ...user, confirmedAt: test.now(), updatedAt: test.now() });
    assert.deepEqual(await accounts.getUserById(user.id), confirmed);
    test.travel(1000);
    assert.equal(await accounts.confirmUser(token), null);
    assert.deepEqual(await accounts.getUserById(user.id), confirmed);
  });

  it("confirms once if a link is opened several times concurrently", async () => {
    const { token } = await unconfirmedUser();
    const results = await Promise.all(Array.from({ length: 8 }, () => accounts.confirmUser(token)));
    assert.equal(results.filter((user) => user !== null).length, 1);
  });

  it("confirms once if several links of a user are opened concurrently", async () => {
    const { user, token } = await unconfirmedUser();
    accounts.deliverUserConfirmationInstructions(user, urlFor);
    const tokens = [token, await test.mailedToken()];
    const results = await Promise.all(tokens.map((one) => accounts.confirmUser(one)));
    assert.equal(results.filter((one) => one !== null).length, 1);
  });

  it("deletes only the user's confirmation tokens", async () => {
    const { user, token } = await unconfirmedUser();
    accounts.deliverUserConfirmationInstructions(user, urlFor);
    accounts.deliverUserResetPasswordInstructions(user, urlFor);
    await test.mailCount();
    const session = await accounts.createUserSessionToken(user);
    const other = await unconfirmedUser();
    assert.ok(await accounts.confirmUser(token));
    const contexts = (await rowsOf(user.id)).map((row) => row.context);
    assert.deepEqual(contexts.sort(), ["reset_password", "session"]);
    assert.ok(await accounts.userBySessionToken(session));
    assert.equal((await rowsOf(other.user.id)).length, 1);
  });

  it("accepts every unused link", async () => {
    const { user, token: first } = await unconfirmedUser();
    accounts.deliverUserConfirmationInstructions(user, urlFor);
    assert.notEqual(await test.mailedToken(), first);
    assert.equal((await accounts.confirmUser(first))?.id, user.id);
  });

  it("sends no link to a confirmed user", async () => {
    const { token } = await unconfirmedUser();
    const confirmed = await accounts.confirmUser(token);
    const count = await test.mailCount();
    assert.ok(confirmed);
    assert.equal(
      accounts.deliverUserConfirmationInstructions(confirmed, urlFor),
      "already_confirmed",
    );
    assert.equal(await test.mailCount(), count);
    assert.deepEqual(await rowsOf(confirmed.id), []);
  });

  it("refuses an invalid token and changes nothing", async () => {
    const { user, token } = await unconfirmedUser();
    accounts.deliverUserResetPasswordInstructions(user, urlFor);
    const reset = await test.mailedToken();
    const session = await accounts.createUserSessionToken(user);
    const before = await rowsOf(user.id);
    const [hash] = before.map((row) => row.token);
    const bad = [
      "oops",
      "",
      "%%%",
      token.toUpperCase(),
      `${token}==`,
      hash,
      reset,
      session,
      null,
      undefined,
      {},
      [token],
      1,
    ];
    for (const value of bad) assert.equal(await accounts.confirmUser(value), null);
    assert.deepEqual(await accounts.getUserById(user.id), user);
    assert.deepEqual(await rowsOf(user.id), before);
  });

  it("accepts a link for 7 days", async () => {
    const [late, inTime] = [await unconfirmedUser(), await unconfirmedUser()];
    test.travel(7 * DAY - 1);
    assert.ok(await accounts.confirmUser(inTime.token));
    test.travel(1);
    assert.equal(await accounts.confirmUser(late.token), null);
    assert.equal((await accounts.getUserById(late.user.id)).confirmedAt, null);
    assert.equal((await rowsOf(late.user.id)).length, 1);
  });

  it("refuses a link that was mailed to a former address of the user", async () => {
    const { user, token } = await unconfirmedUser();
    await database().knex("users").where({ id: user.id }).update({ email: "moved@example.com" });
    assert.equal(await accounts.confirmUser(token), null);
    assert.equal((await rowsOf(user.id)).length, 1);
  });
});
