import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { html as ssrHtml } from "@lit-labs/ssr";
import { LiveRouter, liveView, type RootLayoutPage } from "@live-session/adapter-koa";
import { html } from "lit";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { type LiveServer, openServer } from "../../adapter-koa/test/support/server.js";
import { joined, newContext, openBrowser } from "../../demo/test/support/site-browser.js";

type Own = { path: string; search: string };

const oddLive = liveView("OddLive", {
  types: {} as { own: Own },
  handleParams({ socket, url }) {
    const { pathname, search } = new URL(url);
    socket.assign({ path: pathname, search });
  },
  handleEvent: {
    slide({ payload, socket }) {
      socket.pushPatch(`${socket.assigns.path}?value=${(payload as { value?: string }).value}`);
    },
    "go-there": ({ socket }) => socket.redirect(`${socket.assigns.path}#there`),
  },
  render: ({ path, search }) => html`
    <h1>${path}</h1>
    <output>${search}</output>
    <a id="patch" href="${path}?page=2" live-patch>Page 2</a>
    <a id="navigate" href="/other" live-navigate>Other</a>
    <button id="there" type="button" live-click="go-there">There</button>
    <form live-change="slide"><input name="value" type="range" min="0" max="1000" value="0"></form>`,
});

const rootLayout = ({ title, scriptUrl, content }: RootLayoutPage) => ssrHtml`<!doctype html>
  <html lang="en">
    <head><title>${title ?? ""}</title><script type="module" src=${scriptUrl}></script></head>
    <body>${content}</body>
  </html>`;

const targetLayout = ({ title, scriptUrl, content }: RootLayoutPage) => ssrHtml`<!doctype html>
  <html lang="en">
    <head>
      <title>${title ?? ""}</title><base target="_blank"><script type="module" src=${scriptUrl}></script>
    </head>
    <body>${content}</body>
  </html>`;

describe("a page", () => {
  let browser: Browser;
  let server: LiveServer;
  let context: BrowserContext;
  /** Whether the browser sends and stores cookies. */
  let hasCookies = true;
  before(async () => {
    browser = await openBrowser();
    const router = new LiveRouter();
    router.liveSession("main", { rootLayout }).live("/", oddLive).live("/other", oddLive);
    router.liveSession("targeted", { rootLayout: targetLayout }).live("/targeted", oddLive);
    server = await openServer(router, {
      first: [
        async (ctx, next) => {
          if (!hasCookies) delete ctx.req.headers.cookie;
          await next();
        },
      ],
    });
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  async function newPage(t: { after(run: () => Promise<void>): void }): Promise<Page> {
    context = await newContext(browser, server.origin);
    const { close } = context;
    t.after(() => close.call(context));
    return context.newPage();
  }

  const heading = (page: Page, path: string) => page.locator("h1", { hasText: path }).waitFor();
  const search = (page: Page, text: string) => page.locator("output", { hasText: text }).waitFor();

  it("at a URL with credentials patches and navigates without a page load", async (t) => {
    const page = await newPage(t);
    await page.goto(server.origin.replace("//", "//user:secret@"));
    await joined(page);
    await page.evaluate(() => Object.assign(window, { stayed: true }));
    await page.locator("#patch").click();
    await search(page, "?page=2");
    await page.waitForURL(/\?page=2$/);
    await page.locator("#navigate").click();
    await heading(page, "/other");
    await page.goBack();
    await search(page, "?page=2");
    assert.ok(await page.evaluate(() => "stayed" in window));
    assert.deepEqual(server.errors, []);
  });

  it("with a URL of 9,000 characters patches and navigates", async (t) => {
    const page = await newPage(t);
    const long = `?q=${"x".repeat(9000)}`;
    await page.goto(`/${long}`);
    await joined(page);
    await search(page, long);
    await page.locator("#patch").click();
    await search(page, "?page=2");
    await page.goBack();
    await search(page, long);
    await page.locator("#navigate").click();
    await heading(page, "/other");
    assert.deepEqual(server.errors, []);
  });

  it("reports an error, and is not loaded again and again, without cookies and storage", async (t) => {
    hasCookies = false;
    try {
      const page = await newPage(t);
      await page.addInitScript(() => {
        const codes: string[] = [];
        Object.assign(window, { codes });
        addEventListener("live-error", ({ code }) => codes.push(code));
        Object.defineProperty(window, "sessionStorage", {
          get() {
            throw new DOMException("blocked", "SecurityError");
          },
        });
      });
      let documents = 0;
      page.on("request", (request) => {
        if (request.resourceType() === "document") documents++;
      });
      await page.goto("/");
      await page.waitForFunction(() => (window as unknown as { codes: string[] }).codes.length > 0);
      const codes = await page.evaluate(() => (window as unknown as { codes: string[] }).codes);
      assert.deepEqual(codes, ["LIVE_ERR_STALE"]);
      assert.equal(documents, 1);
    } finally {
      hasCookies = true;
    }
  });

  it("with <base target> opens live links where the browser would", async (t) => {
    const page = await newPage(t);
    await page.goto("/targeted");
    await joined(page);
    const opened = page.waitForEvent("popup");
    await page.locator("#patch").click();
    const popup = await opened;
    await search(popup, "?page=2");
    assert.equal(new URL(page.url()).search, "");
  });

  it("that its view redirects to a fragment of the same page is loaded at the fragment", async (t) => {
    const page = await newPage(t);
    await page.goto("/");
    await joined(page);
    await page.evaluate(() => Object.assign(window, { stayed: true }));
    await page.locator("#there").click();
    await page.waitForFunction(() => !("stayed" in window) && location.hash === "#there");
    await joined(page);
    await page.locator("#patch").click();
    await search(page, "?page=2");
  });

  it("keeps its view and gets the last URL if the browser limits changes of the history", async (t) => {
    const page = await newPage(t);
    // As WebKit does; the limit ends when the test says so.
    await page.addInitScript(() => {
      let left = 100;
      for (const name of ["pushState", "replaceState"] as const) {
        const change = history[name].bind(history);
        history[name] = (...args) => {
          if (left-- <= 0) throw new DOMException("too many calls", "SecurityError");
          change(...args);
        };
      }
      addEventListener("allow", () => {
        left = 100;
      });
    });
    await page.goto("/");
    await joined(page);
    await page.evaluate(() => Object.assign(window, { stayed: true }));
    await page.locator("input").evaluate(async (input: HTMLInputElement) => {
      for (let value = 1; value <= 150; value++) {
        input.value = String(value);
        input.dispatchEvent(new InputEvent("input", { bubbles: true }));
      }
    });
    await search(page, "?value=150");
    assert.notEqual(new URL(page.url()).search, "?value=150");
    await page.locator("#navigate").click();
    await heading(page, "/other");
    await page.evaluate(() => dispatchEvent(new Event("allow")));
    await page.waitForURL(/\/other$/);
    assert.ok(await page.evaluate(() => "stayed" in window));
    assert.equal(await page.locator("live-session").getAttribute("status"), "connected");
    await page.goBack();
    await search(page, "?value=");
    assert.deepEqual(server.errors, []);
  });
});
