import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { joined, launchBrowser, newContext } from "../../demo/test/support/site-browser.js";
import { argsToRun } from "../../scripts/process-script.js";

const examples = path.resolve(import.meta.dirname, "../../examples");

describe("the examples", { timeout: 120_000 }, () => {
  let browser: Browser;
  let server: ChildProcess | undefined;

  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    const stopped = server && once(server, "exit");
    server?.kill();
    await stopped;
  });

  /** Starts an example on free ports. Returns the URL that it prints. */
  async function start(name: string, file: string): Promise<string> {
    server = spawn(process.execPath, argsToRun(`examples/${name}/${file}`), {
      cwd: path.join(examples, name),
      env: { ...process.env, PORT: "0", OTHER_PORT: "0", NODE_TEST_CONTEXT: undefined },
      stdio: ["ignore", "pipe", "inherit"],
    });
    assert.ok(server.stdout);
    const [line] = await once(server.stdout, "data");
    return String(line).trim();
  }

  async function open(url: string): Promise<Page> {
    const context = await newContext(browser, url);
    const page = await context.newPage();
    await page.goto(url);
    await joined(page);
    return page;
  }

  it("count up and down in the counter", async () => {
    const page = await open(await start("counter", "server.js"));
    await page.getByRole("button", { name: "Increment" }).click();
    await page.getByText("Current count: 1").waitFor();
    await page.getByRole("button", { name: "Decrement" }).click();
    await page.getByText("Current count: 0").waitFor();
  });

  it("protect the dashboard with a login", async () => {
    const page = await open(await start("protected-area", "server.ts"));
    await page.getByText("Hello visitor!").waitFor();

    await page.getByRole("link", { name: "Dashboard" }).click();
    await page.waitForURL("**/log_in");
    await page.getByRole("alert").getByText("You must log in to access this page.").waitFor();

    await logIn(page, "wrong");
    await page.getByText("Invalid name or password.").waitFor();

    await logIn(page, "lovelace");
    await page.getByRole("heading", { name: "Dashboard of ada" }).waitFor();
    await joined(page);
    await page.getByLabel("Note").fill("Buy milk");
    await page.getByRole("button", { name: "Add" }).click();
    await page.getByRole("listitem").getByText("Buy milk").waitFor();

    const otherTab = await page.context().newPage();
    await otherTab.goto(page.url());
    await joined(otherTab);
    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByText("Hello visitor!").waitFor();
    await otherTab.waitForURL("**/log_in");
  });

  it("show one view to two visitors of another site with the drop-in", async () => {
    const url = await start("drop-in", "server.js");
    const [first, second] = [await open(url), await open(url)];
    await first.getByRole("button", { name: "Tea" }).click();
    await first.getByText("Tea: 1").waitFor();
    await second.getByText("Tea: 1").waitFor();
    await second.getByRole("button", { name: "Coffee" }).click();
    await first.getByText("Coffee: 1").waitFor();
  });
});

async function logIn(page: Page, password: string): Promise<void> {
  await joined(page);
  await page.getByLabel("Name").fill("ada");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
}
