import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { after, afterEach, before, describe, it, type TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { freePort } from "../../adapter-koa/test/support/free-port.js";
import { startHttpOnlyProxy } from "../../demo/test/support/http-only-proxy.js";
import { joined, newContext, open, openBrowser } from "../../demo/test/support/site-browser.js";
import { argsToRun } from "../../scripts/test-runner/process-script.js";

/** The process that serves the pages. */
interface Served {
  readonly process: ChildProcess;
  readonly origin: string;
  /** Calls a function of the server: broadcasts a message, or disconnects a user. */
  send(message: object): void;
}

async function serve(port: number, errors: string[]): Promise<Served> {
  const child = spawn(process.execPath, argsToRun("test/live/support/nested-server.ts"), {
    env: { ...process.env, PORT: String(port) },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const [started] = await Promise.race([once(child, "message"), once(child, "exit")]);
  assert.equal(started, "ready", "the server has started");
  child.on("message", ({ error }: { error: string }) => errors.push(error));
  return {
    process: child,
    origin: `http://127.0.0.1:${port}`,
    send: (message) => void child.send(message),
  };
}

async function kill({ process: child }: Served): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

describe("nested views in a browser", () => {
  let browser: Browser;
  let server: Served;
  const errors: string[] = [];
  before(async () => {
    [browser, server] = await Promise.all([openBrowser(), serve(await freePort(), errors)]);
  });
  afterEach(() => assert.deepEqual(errors, []));
  after(async () => {
    await browser.close();
    await kill(server);
  });

  async function start(t: TestContext, user: string) {
    const context = await newContext(browser, server.origin);
    t.after(() => context.close());
    const page = await context.newPage();
    /** Kills the server and starts another one in its place. */
    const replace = async (): Promise<void> => {
      const port = Number(new URL(server.origin).port);
      await kill(server);
      await page.locator("#inner[status=disconnected]").waitFor({ state: "attached" });
      server = await serve(port, errors);
      await joined(page);
    };
    const send = (message: object) => server.send(message);
    return { page, replace, send, url: `${server.origin}/?user=${user}` };
  }

  const part = (page: Page, view: string, name: string, text: string) =>
    page.locator(`#${view} > .${name}`, { hasText: text });

  /** Clicks a button of a view and waits for its text. */
  async function click(page: Page, view: string, name: string, text: string): Promise<void> {
    await page.locator(`#${view} > button.${name}`).click();
    await part(page, view, name, text).waitFor();
  }

  it("continue with their kept assigns, notifications and presences after kill -9 of the server", async (t) => {
    const { page, replace, send, url } = await start(t, "ada");
    await open(page, url);
    await click(page, "chat", "step", "step 2");
    await click(page, "chat", "box", "box 1");
    await click(page, "inner", "step", "step 2");
    await click(page, "player", "step", "step 2");
    await click(page, "player", "filter", "filter new");
    send({ notify: "Lunch" });
    for (const view of views) await part(page, view, "notice", "Lunch").waitFor();
    const texts = () => page.locator(".step, .filter, .box, .notice").allTextContents();
    const before = await texts();
    await replace();
    for (const view of views) await part(page, view, "ids", views.join(" ")).waitFor();
    assert.deepEqual(await texts(), before);
    await click(page, "inner", "step", "step 3");
  });

  it("are joined again after live.disconnect, each with its own state", async (t) => {
    const { page, send, url } = await start(t, "bob");
    await open(page, url);
    await click(page, "inner", "step", "step 2");
    await click(page, "player", "step", "step 2");
    await page.evaluate(() => {
      for (const view of document.querySelectorAll("live-session"))
        new MutationObserver(() => view.toggleAttribute("data-was-lost", true)).observe(view, {
          attributeFilter: ["status"],
        });
    });
    send({ disconnect: "bob" });
    await page.waitForFunction(() => !document.querySelector("live-session:not([data-was-lost])"));
    await joined(page);
    await click(page, "inner", "step", "step 3");
    await click(page, "player", "step", "step 3");
    await click(page, "chat", "step", "step 2");
  });

  it("receive files", async (t) => {
    const { page, url } = await start(t, "cleo");
    await open(page, url);
    for (const view of views) {
      const file = { name: `${view}.txt`, mimeType: "text/plain", buffer: Buffer.alloc(200_000) };
      await page.locator(`#${view} > input`).setInputFiles(file);
    }
    for (const view of views) await part(page, view, "saved", `${view}.txt 200000`).waitFor();
  });

  it("work over long polling and after the switch to a WebSocket, and survive a navigation if they are sticky", async (t) => {
    const { page, url } = await start(t, "dan");
    const { origin, pathname, search } = new URL(url);
    const proxy = await startHttpOnlyProxy(origin);
    t.after(() => proxy.stop());
    await page.clock.install();
    await open(page, proxy.url + pathname + search);
    await click(page, "inner", "step", "step 2");
    await click(page, "player", "step", "step 2");
    await page.getByRole("link", { name: "Other" }).click();
    await page.getByRole("heading", { name: "Other" }).waitFor();
    await joined(page);
    await click(page, "player", "step", "step 3");
    await click(page, "inner", "step", "step 2");
    proxy.passesSockets = true;
    const sockets: unknown[] = [];
    page.on("websocket", (socket) => sockets.push(socket));
    while (await page.evaluate(() => "live-session:long-poll" in sessionStorage))
      await page.clock.fastForward(10_000);
    await joined(page);
    await click(page, "inner", "step", "step 3");
    await click(page, "player", "step", "step 4");
    assert.ok(sockets.length > 0);
  });
});

const views = ["chat", "inner", "player"];
