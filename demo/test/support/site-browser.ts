import assert from "node:assert/strict";
import { viewsAreIdle } from "@live-session/adapter-koa/testing";
import axe from "axe-core";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type LaunchOptions,
  type Locator,
  type Page,
} from "playwright-core";
import { uniqueEmail, validPassword } from "./accounts.js";

/** Starts the Chromium that the site suite runs in. */
export function launchBrowser(options: LaunchOptions = {}): Promise<Browser> {
  const { CHROME_PATH: executablePath } = process.env;
  assert.ok(executablePath, "CHROME_PATH names a Chromium");
  return chromium.launch({
    ...options,
    executablePath,
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
}

/** A browser's context for a site: cookies of its own, nothing to wait long for. */
export async function newContext(
  browser: Browser,
  baseURL: string,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL, reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(8000);
  return context;
}

/** Waits until a page's view is joined and waits for nothing. */
export async function joined(page: Page): Promise<void> {
  await page.waitForFunction(viewsAreIdle);
}

/** Loads a page and waits until its view is joined. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await joined(page);
}

/** Fills a form's fields, by their keys. */
export async function fill(
  page: Page,
  formId: string,
  fields: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [key, value] of Object.entries(fields))
    await page.locator(`#${formId}_${key}`).fill(value);
}

/** Sends a form with its button. */
export function send(page: Page, formId: string): Promise<void> {
  return page.locator(`#${formId} button`).click();
}

/** Waits for a flash message, and for the path where it is to show. */
export async function flash(page: Page, message: string, path?: string): Promise<void> {
  await page.locator("live-flash").getByText(message).waitFor();
  if (path !== undefined) assert.equal(new URL(page.url()).pathname, path);
}

/** Registers a new user on the open page for it; gives the address. */
export async function sendRegistration(page: Page): Promise<string> {
  const email = uniqueEmail();
  await fill(page, "registration_form", { email, password: validPassword });
  await send(page, "registration_form");
  await flash(page, "Account created successfully!", "/");
  return email;
}

/** Whether an element has the focus. */
export const isFocused = (locator: Locator): Promise<boolean> =>
  locator.evaluate((element) => element === document.activeElement);

/** What axe finds wrong with a page: each rule, and the elements that break it. */
export async function violations(page: Page, options: axe.RunOptions = {}): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (options) => (window as unknown as { axe: typeof axe }).axe.run(document, options),
    options,
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`);
}
