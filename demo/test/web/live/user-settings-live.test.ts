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

  const open = async () => {
    const page = await visit(site().site.app, "/users/register");
    await page.connect();
    const email = uniqueEmail();
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
});
