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

const path = "/users/register";
const oops = "Oops, something went wrong! Please check the errors below.";

describeOnDatabases("registering", (database) => {
  let site: TestSite;
  before(async () => {
    site = await startTestSite(database().config);
  });
  after(() => site.stop());

  describe("on the page", () => {
    it("is linked next to the login page", async () => {
      const { text } = await new Visitor(site.url).get(path);
      assert.match(text, /<h1>Register<\/h1>/);
      assert.match(text, /<a href="\/users\/log_in" live-navigate>Log in<\/a>/);
      assert.match(
        text,
        /<form[^>]* action="\/users\/log_in\?_action=registered"[^>]* method="post"/,
      );
    });

    it("links to the login page with a live navigation", async () => {
      const page = await new Visitor(site.url).visit(path);
      const { status, response } = await page.join("/users/log_in");
      assert.equal(status, "ok");
      assert.match(JSON.stringify(response), /Don't have an account\?/);
      page.close();
    });

    it("shows errors of used fields during typing", async () => {
      const page = await new Visitor(site.url).visit(path);
      const first = JSON.stringify(
        await page.form("validate", {
          "user[email]": "with spaces",
          "user[_unused_password]": "",
          "user[password]": "",
          _target: "user[email]",
        }),
      );
      assert.match(first, /must have the @ sign and no spaces/);
      assert.doesNotMatch(first, /can't be blank|Oops/);
      const second = JSON.stringify(
        await page.form("validate", {
          "user[email]": "with spaces",
          "user[password]": "too short",
        }),
      );
      assert.match(second, /should be at least 12 character\(s\)/);
      assert.doesNotMatch(second, /Oops/);
      page.close();
    });

    it("shows all errors of a submitted form and stays on the page", async () => {
      const page = await new Visitor(site.url).visit(path);
      const answer = await page.form("save", { "user[email]": "", "user[password]": "too short" });
      const text = JSON.stringify(answer);
      for (const shown of [oops, "can't be blank", "should be at least 12 character(s)"]) {
        assert.ok(text.includes(shown), shown);
      }
      assert.equal(answer.redirect, undefined);
      page.close();
    });

    it("shows that an address is taken, ignoring case", async () => {
      const email = uniqueEmail();
      await new Visitor(site.url).register(email, validPassword);
      const page = await new Visitor(site.url).visit(path);
      const fields = {
        "user[email]": email.toUpperCase(),
        "user[password]": `other ${validPassword}`,
      };
      assert.match(JSON.stringify(await page.form("save", fields)), /has already been taken/);
      page.close();
    });

    it("never sends a password to the browser", async () => {
      const page = await new Visitor(site.url).visit(path);
      const fields = { "user[email]": "x", "user[password]": "what I typed" };
      for (const event of ["validate", "save"]) {
        assert.doesNotMatch(JSON.stringify(await page.form(event, fields)), /what I typed/);
      }
      page.close();
    });

    it("refuses fields that are not strings", async () => {
      const page = await new Visitor(site.url).visit(path);
      const fields = {
        "user[email][x]": "1",
        "user[password][]": "2",
        "user[__proto__][admin]": "1",
      };
      assert.match(JSON.stringify(await page.form("save", fields)), /is invalid/);
      page.close();
    });

    it("adds the user, mails the link and posts the form to log in", async () => {
      const email = uniqueEmail();
      const visitor = new Visitor(site.url);
      const page = await visitor.visit(path);
      const fields = { "user[email]": email, "user[password]": validPassword };
      assert.match(JSON.stringify(await page.form("save", fields)), /true/);
      assert.match(await site.mailedPath(email), /^\/users\/confirm\/[\w-]{43}$/);
      const posted = await visitor.post("/users/log_in?_action=registered", fields);
      assert.equal(posted.location, "/");
      assert.match((await visitor.follow(posted)).text, /Account created successfully!/);
      page.close();
    });
  });

  describe("by a plain post", () => {
    it("logs in with a welcome and mails the link", async () => {
      const email = uniqueEmail();
      const visitor = new Visitor(site.url);
      const fields = { "user[email]": email, "user[password]": validPassword };
      const answer = await visitor.post(path, fields);
      assert.deepEqual([answer.status, answer.location], [302, "/"]);
      const { text } = await visitor.follow(answer);
      assert.ok(text.includes("Account created successfully!") && text.includes(email));
      const [mail] = await site.mails();
      assert.deepEqual([mail?.to, mail?.subject], [email, "Confirmation instructions"]);
    });

    it("returns to the page and shows all errors and the address only once", async () => {
      const visitor = new Visitor(site.url);
      const answer = await visitor.post(path, {
        "user[email]": "x y",
        "user[password]": "what I typed",
      });
      assert.deepEqual([answer.status, answer.location], [302, path]);
      const { text } = await visitor.follow(answer);
      for (const shown of [oops, "must have the @ sign and no spaces", 'value="x y"']) {
        assert.ok(text.includes(shown), shown);
      }
      assert.match(text, /id="registration_form_email"[^>]* aria-invalid="true"/);
      assert.match(text, /aria-describedby="registration_form_email_errors"/);
      assert.doesNotMatch(text, /what I typed/);
      assert.doesNotMatch((await visitor.get(path)).text, /Oops/);
    });

    it("shows the same errors after the page has connected", async () => {
      const visitor = new Visitor(site.url);
      await visitor.post(path, { "user[email]": "x y", "user[password]": "" });
      const page = await visitor.visit(path);
      assert.match(
        JSON.stringify((await page.join()).response),
        /must have the @ sign and no spaces/,
      );
      page.close();
    });

    it("requires the CSRF token", async () => {
      const email = uniqueEmail();
      const visitor = new Visitor(site.url);
      const fields = { _csrf_token: "x", "user[email]": email, "user[password]": validPassword };
      assert.equal((await visitor.post(path, fields)).status, 403);
      assert.equal((await visitor.logIn(email, validPassword)).location, "/users/log_in");
    });
  });
});

describe("the limits of registering", () => {
  let database: TestDatabase;
  let site: TestSite;
  before(async () => {
    const twice = { points: 2, duration: 60 };
    const limits = createRateLimits({ registration: { address: twice, account: twice } });
    database = await createSqliteDatabase();
    site = await startTestSite(database.config, { limits });
  });
  after(async () => {
    await site.stop();
    await database.remove();
  });

  it("count posts and live events of one address together", async () => {
    const visitor = new Visitor(site.url);
    const fields = () => ({ "user[email]": uniqueEmail(), "user[password]": validPassword });
    const page = await new Visitor(site.url).visit("/users/register");
    await page.form("save", fields());
    assert.equal((await visitor.post("/users/register", fields())).location, "/");
    const second = await new Visitor(site.url).visit("/users/register");
    assert.match(JSON.stringify(await second.form("save", fields())), /Too many attempts/);
    const other = new Visitor(site.url);
    const answer = await other.post("/users/register", fields());
    assert.match(
      (await other.follow(answer)).text,
      /Too many attempts\. Please try again in 1 minute\./,
    );
    page.close();
    second.close();
  });
});
