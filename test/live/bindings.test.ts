import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import { LiveRouter, type LiveView } from "@live-session/adapter-koa";
import type { Browser, Page } from "playwright-core";
import { openServer } from "../../adapter-koa/test/support/server.js";
import { joined, newContext, open, openBrowser } from "../../demo/test/support/site-browser.js";
import { createBindingsLive, type Told } from "./support/bindings-live.js";

/** What somebody does to an element, what the view is told of it, and what is marked until it has answered. */
interface Row {
  readonly binding: string;
  readonly act: (page: Page) => Promise<unknown>;
  readonly told: Told;
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
    told: { event: "clicked", payload: { id: "7" } },
    marked: ["click live-click-loading", "click disabled Wait"],
  },
  {
    binding: "live-click-away",
    act: (page) => page.locator("h1").click(),
    told: { event: "left", payload: {} },
    marked: ["away live-click-loading"],
  },
  {
    binding: "live-change of a form",
    act: (page) => page.locator("#a").press("x"),
    told: { event: "changed", payload: { a: "x", _target: "a" } },
    marked: ["a live-change-loading", "change live-change-loading"],
  },
  {
    binding: "live-change of a field",
    act: (page) => page.locator("#b").press("y"),
    told: { event: "field_changed", payload: { b: "y", _target: "b" } },
    marked: ["b live-change-loading"],
  },
  {
    binding: "live-submit, its button and live-disable-with",
    act: (page) => page.locator("#save").click(),
    told: { event: "saved", payload: { user: { name: "Ada" }, by: "x" } },
    marked: ["submit live-submit-loading", "save disabled Saving"],
  },
  {
    binding: "live-focus",
    act: (page) => page.locator("#focus").focus(),
    told: { event: "focused", payload: { value: "" } },
    marked: ["focus live-focus-loading"],
  },
  {
    binding: "live-blur",
    act: async (page) => {
      await page.locator("#blur").focus();
      await page.locator("#blur").blur();
    },
    told: { event: "blurred", payload: { value: "" } },
    marked: ["blur live-blur-loading"],
  },
  {
    binding: "live-keydown with a live-key",
    act: async (page) => {
      await page.locator("#down").press("b");
      await page.locator("#down").press("a");
    },
    told: { event: "key_down", payload: { key: "a", value: "b" } },
    marked: ["down live-keydown-loading"],
  },
  {
    binding: "live-keyup with a live-key in another case",
    act: (page) => page.locator("#up").press("Enter"),
    told: { event: "key_up", payload: { key: "Enter", value: "" } },
    marked: ["up live-keyup-loading"],
  },
  {
    binding: "live-window-focus",
    act: dispatch("focus"),
    told: { event: "window_focused", payload: {} },
    marked: ["window-focus live-focus-loading"],
  },
  {
    binding: "live-window-blur",
    act: dispatch("blur"),
    told: { event: "window_blurred", payload: {} },
    marked: ["window-blur live-blur-loading"],
  },
  {
    binding: "live-window-keydown",
    act: (page) => page.locator("#click").press("F2"),
    told: { event: "window_key_down", payload: { key: "F2" } },
    marked: ["window-down live-keydown-loading"],
  },
  {
    binding: "live-window-keyup",
    act: (page) => page.locator("#click").press("F4"),
    told: { event: "window_key_up", payload: { key: "F4" } },
    marked: ["window-up live-keyup-loading"],
  },
  {
    binding: "live-viewport-bottom",
    act: scrollTo("bottom"),
    told: { event: "at_bottom", payload: { id: "row-39" } },
    marked: ["list live-viewport-loading"],
  },
  {
    binding: "live-viewport-top",
    act: async (page) => {
      await scrollTo("bottom")(page);
      await joined(page);
      await scrollTo("top")(page);
    },
    told: { event: "at_top", payload: { id: "row-0" } },
    marked: ["list live-viewport-loading"],
  },
  {
    binding: "live-debounce",
    act: (page) => page.locator("#d").pressSequentially("abc"),
    told: { event: "debounced", payload: { d: "abc", _target: "d" } },
    marked: ["d live-change-loading", "late live-change-loading"],
  },
  {
    binding: "live-debounce until the field is left",
    act: async (page) => {
      await page.locator("#e").pressSequentially("abc");
      await page.locator("#e").blur();
    },
    told: { event: "debounced_by_blur", payload: { e: "abc", _target: "e" } },
    marked: ["e live-change-loading", "later live-change-loading"],
  },
  {
    binding: "live-throttle",
    act: async (page) => {
      for (let i = 0; i < 3; i++) await page.locator("#throttle").click();
    },
    told: { event: "throttled", payload: {} },
    marked: ["throttle live-click-loading"],
  },
  {
    binding: "a command with a value and further elements to mark",
    act: (page) => page.locator("#push").click(),
    told: { event: "pushed", payload: { by: 2 } },
    marked: ["push live-click-loading", "panel live-click-loading"],
  },
  {
    binding: "the pushEvent of a live-hook",
    act: (page) => page.locator("#hook").click(),
    told: { event: "hooked", payload: { from: "hook" } },
    marked: ["hook live-hook-waiting"],
  },
];

