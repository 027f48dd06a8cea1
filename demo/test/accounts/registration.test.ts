import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { inspect } from "node:util";
import type { Accounts } from "../../src/accounts/accounts.js";
import type { User } from "../../src/accounts/users/user.js";
import {
  createTestAccounts,
  registerUser,
  uniqueEmail,
  validPassword,
} from "../support/accounts.js";
import { describeOnMigratedDatabases } from "../support/database.js";

const tooLong = "db".repeat(100);

describeOnMigratedDatabases("registerUser", (database) => {
  let accounts: Accounts;
  before(() => {
    accounts = createTestAccounts(database()).accounts;
  });

  const errorsOf = async (attrs: unknown) => {
    const registered = await accounts.registerUser(attrs);
    assert.ok(!registered.ok);
    return registered.errors;
  };

  const rowOf = (user: User) => database().knex("users").where({ id: user.id }).first();

  it("requires e-mail and password", async () => {
    const blank = { email: ["can't be blank"], password: ["can't be blank"] };
    assert.deepEqual(await errorsOf({}), blank);
    assert.deepEqual(await errorsOf({ email: "", password: "" }), blank);
    assert.deepEqual(await errorsOf({ email: " \t", password: " ".repeat(20) }), blank);
    assert.deepEqual(await errorsOf({ email: null, password: null }), blank);
  });

  it("validates e-mail and password", async () => {
    assert.deepEqual(await errorsOf({ email: "not valid", password: "not valid" }), {
      email: ["must have the @ sign and no spaces"],
      password: ["should be at least 12 character(s)"],
    });
  });

  it("returns several errors of one field", async () => {
    assert.deepEqual(await errorsOf({ email: tooLong, password: tooLong }), {
      email: ["must have the @ sign and no spaces", "should be at most 160 character(s)"],
      password: ["should be at most 72 character(s)"],
    });
  });

  it("refuses a taken address, ignoring case", async () => {
    const { email } = await registerUser(accounts, { email: "Taken@Example.com" });
    for (const taken of [email, email.toUpperCase(), email.toLowerCase()]) {
      assert.deepEqual(await errorsOf({ email: taken, password: validPassword }), {
        email: ["has already been taken"],
      });
    }
  });

  it("normalizes the address to NFC and removes invisible characters", async () => {
    const email = `caf\u00e9.${uniqueEmail()}`;
    const written = `\u202e${email.normalize("NFD").replace("@", "\u200b@\u2066")}\ufeff`;
    const user = await registerUser(accounts, { email: written });
    assert.equal(user.email, email);
    for (const same of [email, written, email.replace("f", "f\u200d")]) {
      assert.deepEqual(await errorsOf({ email: same, password: validPassword }), {
        email: ["has already been taken"],
      });
      assert.equal((await accounts.getUserByEmail(same))?.id, user.id);
    }
    assert.deepEqual(await errorsOf({ email: "\u200b", password: validPassword }), {
      email: ["can't be blank"],
    });
  });

  it("returns the errors of a taken address and of an invalid password together", async () => {
    const { email } = await registerUser(accounts);
    assert.deepEqual(await errorsOf({ email, password: "short" }), {
      email: ["has already been taken"],
      password: ["should be at least 12 character(s)"],
    });
  });

  it("accepts two addresses that differ in an accent only", async () => {
    await registerUser(accounts, { email: "zoe@example.com" });
    await registerUser(accounts, { email: "zoë@example.com" });
  });

  it("gives an address to one of several concurrent registrations", async () => {
    const email = uniqueEmail();
    const cases = [email, email.toUpperCase(), email, email, email.toUpperCase(), email];
    const results = await Promise.all(
      cases.map((address) => accounts.registerUser({ email: address, password: validPassword })),
    );
    const refused = results.filter((result) => !result.ok);
    assert.equal(refused.length, cases.length - 1);
    for (const result of refused) {
      assert.deepEqual(result, { ok: false, errors: { email: ["has already been taken"] } });
    }
  });

  it("stores an unconfirmed user with the address as typed and a password hash", async () => {
    const user = await registerUser(accounts, { email: "Ada.Lovelace@Example.com" });
    assert.equal(user.email, "Ada.Lovelace@Example.com");
    assert.equal(user.confirmedAt, null);
    const row = await rowOf(user);
    assert.match(row.hashed_password, /^\$argon2id\$/);
    assert.equal(row.confirmed_at, null);
    assert.ok(!JSON.stringify(row).includes(validPassword));
  });

  it("returns the same user as a later query", async () => {
    const user = await registerUser(accounts);
    assert.deepEqual(await accounts.getUserById(user.id), user);
    assert.equal(user.insertedAt.toISOString(), "2026-11-23T12:00:00.123Z");
    assert.deepEqual(user.updatedAt, user.insertedAt);
  });

  it("ignores fields that the form does not have", async () => {
    const email = uniqueEmail();
    const attrs = {
      email,
      password: validPassword,
      confirmedAt: new Date(),
      confirmed_at: new Date(),
      id: 1e6,
    };
    const registered = await accounts.registerUser(attrs);
    assert.ok(registered.ok);
    assert.equal((await rowOf(registered.user)).confirmed_at, null);
    assert.notEqual(registered.user.id, 1e6);
  });

  it("does not print the hash of a user", async () => {
    const user = await registerUser(accounts);
    const { hashed_password: hash } = await rowOf(user);
    for (const shown of [
      inspect(user, { showHidden: true, depth: 9 }),
      JSON.stringify(user),
      `${user}`,
    ]) {
      assert.doesNotMatch(shown, /argon2|password/i);
      assert.ok(!shown.includes(hash));
    }
  });

  it("accepts an address of 160 characters and passwords of 12 and 72 characters", async () => {
    const email = `${"a".repeat(148)}@example.com`;
    assert.equal(email.length, 160);
    await registerUser(accounts, { email, password: "p".repeat(72) });
    assert.ok(await accounts.getUserByEmailAndPassword(email, "p".repeat(72)));
    await registerUser(accounts, { password: "p".repeat(12) });
    assert.deepEqual(await errorsOf({ email: `a${email}`, password: "p".repeat(73) }), {
      email: ["should be at most 160 character(s)"],
      password: ["should be at most 72 character(s)"],
    });
  });

  it("counts characters, not bytes or code units", async () => {
    const user = await registerUser(accounts, { password: "🔑".repeat(72) });
    assert.ok(await accounts.getUserByEmailAndPassword(user.email, "🔑".repeat(72)));
    assert.deepEqual(await errorsOf({ email: uniqueEmail(), password: "🔑".repeat(11) }), {
      password: ["should be at least 12 character(s)"],
    });
    assert.deepEqual(await errorsOf({ email: uniqueEmail(), password: "🔑".repeat(73) }), {
      password: ["should be at most 72 character(s)"],
    });
    await registerUser(accounts, { email: `${"ü".repeat(148)}@example.com` });
  });

  it("refuses values that are not strings", async () => {
    for (const value of [
      { x: 1 },
      ["a@example.com"],
      12,
      true,
      new Date(),
      () => "a@example.com",
    ]) {
      assert.deepEqual(await errorsOf({ email: value, password: value }), {
        email: ["is invalid"],
        password: ["is invalid"],
      });
    }
  });

  it("refuses values that are not forms", async () => {
    for (const attrs of [
      null,
      undefined,
      "email=a@example.com",
      1,
      [],
      ["email"],
      Symbol("form"),
    ]) {
      assert.deepEqual(await errorsOf(attrs), {
        email: ["can't be blank"],
        password: ["can't be blank"],
      });
    }
  });

  it("refuses a huge string without hashing it", async () => {
    const huge = "a@".repeat(5_000_000);
    const errors = await errorsOf({ email: huge, password: huge });
    assert.deepEqual(errors.password, ["should be at most 72 character(s)"]);
  });
});

