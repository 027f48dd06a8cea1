import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { before, it } from "node:test";
import type { Accounts } from "../../src/accounts/accounts.js";
import { UserNotFoundError } from "../../src/accounts/users/user.js";
import {
  cheapHasher,
  createTestAccounts,
  registerUser,
  type TestAccounts,
  validPassword,
} from "../support/accounts.js";
import { describeOnMigratedDatabases } from "../support/database.js";

const DAY = 24 * 60 * 60 * 1000;
const noTexts: unknown[] = [
  undefined,
  null,
  1,
  true,
  {},
  { x: 1 },
  [],
  ["a@example.com"],
  Symbol("a"),
];

describeOnMigratedDatabases("getUserByEmailAndPassword", (database) => {
  let accounts: Accounts;
  before(() => {
    accounts = createTestAccounts(database()).accounts;
  });

  it("returns the user for the correct address, ignoring case, and password", async () => {
    const user = await registerUser(accounts, { email: "Grace@Example.com" });
    for (const email of [user.email, "grace@example.com", "GRACE@EXAMPLE.COM"]) {
      assert.deepEqual(await accounts.getUserByEmailAndPassword(email, validPassword), user);
    }
  });

  it("returns null for an unknown address or a wrong password", async () => {
    const { email } = await registerUser(accounts);
    assert.equal(
      await accounts.getUserByEmailAndPassword("unknown@example.com", validPassword),
      null,
    );
    assert.equal(await accounts.getUserByEmailAndPassword(email, "invalid"), null);
    assert.equal(
      await accounts.getUserByEmailAndPassword(email, validPassword.toUpperCase()),
      null,
    );
    assert.equal(await accounts.getUserByEmailAndPassword(email, ""), null);
    assert.equal(await accounts.getUserByEmailAndPassword("", validPassword), null);
  });

  it("returns null for an address with trailing white space, which MySQL ignores", async () => {
    const { email } = await registerUser(accounts);
    for (const address of [`${email} `, ` ${email}`, `${email}\n`]) {
      assert.equal(await accounts.getUserByEmailAndPassword(address, validPassword), null);
    }
  });

  it("returns null for values that are not strings", async () => {
    const { email } = await registerUser(accounts);
    for (const value of noTexts) {
      assert.equal(await accounts.getUserByEmailAndPassword(value, validPassword), null);
      assert.equal(await accounts.getUserByEmailAndPassword(email, value), null);
      assert.equal(await accounts.getUserByEmailAndPassword(value, value), null);
    }
  });

  it("returns null for an unknown address with the decoy's password", async () => {
    assert.equal(
      await accounts.getUserByEmailAndPassword("unknown@example.com", "the password of no user"),
      null,
    );
  });

  it("verifies once, at the same cost, for known and unknown addresses", async () => {
    const verified: [hash: string, length: number][] = [];
    const hasher = {
      hash: cheapHasher.hash,
      verify: (hash: string, password: string) => {
        verified.push([hash.replace(/[^$]+\$[^$]+$/, ""), password.length]);
        return cheapHasher.verify(hash, password);
      },
    };
    const counted = createTestAccounts(database(), { hasher }).accounts;
    const { email } = await registerUser(counted);
    const attempts: [email: unknown, password: unknown, length: number][] = [
      [email, validPassword, validPassword.length],
      [email, "wrong password", 14],
      ["unknown@example.com", validPassword, validPassword.length],
      ["no address", validPassword, validPassword.length],
      [{ x: 1 }, validPassword, validPassword.length],
      [email, "p".repeat(10_000_000), 0],
      ["unknown@example.com", "p".repeat(10_000_000), 0],
      [email, { x: 1 }, 0],
      [email, "", 0],
    ];
    for (const [address, password, length] of attempts) {
      verified.length = 0;
      await counted.getUserByEmailAndPassword(address, password);
      assert.deepEqual(verified, [["$argon2id$v=19$m=8,t=1,p=1$", length]]);
    }
  });
});

describeOnMigratedDatabases("finding users", (database) => {
  let accounts: Accounts;
  before(() => {
    accounts = createTestAccounts(database()).accounts;
  });

  it("returns the user with an id", async () => {
    const user = await registerUser(accounts);
    assert.deepEqual(await accounts.getUserById(user.id), user);
  });

  it("throws for an unknown id", async () => {
    for (const id of [-1, 0, 987_654, Number.NaN, 1.5, 2 ** 60, "1" as never, { id: 1 } as never]) {
      await assert.rejects(accounts.getUserById(id), UserNotFoundError);
    }
  });

  it("returns the user with an address, or null", async () => {
    const user = await registerUser(accounts);
    assert.deepEqual(await accounts.getUserByEmail(user.email.toUpperCase()), user);
    assert.equal(await accounts.getUserByEmail("unknown@example.com"), null);
    assert.equal(await accounts.getUserByEmail("%"), null);
    for (const value of noTexts) assert.equal(await accounts.getUserByEmail(value), null);
  });
});

