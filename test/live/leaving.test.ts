import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import { cont, halt, LiveRouter, liveView, onMount, redirect } from "@live-session/adapter-koa";
import { html } from "lit";
import type { Browser } from "playwright-core";
import { gate } from "../../adapter-koa/test/support/gate.js";
import { startServer } from "../../adapter-koa/test/support/server.js";
import { until } from "../../adapter-koa/test/support/wait.js";
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
    // A lost connection would open again within this time.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    answer();
    await page.getByRole("heading", { name: "/bye" }).waitFor();
    assert.deepEqual(asked, ["/bye"]);
  });
});

describe("events that wait when their view is left", () => {
  let browser: Browser;
  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser.close());

  const start = async (t: TestContext) => {
    const { opened, open: finish } = gate();
    const saved: string[] = [];
    const savingLive = liveView("SavingLive", {
      handleEvent: {
        async click() {
          await opened;
          saved.push("click");
        },
        submit({ payload }) {
          saved.push(`submit ${(payload as { title: string }).title}`);
        },
      },
      render: () => html`
        <button type="button" live-click="click">Save</button>
        <form live-submit="submit"><input name="title" value="a"><button>Send</button></form>
        <a href="/next" live-navigate>Next</a> <a href="/other" live-navigate>Other</a>
        <a href="/plain">Plain</a>`,
    });
    const createSavedLive = (title: string) =>
      liveView("SavedLive", {
        types: {} as { own: { saved: string } },
        mount: ({ socket }) => socket.assign({ saved: saved.join() }),
        render: ({ saved }) => html`<h1>${title}</h1><output>${saved}</output>`,
      });
    const router = new LiveRouter();
    router.liveSession("saving").live("/", savingLive).live("/next", createSavedLive("Next"));
    router.liveSession("other").live("/other", createSavedLive("Other"));
    const { origin, errors } = await startServer(t, router, {
      before: [
        (ctx, next) => {
          if (ctx.path !== "/plain") return next();
          ctx.type = "html";
          ctx.body = "<h1>Plain</h1>";
        },
      ],
    });
    const context = await newContext(browser, origin);
    t.after(() => context.close());
    const page = await context.newPage();
    await open(page, "/");
    await page.locator("[live-click]").click();
    await page.locator("form button").click();
    await page.locator("form.live-submit-loading").waitFor();
    return { page, saved, errors, finish };
  };

  for (const { name, what } of [
    { name: "Next", what: "the next view" },
    { name: "Other", what: "a view of another live session" },
  ]) {
    it(`are handled before ${what} is mounted if their replies come soon`, async (t) => {
      const { page, finish, errors } = await start(t);
      await page.getByRole("link", { name }).click();
      finish();
      await page.getByRole("heading", { name }).waitFor();
      assert.equal(await page.locator("output").textContent(), "click,submit a");
      assert.deepEqual(errors, []);
    });
  }

  for (const name of ["Next", "Other", "Plain"]) {
    it(`are handled although the browser has left for the link "${name}"`, async (t) => {
      const { page, saved, finish, errors } = await start(t);
      await page.getByRole("link", { name }).click();
      await page.getByRole("heading", { name }).waitFor();
      assert.deepEqual(saved, []);
      finish();
      await until(() => saved.length === 2);
      assert.deepEqual(saved, ["click", "submit a"]);
      assert.deepEqual(errors, []);
    });
  }
});
