import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Page, WebSocketRoute } from "playwright-core";
import { joined } from "../support/site-browser.js";
import { counted, forget, increment, visitedSite } from "../support/site-visits.js";

describe("the connection of a page", () => {
  const visits = visitedSite();

  it("sends events in small frames, without an HTTP request", async () => {
    const visit = await visits().visit("/");
    assert.deepEqual(visit.documents, ["/"]);
    forget(visit);
    for (let count = 1; count <= 3; count++) {
      await increment(visit.page);
      await counted(visit.page, count);
    }
    assert.deepEqual(visit.requests, []);
    assert.equal(visit.webSockets.length, 1);
    assert.equal(visit.frames.length, 6);
    for (const frame of visit.frames) assert.ok(frame.length <= 100, frame);
  });

  it("drops the second click of a double click", async () => {
    const visit = await visits().visit("/");
    forget(visit);
    await visit.page.evaluate(() => {
      document.querySelector("live-session")?.debug.enableLatencySim(100);
    });
    await visit.page.getByRole("button", { name: "Increment" }).dblclick();
    await counted(visit.page, 1);
    assert.equal(visit.frames.filter((frame) => frame.includes('"inc"')).length, 1);
  });

  it("sends each of many quick clicks on an element with live-every-click once and in order", async () => {
    const visit = await visits().visit("/");
    forget(visit);
    await visit.page.evaluate(() => {
      const button = document.querySelector<HTMLElement>("main button");
      button?.setAttribute("live-every-click", "");
      for (let i = 0; i < 50; i++) button?.click();
    });
    await counted(visit.page, 50);
    assert.equal(visit.frames.filter((frame) => frame.includes('"inc"')).length, 50);
  });

  it("is separate for each tab, and so is the count", async () => {
    const first = await visits().visit("/");
    const second = await visits().visit("/", { context: first.context });
    await increment(first.page);
    await counted(first.page, 1);
    await increment(second.page);
    await counted(second.page, 1);
    await increment(second.page);
    await counted(second.page, 2);
    await counted(first.page, 1);
  });

  it("survives a view that crashes and joins it again", async () => {
    const other = await visits().visit("/");
    const visit = await visits().visit("/", { context: other.context });
    const { page } = visit;
    const titles = await noteBoxes(page);
    for (const tab of [page, other.page]) {
      await increment(tab);
      await counted(tab, 1);
    }
    forget(visit);
    await page.evaluate(() => {
      const button = document.createElement("button");
      button.setAttribute("live-click", "no such event");
      document.querySelector("main")?.append(button);
      button.click();
    });
    await counted(page, 0);
    await joined(page);
    await page.locator("live-flash [part~=box]").waitFor({ state: "detached" });
    assert.deepEqual(await titles(), ["Something went wrong!"]);
    await increment(page);
    await counted(page, 1);
    assert.deepEqual(visit.requests, []);
    assert.equal(visit.webSockets.length, 1);
    await increment(other.page);
    await counted(other.page, 2);
    assert.match(
      String(visits().takeErrors()),
      /^LiveError \[LIVE_ERR_UNKNOWN_EVENT\]: PageLive has no handler for an event/,
    );
  });

  it("reconnects without a page load and shows a message while it is lost", async () => {
    const visit = await visits().newVisit();
    const { page } = visit;
    const cuts = await proxySocket(page);
    await page.goto("/");
    await joined(page);
    await page.getByRole("link", { name: "Notifications" }).click();
    await page.waitForURL("**/notifications");
    await joined(page);
    forget(visit);
    cuts.hold();
    cuts.cut();
    await page.waitForSelector("live-session[status=disconnected]");
    const box = page.locator("live-flash").getByText("We can't find the internet");
    await box.waitFor();
    await page.locator("live-flash").getByText("Attempting to reconnect").waitFor();
    await page.getByRole("button", { name: "Send Test Notification" }).click();
    cuts.release();
    await joined(page);
    await box.waitFor({ state: "detached" });
    assert.equal(await page.title(), "Notifications · Live sessions");
    // The click of the time without a connection
    await page.locator("live-notifications [part~=item]").waitFor();
    await page.getByRole("button", { name: "Send Test Notification" }).click();
    await page.locator("live-notifications [part~=item]").nth(1).waitFor();
    assert.equal(await page.locator("live-notifications [part~=item]").count(), 2);
    assert.deepEqual(visit.requests, []);
  });

  it("continues with the same view, and with what the user has done meanwhile", async () => {
    const visit = await visits().newVisit();
    const { page } = visit;
    const cuts = await proxySocket(page);
    await page.goto("/");
    await joined(page);
    for (let count = 1; count <= 7; count++) {
      await increment(page);
      await counted(page, count);
    }
    await page.evaluate(() => {
      document.body.insertAdjacentHTML(
        "beforeend",
        '<textarea id="draft" rows="2">one\ntwo\nthree\nfour</textarea><dialog id="open"><p>Open</p></dialog>',
      );
      const draft = document.querySelector<HTMLTextAreaElement>("#draft");
      document.querySelector<HTMLDialogElement>("#open")?.show();
      draft?.focus();
      draft?.setSelectionRange(2, 5);
      if (draft) draft.scrollTop = 10;
    });
    forget(visit);
    const button = page.getByRole("button", { name: "Increment" });
    // Neither of the first two clicks arrives.
    cuts.mute();
    for (let i = 0; i < 2; i++) await button.dispatchEvent("click");
    await page.locator("button.live-click-loading").waitFor();
    cuts.hold();
    cuts.cut();
    await page.waitForSelector("live-session[status=disconnected]");
    await button.dispatchEvent("click");
    cuts.release();
    await counted(page, 10);
    await joined(page);
    const state = await page.evaluate(() => {
      const draft = document.querySelector<HTMLTextAreaElement>("#draft");
      return {
        focused: document.activeElement?.id,
        selection: [draft?.selectionStart, draft?.selectionEnd],
        scrollTop: draft?.scrollTop,
        isOpen: document.querySelector<HTMLDialogElement>("#open")?.open,
      };
    });
    assert.deepEqual(state, { focused: "draft", selection: [2, 5], scrollTop: 10, isOpen: true });
    assert.equal(await page.locator(".live-click-loading").count(), 0);
    assert.deepEqual(
      visit.frames.filter((frame) => frame.includes("phx_join")),
      [],
    );
    assert.deepEqual(visit.requests, []);
  });

  it("leaves links to the browser while it is lost", async () => {
    const visit = await visits().newVisit();
    const { page } = visit;
    const cuts = await proxySocket(page);
    await page.goto("/");
    await joined(page);
    forget(visit);
    cuts.hold();
    cuts.cut();
    await page.waitForSelector("live-session[status=disconnected]");
    await page.getByRole("link", { name: "Notifications" }).click();
    await page.getByText("A test notification appears").waitFor();
    assert.deepEqual(visit.documents, ["/notifications"]);
    cuts.release();
    await joined(page);
  });

  it("opens the target page if it is lost during a navigation", async () => {
    const visit = await visits().newVisit();
    const { page } = visit;
    const cuts = await proxySocket(page);
    await page.goto("/");
    await joined(page);
    forget(visit);
    await page.evaluate(() => {
      document.querySelector("light-nav")?.shadowRoot?.querySelector<HTMLElement>("a")?.click();
    });
    cuts.cut();
    await page.waitForFunction(() => document.title === "Notifications · Live sessions");
    await joined(page);
    await page.getByRole("button", { name: "Send Test Notification" }).click();
    await page.locator("live-notifications [part~=item]").waitFor();
    assert.deepEqual(visit.requests, []);
  });

  it("reconnects after the network was offline", async () => {
    const visit = await visits().visit("/");
    const { page, context } = visit;
    await increment(page);
    await counted(page, 1);
    forget(visit);
    await context.setOffline(true);
    await page.waitForFunction(() => !navigator.onLine);
    await context.setOffline(false);
    await page.waitForFunction(() => navigator.onLine);
    await joined(page);
    await increment(page);
    await page.getByText(/Current count: [12]/).waitFor();
    assert.deepEqual(visit.requests, []);
  });
});

