import assert from "node:assert/strict";
import { before, it } from "node:test";
import type { Accounts } from "../../src/accounts/accounts.js";
import type { User } from "../../src/accounts/users/user.js";
import {
  cheapHasher,
  createTestAccounts,
  registerUser,
  type TestAccounts,
  urlFor,
  validPassword,
} from "../support/accounts.js";
import { describeOnMigratedDatabases } from "../support/database.js";

const MINUTE = 60 * 1000;
const known = { isKnown: true };

describeOnMigratedDatabases("logging in by mail", (database) => {
  let test: TestAccounts;
  let accounts: Accounts;
  const verified: string[] = [];
  before(() => {
    const hasher = {
      hash: cheapHasher.hash,
      verify: (hash: string, password: string) => {
        verified.push(password);
        return cheapHasher.verify(hash, password);
      },
    };
    test = createTestAccounts(database(), { hasher });
    accounts = test.accounts;
  });

  /** Mails a link and a code. Returns both. */
  async function mailTo(user: User): Promise<{ token: string; code: string }> {
    accounts.deliverLoginInstructions(user, urlFor);
    const token = await test.mailedToken();
    const code = /^\d{6}$/m.exec((await test.newestMail()).text)?.[0];
    assert.ok(code, "the mail has a code of six digits");
    return { token, code };
  }
  const wrong = (code: string) => String((Number(code) + 1) % 1e6).padStart(6, "0");

  it("stores the link and the code as hashes only", async () => {
    const user = await registerUser(accounts);
    const { token, code } = await mailTo(user);
    const [row] = await database().knex("users_tokens").where({ user_id: user.id });
    assert.equal(row.sent_to, user.email);
    assert.match(row.hashed_code, /^\$argon2id\$/);
    for (const secret of [token, code]) {
      const { hashed_code: _, ...rest } = row;
      assert.ok(!JSON.stringify(rest).includes(`"${secret}"`));
    }
  });

  it("works once with the link, which can be looked up before", async () => {
    const user = await registerUser(accounts);
    const { token, code } = await mailTo(user);
    for (let i = 0; i < 3; i++) assert.deepEqual(await accounts.userByMagicLinkToken(token), user);
    const logins = await Promise.all(
      Array.from({ length: 4 }, () => accounts.logInByMagicLink(token, known)),
    );
    assert.deepEqual(
      logins.filter((login) => login).map((login) => login?.user.id),
      [user.id],
    );
    assert.equal(await accounts.userByMagicLinkToken(token), null);
    assert.equal(await accounts.logInByCode(user.email, code), null);
  });

  it("works once with the code, in groups too, and ignores the case of the address", async () => {
    const user = await registerUser(accounts);
    const { token, code } = await mailTo(user);
    const typed = ` ${code.slice(0, 3)}-${code.slice(3)} `;
    const login = await accounts.logInByCode(user.email.toUpperCase(), typed, known);
    assert.equal(login?.user.id, user.id);
    assert.equal(await accounts.logInByCode(user.email, code), null);
    assert.equal(await accounts.logInByMagicLink(token), null);
  });

  it("is possible for 15 minutes", async () => {
    const [one, other] = [await registerUser(accounts), await registerUser(accounts)];
    const [late, inTime] = [await mailTo(one), await mailTo(other)];
    test.travel(15 * MINUTE - 1);
    assert.ok(await accounts.logInByCode(other.email, inTime.code));
    test.travel(1);
    assert.equal(await accounts.logInByCode(one.email, late.code), null);
    assert.equal(await accounts.logInByMagicLink(late.token), null);
  });

  it("refuses a code after five attempts, even concurrent ones, but not its link", async () => {
    const user = await registerUser(accounts);
    const { token, code } = await mailTo(user);
    const guess = wrong(code);
    await Promise.all(Array.from({ length: 12 }, () => accounts.logInByCode(user.email, guess)));
    assert.equal(await accounts.logInByCode(user.email, code), null);
    const rows = await database().knex("users_tokens").where({ user_id: user.id });
    assert.deepEqual(
      rows.map(({ attempts }) => attempts),
      [5],
    );
    assert.ok(await accounts.logInByMagicLink(token));
  });

  it("verifies as many codes for an unknown address as for one with several mails", async () => {
    const [user, other] = [await registerUser(accounts), await registerUser(accounts)];
    const { code } = await mailTo(user);
    await mailTo(user);
    const counts = [];
    for (const email of [user.email, other.email, "unknown@example.com"]) {
      verified.length = 0;
      await accounts.logInByCode(email, wrong(code));
      counts.push(verified.length);
    }
    assert.deepEqual(counts, [3, 3, 3]);
  });

  it("accepts the codes of the newest three mails", async () => {
    const user = await registerUser(accounts);
    const mails = [];
    for (let i = 0; i < 4; i++) mails.push(await mailTo(user));
    assert.equal(await accounts.logInByCode(user.email, mails[0]?.code), null);
    assert.ok(await accounts.logInByCode(user.email, mails[1]?.code));
  });

  it("refuses other codes, addresses and links", async () => {
    const [user, other] = [await registerUser(accounts), await registerUser(accounts)];
    const { code } = await mailTo(user);
    for (const value of ["", "12345", `${code}0`, Number(code), null, undefined, {}, [code]])
      assert.equal(await accounts.logInByCode(other.email, value), null);
    for (const email of [other.email, "unknown@example.com", "", null, { x: 1 }])
      assert.equal(await accounts.logInByCode(email, code), null);
    const session = await accounts.createUserSessionToken(user);
    for (const token of [session, "oops", null, {}])
      assert.equal(await accounts.logInByMagicLink(token), null);
  });

  it("confirms the address, and keeps the password and the sessions of a known browser", async () => {
    const user = await registerUser(accounts);
    const session = await accounts.createUserSessionToken(user);
    const { code } = await mailTo(user);
    const login = await accounts.logInByCode(user.email, code, known);
    assert.deepEqual(login?.user.confirmedAt, test.now());
    assert.deepEqual([login?.needsPassword, login?.liveSocketIds], [false, []]);
    assert.ok(await accounts.userBySessionToken(session));
    assert.ok(await accounts.getUserByEmailAndPassword(user.email, validPassword));
  });

  it("takes an unconfirmed account from a stranger who registered the address", async () => {
    const user = await registerUser(accounts);
    const session = await accounts.createUserSessionToken(user);
    const { token } = await mailTo(user);
    const login = await accounts.logInByMagicLink(token);
    assert.equal(login?.needsPassword, true);
    assert.deepEqual(login?.liveSocketIds, [accounts.liveSocketIdOf(session)]);
    assert.equal(await accounts.userBySessionToken(session), null);
    assert.equal(await accounts.getUserByEmailAndPassword(user.email, validPassword), null);
  });

  it("keeps the password of a confirmed account in any browser", async () => {
    const user = await registerUser(accounts);
    accounts.deliverUserConfirmationInstructions(user, urlFor);
    const confirmed = await accounts.confirmUser(await test.mailedToken());
    assert.ok(confirmed);
    assert.ok(await accounts.logInByMagicLink((await mailTo(confirmed)).token));
    assert.ok(await accounts.getUserByEmailAndPassword(user.email, validPassword));
  });

  it("refuses a mail to an address that the user has changed since", async () => {
    const user = await registerUser(accounts);
    const { token, code } = await mailTo(user);
    await database()
      .knex("users")
      .where({ id: user.id })
      .update({ email: `new${user.email}` });
    assert.equal(await accounts.logInByMagicLink(token), null);
    assert.equal(await accounts.logInByCode(user.email, code), null);
  });
});
