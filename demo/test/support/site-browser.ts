import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { viewsAreIdle } from "@live-session/adapter-koa/testing";
import type axe from "axe-core";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type LaunchOptions,
  type Locator,
  type Page,
} from "playwright-core";
import {
  chromiumArgs,
  desktopChromiumVariable,
  sharedChromiumVariable,
} from "../../../scripts/test-runner/shared-chromium.js";
import { uniqueEmail, validPassword } from "./accounts.js";

/**
 * Connects to the Chromium that all test files share, or starts one if there is none. Closing the browser closes only
 * the contexts of this connection.
 */
export function openBrowser(): Promise<Browser> {
  const shared = process.env[sharedChromiumVariable];
  return shared ? chromium.connect(shared) : launchBrowser();
}

/** Starts a Chromium with options of its own. */
export function launchBrowser(options: LaunchOptions = {}): Promise<Browser> {
  const executablePath = options.executablePath ?? process.env.CHROME_PATH;
  assert.ok(executablePath, "CHROME_PATH must name a Chromium");
  return chromium.launch({ ...options, executablePath, args: [...chromiumArgs] });
}

/** Starts a Chromium with a back/forward cache, which Playwright disables by default and the headless shell lacks. */
export const launchBrowserWithCache = (): Promise<Browser> =>
  launchBrowser({
    executablePath: process.env[desktopChromiumVariable] as string,
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
  });

/** Opens a context with its own cookies and reduced motion. */
export async function newContext(
  browser: Browser,
  baseURL: string,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL, reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(20_000);
  return context;
}

/** Waits until the views of a page are joined and no answer is outstanding. */
export async function joined(page: Page): Promise<void> {
  await page.waitForFunction(viewsAreIdle);
}

/** Loads a page and waits until its view is joined. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await joined(page);
}

/** Fills the fields of a form. `fields` maps their keys to values. */
export async function fill(
  page: Page,
  formId: string,
  fields: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [key, value] of Object.entries(fields))
    await page.locator(`#${formId}_${key}`).fill(value);
}

/** Submits a form with its button. An answer about the half-filled form would move the button under the mouse. */
export async function send(page: Page, formId: string): Promise<void> {
  if ((await page.locator("live-session[status=connected]").count()) > 0) await joined(page);
  await page.locator(`#${formId} button`).click();
}

/** Waits for a flash message and checks the path of the page that shows it. */
export async function flash(page: Page, message: string, path?: string): Promise<void> {
  await page.locator("live-flash").getByText(message).waitFor();
  if (path !== undefined) assert.equal(new URL(page.url()).pathname, path);
}

/** Registers a new user on the registration page, which must be open. Returns the address. */
export async function sendRegistration(page: Page): Promise<string> {
  const email = uniqueEmail();
  await fill(page, "registration_form", { email, password: validPassword });
  await send(page, "registration_form");
  await flash(page, "Account created successfully!", "/");
  return email;
}

/** Returns true if an element has the focus. */
export const isFocused = (locator: Locator): Promise<boolean> =>
  locator.evaluate((element) => element === document.activeElement);

const axeFile = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
let axeScript: string | undefined;

/** The accessibility rules whose result depends on the colour scheme. */
export const colorRules: axe.RunOptions = { runOnly: ["color-contrast", "link-in-text-block"] };

/** Returns the accessibility rules that a page violates, each with the HTML of its elements. */
export async function violations(page: Page, options: axe.RunOptions = {}): Promise<string[]> {
  axeScript ??= readFileSync(axeFile, "utf8");
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axeScript);
  return page.evaluate(async (options) => {
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    const { violations } = await axe.run(document, { ...options, resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`);
  }, options);
}
