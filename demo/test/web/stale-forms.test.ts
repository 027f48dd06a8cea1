import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { uniqueEmail, validPassword } from "../support/accounts.js";
import { testedSite } from "../support/tested-site.js";
import { type Answer, Visitor } from "../support/visitor.js";

const message = "Your session has changed since this page was loaded. Please try again.";

describe("a form with a stale CSRF token", () => {
  const site = testedSite();

  /** Posts a form of a page that was loaded in an earlier session. */
  function send(
    visitor: Visitor,
    path: string,
    fields: Readonly<Record<string, string>>,
    headers: Record<string, string> = { "sec-fetch-site": "same-origin" },
  ): Promise<Answer> {
    const body = new URLSearchParams({ _csrf_token: "of an earlier session", ...fields });
    return visitor.request(path, { method: "POST", body, headers });
  }

  async function user(): Promise<{ visitor: Visitor; email: string }> {
    const visitor = new Visitor(site().url);
    const email = uniqueEmail();
    await visitor.register(email, validPassword);
    await visitor.get("/");
    return { visitor, email };
  }

  it("returns to the login form with the entered values except the password", async () => {
    const visitor = new Visitor(site().url);
    const answer = await send(visitor, "/users/log_in", {
      "user[email]": "ada@example.com",
      "user[password]": "what I typed",
      "user[remember_me]": "true",
      return_to: "/mount-c",
    });
    assert.deepEqual([answer.status, answer.location], [302, "/users/log_in"]);
    const { text } = await visitor.follow(answer);
    assert.ok(text.includes(message) && text.includes('value="ada@example.com"'));
    assert.match(text, /name="user\[remember_me\]" value="true" checked/);
    assert.match(text, /name="return_to" value="\/mount-c"/);
    assert.doesNotMatch(text, /what I typed/);
    assert.doesNotMatch((await visitor.get("/users/log_in")).text, /ada@example|Please try again/);
  });

  for (const path of ["/users/register", "/users/reset_password", "/users/confirm"]) {
    it(`returns to ${path} with the entered address`, async () => {
      const visitor = new Visitor(site().url);
      const fields = { "user[email]": "ada@example.com", "user[password]": "what I typed" };
      const answer = await send(visitor, path, fields);
      assert.equal(answer.location, path);
      const { text } = await visitor.follow(answer);
      assert.ok(text.includes(message) && text.includes('value="ada@example.com"'));
      assert.doesNotMatch(text, /what I typed/);
    });
  }

  it("returns to both forms of the settings and changes nothing", async () => {
    const { visitor, email } = await user();
    const next = uniqueEmail();
    for (const form of ["update_email", "update_password"]) {
      const path = `/users/settings?_action=${form}`;
      const fields = {
        "user[email]": next,
        "user[password]": "a new password",
        "user[password_confirmation]": "a new password",
      };
      const { text } = await visitor.follow(await send(visitor, path, fields));
      assert.ok(text.includes(message));
      assert.equal(text.includes(`value="${next}"`), form === "update_email");
    }
    await visitor.logOut();
    assert.equal((await visitor.logIn(email, validPassword)).location, "/");
  });

  it("shows the home page after a login in another tab", async () => {
    const { visitor, email } = await user();
    const answer = await send(visitor, "/users/log_in", { "user[email]": email });
    assert.equal(answer.location, "/");
    const { text } = await visitor.follow(answer);
    assert.ok(text.includes("You are already logged in.") && text.includes(`>${email}<`));
  });

  it("shows a message on the page with the button", async () => {
    const { visitor } = await user();
    for (const [path, page] of [
      ["/users/log_out", "/"],
      ["/users/sessions", "/users/settings"],
    ] as const) {
      const answer = await send(visitor, path, { _method: "delete" });
      assert.equal(answer.location, page);
      assert.ok((await visitor.follow(answer)).text.includes(message));
    }
    assert.equal((await visitor.get("/mount-c")).status, 200);
  });

  it("is refused without a new session if another site may have sent it", async () => {
    const origin = "https://example.org";
    for (const headers of [
      {},
      { origin },
      { "sec-fetch-site": "cross-site" },
      { origin: "null" },
    ]) {
      const answer = await send(new Visitor(site().url), "/users/log_in", {}, headers);
      assert.deepEqual([answer.status, answer.headers.getSetCookie()], [403, []]);
    }
    const own = { origin: site().url };
    assert.equal((await send(new Visitor(site().url), "/users/log_in", {}, own)).status, 302);
    const path = "//example.org/";
    const other = await send(new Visitor(site().url), `${site().url}${path}`, {}, own);
    assert.equal(other.status, 403, "a path of another site is not redirected to");
  });
});

describe("a registration form that is submitted twice", () => {
  const site = testedSite();

  it("logs in, whichever response arrives", async () => {
    const visitor = new Visitor(site().url);
    const fields = {
      _csrf_token: await visitor.csrfToken(),
      "user[email]": uniqueEmail(),
      "user[password]": validPassword,
    };
    const headers = { "sec-fetch-site": "same-origin", cookie: visitor.cookie };
    const post = () =>
      visitor.request("/users/register", {
        method: "POST",
        body: new URLSearchParams(fields),
        headers,
      });
    const answers = await Promise.all([post(), post()]);
    assert.deepEqual(
      answers.map(({ location }) => location),
      ["/", "/"],
    );
    assert.equal((await visitor.get("/mount-c")).status, 200);
    // The cookie of the first response has arrived before the second click.
    assert.equal((await post()).location, "/");
    assert.equal((await visitor.get("/mount-c")).status, 200);
    const other = new Visitor(site().url);
    const wrong = { ...fields, "user[password]": "another password" };
    assert.equal(
      (await other.post("/users/register", { ...wrong, _csrf_token: await other.csrfToken() }))
        .location,
      "/users/register",
    );
  });
});
