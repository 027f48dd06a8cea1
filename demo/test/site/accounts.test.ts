import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { uniqueEmail, validPassword } from "../support/accounts.js";
import { describeSlowTests } from "../support/database.js";
import { startTestSite, type TestSite } from "../support/site.js";
import {
  fill,
  flash,
  joined,
  launchBrowserWithCache,
  newContext,
  open,
  openBrowser,
  send,
  sendRegistration,
} from "../support/site-browser.js";

const oops = "Oops, something went wrong! Please check the errors below.";

/** Waits for the next socket of a page. */
async function socketOf(page: Page): Promise<{ closed: Promise<unknown> }> {
  const webSocket = await page.waitForEvent("websocket");
  return { closed: webSocket.waitForEvent("close") };
}

describeSlowTests("accounts in a browser", (database) => {
  let site: TestSite;
  let browser: Browser;
  const contexts: BrowserContext[] = [];
  before(async () => {
    [site, browser] = await Promise.all([startTestSite(database().config), openBrowser()]);
  });
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
  });
  after(async () => {
    await browser.close();
    await site.stop();
    assert.deepEqual(site.errors, []);
  });

  async function newBrowser(options = {}): Promise<BrowserContext> {
    const context = await newContext(browser, site.url, options);
    contexts.push(context);
    return context;
  }

  async function logIn(page: Page, email: string, password = validPassword): Promise<void> {
    await page.goto("/users/log_in");
    await fill(page, "login_form", { email, password });
    await send(page, "login_form");
    await flash(page, "Welcome back!");
  }

  async function register(page: Page): Promise<string> {
    await page.goto("/users/register");
    if (await page.locator("live-session[token]").isVisible()) await joined(page);
    return sendRegistration(page);
  }

  it("can be registered, confirmed, logged out of, logged in to, changed and reset", async () => {
    const context = await newBrowser();
    const page = await context.newPage();
    const email = await register(page);
    await page.getByText(email).waitFor();

    await open(page, await site.mailedPath(email));
    await page.getByRole("button", { name: "Confirm my account" }).click();
    await flash(page, "User confirmed successfully.", "/");

    await page.getByRole("button", { name: "Log out", exact: true }).click();
    await flash(page, "Logged out successfully.", "/");

    await page.goto("/users/log_in");
    await fill(page, "login_form", { email, password: validPassword });
    await page.getByLabel("Keep me logged in").check();
    await send(page, "login_form");
    await flash(page, "Welcome back!", "/");
    await context.clearCookies({ name: /^live_sessions(\.sig)?$/ });
    await open(page, "/users/settings");

    const changed = "the second password";
    const fields = {
      password: changed,
      password_confirmation: changed,
    };
    await fill(page, "password_form", fields);
    await send(page, "password_form");
    await flash(page, "Password updated successfully!", "/users/settings");

    const next = uniqueEmail();
    await joined(page);
    await fill(page, "email_form", { email: next });
    await send(page, "email_form");
    await flash(page, "A link to confirm your email change has been sent to the new address.");
    await open(page, await site.mailedPath(next));
    await page.getByRole("button", { name: "Change my email" }).click();
    await flash(page, "Email changed successfully.", "/users/settings");
    await page.getByText(next).first().waitFor();

    await page.getByRole("button", { name: "Log out", exact: true }).click();
    await flash(page, "Logged out successfully.");
    await open(page, "/users/log_in");
    await page.getByText("Forgot your password?").click();
    await page.waitForURL("**/users/reset_password");
    await joined(page);
    await fill(page, "reset_password_form", { email: next });
    await send(page, "reset_password_form");
    await flash(page, "If your email is in our system, you will receive", "/");
    await open(page, await site.mailedPath(next));
    const reset = "the third password";
    await fill(page, "reset_password_form", { password: reset, password_confirmation: reset });
    await send(page, "reset_password_form");
    await flash(page, "Password reset successfully.", "/users/log_in");
    await logIn(page, next, reset);
  });

  it("are logged out in all tabs of one browser at once, and in no other browser", async () => {
    const [one, two] = [await newBrowser(), await newBrowser()];
    const first = await one.newPage();
    const email = await register(first);
    const second = await two.newPage();
    await logIn(second, email);
    const third = await one.newPage();
    const cut = socketOf(third);
    await Promise.all([open(first, "/"), open(third, "/users/settings"), open(second, "/mount-c")]);
    await first.getByRole("button", { name: "Log out", exact: true }).click({ noWaitAfter: true });
    await (await cut).closed;
    await third.waitForURL("**/users/log_in");
    await flash(third, "You must log in to access this page.");
    await flash(first, "Logged out successfully.");
    assert.equal(await second.locator("live-session").getAttribute("status"), "connected");
    await second.reload();
    await joined(second);
    assert.equal(new URL(second.url()).pathname, "/mount-c");
  });

  it("appear in all tabs of a browser after the login in one of them", async () => {
    const context = await newBrowser();
    const [first, second] = [await context.newPage(), await context.newPage()];
    const email = await register(first);
    await first.getByRole("button", { name: "Log out", exact: true }).click();
    await flash(first, "Logged out successfully.", "/");
    await joined(first);
    await open(second, "/mount-a");
    await logIn(first, email);
    await second.getByText(email).waitFor();
    await joined(second);
    assert.equal(new URL(second.url()).pathname, "/mount-a");
  });

  it("are logged out in every browser when the password changes, and return to the same page after the log in", async () => {
    const [one, two] = [await newBrowser(), await newBrowser()];
    const [first, tab, second] = [await one.newPage(), await one.newPage(), await two.newPage()];
    const email = await register(first);
    await logIn(second, email);
    const cut = socketOf(second);
    await Promise.all([open(first, "/users/settings"), open(tab, "/"), open(second, "/mount-c")]);
    const changed = "the second password";
    const fields = {
      password: changed,
      password_confirmation: changed,
    };
    await fill(first, "password_form", fields);
    await send(first, "password_form");
    await (await cut).closed;
    await second.waitForURL("**/users/log_in");
    await flash(first, "Password updated successfully!", "/users/settings");

    await fill(second, "login_form", { email, password: changed });
    await send(second, "login_form");
    await flash(second, "Welcome back!", "/mount-c");
    await joined(tab);
  });

  it("are not shown by Back after the logout", async () => {
    const keeping = await launchBrowserWithCache();
    try {
      const page = await (await newContext(keeping, site.url)).newPage();
      const email = await register(page);
      await open(page, "/mount-c");
      await open(page, "/users/settings");
      await page.getByRole("button", { name: "Log out", exact: true }).click();
      await flash(page, "Logged out successfully.", "/");
      await joined(page);
      for (const _ of ["/users/settings", "/mount-c"]) {
        await page.goBack();
        await page.waitForURL("**/users/log_in");
        await joined(page);
        assert.equal(await page.getByText(email).count(), 0);
      }
    } finally {
      await keeping.close();
    }
  });

  it("are required by a page, which is shown after the log in", async () => {
    const page = await (await newBrowser()).newPage();
    const email = await register(page);
    await page.getByRole("button", { name: "Log out", exact: true }).click();
    await flash(page, "Logged out successfully.");
    await joined(page);
    await page.getByRole("link", { name: "Mount C" }).click();
    await flash(page, "You must log in to access this page.", "/users/log_in");
    await fill(page, "login_form", { email, password: validPassword });
    await send(page, "login_form");
    await flash(page, "Welcome back!", "/mount-c");
  });

  it("show errors below the fields that were used and focus the first of them", async () => {
    const page = await (await newBrowser()).newPage();
    await open(page, "/users/register");
    const errors = () => page.locator(".error, .form-error").allInnerTexts();
    const email = page.getByLabel("Email");
    await email.fill("with spaces");
    await page.locator(".error").waitFor();
    assert.deepEqual(await errors(), ["must have the @ sign and no spaces"]);
    await page.getByLabel("Password", { exact: true }).fill("too short");
    await send(page, "registration_form");
    await page.locator(".form-error").waitFor();
    assert.deepEqual(await errors(), [
      oops,
      "must have the @ sign and no spaces",
      "should be at least 12 character(s)",
    ]);
    await page.locator("#registration_form_email:focus").waitFor();
    assert.equal(await email.getAttribute("aria-invalid"), "true");
    const describedBy = await email.getAttribute("aria-describedby");
    await page.locator(`#${describedBy}`).getByText("must have the @ sign and no spaces").waitFor();
    assert.equal(await page.getByLabel("Password", { exact: true }).inputValue(), "too short");
    await email.fill(uniqueEmail());
    await page.locator("#registration_form_email:not([aria-invalid])").waitFor();
    assert.deepEqual(await errors(), ["should be at least 12 character(s)"]);
  });

  describe("without JavaScript", () => {
    it("can be registered, logged out of, reset and logged in to", async () => {
      const page = await (await newBrowser({ javaScriptEnabled: false })).newPage();
      await page.goto("/users/register");
      await fill(page, "registration_form", { email: "with spaces", password: "too short" });
      await send(page, "registration_form");
      await page.getByText(oops).waitFor();
      await page.getByText("should be at least 12 character(s)").waitFor();
      const email = uniqueEmail();
      await fill(page, "registration_form", { email, password: validPassword });
      await send(page, "registration_form");
      await flash(page, "Account created successfully!", "/");
      await page.goto(await site.mailedPath(email));
      await page.getByRole("button", { name: "Confirm my account" }).click();
      await flash(page, "User confirmed successfully.", "/");
      await page.getByRole("button", { name: "Log out", exact: true }).click();
      await flash(page, "Logged out successfully.", "/");

      await page.goto("/users/reset_password");
      await fill(page, "reset_password_form", { email });
      await send(page, "reset_password_form");
      await flash(page, "If your email is in our system", "/");
      await page.goto(await site.mailedPath(email));
      await fill(page, "reset_password_form", {
        password: "too short",
        password_confirmation: "other",
      });
      await send(page, "reset_password_form");
      await page.getByText("does not match password").waitFor();
      const password = "the second password";
      await fill(page, "reset_password_form", { password, password_confirmation: password });
      await send(page, "reset_password_form");
      await flash(page, "Password reset successfully.", "/users/log_in");
      await fill(page, "login_form", { email, password: "wrong" });
      await send(page, "login_form");
      await flash(page, "Invalid email or password", "/users/log_in");
      assert.equal(await page.getByLabel("Email").inputValue(), email);
      await logIn(page, email, password);
    });
  });
});
