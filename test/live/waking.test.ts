import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import type { Browser } from "playwright-core";
import { joined, newContext, open, openBrowser } from "../../demo/test/support/site-browser.js";
import { openFormServer, type Told } from "./support/form-live.js";

/** What a browser tells a page by that somebody looks at it again, or that the network is back. */
const wakes: Readonly<Record<string, () => void>> = {
  online: () => window.dispatchEvent(new Event("online")),
  visibilitychange: () => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })),
  resume: () => document.dispatchEvent(new Event("resume", { bubbles: true })),
};

describe("a page whose server was replaced", () => {
  let browser: Browser;
  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser.close());

  for (const [name, wake] of Object.entries(wakes)) {
    it(`is joined again, with what was typed, by ${name} and not by the time that passes`, async (t) => {
      const { page, server } = await start(t, browser);
      await page.locator("[name=text]").pressSequentially("typed");
      await joined(page);
      await page.clock.pauseAt(new Date(Date.now() + 60_000));
      await server.stop();
      await page.locator("live-session[status=disconnected]").waitFor({ state: "attached" });
      // Each try is in vain and makes the next one wait for longer, at last for about four seconds.
      let refused = 0;
      page.on("websocket", (socket) => socket.once("close", () => refused++));
      while (refused < 5) await page.clock.runFor(100);

      const told: Told[] = [];
      const replacement = await openFormServer(told, { port: server.port });
      t.after(() => replacement.stop());
      const opened = page.waitForEvent("websocket");
      await page.evaluate(wake);
      await page.clock.runFor(100);
      await opened;
      await page.clock.resume();
      await joined(page);
      await page.locator("[name=text]").pressSequentially(" and more");
      await joined(page);
      assert.equal(told[0]?.event, "recover");
      assert.equal(told[0]?.payload.text, "typed");
      assert.equal(told.at(-1)?.payload.text, "typed and more");
      assert.equal(await page.locator("output").textContent(), "typed and more");
    });
  }
});

/** A page that is joined, whose timers can be held, with the longest delays that chance may give. */
async function start(t: TestContext, browser: Browser) {
  const server = await openFormServer([]);
  const context = await newContext(browser, server.origin);
  t.after(async () => {
    await context.close();
    await server.stop();
  });
  await context.addInitScript(() => {
    Math.random = () => 0.999;
  });
  const page = await context.newPage();
  await page.clock.install();
  await open(page, "/");
  return { page, server };
}
