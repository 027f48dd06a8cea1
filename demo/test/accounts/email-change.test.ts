import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { before, describe, it } from "node:test";
import type { Accounts } from "../../src/accounts/accounts.js";
import { type User, UserNotFoundError } from "../../src/accounts/users/user.js";
import {
  createTestAccounts,
  registerUser,
  type TestAccounts,
  uniqueEmail,
  urlFor,
  validPassword,
} from "../support/accounts.js";
import { describeOnMigratedDatabases } from "../support/database.js";

const DAY = 24 * 60 * 60 * 1000;

describeOnMigratedDatabases("applyUserEmail", (database) => {
  let accounts: Accounts;
  let user: User;
  before(async () => {
    accounts = createTestAccounts(database()).accounts;
    user = await registerUser(accounts);
  });

  const errorsOf = async (attrs: unknown) => {
    const applied = await accounts.applyUserEmail(user, attrs);
    assert.ok(!applied.ok);
    return applied.errors;
  };

  it("returns the user with the new address without saving it", async () => {
    const email = uniqueEmail();
    assert.deepEqual(await accounts.applyUserEmail(user, { email }), {
      ok: true,
      user: { ...user, email },
    });
    assert.deepEqual(await accounts.getUserById(user.id), user);
  });

  it("requires a different address", async () => {
    for (const attrs of [{}, null, { email: undefined }, { email: user.email }]) {
      assert.deepEqual(await errorsOf(attrs), { email: ["did not change"] });
    }
  });

  it("validates the address", async () => {
    assert.deepEqual(await errorsOf({ email: "not valid" }), {
      email: ["must have the @ sign and no spaces"],
    });
    assert.deepEqual(await errorsOf({ email: "" }), { email: ["can't be blank"] });
    assert.deepEqual(await errorsOf({ email: { x: 1 } }), { email: ["is invalid"] });
    assert.deepEqual(await errorsOf({ email: `${"a".repeat(160)}@b` }), {
      email: ["should be at most 160 character(s)"],
    });
  });

  it("refuses another user's address, ignoring case", async () => {
    const { email } = await registerUser(accounts);
    assert.deepEqual(await errorsOf({ email }), { email: ["has already been taken"] });
    assert.deepEqual(await errorsOf({ email: email.toUpperCase() }), {
      email: ["has already been taken"],
    });
  });

  it("allows the user's own address in another case", async () => {
    const applied = await accounts.applyUserEmail(user, {
      email: user.email.toUpperCase(),
    });
    assert.ok(applied.ok);
  });

  it("throws when the user has been deleted", async () => {
    const deleted = await registerUser(accounts);
    await database().knex("users").where({ id: deleted.id }).delete();
    const work = accounts.applyUserEmail(deleted, { email: uniqueEmail() });
    await assert.rejects(work, UserNotFoundError);
  });
});

