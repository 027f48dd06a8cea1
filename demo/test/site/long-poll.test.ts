import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { createSqliteDatabase, type TestDatabase } from "../support/database.js";
import { type HttpOnlyProxy, startHttpOnlyProxy } from "../support/http-only-proxy.js";
import { startTestSite, type TestSite } from "../support/site.js";
import { joined, newContext, open, openBrowser } from "../support/site-browser.js";
import { counted, forget, increment, type Visit, watch } from "../support/site-visits.js";

describe("a page behind a proxy that blocks WebSockets", () => {
  let database: TestDatabase;
  let site: TestSite;
  let browser: Browser;
  let proxy: HttpOnlyProxy;
  let page: Page;
  before(async () => {
    [database, browser] = await Promise.all([createSqliteDatabase(), openBrowser()]);
    site = await startTestSite(database.config);
  });
  afterEach(async () => {
    // A page that is left ends its connection. That of a closed context would stay open for 15 seconds.
    await page.goto("about:blank");
    await connections(0);
    await page.context().close();
    await proxy.stop();
    assert.deepEqual(site.errors, []);
  });
  after(async () => {
    await browser.close();
    await site.stop();
    await database.remove();
  });

  async function visit(path: string): Promise<Visit> {
    proxy = await startHttpOnlyProxy(site.url);
    const context = await newContext(browser, proxy.url);
    page = await context.newPage();
    const visited = watch(page);
    await page.clock.install();
    await open(page, path);
    return visited;
  }

  const asksLike = (requests: readonly string[], pattern: RegExp) =>
    requests.some((path) => pattern.test(path));

  /** Waits until the server has the given number of connections. */
  async function connections(count: number): Promise<void> {
    while (site.site.live.connections !== count) await setTimeout(10);
  }

  it("is live by long polling", async () => {
    const { page, ...visited } = await visit("/");
    const { length } = visited.webSockets;
    assert.ok(length >= 3);
    assert.ok(asksLike(visited.requests, /^\/live\/longpoll$/));
    for (let count = 1; count <= 3; count++) {
      await increment(page);
      await counted(page, count);
    }
    forget({ page, ...visited });
    await page.getByRole("link", { name: "Notifications" }).click();
    await page.getByRole("button", { name: "Send Test Notification" }).click();
    await page.locator("live-notifications [part~=item]").waitFor();
    assert.equal(await page.title(), "Notifications · Live sessions");
    await page.goBack();
    await counted(page, 0);
    assert.deepEqual(visited.documents, []);
    assert.equal(visited.webSockets.length, length);
  });

  it("handles each event once, and shows each answer, when the browser repeats requests whose answers were lost", async () => {
    const { page } = await visit("/");
    await increment(page);
    await counted(page, 1);
    for (let count = 2; count <= 4; count++) {
      // The answers to the POST with the event and to the GET that waits for the reply, in any order.
      proxy.answersToLose = 2;
      await increment(page);
      await counted(page, count);
      assert.equal(proxy.answersToLose, 0);
    }
  });

  it("starts with long polling after the first time, and ends its views when it is left", async () => {
    const visited = await visit("/");
    const { page, requests } = visited;
    forget(visited);
    await open(page, "/mount-a");
    assert.ok(asksLike(requests, /^\/live\/longpoll$/));
    // The connection of the previous page ends when the server receives its close request.
    await connections(1);
    await page.goto("about:blank");
    await connections(0);
  });

  it("returns to a WebSocket when the proxy passes one, and keeps using it", async () => {
    const { page, webSockets } = await visit("/");
    const before = webSockets.length;
    await page.clock.fastForward(60_000);
    await page.waitForFunction(() => "live-session:long-poll" in sessionStorage);
    while (webSockets.length <= before) await page.evaluate(() => {});
    proxy.passesSockets = true;
    while (await page.evaluate(() => "live-session:long-poll" in sessionStorage)) {
      await page.clock.fastForward(10_000);
    }
    await joined(page);
    const sent = webSockets.at(-1)?.waitForEvent("framesent");
    await increment(page);
    await counted(page, 1);
    await sent;
    const { length } = webSockets;
    await open(page, "/mount-a");
    assert.equal(webSockets.length, length + 1);
  });
});
