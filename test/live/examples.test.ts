import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { visit } from "@live-session/adapter-koa/testing";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import {
  joined,
  launchBrowser,
  newContext,
  violations,
} from "../../demo/test/support/site-browser.js";
import { argsToRun } from "../../scripts/test-runner/process-script.js";

const examples = path.resolve(import.meta.dirname, "../../examples");

describe("the examples", { timeout: 120_000 }, () => {
  let browser: Browser;
  let server: ChildProcess | undefined;

  const data = mkdtempSync(path.join(tmpdir(), "team-"));

  before(async () => {
    Object.assign(process.env, { DATA: data });
    // The examples use a Redis if it is set, whose messages and connections would outlive the test.
    delete process.env.REDIS_URL;
    browser = await launchBrowser();
  });
  after(() => browser.close());
  after(() => rmSync(data, { recursive: true }));
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    const stopped = server && once(server, "exit");
    server?.kill();
    await stopped;
    server = undefined;
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

  async function open(url: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await newContext(browser, url, options);
    const page = await context.newPage();
    await page.goto(url);
    await joined(page);
    return page;
  }

  /** Opens the team's chat for a member. */
  async function openAs(name: string, url: string, options?: BrowserContextOptions): Promise<Page> {
    const page = await open(url, options);
    await page.getByLabel("Your name").fill(name);
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("heading", { name: "#general" }).waitFor();
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

  it("connect two members of a team", async () => {
    const url = await start("team", "server.ts");
    const ada = await openAs("Ada", url);
    const tom = await openAs("Tom", url, { viewport: { width: 320, height: 640 } });
    await ada.getByText("Here: Ada, Tom").waitFor();

    const content = Buffer.from("<script>alert(1)</script>");
    const [chooser] = await Promise.all([
      ada.waitForEvent("filechooser"),
      ada.getByRole("button", { name: "Choose files" }).click(),
    ]);
    await chooser.setFiles({ name: "notes.html", mimeType: "text/html", buffer: content });
    await ada.getByLabel("Message", { exact: true }).fill("<b>Read this</b>");
    await ada.getByRole("button", { name: "Send" }).dblclick();
    const [download] = await Promise.all([
      tom.waitForEvent("download"),
      tom.getByRole("link", { name: "notes.html" }).click(),
    ]);
    assert.deepEqual(readFileSync(await download.path()), content);
    assert.equal(await tom.getByText("<b>Read this</b>").count(), 1);
    assert.deepEqual(await violations(tom), []);

    await tom.getByRole("link", { name: "Board" }).click();
    await tom.getByLabel("New task").fill("Test");
    await tom.getByLabel("New task").press("Enter");
    await tom.getByRole("button", { name: "Title: Test. Edit" }).click();
    await ada.getByLabel("Message", { exact: true }).fill("Have you?");
    await ada.getByLabel("Message", { exact: true }).press("Enter");
    await tom.getByText("1 new").waitFor();
    await ada.getByRole("link", { name: "Board" }).click();
    await ada.getByRole("button", { name: "Title: Test. Edit" }).click();
    await ada.getByLabel("Title", { exact: true }).fill("Test it");
    await ada.getByLabel("Title", { exact: true }).press("Enter");
    const edited = ada.getByRole("button", { name: "Title: Test it. Edit" });
    await edited.and(ada.locator(":focus")).waitFor();
    await tom.getByText("Another member has changed this to “Test it”.").waitFor();
    assert.deepEqual(await violations(tom), []);
    assert.ok((await tom.evaluate(() => document.documentElement.scrollWidth)) <= 320);
    await tom.getByLabel("Title", { exact: true }).press("Escape");
    await tom.getByRole("button", { name: "Title: Test it. Edit" }).waitFor();
  });

  it("count messages that a member of the team has missed", async () => {
    const { app } = await import("../../examples/team/app.js");
    const ada = await visit(app, "/log_in");
    await ada.form("form", { name: "Ada" }).submit();
    await ada.connect();
    await ada.navigate("/board");
    const tom = await visit(app, "/log_in");
    await tom.form("form", { name: "Tom" }).submit();
    await tom.connect();
    await ada.disconnect();
    for (const text of ["Hello", "Are you there?"]) await tom.form("#post", { text }).submit();
    await ada.reconnect();
    await ada.settled();
    assert.equal(ada.element("nav a", "#general").text.replace(/\s+/g, " "), "#general 2 new");
    await ada.navigate("/rooms/general");
    assert.ok(ada.hasElement("li", "Are you there?"));
    assert.ok(!ada.hasElement("nav a", "new"));

    const withoutScript = await visit(app, "/rooms/general", { cookies: tom.cookies });
    const file = new File(["notes"], "notes.txt");
    await withoutScript.form("#post", { text: "Read this", files: file }).submit();
    assert.ok(withoutScript.hasElement("li a", "notes.txt"));
    await ada.settled();
    assert.ok(ada.hasElement("li", /Read this/));

    for (const path of ["/rooms/none", "/tasks/none", "/tasks/999"])
      assert.equal((await visit(app, path, { cookies: ada.cookies })).status, 404);
    assert.equal((await visit(app, "/board")).path, "/log_in");
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
