import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { uniqueEmail, validPassword } from "../support/accounts.js";
import { describeOnDatabases } from "../support/database.js";
import { startTestSite, type TestSite } from "../support/site.js";
import { Visitor } from "../support/visitor.js";

const confirmed = "User confirmed successfully.";
const invalid = "User confirmation link is invalid or it has expired.";
const requested = "If your email is in our system and it has not been confirmed yet";

describeOnDatabases("confirming", (database) => {
  let site: TestSite;
  before(async () => {
    site = await startTestSite(database().config);
  });
  after(() => site.stop());

  async function register() {
    const email = uniqueEmail();
    const visitor = new Visitor(site.url);
    await visitor.register(email, validPassword);
    return { email, visitor, path: await site.mailedPath(email) };
  }

  /** Presses the button of the page, live and as a plain post, and returns the text of the home page. */
  const ways: Record<
    string,
    (visitor: Visitor, path: string, fields?: Record<string, string>) => Promise<string>
  > = {
    "by a live event": async (visitor, path, fields = {}) => {
      const page = await visitor.visit(path);
      const event = path === "/users/confirm" ? "send_instructions" : "confirm_account";
      const { redirect } = await page.form(event, fields);
      page.close();
      assert.equal(redirect?.to, "/");
      return (await visitor.followLive(redirect)).text;
    },
    "by a plain post": async (visitor, path, fields = {}) => {
      const answer = await visitor.post(path, fields);
      assert.deepEqual([answer.status, answer.location], [302, "/"]);
      return (await visitor.follow(answer)).text;
    },
  };

  it("asks before it confirms", async () => {
    const { path } = await register();
    const visitor = new Visitor(site.url);
    for (const _ of [1, 2]) {
      const { text } = await visitor.get(path);
      assert.match(text, /<h1>Confirm Account<\/h1>.*Confirm my account/s);
    }
    assert.match(await ways["by a plain post"]!(visitor, path), new RegExp(confirmed));
  });

  for (const [way, press] of Object.entries(ways)) {
    describe(way, () => {
      it("confirms once and does not log in", async () => {
        const { email, path } = await register();
        const visitor = new Visitor(site.url);
        const text = await press(visitor, path);
        assert.ok(text.includes(confirmed) && !text.includes(email));
        assert.ok((await press(visitor, path)).includes(invalid));
      });

      it("shows no message to a confirmed user who opens the link again", async () => {
        const { visitor, path } = await register();
        await press(visitor, path);
        const text = await press(visitor, path);
        assert.ok(!text.includes(confirmed) && !text.includes(invalid));
      });

      for (const token of ["invalid-token", "x".repeat(43)]) {
        it(`refuses the token ${token}`, async () => {
          const { visitor } = await register();
          assert.ok((await press(visitor, `/users/confirm/${token}`)).includes(invalid));
        });
      }

      it("sends the link again to an unconfirmed user", async () => {
        const { email, path } = await register();
        const text = await press(new Visitor(site.url), "/users/confirm", { "user[email]": email });
        assert.ok(text.includes(requested));
        const again = await site.mailedPath(email);
        assert.notEqual(again, path);
        assert.ok((await press(new Visitor(site.url), path)).includes(confirmed));
      });

      it("shows the same message, without a mail, for confirmed users and unknown addresses", async () => {
        const { email, path } = await register();
        await press(new Visitor(site.url), path);
        const before = (await site.mails()).length;
        for (const address of [email, "unknown@example.com"]) {
          const text = await press(new Visitor(site.url), "/users/confirm", {
            "user[email]": address,
          });
          assert.ok(text.includes(requested));
        }
        assert.equal((await site.mails()).length, before);
      });
    });
  }
});