describeOnMigratedDatabases("session tokens", (database) => {
  let test: TestAccounts;
  let accounts: Accounts;
  before(() => {
    test = createTestAccounts(database());
    accounts = test.accounts;
  });

  const rowsOf = (userId: number) => database().knex("users_tokens").where({ user_id: userId });

  it("have 32 random bytes and are stored as SHA-256 only", async () => {
    const user = await registerUser(accounts);
    const token = await accounts.createUserSessionToken(user);
    assert.match(token, /^[\w-]{43}$/);
    const [row] = await rowsOf(user.id);
    const hash = createHash("sha256").update(Buffer.from(token, "base64url")).digest("hex");
    assert.equal(row.token, hash);
    assert.equal(row.context, "session");
    assert.equal(row.sent_to, null);
    assert.equal(new Date(row.inserted_at).getTime(), test.now().getTime());
    assert.ok(!JSON.stringify(row).includes(token));
  });

  it("belong to a user", async () => {
    const user = await registerUser(accounts);
    const token = await accounts.createUserSessionToken(user);
    assert.deepEqual(await accounts.userBySessionToken(token), user);
  });

  it("are different for each login, and all of them are valid", async () => {
    const user = await registerUser(accounts);
    const tokens = [
      await accounts.createUserSessionToken(user),
      await accounts.createUserSessionToken(user),
    ];
    assert.notEqual(tokens[0], tokens[1]);
    for (const token of tokens) assert.deepEqual(await accounts.userBySessionToken(token), user);
  });

  it("are refused if they are unknown or damaged", async () => {
    const token = await accounts.createUserSessionToken(await registerUser(accounts));
    const hash = createHash("sha256").update(Buffer.from(token, "base64url")).digest("hex");
    const bad = [
      "oops",
      "",
      "a".repeat(43),
      `${token}=`,
      `${token}A`,
      ` ${token}`,
      token.slice(1),
      hash,
      "a".repeat(1e7),
    ];
    for (const value of [...bad, ...noTexts, Buffer.from(token, "base64url")]) {
      assert.equal(await accounts.userBySessionToken(value), null);
    }
  });

  it("are valid for 60 days", async () => {
    const user = await registerUser(accounts);
    const token = await accounts.createUserSessionToken(user);
    test.travel(60 * DAY - 1);
    assert.deepEqual(await accounts.userBySessionToken(token), user);
    test.travel(1);
    assert.equal(await accounts.userBySessionToken(token), null);
    assert.equal((await rowsOf(user.id)).length, 1);
  });

  it("are deleted separately", async () => {
    const user = await registerUser(accounts);
    const [token, other] = [
      await accounts.createUserSessionToken(user),
      await accounts.createUserSessionToken(user),
    ];
    const liveSocketIds = await accounts.deleteUserSessionToken(token);
    assert.deepEqual(liveSocketIds, [accounts.liveSocketIdOf(token)]);
    assert.equal(await accounts.userBySessionToken(token), null);
    assert.deepEqual(await accounts.userBySessionToken(other), user);
    assert.deepEqual(await accounts.deleteUserSessionToken(token), []);
  });

  it("are not deleted with another token", async () => {
    const user = await registerUser(accounts);
    accounts.deliverUserConfirmationInstructions(user, (token) => `[TOKEN]${token}[TOKEN]`);
    for (const value of [await test.mailedToken(), "oops", ...noTexts]) {
      assert.deepEqual(await accounts.deleteUserSessionToken(value), []);
    }
    assert.equal((await rowsOf(user.id)).length, 1);
  });

  it("have a live socket id that does not reveal them", async () => {
    const user = await registerUser(accounts);
    const token = await accounts.createUserSessionToken(user);
    const id = accounts.liveSocketIdOf(token);
    assert.ok(id);
    assert.match(id, /^users_sessions:[\w-]{43}=$/);
    assert.ok(!id.includes(token));
    assert.equal(accounts.liveSocketIdOf(token), id);
    assert.notEqual(accounts.liveSocketIdOf(await accounts.createUserSessionToken(user)), id);
    for (const value of ["oops", ...noTexts]) assert.equal(accounts.liveSocketIdOf(value), null);
  });

  it("are deleted with their user", async () => {
    const user = await registerUser(accounts);
    const token = await accounts.createUserSessionToken(user);
    await database().knex("users").where({ id: user.id }).delete();
    assert.equal(await accounts.userBySessionToken(token), null);
    await assert.rejects(accounts.createUserSessionToken(user));
  });
});