describeOnMigratedDatabases("updateUserEmail", (database) => {
  let test: TestAccounts;
  let accounts: Accounts;
  before(() => {
    test = createTestAccounts(database());
    accounts = test.accounts;
  });

  const rowsOf = (userId: number) =>
    database().knex("users_tokens").where({ user_id: userId }).orderBy("id");

  async function mailChange(user: User, email: string) {
    const applied = await accounts.applyUserEmail(user, { email });
    assert.ok(applied.ok);
    accounts.deliverUserUpdateEmailInstructions(applied.user, user.email, urlFor);
    return test.mailedToken();
  }

  async function movingUser() {
    const user = await registerUser(accounts);
    const email = uniqueEmail();
    return { user, email, token: await mailChange(user, email) };
  }

  it("uses a token of 32 bytes that was mailed to the new address and stored as a hash", async () => {
    const { user, email, token } = await movingUser();
    assert.equal((await test.newestMail()).to, email);
    const [row] = await rowsOf(user.id);
    assert.equal(
      row.token,
      createHash("sha256").update(Buffer.from(token, "base64url")).digest("hex"),
    );
    assert.equal(row.context, `change:${user.email}`);
    assert.equal(row.sent_to, email);
  });

  it("changes and confirms the address once", async () => {
    const { user, email, token } = await movingUser();
    test.travel(1000);
    const changed = await accounts.updateUserEmail(user, token);
    assert.deepEqual(changed, { ...user, email, confirmedAt: test.now(), updatedAt: test.now() });
    assert.ok(changed);
    assert.deepEqual(await accounts.getUserById(user.id), changed);
    assert.deepEqual(await rowsOf(user.id), []);
    assert.equal(await accounts.updateUserEmail(user, token), null);
    assert.equal(await accounts.updateUserEmail(changed, token), null);
  });

  it("lets the user log in with the new address only and frees the old one", async () => {
    const { user, email, token } = await movingUser();
    await accounts.updateUserEmail(user, token);
    assert.ok(await accounts.getUserByEmailAndPassword(email.toUpperCase(), validPassword));
    assert.equal(await accounts.getUserByEmailAndPassword(user.email, validPassword), null);
    await registerUser(accounts, { email: user.email });
  });

  it("changes the address once if the link is opened several times concurrently", async () => {
    const { user, token } = await movingUser();
    const results = await Promise.all(
      Array.from({ length: 6 }, () => accounts.updateUserEmail(user, token)),
    );
    assert.equal(results.filter((result) => result !== null).length, 1);
  });

  it("deletes only the tokens of this change and keeps sessions", async () => {
    const { user, token } = await movingUser();
    await mailChange(user, uniqueEmail());
    accounts.deliverUserConfirmationInstructions(user, urlFor);
    accounts.deliverUserResetPasswordInstructions(user, urlFor);
    await test.mailCount();
    const session = await accounts.createUserSessionToken(user);
    const changed = await accounts.updateUserEmail(user, token);
    const contexts = (await rowsOf(user.id)).map((row) => row.context);
    assert.deepEqual(contexts, ["confirm", "reset_password", "session"]);
    assert.deepEqual(await accounts.userBySessionToken(session), changed);
  });

  it("invalidates links that were mailed to the old address", async () => {
    const { user, token } = await movingUser();
    accounts.deliverUserResetPasswordInstructions(user, urlFor);
    const reset = await test.mailedToken();
    accounts.deliverUserConfirmationInstructions(user, urlFor);
    const confirm = await test.mailedToken();
    assert.ok(await accounts.updateUserEmail(user, token));
    assert.equal(await accounts.userByResetPasswordToken(reset), null);
    assert.equal(await accounts.confirmUser(confirm), null);
  });

  it("refuses an address that another user has taken in the meantime and changes nothing", async () => {
    const { user, email, token } = await movingUser();
    await registerUser(accounts, { email: email.toUpperCase() });
    assert.equal(await accounts.updateUserEmail(user, token), null);
    assert.deepEqual(await accounts.getUserById(user.id), user);
    assert.equal((await rowsOf(user.id)).length, 1);
  });

  it("gives an address to one of two users who change to it concurrently", async () => {
    const email = uniqueEmail();
    const [one, other] = [await registerUser(accounts), await registerUser(accounts)];
    const tokens = [await mailChange(one, email), await mailChange(other, email.toUpperCase())];
    const results = await Promise.all([
      accounts.updateUserEmail(one, tokens[0]),
      accounts.updateUserEmail(other, tokens[1]),
    ]);
    assert.equal(results.filter((result) => result !== null).length, 1);
  });

  it("refuses an invalid token and changes nothing", async () => {
    const { user, token } = await movingUser();
    const session = await accounts.createUserSessionToken(user);
    const before = await rowsOf(user.id);
    for (const value of [
      "oops",
      "",
      session,
      before[0].token,
      `${token}=`,
      null,
      undefined,
      {},
      [token],
    ]) {
      assert.equal(await accounts.updateUserEmail(user, value), null);
    }
    assert.deepEqual(await accounts.getUserById(user.id), user);
    assert.deepEqual(await rowsOf(user.id), before);
  });

  it("refuses another user's token", async () => {
    const { user, token } = await movingUser();
    const other = await registerUser(accounts);
    assert.equal(await accounts.updateUserEmail(other, token), null);
    assert.equal(await accounts.updateUserEmail({ ...other, email: user.email }, token), null);
    assert.deepEqual(await accounts.getUserById(user.id), user);
  });

  it("refuses a token after the user's address has changed", async () => {
    const { user, token } = await movingUser();
    assert.equal(
      await accounts.updateUserEmail({ ...user, email: "current@example.com" }, token),
      null,
    );
    const moved = await accounts.updateUserEmail(user, await mailChange(user, uniqueEmail()));
    assert.ok(moved);
    assert.equal(await accounts.updateUserEmail(moved, token), null);
    assert.equal(await accounts.updateUserEmail(user, token), null);
    assert.deepEqual(await accounts.getUserById(user.id), moved);
  });

  it("accepts a link for 7 days", async () => {
    const [late, inTime] = [await movingUser(), await movingUser()];
    test.travel(7 * DAY - 1);
    assert.ok(await accounts.updateUserEmail(inTime.user, inTime.token));
    test.travel(1);
    assert.equal(await accounts.updateUserEmail(late.user, late.token), null);
    assert.equal((await rowsOf(late.user.id)).length, 1);
  });
});

describe("changeUserEmail", () => {
  const { accounts } = createTestAccounts({
    knex: undefined,
    migrate: undefined,
    close: undefined,
  } as never);
  const user: User = {
    id: 1,
    email: "a@example.com",
    confirmedAt: null,
    insertedAt: new Date(),
    updatedAt: new Date(),
  };

  it("returns errors by field", () => {
    assert.deepEqual(accounts.changeUserEmail(user, { email: "with spaces" }), {
      email: ["must have the @ sign and no spaces"],
    });
    assert.deepEqual(accounts.changeUserEmail(user, { email: user.email }), {
      email: ["did not change"],
    });
    assert.deepEqual(accounts.changeUserEmail(user, "email=b@example.com"), {
      email: ["did not change"],
    });
  });

  it("returns no error for a valid address", () => {
    assert.deepEqual(accounts.changeUserEmail(user, { email: "b@example.com" }), {});
  });
});
