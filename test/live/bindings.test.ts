import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { LiveRouter, type LiveView } from "@live-session/adapter-koa";
import type Koa from "koa";
import type { Browser, Page } from "playwright-core";
import { type LiveServer, openServer } from "../../adapter-koa/test/support/server.js";
import { joined, newContext, open, openBrowser } from "../../demo/test/support/site-browser.js";
import { createBindingsLive, type Received } from "./support/bindings-live.js";

/** A user action, the event that it sends, and the elements that are marked until the view has replied. */
interface Row {
  readonly binding: string;
  readonly act: (page: Page) => Promise<unknown>;
  readonly sent: Received;
  readonly marked: readonly string[];
}

const dispatch = (type: string) => (page: Page) =>
  page.evaluate((type) => window.dispatchEvent(new Event(type)), type);

const scrollTo = (end: "top" | "bottom") => (page: Page) =>
  page.locator("#scroll").evaluate((area, end) => {
    area.scrollTop = end === "top" ? 0 : area.scrollHeight;
  }, end);

const rows: readonly Row[] = [
  {
    binding: "live-click, live-value-* and live-disable-with",
    act: (page) => page.locator("#click").click(),
    sent: { event: "clicked", payload: { id: "7" } },
    marked: ["click live-click-loading", "click disabled Wait"],
  },
  {
    binding: "live-click-away",
    act: (page) => page.locator("h1").click(),
    sent: { event: "left", payload: {} },
    marked: ["away live-click-loading"],
  },
  {
    binding: "live-change of a form",
    act: (page) => page.locator("#a").press("x"),
    sent: { event: "changed", payload: { a: "x", _target: "a" } },
    marked: ["a live-change-loading", "change live-change-loading"],
  },
  {
    binding: "live-change of a field",
    act: (page) => page.locator("#b").press("y"),
    sent: { event: "field_changed", payload: { b: "y", _target: "b" } },
    marked: ["b live-change-loading"],
  },
  {
    binding: "live-submit, its button and live-disable-with",
    act: (page) => page.locator("#save").click(),
    sent: { event: "saved", payload: { user: { name: "Ada" }, by: "x" } },
    marked: ["submit live-submit-loading", "save disabled Saving"],
  },
  {
    binding: "live-focus",
    act: (page) => page.locator("#focus").focus(),
    sent: { event: "focused", payload: { value: "" } },
    marked: ["focus live-focus-loading"],
  },
  {
    binding: "live-blur",
    act: async (page) => {
      await page.locator("#blur").focus();
      await page.locator("#blur").blur();
    },
    sent: { event: "blurred", payload: { value: "" } },
    marked: ["blur live-blur-loading"],
  },
  {
    binding: "live-keydown with a live-key",
    act: async (page) => {
      await page.locator("#down").press("b");
      await page.locator("#down").press("a");
    },
    sent: { event: "key_down", payload: { key: "a", value: "b" } },
    marked: ["down live-keydown-loading"],
  },
  {
    binding: "live-keyup with a live-key in another case",
    act: (page) => page.locator("#up").press("Enter"),
    sent: { event: "key_up", payload: { key: "Enter", value: "" } },
    marked: ["up live-keyup-loading"],
  },
  {
    binding: "live-window-focus",
    act: dispatch("focus"),
    sent: { event: "window_focused", payload: {} },
    marked: ["window-focus live-focus-loading"],
  },
  {
    binding: "live-window-blur",
    act: dispatch("blur"),
    sent: { event: "window_blurred", payload: {} },
    marked: ["window-blur live-blur-loading"],
  },
  {
    binding: "live-window-keydown",
    act: (page) => page.locator("#click").press("F2"),
    sent: { event: "window_key_down", payload: { key: "F2" } },
    marked: ["window-down live-keydown-loading"],
  },
  {
    binding: "live-window-keyup",
    act: (page) => page.locator("#click").press("F4"),
    sent: { event: "window_key_up", payload: { key: "F4" } },
    marked: ["window-up live-keyup-loading"],
  },
  {
    binding: "live-viewport-bottom",
    act: scrollTo("bottom"),
    sent: { event: "at_bottom", payload: { id: "row-39" } },
    marked: ["list live-viewport-loading"],
  },
  {
    binding: "live-viewport-top",
    act: async (page) => {
      await scrollTo("bottom")(page);
      await joined(page);
      await scrollTo("top")(page);
    },
    sent: { event: "at_top", payload: { id: "row-0" } },
    marked: ["list live-viewport-loading"],
  },
  {
    binding: "live-debounce",
    // One task, because pauses between real keys can be longer than the delay on a busy machine.
    act: (page) =>
      page.locator("#d").evaluate((field: HTMLInputElement) => {
        for (const text of ["a", "ab", "abc"]) {
          field.value = text;
          field.dispatchEvent(new Event("input", { bubbles: true }));
        }
      }),
    sent: { event: "debounced", payload: { d: "abc", _target: "d" } },
    marked: ["d live-change-loading", "late live-change-loading"],
  },
  {
    binding: "live-debounce until the field is left",
    act: async (page) => {
      await page.locator("#e").pressSequentially("abc");
      await page.locator("#e").blur();
    },
    sent: { event: "debounced_by_blur", payload: { e: "abc", _target: "e" } },
    marked: ["e live-change-loading", "later live-change-loading"],
  },
  {
    binding: "live-throttle",
    act: async (page) => {
      for (let i = 0; i < 3; i++) await page.locator("#throttle").click();
    },
    sent: { event: "throttled", payload: {} },
    marked: ["throttle live-click-loading"],
  },
  {
    binding: "a command with a value and further elements to mark",
    act: (page) => page.locator("#push").click(),
    sent: { event: "pushed", payload: { by: 2 } },
    marked: ["push live-click-loading", "panel live-click-loading"],
  },
  {
    binding: "the pushEvent of a live-hook",
    act: (page) => page.locator("#hook").click(),
    sent: { event: "hooked", payload: { from: "hook" } },
    marked: ["hook live-hook-waiting"],
  },
];

