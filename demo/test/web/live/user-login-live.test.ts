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

  it("returns to the page from which a socket was redirected, even if that page was joined again itself", async () => {
    const { app } = site().site;
    const email = uniqueEmail();
    const user = { "user[email]": email, "user[password]": validPassword };
    const owner = await visit(app, "/users/register");
    await owner.connect();
    const registration = owner.form("#registration_form", user);
    await registration.submit();
    await registration.followTriggerAction();
    const other = await visit(app, "/users/log_in");
    await other.form("#login_form", user).submitToAction();
    await other.visit("/users/settings");
    await other.connect();

    await owner.visit("/users/settings");
    await owner.connect();
    const password = "the second password";
    await owner
      .form("#password_form", {
        "user[password]": password,
        "user[password_confirmation]": password,
      })
      .submit();
    await other.reconnect();
    await other.followRedirect("/users/log_in");
    await other.connect();
    await other.reconnect();
    await other.form("#login_form", { ...user, "user[password]": password }).submitToAction();
    assert.equal(other.path, "/users/settings");
  });
});
