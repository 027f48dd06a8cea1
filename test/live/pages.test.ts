import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { LiveRouter } from "@live-session/adapter-koa";
import { toHtml } from "@live-session/adapter-koa/testing";
import type { Browser, Page } from "playwright-core";
import { type LiveServer, openServer } from "../../adapter-koa/test/support/server.js";
import { joined, newContext, open, openBrowser } from "../../demo/test/support/site-browser.js";
import { formPages } from "./support/pages/forms.js";
import { listPages } from "./support/pages/lists.js";
import type { UsedPage } from "./support/pages/page.js";
import { scriptedPages } from "./support/pages/scripts.js";

const latencyMs = 300;
const pages = [...listPages, ...formPages, ...scriptedPages];

describe("pages as people write them, at a latency of 300 ms", { concurrency: 7 }, () => {
  let browser: Browser;
  let server: LiveServer;

  before(async () => {
    const router = new LiveRouter();
    for (const { name, view } of pages) router.live(`/${name}`, view);
    server = await openServer(router);
    browser = await openBrowser();
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  for (const used of pages) {
    it(`lose no input and agree with their views (${used.name})`, async () => {
      const context = await newContext(browser, server.origin);
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(String(error)));
      // The compiler adds calls of this function to functions that run in the page.
      await page.addInitScript("globalThis.__name = (named) => named");
      if (used.script) await page.addInitScript(used.script);
      await open(page, `/${used.name}`);
      await page.evaluate(
        (ms) => document.querySelector("live-session")?.debug.enableLatencySim(ms),
        latencyMs,
      );
      await used.use(page, () => agree(page, used));
      const assigns = used.assigns() as Record<string, unknown>;
      const known = Object.keys(used.result).map((name) => [name, assigns[name]]);
      assert.deepEqual(Object.fromEntries(known), used.result);
      assert.deepEqual(complaints, []);
      await context.close();
    });
  }

  it("have reported no error", () => assert.deepEqual(server.errors, []));
});

/** Waits until the page shows the content of the view. Fails with the differences if it does not in time. */
async function agree(page: Page, used: UsedPage): Promise<void> {
  const end = Date.now() + 8000;
  for (;;) {
    await joined(page);
    // An update from the server takes the latency to arrive.
    await setTimeout(latencyMs);
    const [shown, said] = await page.evaluate(readPage, toHtml(used.template()));
    if (isEqual(shown, said)) return;
    if (Date.now() > end) assert.deepEqual(shown, said);
  }
}

const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Runs in the page. Lists what it shows, and what the HTML of its view contains. */
function readPage(html: string): [shown: string[], said: string[]] {
  const list = (root: Element): string[] => {
    let shown = "";
    const walk = (node: Node): void => {
      if (node instanceof Text) shown += node.data;
      if (!(node instanceof Element)) return;
      const field = node as HTMLInputElement;
      if (node.matches("input,textarea,select")) {
        // A field outside of a form belongs to the page alone.
        if (field.form) shown += ` ${field.name}=${field.checked ? "on" : ""}${field.value} `;
        return;
      }
      const state = ["hidden", "disabled"].filter((name) => node.matches(`[${name}]:not(#box)`));
      // Translators and widgets add these elements.
      if (!node.matches("font,span")) shown += ` <${node.localName} ${state}> `;
      if (node.matches("[live-ignore],[data-live]")) return;
      for (const child of node.childNodes) walk(child);
      if (!node.matches("font,span")) shown += " ";
    };
    for (const child of root.childNodes) walk(child);
    return shown.split(/\s+/).filter(Boolean);
  };
  const said = new DOMParser().parseFromString(html, "text/html").body;
  return [list(document.querySelector("live-session") as Element), list(said)];
}