describe("a binding whose replies take 300 ms", () => {
  const received: Received[] = [];
  const complaints: string[] = [];
  let server: LiveServer;
  let browser: Browser;
  let page: Page;

  before(async () => {
    browser = await openBrowser();
    server = await openServer(
      new LiveRouter().live("/", createBindingsLive(received) as LiveView),
      {
        before: [showSentForm],
      },
    );
    const context = await newContext(browser, server.origin);
    await context.addInitScript(observe);
    page = await context.newPage();
    page.on("pageerror", (error) => complaints.push(String(error)));
    await open(page, "/");
    await page.evaluate(() => document.querySelector("live-session")?.debug.enableLatencySim(300));
  });
  beforeEach(async () => {
    await joined(page);
    await page.evaluate(() => window.marks.splice(0));
    received.length = 0;
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  /** Returns what the view received of an event, as plain data without the announcements of unused fields. */
  const receivedAs = (name: string): unknown =>
    JSON.parse(
      JSON.stringify(
        received.filter(({ event }) => event === name),
        (key, value) => (key.startsWith("_unused_") ? undefined : value),
      ),
    );

  /** Waits until the view has received an event and the page shows the reply. */
  async function replied(event: string): Promise<void> {
    while (!received.some((one) => one.event === event)) await setTimeout(10);
    await page
      .locator("output")
      .filter({ hasText: new RegExp(`\\b${event}\\b`) })
      .waitFor();
    await joined(page);
  }

  for (const { binding, act, sent, marked } of rows) {
    it(`sends one event and marks its elements until the reply: ${binding}`, async () => {
      await act(page);
      await replied(sent.event);
      assert.deepEqual(receivedAs(sent.event), [sent]);
      const marks = await page.evaluate(() => window.marks);
      assert.deepEqual(
        marked.filter((mark) => !marks.includes(mark)),
        [],
        marks.join(", "),
      );
      assert.equal(await page.locator("[disabled], [class*=waiting]").count(), 0);
      assert.deepEqual(complaints, []);
    });
  }

  it("sends a form to its action after the view has turned live-trigger-action on", async () => {
    await page.locator("#go").click();
    await page.getByText("Sent: kept").waitFor();
    assert.deepEqual(receivedAs("triggered"), [{ event: "triggered", payload: { f: "kept" } }]);
  });
});

/** Answers the form with the value that it sent. */
const showSentForm: Koa.Middleware = async (ctx, next) => {
  if (ctx.path !== "/sent") return next();
  const body = Buffer.concat(await ctx.req.toArray()).toString();
  ctx.type = "html";
  ctx.body = `<p>Sent: ${new URLSearchParams(body).get("f")}</p>`;
};

declare global {
  interface Window {
    /** Elements that were marked as waiting, each with its mark. */
    marks: string[];
  }
}

/** Runs in the page: records the marks of elements and defines the hook of the view. */
function observe(): void {
  window.marks = [];
  new MutationObserver((records) => {
    for (const { target } of records) {
      const element = target as HTMLButtonElement;
      for (const name of element.classList) {
        if (/^live-.+-(loading|waiting)$/.test(name)) window.marks.push(`${element.id} ${name}`);
      }
      if (element.disabled) window.marks.push(`${element.id} disabled ${element.textContent}`);
    }
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ["class", "disabled"] });
  addEventListener("DOMContentLoaded", () => {
    const session = document.querySelector("live-session");
    if (!session) return;
    session.hooks = {
      Echo: {
        mounted() {
          this.element.addEventListener("click", async () => {
            this.element.classList.add("live-hook-waiting");
            await this.pushEvent("hooked", { from: "hook" });
            this.element.classList.remove("live-hook-waiting");
          });
        },
      },
    };
  });
}
