import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { createDatabase } from "../../src/database.js";
import { uniqueEmail, validPassword } from "../support/accounts.js";
import { createSqliteDatabase, describeOnDatabases } from "../support/database.js";
import { startTestSite } from "../support/site.js";
import { startSmtpServer } from "../support/smtp-server.js";
import { testedSite } from "../support/tested-site.js";
import { Visitor } from "../support/visitor.js";

describe("the site", () => {
  const site = testedSite();

  it("sets an HTTP-only session cookie that ends with the browser session", async () => {
    const { headers } = await new Visitor(site().url).get("/");
    const cookie = headers.getSetCookie().find((set) => set.startsWith("live_sessions="));
    assert.match(cookie ?? "", /^live_sessions=[^;]+; path=\/; samesite=lax; httponly$/i);
  });

  it("ignores a manipulated session cookie", async () => {
    const visitor = new Visitor(site().url);
    await visitor.register(uniqueEmail(), validPassword);
    const other = { ...visitor.session, user_return_to: "/mount-a" };
    visitor.cookies.set("live_sessions", Buffer.from(JSON.stringify(other)).toString("base64"));
    assert.equal((await visitor.get("/mount-c")).status, 302);
  });

  it("sends security headers with its pages", async () => {
    const { headers } = await new Visitor(site().url).get("/users/log_in");
    const policy = headers.get("content-security-policy") ?? "";
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("x-frame-options"), "SAMEORIGIN");
    assert.ok(headers.has("referrer-policy"));
  });

  it("refuses every unsafe method without a CSRF token", async () => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      const { status } = await new Visitor(site().url).request("/users/log_out", { method });
      assert.deepEqual([method, status], [method, 403]);
    }
  });

  it("overrides the method of a form only with PUT, PATCH or DELETE", async () => {
    const visitor = new Visitor(site().url);
    for (const method of ["get", "trace", "x y"]) {
      assert.equal((await visitor.post("/users/log_out", { _method: method })).status, 405);
    }
  });

  it("answers unknown paths with a page or with JSON", async () => {
    const visitor = new Visitor(site().url);
    const page = await visitor.get("/nowhere", { accept: "text/html" });
    assert.equal(page.status, 404);
    assert.match(page.text, /Not Found/);
    const json = await visitor.get("/nowhere", { accept: "application/json" });
    assert.deepEqual(JSON.parse(json.text), { errors: { detail: "Not Found" } });
  });

  it("shows the mailbox, newest mails first, as a page and as JSON", async () => {
    const [first, second] = [uniqueEmail(), uniqueEmail()];
    for (const email of [first, second])
      await new Visitor(site().url).register(email, validPassword);
    const mails = await site().mails();
    assert.deepEqual([mails[0]?.to, mails[1]?.to], [second, first]);
    assert.deepEqual(Object.keys(mails[0] ?? {}), ["to", "subject", "text", "sentAt"]);
    assert.ok(!Number.isNaN(Date.parse(mails[0]?.sentAt ?? "")));
    const page = await new Visitor(site().url).get("/dev/mailbox");
    assert.match(page.headers.get("content-type") ?? "", /html/);
    assert.match(page.text, /Confirmation instructions/);
    assert.match(page.text, /<a href="http:\/\/localhost:0\/users\/confirm\/[\w-]{43}">/);
  });

  it("does not log passwords, tokens or sessions", async () => {
    const [visitor, email, password] = [
      new Visitor(site().url),
      uniqueEmail(),
      "a password of this test",
    ];
    await visitor.register(email, password);
    const forgetful = new Visitor(site().url);
    await forgetful.post("/users/reset_password", { "user[email]": email });
    const token = /^\/users\/reset_password\/([\w-]{43})$/.exec(
      await site().mailedPath(email),
    )?.[1];
    assert.ok(token);
    const secrets = {
      "user[password]": password,
      "user[token]": token,
      [`user[${token}]`]: password,
    };

    const page = await visitor.visit("/");
    await assert.rejects(page.form("no_such_event", secrets));
    page.close();
    const reset = await forgetful.visit(`/users/reset_password/${token}`);
    await reset.form("reset_password", { ...secrets, "user[password_confirmation]": "another" });
    reset.close();
    const settings = await visitor.visit("/users/settings");
    await settings.form("validate_email", { user: password });
    settings.close();
    await forgetful.post(`/users/reset_password/${token}`, {
      ...secrets,
      "user[password]": "short",
    });

    const said = `${site().lines.join("\n")}\n${inspect(site().errors, { depth: 10 })}`;
    assert.match(said, /no handler for an event/);
    assert.match(said, /Payload of validate_email refused/);
    const kept = [visitor, forgetful].flatMap(({ session }) =>
      Object.values(session).filter((value) => typeof value === "string"),
    );
    assert.ok(kept.includes(String(visitor.session.user_token)));
    for (const secret of [password, token, ...kept, ...visitor.cookies.values()]) {
      assert.ok(!said.includes(secret), secret);
    }
  });
});

