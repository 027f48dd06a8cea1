import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { createSqliteDatabase, type TestDatabase } from "../support/database.js";
import { launchBrowser, newContext, open } from "../support/site-browser.js";

const script = fileURLToPath(new URL("../../src/server.ts", import.meta.url));

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
    [database, browser, port] = await Promise.all([createSqliteDatabase(), launchBrowser(), freePort()]);
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
    const flags = ["--conditions=source", "--import", "tsx"];
    const started = spawn(process.execPath, [...flags, script], {
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

  it("is rejoined without a page load after it was killed and started again", async () => {
    const first = await start();
    const page = await (await newContext(browser, `http://127.0.0.1:${port}`)).newPage();
    page.setDefaultTimeout(20_000);
    await open(page, "/users/register");
    await page.getByLabel("Email").fill("somebody");
    let loads = 0;
    page.on("load", () => loads++);
    first.kill("SIGKILL");
    await page.waitForSelector("live-session[status=disconnected]");
    await start();
    await page.waitForSelector("live-session[status=connected]");
    assert.equal(loads, 0);
    assert.equal(await page.getByLabel("Email").inputValue(), "somebody");
  });

  it("ends by itself on SIGTERM", async () => {
    assert.ok(server);
    const exited = once(server, "exit");
    server.kill("SIGTERM");
    assert.deepEqual(await exited, [0, null]);
  });
});
