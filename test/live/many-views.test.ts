import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { after, before, describe, it, type TestContext } from "node:test";
import { type LiveOptions, LiveRouter, liveView } from "@live-session/adapter-koa";
import { html } from "lit";
import type { Browser, Page } from "playwright-core";
import { startServer } from "../../adapter-koa/test/support/server.js";
import { newContext, openBrowser } from "../../demo/test/support/site-browser.js";

const fieldLive = liveView("FieldLive", {
  types: {} as { own: { text: string } },
  mount: ({ socket }) => socket.assign({ text: "" }),
  handleEvent: {
    change: ({ payload, socket }) =>
      socket.assign({ text: String((payload as { text?: unknown }).text) }),
  },
  render: ({ text }) => html`
    <form id="form" live-change="change"><input name="text" value=${text}></form>
    <output>${text}</output>`,
});

describe("a page with many views whose connection is lost", () => {
  let browser: Browser;
  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser.close());

  /** Opens the page, types into the form of each view, and resets the connection when all views have answered. */
  async function openAndCut(t: TestContext, views: number, limits: LiveOptions["limits"]) {
    const router = new LiveRouter().live("/field/:id", fieldLive);
    const sockets = new Set<Socket>();
    const server = await startServer(t, router, {
      limits: { resume: 0, ...limits }, // a continued connection needs no joins
      before: [
        async (ctx, next) => {
          if (ctx.path !== "/") return next();
          ctx.type = "html";
          ctx.body = `<!doctype html>
            <script type="module" src="/live/live-session.js"></script>
            ${Array.from({ length: views }, (_, i) => `<live-session src="/field/${i}"></live-session>`).join("")}`;
        },
      ],
    });
    server.server.on("upgrade", (_request, socket: Socket) => sockets.add(socket));
    const context = await newContext(browser, server.origin);
    t.after(() => context.close());
    const page = await context.newPage();
    const connections: string[][] = [];
    page.on("websocket", (webSocket) => {
      const frames: string[] = [];
      connections.push(frames);
      webSocket.on("framereceived", ({ payload }) => frames.push(String(payload)));
    });
    await page.goto("/");
    await allConnected(page, views);
    await page.evaluate(() => {
      for (const [i, input] of document.querySelectorAll("input").entries()) {
        input.value = `text ${i}`;
        input.dispatchEvent(new InputEvent("input", { bubbles: true }));
      }
    });
    await allShow(page, views);
    const reconnected = page.waitForEvent("websocket");
    for (const socket of sockets) socket.resetAndDestroy();
    await reconnected;
    await allConnected(page, views);
    await allShow(page, views);
    return { server, connections };
  }

  const allConnected = (page: Page, views: number) =>
    page.waitForFunction(
      (count) => document.querySelectorAll("live-session[status=connected]").length === count,
      views,
    );

  const allShow = (page: Page, views: number) =>
    page.waitForFunction(
      (count) =>
        Array.from(document.querySelectorAll("output"), (each) => each.textContent).join() ===
        Array.from({ length: count }, (_, i) => `text ${i}`).join(),
      views,
    );

  const isBusy = (frame: string): boolean => frame.includes('"busy"');

  it("restores all views and forms over one new connection, without a refused join", async (t) => {
    const { server, connections } = await openAndCut(t, 30, {});
    assert.equal(connections.length, 2);
    assert.deepEqual(connections[1]?.filter(isBusy), []);
    assert.deepEqual(server.errors, []);
  });

  it("tries single joins again that a server with a lower limit refuses", async (t) => {
    // One join per second, so that even a slow machine exceeds it.
    const { server, connections } = await openAndCut(t, 4, { joinsPerSecond: 1 });
    assert.equal(connections.length, 2);
    assert.ok(connections[1]?.some(isBusy));
    assert.deepEqual(server.errors, []);
  });
});
