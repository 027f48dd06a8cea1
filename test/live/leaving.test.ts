import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { cont, halt, LiveRouter, liveView, onMount, redirect } from "@live-session/adapter-koa";
import { html } from "lit";
import type { Browser } from "playwright-core";
import { startServer } from "../../adapter-koa/test/support/server.js";
import { newContext, open, openBrowser } from "../../demo/test/support/site-browser.js";

describe("a view whose handler ends the visitor's session and redirects", () => {
  let browser: Browser;
  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser.close());

  it("goes to that page although its connection is cut before the page arrives", async (t) => {
    let hasEnded = false;
    const ensureSession = onMount("ensureSession", () =>
      hasEnded ? halt(redirect("/log-in")) : cont(),
    );
    const view = liveView("LeavingLive", {
      handleEvent: {
        leave: ({ socket }) => {
          hasEnded = true;
          socket.redirect("/bye");
        },
      },
      render: () => html`<button type="button" live-click="leave">Leave</button>`,
    });
    const router = new LiveRouter();
    router.liveSession("visitor", { onMount: [ensureSession] }).live("/", view);
    let answer = (): void => {};
    const asked: string[] = [];
    const { origin, live } = await startServer(t, router, {
      before: [
        async (ctx, next) => {
          if (ctx.session) ctx.session.live_socket_id = "visitor";
          if (!["/bye", "/log-in"].includes(ctx.path)) return next();
          asked.push(ctx.path);
          if (ctx.path === "/bye") await new Promise<void>((resolve) => (answer = resolve));
          ctx.type = "html";
          ctx.body = `<h1>${ctx.path}</h1>`;
        },
      ],
    });
    const context = await newContext(browser, origin);
    t.after(() => context.close());
    const page = await context.newPage();
    await open(page, "/");
    // Playwright's click would wait for the next page.
    await page.locator("button").dispatchEvent("click");
    while (!asked.includes("/bye")) await new Promise((resolve) => setTimeout(resolve, 10));
    live.disconnect("visitor");
    // Longer than a lost connection needs to open again.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    answer();
    await page.getByRole("heading", { name: "/bye" }).waitFor();
    assert.deepEqual(asked, ["/bye"]);
  });
});
