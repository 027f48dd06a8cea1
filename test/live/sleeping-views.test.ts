import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { LiveRouter, liveComponent, liveView } from "@live-session/adapter-koa";
import { html } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Browser } from "playwright-core";
import { startServer } from "../../adapter-koa/test/support/server.js";
import { newContext, openBrowser } from "../../demo/test/support/site-browser.js";

const counter = liveComponent<Record<never, never>, { count: number }>("Counter", {
  mount: ({ socket }) => socket.assign({ count: 0 }),
  handleEvent: { inc: ({ socket }) => socket.assign({ count: socket.assigns.count + 1 }) },
  render: ({ count }) => html`<button id="counter" live-click="inc">${count}</button>`,
});

const listLive = liveView("ListLive", {
  types: {} as { own: { rows: readonly number[] } },
  mount({ socket }) {
    socket.subscribe("rows");
    socket.assign({ rows: Array.from({ length: 100 }, (_, i) => -i) });
  },
  handleInfo({ message, socket }) {
    socket.assign({ rows: [message as number, ...socket.assigns.rows.slice(0, -1)] });
  },
  handleEvent: { change() {} },
  render: ({ rows }) => html`
    <form id="form" live-change="change"><input name="text"></form>
    ${counter.at("one", {})}
    <ul>${repeat(
      rows,
      (row) => row,
      (row) => html`<li id=${`row${row}`}>row ${row}</li>`,
    )}</ul>`,
});

describe("a page whose view sleeps", () => {
  let browser: Browser;
  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser.close());

  it("keeps its elements, typed text, focus and the state of components when the view wakes", async (t) => {
    let layouts = 0;
    const router = new LiveRouter({
      layout({ content }) {
        layouts++;
        return html`<main>${content}</main>`;
      },
    }).live("/", listLive);
    const server = await startServer(t, router, { limits: { hibernate: 1 } });
    const context = await newContext(browser, server.origin);
    t.after(() => context.close());
    const page = await context.newPage();
    await page.goto("/");
    await page.waitForSelector("live-session[status=connected]");
    let row = 0;
    /** Adds rows until the view has slept before it shows the last one: then its layout is rendered again. */
    const wake = async () => {
      const before = layouts;
      while (layouts === before) {
        server.live.broadcast("rows", ++row);
        await page.waitForSelector(`li:first-child#row${row}`);
      }
    };
    await page.evaluate(() => {
      for (const element of document.querySelectorAll("main, input, button, #row0"))
        element.setAttribute("data-first", "");
    });
    await page.focus("input");
    await page.keyboard.type("typed");
    await wake();
    await page.click("#counter");
    await page.waitForSelector("#counter:text-is('1')");
    await page.focus("input");
    await wake();
    await page.click("#counter");
    await page.waitForSelector("#counter:text-is('2')");
    await page.focus("input");
    await wake();
    const shown = await page.evaluate(() => ({
      marked: Array.from(
        document.querySelectorAll("[data-first]"),
        ({ id, localName }) => id || localName,
      ),
      text: document.querySelector("input")?.value,
      focused: document.activeElement?.localName,
      rows: Array.from(document.querySelectorAll("li"), ({ id }) => id),
    }));
    assert.deepEqual(shown, {
      marked: ["main", "input", "counter", "row0"],
      text: "typed",
      focused: "input",
      rows: Array.from({ length: 100 }, (_, i) => `row${row - i}`),
    });
  });
});
