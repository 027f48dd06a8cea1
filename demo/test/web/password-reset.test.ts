import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createRateLimits } from "../../src/accounts/rate-limits.js";
import { uniqueEmail, validPassword } from "../support/accounts.js";
import {
  createSqliteDatabase,
  describeOnDatabases,
  type TestDatabase,
} from "../support/database.js";
import { startTestSite, type TestSite } from "../support/site.js";
import { Visitor } from "../support/visitor.js";

const oops = "Oops, something went wrong! Please check the errors below.";
const invalid = "Reset password link is invalid or it has expired.";
const requested =
  "If your email is in our system, you will receive instructions to reset your password shortly.";
const newPassword = "a new password";
const good = { "user[password]": newPassword, "user[password_confirmation]": newPassword };
const bad = { "user[password]": "too short", "user[password_confirmation]": "does not match" };

describeOnDatabases("resetting the password", (database) => {
  let site: TestSite;
  before(async () => {
    site = await startTestSite(database().config);
  });
  after(() => site.stop());

  async function register(): Promise<string> {
    const email = uniqueEmail();
    await new Visitor(site.url).register(email, validPassword);
    return email;
  }

  async function request(email: string): Promise<string> {
    await new Visitor(site.url).post("/users/reset_password", { "user[email]": email });
    return site.mailedPath(email);
  }

  it("starts with a page with a field for the address", async () => {
    const { text } = await new Visitor(site.url).get("/users/reset_password");
    for (const shown of ["Forgot your password?", "Register</a>", "Log in</a>"]) {
      assert.ok(text.includes(shown), shown);
    }
  });

  for (const live of [true, false]) {
    describe(live ? "by live events" : "by plain posts", () => {
      async function ask(email: string): Promise<string> {
        const visitor = new Visitor(site.url);
        const path = "/users/reset_password";
        const fields = { "user[email]": email };
        if (!live) return (await visitor.follow(await visitor.post(path, fields))).text;
        const page = await visitor.visit(path);
        const { redirect } = await page.form("send_email", fields);
        page.close();
        assert.equal(redirect?.to, "/");
        return (await visitor.followLive(redirect)).text;
      }

      /** Sends the form for the new password. Returns the text and the path of the page that follows. */
      async function reset(
        path: string,
        fields: Record<string, string>,
        visitor = new Visitor(site.url),
      ) {
        if (!live) {
          const answer = await visitor.post(path, fields);
          return { to: answer.location, text: (await visitor.follow(answer)).text };
        }
        const page = await visitor.visit(path);
        const answer = await page.form("reset_password", fields);
        page.close();
        const { redirect } = answer;
        if (!redirect) return { to: path, text: JSON.stringify(answer) };
        return { to: redirect.to, text: (await visitor.followLive(redirect)).text };
      }

      it("shows the same message for all addresses and mails known ones", async () => {
        const email = await register();
        assert.ok((await ask(email)).includes(requested));
        const [mail] = await site.mails();
        assert.deepEqual([mail?.to, mail?.subject], [email, "Reset password instructions"]);
        assert.ok((await ask("unknown@example.com")).includes(requested));
        assert.equal((await site.mails())[0]?.sentAt, mail?.sentAt);
      });

      it("sets the password once and does not log in", async () => {
        const email = await register();
        const path = await request(email);
        const visitor = new Visitor(site.url);
        const page = live ? null : await new Visitor(site.url).visit(path);
        const { to, text } = await reset(path, good, visitor);
        assert.equal(to, "/users/log_in");
        assert.ok(text.includes("Password reset successfully.") && !text.includes(email));
        assert.equal((await visitor.logIn(email, validPassword)).location, "/users/log_in");
        assert.equal((await visitor.logIn(email, newPassword)).location, "/");
        // A page of the same link has been open since before the reset.
        if (page) assert.equal((await page.form("reset_password", good)).redirect?.to, "/");
        page?.close();
      });

      it("shows errors and changes nothing", async () => {
        const email = await register();
        const path = await request(email);
        const { to, text } = await reset(path, bad);
        assert.equal(to, path);
        for (const shown of [
          oops,
          "should be at least 12 character(s)",
          "does not match password",
        ]) {
          assert.ok(text.includes(shown), shown);
        }
        assert.equal((await new Visitor(site.url).logIn(email, validPassword)).location, "/");
      });
    });
  }

  it("shows errors of used fields during typing", async () => {
    const page = await new Visitor(site.url).visit(await request(await register()));
    const text = JSON.stringify(
      await page.form("validate", {
        "user[password]": "too short",
        "user[_unused_password_confirmation]": "",
        "user[password_confirmation]": "",
      }),
    );
    assert.match(text, /should be at least 12 character\(s\)/);
    assert.doesNotMatch(text, /does not match password|Oops/);
    assert.match(JSON.stringify(await page.form("validate", bad)), /does not match password/);
    page.close();
  });

  it("redirects from an invalid link to the home page, for GET and POST", async () => {
    for (const token of ["oops", "x".repeat(43)]) {
      const visitor = new Visitor(site.url);
      const path = `/users/reset_password/${token}`;
      const answer = await visitor.get(path);
      assert.deepEqual([answer.status, answer.location], [302, "/"]);
      assert.ok((await visitor.follow(answer)).text.includes(invalid));
      const posted = await visitor.post(path, good);
      assert.equal((await visitor.follow(posted)).location, "/");
    }
  });

  it("links from the form to the pages for visitors", async () => {
    const { text } = await new Visitor(site.url).get(await request(await register()));
    assert.match(text, /<a href="\/users\/register">Register<\/a>/);
    assert.match(text, /<a href="\/users\/log_in">Log in<\/a>/);
  });
});

describe("the limits of mails", () => {
  let database: TestDatabase;
  let site: TestSite;
  before(async () => {
    const often = { points: 100, duration: 60 };
    const limits = createRateLimits({
      mail: { address: often, account: { points: 2, duration: 60 } },
    });
    database = await createSqliteDatabase();
    site = await startTestSite(database.config, { limits });
  });
  after(async () => {
    await site.stop();
    await database.remove();
  });

  it("are the same for known and unknown addresses and for all pages that send mail", async () => {
    const email = uniqueEmail();
    await new Visitor(site.url).register(email, validPassword);
    for (const address of [email, "unknown@example.com"]) {
      const visitor = new Visitor(site.url);
      const fields = { "user[email]": address };
      await visitor.post("/users/reset_password", fields);
      await visitor.post("/users/confirm", fields);
      const answer = await visitor.post("/users/reset_password", fields);
      assert.equal(answer.location, "/users/reset_password");
      assert.match((await visitor.follow(answer)).text, /Too many attempts/);
      const page = await visitor.visit("/users/confirm");
      assert.match(
        JSON.stringify(await page.form("send_instructions", fields)),
        /Too many attempts/,
      );
      page.close();
    }
    assert.equal((await site.mails()).filter(({ to }) => to === email).length, 3);
  });
});