/** Records the titles of all message boxes on a page. Returns a function that returns them. */
async function noteBoxes(page: Page): Promise<() => Promise<string[]>> {
  const noted = await page.evaluateHandle(() => {
    const titles = new Set<string>();
    const root = document.querySelector("live-flash")?.shadowRoot as ShadowRoot;
    new MutationObserver(() => {
      for (const title of root.querySelectorAll("[part=title]"))
        titles.add(title.textContent ?? "");
    }).observe(root, { childList: true, subtree: true });
    return titles;
  });
  return () => noted.evaluate((titles) => [...titles]);
}

/** Cuts the WebSockets of a page and can delay new ones. */
interface SocketProxy {
  /** Drops what the page sends over the present WebSocket. */
  mute(): void;
  cut(): void;
  hold(): void;
  release(): void;
}

async function proxySocket(page: Page): Promise<SocketProxy> {
  let open: WebSocketRoute | undefined;
  let released = Promise.resolve();
  let release = () => {};
  await page.routeWebSocket(/\/live\/websocket/, async (webSocket) => {
    await released;
    open = webSocket;
    webSocket.connectToServer();
  });
  return {
    mute: () => open?.onMessage(() => {}),
    cut: () => void open?.close({ code: 1012 }),
    hold() {
      released = new Promise((resolve) => {
        release = resolve;
      });
    },
    release: () => release(),
  };
}
