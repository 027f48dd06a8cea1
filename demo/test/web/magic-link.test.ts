import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { uniqueEmail, validPassword } from "../support/accounts.js";
import { testedSite } from "../support/tested-site.js";
import { Visitor } from "../support/visitor.js";

const sent =
  "If your email is in our system, you will receive instructions for logging in shortly.";

describe("logging in by mail", () => {
  const site = testedSite();

  async function register(): Promise<{ email: string; owner: Visitor }> {
    const email = uniqueEmail();
    const owner = new Visitor(site().url);
    await owner.register(email, validPassword);
    await owner.logOut();
    return { email, owner };
  }
  const request = (visitor: Visitor, email: string) =>
    visitor.post("/users/log_in/mail", { "user[email]": email });
  const codeOf = async (email: string) =>
    /^\d{6}$/m.exec((await site().mails()).find(({ to }) => to === email)?.text ?? "")?.[0] ?? "";

  it("logs in with the button of the link; opening the link changes nothing", async () => {
    const { email, owner } = await register();
    await request(owner, email);
    const link = await site().mailedPath(email);
    assert.match(link, /^\/users\/log_in\/link\/[\w-]{43}$/);
    for (const method of ["HEAD", "GET", "GET"])
      assert.equal((await new Visitor(site().url).request(link, { method })).status, 200);
    const page = await owner.get(link);
    assert.ok(page.text.includes(`<strong>${email}</strong>`));
    assert.equal((await owner.get("/mount-c")).status, 302);
    const answer = await owner.post(link);
    assert.deepEqual([answer.status, answer.location], [302, "/mount-c"]);
    assert.match((await owner.follow(answer)).text, /Welcome back!/);

    const late = await new Visitor(site().url).get(link);
    assert.equal(late.location, "/users/log_in");
  });

  it("logs in with the code on another device, and returns to the page that was requested", async () => {
    const { email, owner } = await register();
    await request(new Visitor(site().url), email);
    await owner.get("/mount-c");
    const answer = await owner.post("/users/log_in/code", {
      "user[email]": email,
      "user[code]": await codeOf(email),
      "user[remember_me]": "true",
    });
    assert.equal(answer.location, "/mount-c");
    assert.ok(owner.cookies.has("live_sessions_remember_me"));
  });

  it("answers the same for unknown addresses, and keeps the address for the code", async () => {
    const { email } = await register();
    for (const address of [email, "unknown@example.com"]) {
      const visitor = new Visitor(site().url);
      const answer = await request(visitor, address);
      assert.equal(answer.location, "/users/log_in/mail");
      const { text } = await visitor.follow(answer);
      assert.ok(text.includes(sent) && text.includes(`value="${address}"`));
    }
    const mails = await site().mails();
    assert.ok(mails.some(({ to }) => to === email));
    assert.ok(!mails.some(({ to }) => to === "unknown@example.com"));
  });

  it("shows the form again after a wrong code", async () => {
    const { email, owner } = await register();
    const fields = { "user[email]": email, "user[code]": "000000" };
    const answer = await owner.post("/users/log_in/code", fields);
    const { text } = await owner.follow(answer);
    assert.match(text, /The code is invalid or it has expired\./);
    assert.ok(text.includes(`value="${email}"`));
  });

  it("says that the password of an unconfirmed account is no longer valid", async () => {
    const { email } = await register();
    const visitor = new Visitor(site().url);
    await request(visitor, email);
    const answer = await visitor.post(await site().mailedPath(email));
    assert.match((await visitor.follow(answer)).text, /You can choose a new one in the settings/);
    assert.equal(
      (await new Visitor(site().url).logIn(email, validPassword)).location,
      "/users/log_in",
    );
  });
});
