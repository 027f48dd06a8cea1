import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { visit } from "@live-session/adapter-koa/testing";
import { uniqueEmail, validPassword } from "../../support/accounts.js";
import { testedSite } from "../../support/tested-site.js";

const form = "#registration_form";

describe("the registration page", () => {
  const site = testedSite();

  const open = async () => {
    const page = await visit(site().site.app, "/users/register");
    await page.connect();
    return page;
  };

  it("shows errors under the fields that have been used", async () => {
    const page = await open();
    await page.form(form, { "user[email]": "with spaces" }).change();
    assert.ok(page.hasElement(".error", "must have the @ sign and no spaces"));
    assert.ok(!page.hasElement(".error", "can't be blank"));
    await page.form(form, { "user[email]": "with spaces", "user[password]": "too short" }).change();
    assert.ok(page.hasElement(".error", "should be at least 12 character(s)"));
  });

  it("registers, and posts the form to log in", async () => {
    const page = await open();
    const email = uniqueEmail();
    const filled = page.form(form, { "user[email]": email, "user[password]": validPassword });
    await filled.submit();
    await filled.followTriggerAction();
    page.assertRedirect("/");
    await page.connect();
    assert.ok(page.hasElement(".email", email));
  });

  it("links to the login page with a live navigation", async () => {
    const page = await open();
    await page.element("main p a", "Log in").click();
    assert.equal(page.path, "/users/log_in");
    assert.ok(page.isConnected);
  });
});
