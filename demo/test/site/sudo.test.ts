import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { uniqueEmail, validPassword } from "../support/accounts.js";
import { fill, flash, isFocused, joined, open, send, violations } from "../support/site-browser.js";
import { visitedSite } from "../support/site-visits.js";

const TEN_MINUTES = 10 * 60 * 1000;

describe("the settings long after the login", () => {
  const visits = visitedSite();

  it("ask for the password in a dialog, without losing the input", async () => {
    const { page } = await visits().newMember({ viewport: { width: 320, height: 640 } });
    visits().site.travel(TEN_MINUTES);
    await open(page, "/users/settings");
    const next = uniqueEmail();
    await fill(page, "email_form", { email: next });
    await send(page, "email_form");
    const dialog = page.getByRole("dialog", { name: "Confirm that it's you" });
    await dialog.waitFor();
    assert.ok(await dialog.evaluate((element) => element.matches(":modal")));
    assert.deepEqual(await violations(page), []);

    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    assert.equal(await page.locator("#email_form_email").inputValue(), next);
    await send(page, "email_form");
    await dialog.waitFor();
    const password = dialog.getByLabel("Current password");
    assert.ok(await isFocused(password));
    await password.fill("wrong");
    await page.keyboard.press("Enter");
    await dialog.getByText("is not valid").waitFor();
    await password.fill(validPassword);
    await page.keyboard.press("Enter");
    await flash(page, "A link to confirm your email change has been sent to the new address.");
    assert.equal(await page.locator("dialog:modal").count(), 0);
    assert.equal((await visits().site.mails())[0]?.to, next);

    await fill(page, "email_form", { email: uniqueEmail() });
    await send(page, "email_form");
    await joined(page);
    assert.equal(await page.locator("dialog:modal").count(), 0, "the user has just proved it");
  });

  it("ask for the password in the form without JavaScript, and keep the address", async () => {
    const { page } = await visits().newMember({ javaScriptEnabled: false });
    await page.goto("/users/settings");
    assert.equal(await page.getByLabel("Current password").count(), 0);
    visits().site.travel(TEN_MINUTES);
    const next = uniqueEmail();
    await fill(page, "email_form", { email: next });
    await send(page, "email_form");
    await page.getByText("Please enter your current password.").waitFor();
    assert.equal(await page.locator("#email_form_email").inputValue(), next);
    await page.locator("#email_form").getByLabel("Current password").fill(validPassword);
    await send(page, "email_form");
    await flash(page, "A link to confirm your email change has been sent to the new address.");
  });

  it("list the sessions; the one that is ended leaves its pages", async () => {
    const { page, email } = await visits().newMember();
    const other = await visits().visit("/users/log_in");
    await fill(other.page, "login_form", { email, password: validPassword });
    await send(other.page, "login_form");
    await flash(other.page, "Welcome back!", "/");
    await open(other.page, "/users/settings");
    await open(page, "/users/settings");
    const sessions = page.locator(".sessions li");
    assert.equal(await sessions.count(), 2);
    await sessions.first().getByText("This browser").waitFor();
    await sessions
      .nth(1)
      .getByRole("button", { name: /End Chrom/ })
      .click();
    await other.page.waitForURL("**/users/log_in");
    await flash(page, "Session ended.");
    assert.equal(await sessions.count(), 1);
  });
});
