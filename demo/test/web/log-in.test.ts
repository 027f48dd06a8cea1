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

const rememberMe = { "user[remember_me]": "true" };

describeOnDatabases("logging in", (database) => {
  let site: TestSite;
  const email = uniqueEmail();
  before(async () => {
    site = await startTestSite(database().config);
    await new Visitor(site.url).register(email, validPassword);
  });
  after(() => site.stop());

  it("opens the home page with a welcome and puts token and live socket id into the session", async () => {
    const visitor = new Visitor(site.url);
    const answer = await visitor.logIn(email, validPassword);
    assert.deepEqual([answer.status, answer.location], [302, "/"]);
    assert.match(String(visitor.session.user_token), /^[\w-]{43}$/);
    assert.match(String(visitor.session.live_socket_id), /^users_sessions:[\w-]{43}=$/);
    const { text } = await visitor.follow(answer);
    for (const shown of ["Welcome back!", email, "Settings", "Log out"])
      assert.ok(text.includes(shown), shown);
    assert.ok(!text.includes("Register"));
  });

  it("ignores the case of the address", async () => {
    const answer = await new Visitor(site.url).logIn(email.toUpperCase(), validPassword);
    assert.equal(answer.location, "/");
  });

  const wrong: [what: string, fields: Record<string, string>][] = [
    ["a wrong password", { "user[email]": email, "user[password]": "not my password" }],
    [
      "an unknown address",
      { "user[email]": "nobody@example.com", "user[password]": validPassword },
    ],
    [
      "an object instead of the address",
      { "user[email][x]": "1", "user[password]": validPassword },
    ],
    ["no fields", {}],
  ];
  for (const [what, fields] of wrong) {
    it(`shows the same message for ${what}`, async () => {
      const visitor = new Visitor(site.url);
      const answer = await visitor.post("/users/log_in", fields);
      assert.deepEqual([answer.status, answer.location], [302, "/users/log_in"]);
      assert.equal(visitor.session.user_token, undefined);
      assert.match((await visitor.follow(answer)).text, /Invalid email or password/);
    });
  }

  it("shows the address of a failed login again, at most 160 characters of it", async () => {
    const visitor = new Visitor(site.url);
    const page = await visitor.follow(
      await visitor.logIn(`${"x".repeat(200)}@example.com`, "wrong"),
    );
    assert.match(page.text, new RegExp(`value="${"x".repeat(160)}"`));
  });

  it("shows the messages of a registration and of a password change", async () => {
    const registered = new Visitor(site.url);
    const first = await registered.post("/users/log_in?_action=registered", {
      "user[email]": email,
      "user[password]": validPassword,
    });
    assert.equal(first.location, "/");
    assert.match((await registered.follow(first)).text, /Account created successfully!/);

    const updated = new Visitor(site.url);
    const second = await updated.logIn(email, validPassword, { _action: "password_updated" });
    assert.equal(second.location, "/users/settings");
    assert.match((await updated.follow(second)).text, /Password updated successfully!/);
  });

  it("welcomes users after an unknown form, whatever its name", async () => {
    for (const action of ["constructor", "__proto__", "other"]) {
      const visitor = new Visitor(site.url);
      const answer = await visitor.logIn(email, validPassword, { _action: action });
      assert.deepEqual([answer.status, answer.location], [302, "/"]);
      assert.match((await visitor.follow(answer)).text, /Welcome back!/);
    }
  });

  it("opens the settings even if the first login after a password change fails", async () => {
    const visitor = new Visitor(site.url);
    await visitor.logIn(email, "wrong", { _action: "password_updated" });
    assert.equal((await visitor.logIn(email, validPassword)).location, "/users/settings");
  });

  it("shows no message after a HEAD request of a page that requires the login", async () => {
    const visitor = new Visitor(site.url);
    const answer = await visitor.request("/mount-c", { method: "HEAD" });
    assert.deepEqual([answer.status, answer.location], [302, "/users/log_in"]);
    assert.doesNotMatch((await visitor.follow(answer)).text, /You must log in/);
  });

  it("returns only once to the page that required the login, with its query", async () => {
    const visitor = new Visitor(site.url);
    const sentAway = await visitor.get("/mount-c?tab=1");
    assert.deepEqual([sentAway.status, sentAway.location], [302, "/users/log_in"]);
    assert.match((await visitor.follow(sentAway)).text, /You must log in to access this page\./);
    assert.equal((await visitor.logIn(email, validPassword)).location, "/mount-c?tab=1");
    await visitor.logOut();
    assert.equal((await visitor.logIn(email, validPassword)).location, "/");
  });

  for (const path of [
    "https://example.org/",
    "//example.org",
    "/\\example.org",
    "\t//example.org",
    "x",
  ]) {
    it(`does not redirect to ${JSON.stringify(path)}`, async () => {
      const answer = await new Visitor(site.url).logIn(email, validPassword, { return_to: path });
      assert.equal(answer.location, "/");
    });
  }

  it("does not remember a path that is too long for a cookie", async () => {
    const visitor = new Visitor(site.url);
    assert.equal((await visitor.get(`/mount-c?${"x".repeat(4000)}`)).location, "/users/log_in");
    assert.equal((await visitor.logIn(email, validPassword)).location, "/");
  });

  it("empties the old session and changes its CSRF secret", async () => {
    const visitor = new Visitor(site.url);
    const planted = await visitor.csrfToken();
    const cookies = new Map(visitor.cookies);
    await visitor.logIn(email, validPassword);
    const { user_token: first } = visitor.session;
    const refused = await visitor.post("/users/log_out", {
      _method: "delete",
      _csrf_token: planted,
    });
    assert.equal(refused.status, 403);

    const attacker = new Visitor(site.url);
    for (const [name, value] of cookies) attacker.cookies.set(name, value);
    assert.equal((await attacker.get("/mount-c")).status, 302);
    const again = new Visitor(site.url);
    await again.logIn(email, validPassword);
    assert.notEqual(again.session.user_token, first);
  });

  it("redirects logged-in users from all pages for visitors to the home page", async () => {
    const visitor = new Visitor(site.url);
    await visitor.logIn(email, validPassword);
    for (const path of ["register", "log_in", "reset_password", "reset_password/token"]) {
      const answer = await visitor.get(`/users/${path}`);
      assert.deepEqual([path, answer.status, answer.location], [path, 302, "/"]);
    }
    for (const path of ["register", "log_in", "reset_password", "reset_password/token"]) {
      const answer = await visitor.post(`/users/${path}`);
      assert.deepEqual([path, answer.status, answer.location], [path, 302, "/"]);
    }
  });

  describe("with “Keep me logged in”", () => {
    it("sets a signed cookie for 60 days, which logs in after the session has ended", async () => {
      const visitor = new Visitor(site.url);
      const answer = await visitor.logIn(email, validPassword, rememberMe);
      const cookie = answer.headers
        .getSetCookie()
        .find((set) => set.startsWith("live_sessions_remember_me="));
      assert.match(cookie ?? "", /; path=\/; expires=.+; samesite=lax; httponly$/i);
      const expires = new Date(/expires=([^;]+)/.exec(cookie ?? "")?.[1] ?? "").getTime();
      assert.ok(Math.abs(expires - Date.now() - 60 * 24 * 3600 * 1000) < 60_000);
      const { user_token: token, live_socket_id: liveSocketId } = visitor.session;

      visitor.cookies.delete("live_sessions");
      visitor.cookies.delete("live_sessions.sig");
      assert.equal((await visitor.get("/mount-c")).status, 200);
      assert.deepEqual(
        [visitor.session.user_token, visitor.session.live_socket_id],
        [token, liveSocketId],
      );
    });

    it("starts a new session, in which a planted CSRF token is invalid", async () => {
      const visitor = new Visitor(site.url);
      await visitor.logIn(email, validPassword, rememberMe);
      const stranger = new Visitor(site.url);
      const planted = await stranger.csrfToken();
      for (const [name, value] of stranger.cookies) visitor.cookies.set(name, value);
      const forged = { _method: "delete", _csrf_token: planted };
      assert.equal((await visitor.post("/users/sessions", forged)).status, 403);
      for (const [name, value] of stranger.cookies) visitor.cookies.set(name, value);
      assert.equal((await visitor.get("/mount-c")).status, 200);
      assert.equal((await visitor.post("/users/sessions", forged)).status, 403);
      assert.equal((await visitor.get("/mount-c")).status, 200);
    });

    it("clears a cookie whose session has ended or that is forged", async () => {
      const visitor = new Visitor(site.url);
      await visitor.logIn(email, validPassword, rememberMe);
      const [copy, restarted, forger] = [
        new Visitor(site.url),
        new Visitor(site.url),
        new Visitor(site.url),
      ];
      for (const [name, value] of visitor.cookies) {
        copy.cookies.set(name, value);
        if (name.includes("remember_me")) restarted.cookies.set(name, value);
      }
      forger.cookies.set("live_sessions_remember_me", "forged");
      await visitor.logOut();
      for (const browser of [copy, restarted, forger]) {
        await browser.get("/");
        assert.equal(browser.cookies.has("live_sessions_remember_me"), false);
      }
    });

    it("ignores a cookie with a bad signature", async () => {
      const visitor = new Visitor(site.url);
      await visitor.logIn(email, validPassword, rememberMe);
      const forger = new Visitor(site.url);
      const token = visitor.cookies.get("live_sessions_remember_me");
      assert.ok(token);
      forger.cookies.set("live_sessions_remember_me", token);
      forger.cookies.set("live_sessions_remember_me.sig", "x".repeat(27));
      assert.equal((await forger.get("/mount-c")).status, 302);
    });

    it("deletes the cookie on logout", async () => {
      const visitor = new Visitor(site.url);
      await visitor.logIn(email, validPassword, rememberMe);
      const answer = await visitor.logOut();
      const cookie = answer.headers
        .getSetCookie()
        .find((set) => set.startsWith("live_sessions_remember_me="));
      assert.match(cookie ?? "", /expires=Thu, 01 Jan 1970 .*samesite=lax; httponly$/i);
      assert.equal((await visitor.get("/mount-c")).status, 302);
    });
  });

  it("sets no remember-me cookie by default", async () => {
    const visitor = new Visitor(site.url);
    await visitor.logIn(email, validPassword);
    assert.ok(!visitor.cookies.has("live_sessions_remember_me"));
  });

  describe("and logging out everywhere", () => {
    it("ends only the sessions of the user", async () => {
      const [here, there, other] = [
        new Visitor(site.url),
        new Visitor(site.url),
        new Visitor(site.url),
      ];
      for (const visitor of [here, there]) await visitor.logIn(email, validPassword, rememberMe);
      await other.register(uniqueEmail(), validPassword);
      const page = await there.visit("/mount-c");
      const closed = page.closed();
      const answer = await here.post("/users/sessions", { _method: "delete" });
      assert.deepEqual([answer.status, answer.location], [302, "/"]);
      assert.match((await here.follow(answer)).text, /Logged out everywhere\./);
      assert.equal(await closed, 1001);
      for (const visitor of [here, there]) {
        assert.equal((await visitor.get("/mount-c")).location, "/users/log_in");
      }
      assert.equal((await other.get("/mount-c")).status, 200);
    });

    it("is not what the path of a session without its id does", async () => {
      const visitor = new Visitor(site.url);
      await visitor.logIn(email, validPassword);
      const answer = await visitor.post("/users/sessions/", { _method: "delete" });
      assert.equal(answer.status, 404);
      assert.equal((await visitor.get("/mount-c")).status, 200);
    });

    it("requires a logged-in user and the CSRF token", async () => {
      const visitor = new Visitor(site.url);
      const stranger = await visitor.post("/users/sessions", { _method: "delete" });
      assert.deepEqual([stranger.status, stranger.location], [302, "/users/log_in"]);
      await visitor.logIn(email, validPassword);
      const forged = await visitor.post("/users/sessions", { _method: "delete", _csrf_token: "x" });
      assert.equal(forged.status, 403);
      assert.equal((await visitor.get("/mount-c")).status, 200);
    });
  });

  describe("and logging out", () => {
    it("ends the session", async () => {
      const visitor = new Visitor(site.url);
      await visitor.logIn(email, validPassword);
      const answer = await visitor.logOut();
      assert.deepEqual([answer.status, answer.location], [302, "/"]);
      assert.equal(visitor.session.user_token, undefined);
      const { text } = await visitor.follow(answer);
      assert.match(text, /Logged out successfully\./);
      assert.ok(!text.includes(email));
    });

    it("invalidates a copy of the session cookie", async () => {
      const visitor = new Visitor(site.url);
      await visitor.logIn(email, validPassword);
      const copy = new Visitor(site.url);
      for (const [name, value] of visitor.cookies) copy.cookies.set(name, value);
      assert.equal((await copy.get("/mount-c")).status, 200);
      await visitor.logOut();
      assert.equal((await copy.get("/mount-c")).location, "/users/log_in");
      assert.equal((await copy.get("/")).status, 200);
    });

    it("has the same response if the visitor is not logged in", async () => {
      const visitor = new Visitor(site.url);
      const answer = await visitor.logOut();
      assert.deepEqual([answer.status, answer.location], [302, "/"]);
      assert.match((await visitor.follow(answer)).text, /Logged out successfully\./);
    });

    it("requires the CSRF token and the correct method", async () => {
      const visitor = new Visitor(site.url);
      await visitor.logIn(email, validPassword);
      assert.equal(
        (await visitor.post("/users/log_out", { _method: "delete", _csrf_token: "x" })).status,
        403,
      );
      const got = await visitor.get("/users/log_out");
      assert.deepEqual([got.status, got.headers.get("allow")], [405, "DELETE"]);
      assert.equal((await visitor.post("/users/log_out")).status, 405);
      assert.equal((await visitor.get("/mount-c")).status, 200);
    });
  });
});

