import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { uniqueEmail, validPassword } from "../support/accounts.js";
import { describeOnDatabases } from "../support/database.js";
import type { Leave } from "../support/live-visit.js";
import { startTestSite, type TestSite } from "../support/site.js";
import { Visitor } from "../support/visitor.js";

const hooksOf = (text: string): string[] =>
  [...text.matchAll(/<strong class="id">(\w+)<\/strong>/g)].map(([, id = ""]) => id);

describeOnDatabases("the pages and who may see them", (database) => {
  let site: TestSite;
  before(async () => {
    site = await startTestSite(database().config);
  });
  after(() => site.stop());

  async function loggedIn(email = uniqueEmail()): Promise<{ visitor: Visitor; email: string }> {
    const visitor = new Visitor(site.url);
    await visitor.register(email, validPassword);
    return { visitor, email };
  }

  const forEverybody = [
    "/",
    "/notifications",
    "/mount-a",
    "/mount-b",
    "/users/confirm",
    "/users/confirm/token",
  ];
  for (const path of forEverybody) {
    it(`shows ${path} to visitors and to users, who see their address`, async () => {
      const { visitor, email } = await loggedIn();
      const [foreign, own] = await Promise.all([
        new Visitor(site.url).get(path),
        visitor.get(path),
      ]);
      assert.deepEqual([foreign.status, own.status], [200, 200]);
      assert.ok(foreign.text.includes("Register") && !foreign.text.includes(email));
      assert.ok(own.text.includes("Log out") && own.text.includes(email));
    });
  }

  for (const path of ["/users/register", "/users/log_in", "/users/reset_password"]) {
    it(`shows ${path} to visitors`, async () => {
      assert.equal((await new Visitor(site.url).get(path)).status, 200);
    });
  }

  it("lets no browser store a page of a user", async () => {
    const { visitor } = await loggedIn();
    for (const path of ["/", "/mount-a", "/mount-c", "/users/settings", "/users/log_in"]) {
      assert.equal((await visitor.get(path)).headers.get("cache-control"), "no-store", path);
    }
    const { headers } = await new Visitor(site.url).get("/");
    assert.doesNotMatch(headers.get("cache-control") ?? "", /no-store/);
  });

  it("runs the hooks of each live session in their order", async () => {
    const { visitor } = await loggedIn();
    assert.deepEqual(hooksOf((await visitor.get("/mount-a")).text), [
      "mountCurrentUser",
      "nav",
      "notifications",
    ]);
    assert.deepEqual(hooksOf((await visitor.get("/mount-c")).text), [
      "ensureAuthenticated",
      "nav",
      "notifications",
    ]);
  });

  it("ignores a token without a user", async () => {
    const { visitor } = await loggedIn();
    const copy = new Visitor(site.url);
    for (const [name, value] of visitor.cookies) copy.cookies.set(name, value);
    await visitor.logOut();
    for (const path of forEverybody) assert.equal((await copy.get(path)).status, 200, path);
  });

  describe("over a socket", () => {
    it("redirects a user whose session has ended to the login page and back after the login", async () => {
      const { visitor, email } = await loggedIn();
      const other = new Visitor(site.url);
      await other.logIn(email, validPassword);
      const page = await other.visit("/mount-c?tab=2");
      await changePassword(visitor, "another password");
      await page.closed();
      const { status, response } = await page.rejoin();
      assert.equal(status, "error");
      const leave = response as Leave & { readonly reason: string };
      assert.deepEqual([leave.reason, leave.to], ["redirect", "/users/log_in"]);
      const { text } = await other.followLive(leave);
      assert.match(text, /You must log in to access this page\./);
      const returnTo = /name="return_to" value="([^"]*)"/.exec(text)?.[1];
      assert.equal(returnTo, "/mount-c?tab=2");
      const failed = await other.logIn(email, "wrong", { return_to: returnTo });
      assert.equal(failed.location, "/users/log_in");
      assert.equal((await other.logIn(email, "another password")).location, returnTo);
    });

    it("refuses a page of another session as stale", async () => {
      const { visitor } = await loggedIn();
      const page = await new Visitor(site.url).visit("/users/log_in");
      const { response } = await page.rejoin({ cookie: visitor.cookie });
      assert.deepEqual(response, { reason: "stale" });
      page.close();
    });

    it("refuses the join of a page of another live session", async () => {
      const { visitor } = await loggedIn();
      const page = await visitor.visit("/mount-a");
      const { status, response } = await page.join("/mount-c");
      assert.deepEqual(
        [status, (response as { reason: string }).reason],
        ["error", "unauthorized"],
      );
      page.close();
    });

    it("lets users navigate between the pages of their live session", async () => {
      const { visitor } = await loggedIn();
      const page = await visitor.visit("/mount-c");
      const { status, response } = await page.join("/users/settings");
      assert.equal(status, "ok");
      assert.match(JSON.stringify(response), /Change Email/);
      page.close();
    });
  });

  describe("with several pages open", () => {
    it("disconnects every socket of a session that is logged out and no other", async () => {
      const { visitor, email } = await loggedIn();
      const other = new Visitor(site.url);
      await other.logIn(email, validPassword);
      const pages = await Promise.all(
        ["/", "/mount-a", "/mount-c"].map((path) => visitor.visit(path)),
      );
      const kept = await other.visit("/mount-c");
      const closed = Promise.all(pages.map((page) => page.closed()));
      await visitor.logOut();
      assert.deepEqual(await closed, [1001, 1001, 1001]);
      assert.equal((await kept.join()).status, "ok");
      kept.close();
      for (const page of pages)
        assert.deepEqual((await page.rejoin()).status, page === pages[2] ? "error" : "ok");
    });

    it("disconnects the pages of a visitor who logs in in another tab", async () => {
      const { visitor, email } = await loggedIn();
      await visitor.logOut();
      const [page, stranger] = [await visitor.visit("/"), await new Visitor(site.url).visit("/")];
      const closed = page.closed();
      await visitor.logIn(email, validPassword);
      assert.equal(await closed, 1001);
      const { response } = await page.rejoin({ cookie: visitor.cookie });
      assert.deepEqual(response, { reason: "stale" });
      assert.equal((await stranger.join()).status, "ok");
      stranger.close();
    });

    it("disconnects every socket of the user when the password changes", async () => {
      const { visitor, email } = await loggedIn();
      const other = new Visitor(site.url);
      await other.logIn(email, validPassword);
      const pages = await Promise.all([
        visitor.visit("/mount-a"),
        visitor.visit("/mount-c"),
        other.visit("/"),
      ]);
      const closed = Promise.all(pages.map((page) => page.closed()));
      await changePassword(visitor, "another password");
      assert.deepEqual(await closed, [1001, 1001, 1001]);
      assert.equal((await other.get("/mount-c")).status, 302);
    });

    it("disconnects every socket of the user when the password is reset", async () => {
      const { visitor, email } = await loggedIn();
      const page = await visitor.visit("/mount-c");
      const forgetful = new Visitor(site.url);
      await forgetful.post("/users/reset_password", { "user[email]": email });
      const path = await site.mailedPath(email);
      const closed = page.closed();
      const reset = await forgetful.post(path, {
        "user[password]": "another password",
        "user[password_confirmation]": "another password",
      });
      assert.equal(reset.location, "/users/log_in");
      assert.equal(await closed, 1001);
    });
  });

  async function changePassword(visitor: Visitor, password: string): Promise<void> {
    const changed = await visitor.post("/users/settings?_action=update_password", {
      "user[password]": password,
      "user[password_confirmation]": password,
    });
    assert.match((await visitor.follow(changed)).text, /Password updated successfully!/);
  }
});
