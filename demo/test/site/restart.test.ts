import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { after, before, describe, it } from "node:test";
import type { Browser } from "playwright-core";
import { argsToRun } from "../../../scripts/test-runner/process-script.js";
import { createSqliteDatabase, type TestDatabase } from "../support/database.js";
import { joined, newContext, open, openBrowser } from "../support/site-browser.js";
import { counted, forget, increment, watch } from "../support/site-visits.js";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

describe("the demo's server", () => {
  let database: TestDatabase;
  let browser: Browser;
  let port: number;
  let server: ChildProcess | undefined;
  before(async () => {
    [database, browser, port] = await Promise.all([
      createSqliteDatabase(),
      openBrowser(),
      freePort(),
    ]);
  });
  after(async () => {
    server?.kill("SIGKILL");
    await browser.close();
    await database.remove();
  });

  async function start(): Promise<ChildProcess> {
    const { file } = database.config as { file: string };
    const env = {
      ...process.env,
      NODE_ENV: "",
      SECRET: "",
      PORT: String(port),
      DATABASE_URL: "",
      DATABASE_FILE: file,
    };
    const started = spawn(process.execPath, argsToRun("demo/src/server.ts"), {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    server = started;
    await new Promise<void>((resolve, reject) => {
      started.stdout.on("data", (data) => String(data).includes("listens") && resolve());
      started.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
    });
    return started;
  }

  it("that was killed and started again is joined without a page load, and a wizard continues where it was", async () => {
    const first = await start();
    const context = await newContext(browser, `http://127.0.0.1:${port}`);
    const [home, form, wizard] = [
      watch(await context.newPage()),
      watch(await context.newPage()),
      watch(await context.newPage()),
    ];
    await open(home.page, "/");
    await home.page.evaluate(() => Object.assign(window, { stayed: true }));
    await increment(home.page);
    await counted(home.page, 1);
    await open(form.page, "/users/register");
    await form.page.getByLabel("Email").fill("somebody");
    await open(wizard.page, "/feedback");
    await wizard.page.getByLabel("4").check();
    await wizard.page.getByRole("button", { name: "Next" }).click();
    const comment = wizard.page.getByLabel("What should we keep");
    await comment.pressSequentially("More exam");
    const visits = [home, form, wizard];
    for (const visit of visits) forget(visit);
    first.kill("SIGKILL");
    const lost = home.page.locator("live-flash").getByText("We can't find the internet");
    for (const { page } of visits) await page.waitForSelector("live-session[status=disconnected]");
    await lost.waitFor();
    await start();
    for (const { page } of visits) await joined(page);
    await lost.waitFor({ state: "detached" });
    await counted(home.page, 0);
    await increment(home.page);
    await counted(home.page, 1);
    assert.ok(await home.page.evaluate(() => "stayed" in window));
    assert.equal(await form.page.getByLabel("Email").inputValue(), "somebody");
    assert.equal(await comment.inputValue(), "More exam");
    await wizard.page.getByText("mounted 2 times").waitFor();
    await comment.pressSequentially("ples");
    await wizard.page.getByRole("button", { name: "Next" }).click();
    await wizard.page.getByRole("button", { name: "Send" }).click();
    await wizard.page.getByText("Thank you!").waitFor();
    const asked = visits.flatMap(({ requests }) => requests);
    // A page whose sockets fail asks whether the server answers requests, and may load the file for long polling.
    assert.deepEqual(
      asked.filter((path) => !/^\/live\/long-?poll/.test(path)),
      [],
    );
    for (const { page } of [home, form]) {
      assert.equal(await page.evaluate(() => sessionStorage.length), 0);
    }
  });

  it("ends on SIGTERM", async () => {
    assert.ok(server);
    const exited = once(server, "exit");
    server.kill("SIGTERM");
    assert.deepEqual(await exited, [0, null]);
  });
});