describe("with answers that take 300 ms", () => {
  let browser: Browser;
  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser.close());

  for (const { binding, act, told, marked } of rows) {
    it(`tells once, and marks until it is answered: ${binding}`, async (t) => {
      const site = await start(t, browser);
      await act(site.page);
      await answered(site.page, told.event);
      await joined(site.page);
      assert.deepEqual(toldOf(site.told, told.event), [told]);
      const marks = await site.page.evaluate(() => window.marks);
      assert.deepEqual(
        marked.filter((mark) => !marks.includes(mark)),
        [],
        marks.join(", "),
      );
      assert.equal(await site.page.locator("[disabled], [class*=waiting]").count(), 0);
      assert.deepEqual(site.complaints, []);
    });
  }

  it("sends a form to its action once the view has turned live-trigger-action on", async (t) => {
    const { page, told } = await start(t, browser);
    await page.locator("#go").click();
    await page.getByText("Sent: kept").waitFor();
    assert.deepEqual(toldOf(told, "triggered"), [{ event: "triggered", payload: { f: "kept" } }]);
  });
});

/** What was told of an event, as plain data, without the announcements of unused fields. */
const toldOf = (told: readonly Told[], name: string): unknown =>
  JSON.parse(
    JSON.stringify(
      told.filter(({ event }) => event === name),
      (key, value) => (key.startsWith("_unused_") ? undefined : value),
    ),
  );

/** Waits until the page shows that the view has been told. */
const answered = (page: Page, event: string) =>
  page
    .locator("output")
    .filter({ hasText: new RegExp(`\\b${event}\\b`) })
    .waitFor();

async function start(t: TestContext, browser: Browser) {
  const told: Told[] = [];
  const server = await openServer(
    new LiveRouter().live("/", createBindingsLive(told) as LiveView),
    {
      before: [
        async (ctx, next) => {
          if (ctx.path !== "/sent") return next();
          const body = Buffer.concat(await ctx.req.toArray()).toString();
          ctx.type = "html";
          ctx.body = `<p>Sent: ${new URLSearchParams(body).get("f")}</p>`;
        },
      ],
    },
  );
  const context = await newContext(browser, server.origin);
  t.after(async () => {
    await context.close();
    await server.stop();
  });
  await context.addInitScript(observe);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  await open(page, "/");
  await page.evaluate(() => document.querySelector("live-session")?.debug.enableLatencySim(300));
  await page.evaluate(() => window.marks.splice(0));
  return { page, told, complaints };
}

declare global {
  interface Window {
    /** Which elements were marked as waiting, and how. */
    marks: string[];
  }
}

/** Runs in the page: notes how elements are marked, and gives the view its hook. */
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
