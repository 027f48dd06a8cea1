import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { toAccountKey } from "../../src/accounts/rate-limits.js";
import { uniqueEmail, validPassword } from "../support/accounts.js";
import { describeOnDatabases } from "../support/database.js";
import { startTestSite, type TestSite } from "../support/site.js";
import { Visitor } from "../support/visitor.js";

const path = "/users/settings";
const oops = "Oops, something went wrong! Please check the errors below.";
const newPassword = "a new password";
const linkSent = "A link to confirm your email change has been sent to the new address.";

describeOnDatabases("the settings", (database) => {
  let site: TestSite;
  let visitor: Visitor;
  let email: string;
  before(async () => {
    site = await startTestSite(database().config);
  });
  after(() => site.stop());

  async function register(): Promise<void> {
    email = uniqueEmail();
    visitor = new Visitor(site.url);
    await visitor.register(email, validPassword);
  }

  /** Sends one of the two forms, live and as a plain post. Returns the text of the page that follows. */
  const ways: Record<
    string,
    (form: "email" | "password", fields: Record<string, string>) => Promise<string>
  > = {
    "by a live event": async (form, fields) => {
      const page = await visitor.visit(path);
      const answer = await page.form(`update_${form}`, fields);
      page.close();
      return JSON.stringify(answer);
    },
    "by a plain post": async (form, fields) => {
      const answer = await visitor.post(`${path}?_action=update_${form}`, fields);
      assert.deepEqual([answer.status, answer.location], [302, path]);
      return (await visitor.follow(answer)).text;
    },
  };

  it("are shown to users, with both forms", async () => {
    await register();
    const { text } = await visitor.get(path);
    assert.match(text, /Change Email.*Change Password/s);
    assert.ok(text.includes(`value="${email}"`));
  });

  it("are not shown to visitors, who cannot post them either", async () => {
    for (const answer of [
      await new Visitor(site.url).get(path),
      await new Visitor(site.url).post(path),
    ]) {
      assert.deepEqual([answer.status, answer.location], [302, "/users/log_in"]);
    }
  });

  it("show errors during typing", async () => {
    await register();
    const page = await visitor.visit(path);
    const first = await page.form("validate_email", { "user[email]": "with spaces" });
    assert.match(JSON.stringify(first), /must have the @ sign and no spaces/);
    const second = await page.form("validate_password", {
      "user[password]": "too short",
      "user[password_confirmation]": "does not match",
    });
    assert.match(JSON.stringify(second), /should be at least 12 character/);
    assert.match(JSON.stringify(second), /does not match password/);
    page.close();
  });

  for (const [way, send] of Object.entries(ways)) {
    describe(`the e-mail ${way}`, () => {
      it("changes and is confirmed once, with the button of the mailed link", async () => {
        await register();
        const next = uniqueEmail();
        const text = await send("email", { "user[email]": next });
        assert.ok(text.includes(linkSent));
        const [mail] = await site.mails();
        assert.deepEqual([mail?.to, mail?.subject], [next, "Update email instructions"]);
        assert.ok((await visitor.get(path)).text.includes(`>${email}<`));

        const link = await site.mailedPath(next);
        assert.match(link, /^\/users\/settings\/confirm_email\/[\w-]{43}$/);
        for (const method of ["HEAD", "GET"]) {
          assert.equal((await visitor.request(link, { method })).status, 200);
        }
        const page = await visitor.visit(link);
        assert.ok((await visitor.get(path)).text.includes(`>${email}<`), "opening changes nothing");
        const confirm =
          way === "by a plain post"
            ? async () => visitor.follow(await visitor.post(link))
            : async () => {
                const { live_redirect: leave } = await page.form("change_email", {});
                assert.ok(leave, "the view navigates");
                return visitor.followLive(leave);
              };
        const changed = (await confirm()).text;
        assert.ok(changed.includes("Email changed successfully.") && changed.includes(`>${next}<`));
        const known = visitor.cookies.get("live_sessions_browser");
        assert.ok(known?.startsWith(`${toAccountKey(next)}.`), "the browser is known");
        page.close();
        const again = await visitor.follow(await visitor.post(link));
        assert.ok(again.text.includes("Email change link is invalid or it has expired."));
      });

      it("does not change if the form has errors", async () => {
        await register();
        const text = await send("email", { "user[email]": email });
        for (const shown of [oops, "did not change"]) assert.ok(text.includes(shown), shown);
        const taken = uniqueEmail();
        await new Visitor(site.url).register(taken, validPassword);
        assert.ok(
          (await send("email", { "user[email]": taken })).includes("has already been taken"),
        );
      });
    });

    describe(`the password ${way}`, () => {
      it("does not change if the form has errors", async () => {
        await register();
        const text = await send("password", {
          "user[password]": "too short",
          "user[password_confirmation]": "does not match",
        });
        const errors = ["should be at least 12 character(s)", "does not match password"];
        for (const shown of [oops, ...errors]) assert.ok(text.includes(shown), shown);
        assert.equal((await visitor.get(path)).status, 200);
      });
    });
  }

  const fields = {
    "user[password]": newPassword,
    "user[password_confirmation]": newPassword,
  };

  it("change the password with a live event and post the form to log in again", async () => {
    await register();
    const page = await visitor.visit(path);
    const closed = page.closed();
    assert.match(JSON.stringify(await page.form("update_password", fields)), /true/);
    assert.equal(await closed, 1001);
    const { user_token: before } = visitor.session;
    const answer = await visitor.post("/users/log_in?_action=password_updated", {
      ...fields,
      "user[email]": email,
    });
    assert.equal(answer.location, path);
    assert.match((await visitor.follow(answer)).text, /Password updated successfully!/);
    assert.notEqual(visitor.session.user_token, before);
  });

  it("change the password with a plain post and log in again", async () => {
    await register();
    const { user_token: before } = visitor.session;
    const answer = await visitor.post(`${path}?_action=update_password`, fields);
    assert.equal(answer.location, path);
    assert.match((await visitor.follow(answer)).text, /Password updated successfully!/);
    assert.notEqual(visitor.session.user_token, before);
    assert.equal((await new Visitor(site.url).logIn(email, newPassword)).location, "/");
  });

  it("keep the user logged in after a password change, as before", async () => {
    for (const way of ["a live event", "a plain post"]) {
      await register();
      await visitor.logOut();
      await visitor.logIn(email, validPassword, { "user[remember_me]": "true" });
      const remembered = /name="(user\[remember_me\])" value="true"/.exec(
        (await visitor.get(path)).text,
      )?.[1];
      assert.ok(remembered, "the form has the field");
      const posted = { ...fields, "user[email]": email, [remembered]: "true" };
      if (way === "a live event") {
        const page = await visitor.visit(path);
        await page.form("update_password", posted);
        await page.closed();
        // Another tab loads a page before the form is posted.
        await visitor.get(path);
        await visitor.post("/users/log_in?_action=password_updated", {
          ...posted,
        });
      } else {
        await visitor.post(`${path}?_action=update_password`, posted);
      }
      visitor.cookies.delete("live_sessions");
      visitor.cookies.delete("live_sessions.sig");
      assert.equal((await visitor.get("/mount-c")).status, 200, way);
    }
  });

  it("require a login to confirm a new address and continue after it", async () => {
    await register();
    const next = uniqueEmail();
    await ways["by a plain post"]!("email", {
      "user[email]": next,
    });
    const link = await site.mailedPath(next);
    const other = new Visitor(site.url);
    assert.equal((await other.get(link)).location, "/users/log_in");
    assert.equal((await other.logIn(email, validPassword)).location, link);
    assert.equal((await other.post(link)).location, path);
  });
});
