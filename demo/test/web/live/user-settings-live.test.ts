import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LiveEvents } from "@live-session/adapter-koa";
import { visit } from "@live-session/adapter-koa/testing";
import type { userSettingsLive } from "../../../src/web/live/user-settings-live.js";
import { uniqueEmail, validPassword } from "../../support/accounts.js";
import { testedSite } from "../../support/tested-site.js";

type Payload = LiveEvents<typeof userSettingsLive>["validate_email"]["payload"];

describe("the settings page", () => {
  const site = testedSite();

  const open = async (email = uniqueEmail()) => {
    const page = await visit(site().site.app, "/users/register");
    await page.connect();
    const filled = page.form("#registration_form", {
      "user[email]": email,
      "user[password]": validPassword,
    });
    await filled.submit();
    await filled.followTriggerAction();
    await page.visit("/users/settings");
    await page.connect();
    return page;
  };

  it("shows errors at their fields", async () => {
    const page = await open();
    await page.form("#email_form", { "user[email]": "with spaces" }).change();
    assert.ok(page.hasElement("#email_form .error", "must have the @ sign and no spaces"));
    await page.push("validate_email", { user: { email: "a b" } } satisfies Payload);
    assert.ok(page.hasElement("#email_form .error", "must have the @ sign and no spaces"));
  });

  it("refuses payloads that are not forms and logs their place but not their content", async () => {
    const page = await open();
    await page.push("validate_email", { user: "a secret" });
    page.assertReply({ issues: { user: ["Invalid input: expected object, received string"] } });
    const line = site().lines.find((written) => written.startsWith("Payload of"));
    assert.equal(line, 'Payload of validate_email refused by UserSettingsLive: ["user"]');
  });

  it("asks for the password ten minutes after the login, and then makes the change", async () => {
    const page = await open();
    site().travel(10 * 60 * 1000);
    const email = uniqueEmail();
    await page.form("#email_form", { "user[email]": email }).submit();
    page.assertPushEvent("dialog:open", { id: "sudo_dialog" });
    await page.form("#sudo_form", { current_password: "wrong" }).submit();
    assert.ok(page.hasElement("#sudo_form .error", "is not valid"));
    await page.form("#sudo_form", { current_password: validPassword }).submit();
    assert.ok(!page.hasElement("#sudo_dialog"));
    assert.equal((await site().mails())[0]?.to, email);
  });

  it("accepts a mailed code instead of the password", async () => {
    const page = await open();
    site().travel(10 * 60 * 1000);
    const password = "the second password";
    await page
      .form("#password_form", {
        "user[password]": password,
        "user[password_confirmation]": password,
      })
      .submit();
    await page.element("button", "Send me a code").click();
    const code = /^\d{6}$/m.exec((await site().mails())[0]?.text ?? "")?.[0] ?? "";
    await page.form("#sudo_form", { code }).submit();
    assert.ok(page.hasElement("#password_form[live-trigger-action]"));
  });

  it("lists the sessions and ends another one", async () => {
    const email = uniqueEmail();
    const page = await open(email);
    const other = await visit(site().site.app, "/users/log_in");
    await other
      .form("#login_form", { "user[email]": email, "user[password]": validPassword })
      .submit();
    await page.visit("/users/settings");
    await page.connect();
    await page.form(".sessions form").submit();
    assert.ok(!page.hasElement(".sessions form"));
    await other.visit("/users/settings");
    assert.equal(other.path, "/users/log_in");
  });
});