describeOnMigratedDatabases("registerUser when hashing is counted", (database) => {
  it("does not hash the password of a form with errors or a taken address", async () => {
    const hashed: string[] = [];
    const hasher = {
      hash: async (password: string) => `hash ${hashed.push(password)}`,
      verify: async () => false,
    };
    const { accounts } = createTestAccounts(database(), { hasher });
    const { email } = await registerUser(accounts);
    hashed.length = 0;
    await accounts.registerUser({ email: uniqueEmail(), password: "p".repeat(1_000_000) });
    await accounts.registerUser({ email: "not valid", password: validPassword });
    await accounts.registerUser({ email, password: validPassword });
    assert.deepEqual(hashed, []);
  });
});

describe("changeUserRegistration", () => {
  // Runs without a database: validation on every keystroke must not query it.
  const { accounts } = createTestAccounts({
    knex: undefined,
    migrate: undefined,
    close: undefined,
  } as never);

  it("returns errors by field", () => {
    assert.deepEqual(accounts.changeUserRegistration({}), {
      email: ["can't be blank"],
      password: ["can't be blank"],
    });
    assert.deepEqual(
      accounts.changeUserRegistration({ email: "with spaces", password: "too short" }),
      {
        email: ["must have the @ sign and no spaces"],
        password: ["should be at least 12 character(s)"],
      },
    );
  });

  it("returns no errors for valid fields", () => {
    assert.deepEqual(
      accounts.changeUserRegistration({ email: "a@b", password: validPassword }),
      {},
    );
  });

  for (const email of [
    "a",
    "@",
    "a@",
    "@b",
    "a@b@c",
    "a b@c",
    "a@b c",
    "a@b\n",
    "a\u00a0@b",
    "a,b@c",
    "a;b@c",
  ]) {
    it(`refuses ${JSON.stringify(email)}`, () => {
      assert.deepEqual(accounts.changeUserRegistration({ email, password: validPassword }), {
        email: ["must have the @ sign and no spaces"],
      });
    });
  }

  for (const email of ["a\0@b", "a@b\u007f", "\ud800@b"]) {
    it(`refuses ${JSON.stringify(email)}, which a database or a mail server would change`, () => {
      assert.ok(accounts.changeUserRegistration({ email, password: validPassword }).email);
    });
  }

  it("ignores properties of an object's prototype", () => {
    const attrs = JSON.parse(`{"__proto__": {"email": "a@b", "password": "${validPassword}"}}`);
    assert.deepEqual(Object.keys(accounts.changeUserRegistration(attrs)), ["email", "password"]);
  });
});