describe("the site in production", () => {
  it("sends mail, has no mailbox and sets secure cookies", async (t) => {
    const [database, smtp] = await Promise.all([createSqliteDatabase(), startSmtpServer()]);
    t.after(() => Promise.all([smtp.close(), database.remove()]));
    const config = {
      environment: "production",
      smtpUrl: smtp.url,
      appUrl: "https://example.com",
    } as const;
    const site = await startTestSite(database.config, { config });
    const visitor = new Visitor(site.url);
    assert.equal((await visitor.get("/dev/mailbox")).status, 404);
    const fields = { "user[email]": uniqueEmail(), "user[password]": validPassword };
    const registered = await visitor.post("/users/register", fields);
    const remembered = await new Visitor(site.url).post("/users/log_in", {
      ...fields,
      "user[remember_me]": "true",
    });
    for (const { headers } of [registered, remembered]) {
      for (const cookie of headers.getSetCookie()) assert.match(cookie, /; secure(;|$)/i);
    }
    assert.ok(remembered.headers.getSetCookie().some((cookie) => cookie.includes("remember_me")));
    await site.stop();
    assert.match(smtp.received[0]?.data ?? "", /https:\/\/example\.com\/users\/confirm\//);
  });
});

describeOnDatabases("the site without its users table", (testDatabase) => {
  it("shows an error page, ends a view that fails, and works again when the table is back", async (t) => {
    const site = await startTestSite(testDatabase().config);
    const database = createDatabase(testDatabase().config);
    t.after(async () => {
      await database.close();
      await site.stop();
    });
    const visitor = new Visitor(site.url);
    const email = uniqueEmail();
    await visitor.register(email, validPassword);
    const page = await visitor.visit("/users/settings");
    const fields = { "user[email]": uniqueEmail() };

    await database.knex.schema.renameTable("users", "users_away");
    const failed = await visitor.get("/mount-c", { accept: "text/html" });
    assert.equal(failed.status, 500);
    assert.match(failed.text, /<h1>Internal Server Error<\/h1>/);
    assert.doesNotMatch(failed.text, /users|Error:|SQL|select|no such| at /i);
    assert.equal(failed.headers.get("x-content-type-options"), "nosniff");
    const json = await visitor.get("/mount-c", { accept: "application/json" });
    assert.equal(json.status, 500);
    assert.deepEqual(JSON.parse(json.text), { errors: { detail: "Internal Server Error" } });
    await assert.rejects(page.form("update_email", fields), /crashed/);
    await database.knex.schema.renameTable("users_away", "users");

    assert.equal((await page.join()).status, "ok");
    assert.match(JSON.stringify(await page.form("update_email", fields)), /A link to confirm/);
    assert.equal((await visitor.get("/mount-c")).status, 200);
    page.close();
  });
});
