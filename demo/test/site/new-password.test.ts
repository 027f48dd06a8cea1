import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Page } from "playwright-core";
import { uniqueEmail, validPassword } from "../support/accounts.js";
import { flash, open, sendRegistration } from "../support/site-browser.js";
import { visitedSite } from "../support/site-visits.js";
import { Visitor } from "../support/visitor.js";

describe("a form for a new password", () => {
  const visits = visitedSite();

  it("shows the typed password on request, and sends it unchanged", async () => {
    const { page } = await visits().visit("/users/register");
    const choice = page.getByRole("checkbox", { name: "Show password" });
    const password = page.locator("#registration_form_password");
    await password.fill("short");
    await choice.check();
    assert.equal(await password.getAttribute("type"), "text");
    await page.getByText("should be at least 12 character(s)").waitFor();
    assert.equal(await password.getAttribute("type"), "text");
    assert.equal(await password.inputValue(), "short");
    await choice.uncheck();
    assert.equal(await password.getAttribute("type"), "password");
    await choice.check();
    await sendRegistration(page);
  });

  it("says that the password is too long, however long it is", async () => {
    const visit = await visits().visit("/users/register");
    for (const text of ["🎉".repeat(40_000), "<".repeat(80_000)]) {
      await visit.page.locator("#registration_form_password").focus();
      await visit.page.keyboard.insertText(text);
      await visit.page.keyboard.press("Enter");
      await visit.page.getByText("should be at most 72 character(s)").waitFor();
    }
    assert.equal(visit.webSockets.length, 1);
  });

  it("shows both fields of a new password", async () => {
    const { page } = await visits().newMember();
    await open(page, "/users/settings");
    await page.getByRole("checkbox", { name: "Show password" }).check();
    const types = await page
      .locator("#password_form .field input")
      .evaluateAll((fields) => fields.map((field) => field.getAttribute("type")));
    assert.deepEqual(types, ["text", "text"]);
  });

  it("offers no way to show the password without JavaScript", async () => {
    const { page } = await visits().newVisit({ javaScriptEnabled: false });
    await page.goto("/users/register");
    assert.equal(await page.getByRole("checkbox").count(), 0);
  });

  it("names the account for password managers", async () => {
    const { page, email } = await visits().newMember();
    await open(page, "/users/settings");
    assert.deepEqual(await usernameOf(page, "password_form"), [email, "username", "", true]);

    const forgetful = uniqueEmail();
    const visitor = new Visitor(visits().site.url);
    await visitor.register(forgetful, validPassword);
    await visitor.logOut();
    await visitor.post("/users/reset_password", { "user[email]": forgetful });
    const other = await visits().visit(await visits().site.mailedPath(forgetful));
    assert.deepEqual(await usernameOf(other.page, "reset_password_form"), [
      forgetful,
      "username",
      "",
      true,
    ]);
    for (const key of ["password", "password_confirmation"]) {
      await other.page.locator(`#reset_password_form_${key}`).fill("another password");
    }
    await other.page.getByRole("button", { name: "Reset Password" }).click();
    await flash(other.page, "Password reset successfully.", "/users/log_in");
  });
});

/** Value and attributes of the field before a form's passwords, and whether it is out of sight. */
const usernameOf = (page: Page, formId: string) =>
  page
    .locator(`#${formId} input:not([type=hidden])`)
    .first()
    .evaluate((field) => {
      const { value } = field as HTMLInputElement;
      const attributes = ["autocomplete", "readonly"].map((name) => field.getAttribute(name));
      return [value, ...attributes, field.getClientRects().length === 0];
    });
