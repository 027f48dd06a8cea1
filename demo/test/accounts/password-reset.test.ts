import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { before, it } from "node:test";
import type { Accounts } from "../../src/accounts/accounts.js";
import {
  createTestAccounts,
  registerUser,
  type TestAccounts,
  urlFor,
  validPassword,
} from "../support/accounts.js";
import { describeOnMigratedDatabases } from "../support/database.js";

const DAY = 24 * 60 * 60 * 1000;
const newPassword = { password: "new valid password" };

describeOnMigratedDatabases("password reset", (database) => {
  let test: TestAccounts;
  let accounts: Accounts;
  before(() => {
    test = createTestAccounts(database());
    accounts = test.accounts;
  });

  const rowsOf = (userId: number) =>
    database().knex("users_tokens").where({ user_id: userId }).orderBy("id");
  const logsIn = async (email: string, password: string) =>
    (await accounts.getUserByEmailAndPassword(email, password)) !== null;

  async function forgetfulUser() {
    const user = await registerUser(accounts);
    accounts.deliverUserResetPasswordInstructions(user, urlFor);
    return { user, token: await test.mailedToken() };
  }

  it("mails a token of 32 bytes and stores its SHA-256", async () => {
    const { user, token } = await forgetfulUser();
    const [row] = await rowsOf(user.id);
    assert.equal(
      row.token,
      createHash("sha256").update(Buffer.from(token, "base64url")).digest("hex"),
    );
    assert.equal(row.context, "reset_password");
    assert.equal(row.sent_to, user.email);
  });

  it("finds the user of the token, which stays valid", async () => {
    const { user, token } = await forgetfulUser();
    assert.deepEqual(await accounts.userByResetPasswordToken(token), user);
    assert.deepEqual(await accounts.userByResetPasswordToken(token), user);
  });

  it("sets the password", async () => {
    const { user, token } = await forgetfulUser();
    test.travel(1000);
    const reset = await accounts.resetUserPassword(token, {
      ...newPassword,
      password_confirmation: newPassword.password,
    });
    assert.deepEqual(reset, {
      ok: true,
      user: { ...user, updatedAt: test.now() },
      liveSocketIds: [],
    });
    assert.equal(await logsIn(user.email, newPassword.password), true);
    assert.equal(await logsIn(user.email, validPassword), false);
  });

  it("does not confirm the user", async () => {
    const { user, token } = await forgetfulUser();
    await accounts.resetUserPassword(token, newPassword);
    assert.equal((await accounts.getUserById(user.id)).confirmedAt, null);
  });

  it("deletes all tokens of the user and returns the sessions that end", async () => {
    const { user, token } = await forgetfulUser();
    accounts.deliverUserResetPasswordInstructions(user, urlFor);
    accounts.deliverUserConfirmationInstructions(user, urlFor);
    accounts.deliverUserUpdateEmailInstructions(
      { ...user, email: "next@example.com" },
      user.email,
      urlFor,
    );
    await test.mailCount();
    const sessions = [
      await accounts.createUserSessionToken(user),
      await accounts.createUserSessionToken(user),
    ];
    const other = await forgetfulUser();
    const reset = await accounts.resetUserPassword(token, newPassword);
    assert.ok(reset.ok);
    assert.deepEqual(
      reset.liveSocketIds,
      sessions.map((session) => accounts.liveSocketIdOf(session)),
    );
    assert.deepEqual(await rowsOf(user.id), []);
    assert.equal((await rowsOf(other.user.id)).length, 1);
  });

  it("works once", async () => {
    const { user, token } = await forgetfulUser();
    assert.ok((await accounts.resetUserPassword(token, newPassword)).ok);
    const again = await accounts.resetUserPassword(token, { password: "another password" });
    assert.deepEqual(again, { ok: false, reason: "token" });
    assert.equal(await logsIn(user.email, newPassword.password), true);
  });

  it("works once if the form is sent several times concurrently", async () => {
    const { user, token } = await forgetfulUser();
    const passwords = Array.from({ length: 6 }, (_, i) => `new valid password ${i}`);
    const resets = await Promise.all(
      passwords.map((password) => accounts.resetUserPassword(token, { password })),
    );
    const winners = passwords.filter((_, i) => resets[i]?.ok);
    assert.equal(winners.length, 1);
    for (const password of passwords) {
      assert.equal(await logsIn(user.email, password), password === winners[0]);
    }
  });

  it("works once if several links of a user are used concurrently", async () => {
    const { user, token } = await forgetfulUser();
    accounts.deliverUserResetPasswordInstructions(user, urlFor);
    const tokens = [token, await test.mailedToken()];
    const resets = await Promise.all(
      tokens.map((one) => accounts.resetUserPassword(one, newPassword)),
    );
    assert.equal(resets.filter((reset) => reset.ok).length, 1);
    assert.deepEqual(await rowsOf(user.id), []);
  });

  it("returns all errors of the fields and keeps the token", async () => {
    const { user, token } = await forgetfulUser();
    const attempts: [attrs: unknown, errors: object][] = [
      [
        { password: "not valid", password_confirmation: "another" },
        {
          password: ["should be at least 12 character(s)"],
          password_confirmation: ["does not match password"],
        },
      ],
      [{ password: "db".repeat(100) }, { password: ["should be at most 72 character(s)"] }],
      [
        { ...newPassword, password_confirmation: "" },
        { password_confirmation: ["does not match password"] },
      ],
      [
        { ...newPassword, password_confirmation: { x: 1 } },
        { password_confirmation: ["does not match password"] },
      ],
      [{ password: { x: 1 } }, { password: ["is invalid"] }],
      [{}, { password: ["can't be blank"] }],
      [null, { password: ["can't be blank"] }],
    ];
    for (const [attrs, errors] of attempts) {
      assert.deepEqual(await accounts.resetUserPassword(token, attrs), {
        ok: false,
        reason: "fields",
        errors,
      });
    }
    assert.deepEqual(await accounts.userByResetPasswordToken(token), user);
    assert.equal(await logsIn(user.email, validPassword), true);
  });

  it("refuses an invalid token and changes nothing", async () => {
    const { user } = await forgetfulUser();
    accounts.deliverUserConfirmationInstructions(user, urlFor);
    const confirm = await test.mailedToken();
    const session = await accounts.createUserSessionToken(user);
    const before = await rowsOf(user.id);
    for (const value of ["oops", "", confirm, session, before[0].token, null, undefined, {}, []]) {
      assert.equal(await accounts.userByResetPasswordToken(value), null);
      assert.deepEqual(await accounts.resetUserPassword(value, newPassword), {
        ok: false,
        reason: "token",
      });
    }
    assert.deepEqual(await rowsOf(user.id), before);
    assert.equal(await logsIn(user.email, validPassword), true);
  });

  it("accepts a link for a day", async () => {
    const [late, inTime] = [await forgetfulUser(), await forgetfulUser()];
    test.travel(DAY - 1);
    assert.ok((await accounts.resetUserPassword(inTime.token, newPassword)).ok);
    test.travel(1);
    assert.equal(await accounts.userByResetPasswordToken(late.token), null);
    assert.deepEqual(await accounts.resetUserPassword(late.token, newPassword), {
      ok: false,
      reason: "token",
    });
    assert.equal((await rowsOf(late.user.id)).length, 1);
  });

  it("refuses a link that was mailed to a former address of the user", async () => {
    const { user, token } = await forgetfulUser();
    await database().knex("users").where({ id: user.id }).update({ email: "moved-on@example.com" });
    assert.equal(await accounts.userByResetPasswordToken(token), null);
    assert.deepEqual(await accounts.resetUserPassword(token, newPassword), {
      ok: false,
      reason: "token",
    });
  });
});
