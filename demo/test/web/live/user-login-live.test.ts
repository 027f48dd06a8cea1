import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { visit } from "@live-session/adapter-koa/testing";
import { uniqueEmail, validPassword } from "../../support/accounts.js";
import { testedSite } from "../../support/tested-site.js";

describe("the login page", () => {
  const site = testedSite();

  it("logs in, returns to the page that the visitor wanted to open, and logs out", async () => {
    const email = uniqueEmail();
    const page = await visit(site().site.app, "/users/register");
    await page.connect();
    const fields = { "user[email]": email, "user[password]": validPassword };
    const registration = page.form("#registration_form", fields);
    await registration.submit();
    await registration.followTriggerAction();
    await page.element("light-nav button", "Log out").click();
    assert.ok(page.hasElement("light-nav a", "Log in"));

    await page.visit("/users/settings");
    assert.equal(page.path, "/users/log_in");
    await page.form("#login_form", fields).submitToAction();
    assert.equal(page.path, "/users/settings");
    assert.ok(page.hasElement(".email", email));
  });
});