describe("the limits of logging in", () => {
  let database: TestDatabase;
  let site: TestSite;
  const email = uniqueEmail();
  before(async () => {
    const often = { points: 100, duration: 60 };
    const limits = createRateLimits({
      log_in: { address: often, account: { points: 2, duration: 120 } },
      mail: { address: often, account: { points: 2, duration: 120 } },
    });
    database = await createSqliteDatabase();
    site = await startTestSite(database.config, { limits });
    await new Visitor(site.url).register(email, validPassword);
  });
  after(async () => {
    await site.stop();
    await database.remove();
  });

  it("refuse a guesser even with the correct password, and no other visitor", async () => {
    const visitor = new Visitor(site.url);
    for (const password of ["wrong 1", "wrong 2"]) await visitor.logIn(email, password);
    const answer = await visitor.logIn(email, validPassword);
    assert.equal(answer.location, "/users/log_in");
    assert.match(
      (await visitor.follow(answer)).text,
      /Too many attempts\. Please try again in 2 minutes\./,
    );
    const other = uniqueEmail();
    await new Visitor(site.url).register(other, validPassword);
    assert.equal((await visitor.logIn(other, validPassword)).location, "/");
  });

  it("let the owner log in from a known browser after the wrong passwords of a stranger", async () => {
    const owner = new Visitor(site.url);
    const own = uniqueEmail();
    await owner.register(own, validPassword);
    await owner.logOut();
    const stranger = new Visitor(site.url);
    for (let i = 0; i < 10; i++) await stranger.logIn(own, `wrong ${i}`);
    assert.equal((await stranger.logIn(own, validPassword)).location, "/users/log_in");
    assert.equal((await owner.logIn(own, validPassword)).location, "/");
  });

  it("let the owner request mails from a known browser after the requests of a stranger", async () => {
    const owner = new Visitor(site.url);
    const own = uniqueEmail();
    await owner.register(own, validPassword);
    await owner.logOut();
    const fields = { "user[email]": own };
    const stranger = new Visitor(site.url);
    for (let i = 0; i < 2; i++) await stranger.post("/users/reset_password", fields);
    const refused = await stranger.post("/users/log_in/mail", fields);
    assert.equal(refused.location, "/users/log_in");
    assert.equal((await owner.post("/users/log_in/mail", fields)).location, "/users/log_in/mail");
    const page = await owner.visit("/users/reset_password");
    await page.form("send_email", fields);
    page.close();
    assert.equal((await site.mails()).filter(({ to }) => to === own).length, 5);
  });
});
