import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Accounts } from "../../src/accounts/accounts.js";
import { UserNotFoundError } from "../../src/accounts/users/user.js";
import {
  createTestAccounts,
  registerUser,
  type TestAccounts,
  urlFor,
  validPassword,
} from "../support/accounts.js";
import { describeOnMigratedDatabases } from "../support/database.js";

const newPassword = { password: "new valid password" };

describeOnMigratedDatabases("updateUserPassword", (database) => {
  let test: TestAccounts;
  let accounts: Accounts;
  before(() => {
    test = createTestAccounts(database());
    accounts = test.accounts;
  });

  const rowsOf = (userId: number) => database().knex("users_tokens").where({ user_id: userId });
  const logsIn = async (email: string, password: string) =>
    (await accounts.getUserByEmailAndPassword(email, password)) !== null;

  it("changes the password", async () => {
    const user = await registerUser(accounts);
    test.travel(1000);
    const change = await accounts.updateUserPassword(user, {
      ...newPassword,
      password_confirmation: newPassword.password,
    });
    assert.deepEqual(change, {
      ok: true,
      user: { ...user, updatedAt: test.now() },
      liveSocketIds: [],
    });
    assert.deepEqual(await accounts.getUserById(user.id), change.ok && change.user);
    assert.equal(await logsIn(user.email, newPassword.password), true);
    assert.equal(await logsIn(user.email, validPassword), false);
  });

  it("returns all errors", async () => {
    const user = await registerUser(accounts);
    const attempts: [attrs: unknown, errors: object][] = [
      [
        { password: "not valid", password_confirmation: "another" },
        {
          password: ["should be at least 12 character(s)"],
          password_confirmation: ["does not match password"],
        },
      ],
      [{ password: "db".repeat(100) }, { password: ["should be at most 72 character(s)"] }],
      [{}, { password: ["can't be blank"] }],
    ];
    const session = await accounts.createUserSessionToken(user);
    for (const [attrs, errors] of attempts) {
      assert.deepEqual(await accounts.updateUserPassword(user, attrs), {
        ok: false,
        errors,
      });
    }
    assert.deepEqual(await accounts.userBySessionToken(session), user);
    assert.equal(await logsIn(user.email, validPassword), true);
  });

  it("deletes all tokens of the user and returns the sessions that end", async () => {
    const user = await registerUser(accounts);
    accounts.deliverUserConfirmationInstructions(user, urlFor);
    accounts.deliverUserResetPasswordInstructions(user, urlFor);
    await test.mailCount();
    const sessions = [
      await accounts.createUserSessionToken(user),
      await accounts.createUserSessionToken(user),
    ];
    const other = await registerUser(accounts);
    const otherSession = await accounts.createUserSessionToken(other);
    const change = await accounts.updateUserPassword(user, newPassword);
    assert.ok(change.ok);
    assert.deepEqual(
      change.liveSocketIds,
      sessions.map((session) => accounts.liveSocketIdOf(session)),
    );
    assert.deepEqual(await rowsOf(user.id), []);
    assert.deepEqual(await accounts.userBySessionToken(otherSession), other);
  });

  it("changes the password once in several concurrent changes", async () => {
    const user = await registerUser(accounts);
    const passwords = Array.from({ length: 6 }, (_, i) => `new valid password ${i}`);
    const changes = await Promise.all(
      passwords.map((password) => accounts.updateUserPassword(user, { password })),
    );
    const winners = passwords.filter((_, i) => changes[i]?.ok);
    assert.equal(winners.length, 1);
    for (const password of passwords) {
      assert.equal(await logsIn(user.email, password), password === winners[0]);
    }
  });

  it("rolls the change back if the tokens cannot be deleted", async () => {
    const user = await registerUser(accounts);
    const session = await accounts.createUserSessionToken(user);
    const { knex } = database();
    const fail = ({ sql }: { sql: string }) => {
      if (sql.startsWith("delete from `users_tokens`")) throw new Error("delete failed");
    };
    knex.on("query", fail);
    try {
      await assert.rejects(accounts.updateUserPassword(user, newPassword), /delete failed/);
    } finally {
      knex.removeListener("query", fail);
    }
    assert.equal(await logsIn(user.email, validPassword), true);
    assert.deepEqual(await accounts.userBySessionToken(session), user);
  });

  it("succeeds during concurrent resets, confirmations and logins of the same user", async () => {
    for (let round = 0; round < 5; round++) {
      const user = await registerUser(accounts);
      accounts.deliverUserConfirmationInstructions(user, urlFor);
      const confirm = await test.mailedToken();
      accounts.deliverUserResetPasswordInstructions(user, urlFor);
      const reset = await test.mailedToken();
      await Promise.all([
        accounts.updateUserPassword(user, newPassword),
        accounts.resetUserPassword(reset, { password: "reset password" }),
        accounts.confirmUser(confirm),
        accounts.createUserSessionToken(user),
        accounts.createUserSessionToken(user),
      ]);
      const passwords = [newPassword.password, "reset password"];
      const works = await Promise.all(passwords.map((password) => logsIn(user.email, password)));
      assert.deepEqual(works.filter(Boolean), [true]);
    }
  });

  it("throws when the user has been deleted", async () => {
    const user = await registerUser(accounts);
    await database().knex("users").where({ id: user.id }).delete();
    await assert.rejects(accounts.updateUserPassword(user, newPassword), UserNotFoundError);
  });
});

describe("changeUserPassword", () => {
  const { accounts } = createTestAccounts({
    knex: undefined,
    migrate: undefined,
    close: undefined,
  } as never);

  it("returns errors by field", () => {
    assert.deepEqual(accounts.changeUserPassword({}), { password: ["can't be blank"] });
    assert.deepEqual(
      accounts.changeUserPassword({ password: "too short", password_confirmation: "another" }),
      {
        password: ["should be at least 12 character(s)"],
        password_confirmation: ["does not match password"],
      },
    );
    assert.deepEqual(
      accounts.changeUserPassword({ password: "", password_confirmation: "another" }),
      {
        password: ["can't be blank"],
        password_confirmation: ["does not match password"],
      },
    );
  });

  it("returns an error of the confirmation together with one of the password", () => {
    for (const password of ["", undefined, null, { x: 1 }]) {
      assert.deepEqual(
        accounts.changeUserPassword({ password, password_confirmation: "another" })
          .password_confirmation,
        ["does not match password"],
      );
    }
  });

  it("returns no errors for valid fields", () => {
    assert.deepEqual(accounts.changeUserPassword(newPassword), {});
    assert.deepEqual(
      accounts.changeUserPassword({ ...newPassword, password_confirmation: newPassword.password }),
      {},
    );
  });
});
