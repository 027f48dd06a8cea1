import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import type { Browser } from "playwright-core";
import { joined, newContext, open, openBrowser } from "../../demo/test/support/site-browser.js";
import { openFormServer, type Received } from "./support/form-live.js";

/** Events that a browser dispatches when a page is visible again or the network is back. */
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
    it(`joins again and keeps its input at a ${name} event, before its timer ends`, async (t) => {
      const { page, server } = await start(t, browser);
      await page.locator("[name=text]").pressSequentially("typed");
      await joined(page);
      await page.clock.pauseAt(new Date(Date.now() + 60_000));
      await server.stop();
      await page.locator("live-session[status=disconnected]").waitFor({ state: "attached" });
      // Each attempt fails and lengthens the delay before the next one, up to about four seconds.
      let refused = 0;
      page.on("websocket", (socket) => socket.once("close", () => refused++));
      while (refused < 5) await page.clock.runFor(500);

      const received: Received[] = [];
      const replacement = await openFormServer(received, { port: server.port });
      t.after(() => replacement.stop());
      const opened = page.waitForEvent("websocket");
      await page.evaluate(wake);
      await page.clock.runFor(100);
      await opened;
      await page.clock.resume();
      await joined(page);
      await page.locator("[name=text]").pressSequentially(" and more");
      await joined(page);
      assert.equal(received[0]?.event, "recover");
      assert.equal(received[0]?.payload.text, "typed");
      assert.equal(received.at(-1)?.payload.text, "typed and more");
      assert.equal(await page.locator("output").textContent(), "typed and more");
    });
  }
});

/** Opens a page whose timers the test controls, with the longest random delays. */
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
