import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { uniqueEmail, validPassword } from "../support/accounts.js";
import { createSqliteDatabase, type TestDatabase } from "../support/database.js";
import { startTestSite, type TestSite } from "../support/site.js";
import {
  colorRules,
  fill,
  joined,
  newContext,
  openBrowser,
  send,
  violations,
} from "../support/site-browser.js";

const axeOptions = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
};
const forAll = [
  "/",
  "/notifications",
  "/mount-a",
  "/mount-b",
  "/users/confirm",
  "/users/confirm/token",
];
const forVisitors = ["/users/register", "/users/log_in", "/users/reset_password"];
const forUsers = ["/mount-c", "/users/settings", "/users/settings/avatar"];
const plain = ["/dev/mailbox", "/nowhere"];

describe("the pages", () => {
  let database: TestDatabase;
  let site: TestSite;
  let browser: Browser;
  const email = `a.rather.long.name.that.a.user.may.have.${uniqueEmail()}`;
  before(async () => {
    database = await createSqliteDatabase();
    [site, browser] = await Promise.all([startTestSite(database.config), openBrowser()]);
  });
  after(async () => {
    await browser.close();
    await site.stop();
    await database.remove();
  });

  const audiences: Record<string, (page: Page) => Promise<readonly string[]>> = {
    visitors: async () => [...forAll, ...forVisitors, ...plain],
    users: async (page) => {
      await page.goto("/users/register");
      await joined(page);
      await fill(page, "registration_form", {
        email: `${Math.random()}${email}`,
        password: validPassword,
      });
      await send(page, "registration_form");
      await page.waitForURL(/\/$/);
      return [...forAll, ...forUsers];
    },
  };

  for (const [audience, enter] of Object.entries(audiences)) {
    it(`keep their Content-Security-Policy, fit 320 px and are accessible in light and dark, for ${audience}`, async () => {
      const context = await newContext(browser, site.url, {
        viewport: { width: 320, height: 640 },
      });
      const violations: string[] = [];
      await context.exposeFunction("reportViolation", (what: string) => violations.push(what));
      await context.addInitScript(() => {
        const { reportViolation } = window as unknown as { reportViolation(what: string): void };
        document.addEventListener("securitypolicyviolation", (e) => {
          reportViolation(`${e.violatedDirective} on ${e.documentURI}`);
        });
      });
      const page = await context.newPage();
      page.on("pageerror", (error) => violations.push(error.message));
      for (const path of await enter(page)) {
        await page.goto(path);
        if (!plain.includes(path)) await joined(page);
        await check(page, path);
      }
      assert.deepEqual(violations, []);
      await context.close();
    });
  }

  it("are accessible behind a mailed link, also with errors", async () => {
    const mailed = uniqueEmail();
    const member = await newContext(browser, site.url);
    const registering = await member.newPage();
    await registering.goto("/users/register");
    await joined(registering);
    await fill(registering, "registration_form", { email: mailed, password: validPassword });
    await send(registering, "registration_form");
    await registering.waitForURL(/\/$/);
    await member.close();
    const context = await newContext(browser, site.url, { viewport: { width: 320, height: 640 } });
    const page = await context.newPage();
    await page.goto("/users/reset_password");
    await joined(page);
    await fill(page, "reset_password_form", { email: mailed });
    await send(page, "reset_password_form");
    await page.waitForURL(/\/$/);
    await page.goto(await site.mailedPath(mailed));
    await joined(page);
    await check(page, "/users/reset_password/:token");
    await fill(page, "reset_password_form", { password: "short", password_confirmation: "other" });
    await send(page, "reset_password_form");
    await page.locator(".form-error").waitFor();
    await check(page, "/users/reset_password/:token");
    await context.close();
  });

  it("are accessible with errors on them", async () => {
    const context = await newContext(browser, site.url, { viewport: { width: 320, height: 640 } });
    const page = await context.newPage();
    await page.goto("/users/register");
    await joined(page);
    await send(page, "registration_form");
    await page.locator(".form-error").waitFor();
    await check(page, "/users/register");
    await page.goto("/users/log_in");
    await fill(page, "login_form", { email, password: "wrong" });
    await send(page, "login_form");
    await page.locator("live-flash").getByText("Invalid email or password").waitFor();
    await check(page, "/users/log_in");
    await context.close();
  });
});

async function check(page: Page, path: string): Promise<void> {
  const { scrollWidth, clientWidth } = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return { scrollWidth, clientWidth };
  });
  assert.ok(scrollWidth <= clientWidth, `${path} is ${scrollWidth} px wide`);
  const rules = { light: axeOptions, dark: colorRules };
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const found = await violations(page, rules[colorScheme]);
    assert.deepEqual(found, [], `${path} in ${colorScheme}`);
  }
}
