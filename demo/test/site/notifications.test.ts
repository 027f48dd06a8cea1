import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Locator, Page, WebSocketRoute } from "playwright-core";
import { joined } from "../support/site-browser.js";
import { forget, visitedSite } from "../support/site-visits.js";

describe("notifications", () => {
  const visits = visitedSite();

  it("appear in every browser, in each live session with the hook", async () => {
    const [sender, home, mount, logIn] = await Promise.all(
      ["/notifications", "/", "/mount-a", "/users/log_in"].map((path) => visits().visit(path)),
    );
    assert.ok(sender && home && mount && logIn);
    for (const visit of [sender, home, mount, logIn]) forget(visit);
    await notify(sender.page);
    const [id] = await shown(sender.page, 1);
    for (const { page } of [home, mount]) {
      assert.deepEqual(await shown(page, 1), [id]);
      const text = `ID ${id?.replace("notification-", "")}`;
      await itemsOf(page).filter({ hasText: "Test notification" }).getByText(text).waitFor();
    }
    assert.deepEqual(logIn.frames, []);
    for (const { requests } of [sender, home, mount]) assert.deepEqual(requests, []);
  });

  it("are closed on one page only, one by one or all at once", async () => {
    const tab = await visits().visit("/");
    const sender = await visits().visit("/notifications", { context: tab.context });
    const mount = await visits().visit("/mount-b");
    await notify(sender.page);
    await shown(mount.page, 1);
    assert.equal(await closeAll(mount.page).count(), 0);
    for (let count = 2; count <= 3; count++) {
      await notify(sender.page);
      await shown(sender.page, count);
    }
    const all = await shown(mount.page, 3);
    assert.deepEqual(await shown(tab.page, 3), all);

    await itemsOf(mount.page).nth(1).getByRole("button", { name: "Close" }).click();
    assert.deepEqual(await shown(mount.page, 2), [all[0], all[2]]);
    assert.deepEqual(await shown(sender.page, 3), all);

    await closeAll(sender.page).click();
    await shown(sender.page, 0);
    await closeAll(sender.page).waitFor({ state: "detached" });
    assert.deepEqual(await shown(mount.page, 2), [all[0], all[2]]);
    assert.deepEqual(await shown(tab.page, 3), all);

    await notify(sender.page);
    const [newest] = await shown(sender.page, 1);
    assert.deepEqual(await shown(mount.page, 3), [newest, all[0], all[2]]);
  });

  it("are closed once by a double click, and all by quick clicks", async () => {
    const { page } = await visits().visit("/notifications");
    for (let count = 1; count <= 3; count++) {
      await notify(page);
      await shown(page, count);
    }
    const [, second, third] = await shown(page, 3);
    await page.evaluate(() => {
      const button = document
        .querySelector("live-notifications")
        ?.shadowRoot?.querySelector<HTMLElement>("[part~=item] button");
      button?.click();
      button?.click();
    });
    assert.deepEqual(await shown(page, 2), [second, third]);
    await page.evaluate(() => {
      const items = document
        .querySelector("live-notifications")
        ?.shadowRoot?.querySelectorAll("[part~=item]");
      for (const item of items ?? []) item.querySelector<HTMLElement>("button")?.click();
    });
    await shown(page, 0);
  });

  it("are hidden before the server replies, and closed if the connection breaks first", async () => {
    const { page } = await visits().newVisit();
    const socket = await pausableSocket(page);
    await page.goto("/notifications");
    await joined(page);
    for (let count = 1; count <= 2; count++) {
      await notify(page);
      await shown(page, count);
    }
    const [newest, oldest] = await shown(page, 2);
    const closes = (id: string | undefined) =>
      itemsOf(page)
        .and(page.locator(`#${id}`))
        .getByRole("button")
        .click();
    socket.pause();
    await closes(oldest);
    assert.deepEqual(await open(page, 1), [newest]);
    socket.resume();
    assert.deepEqual(await shown(page, 1), [newest]);

    socket.pause();
    await closes(newest);
    await open(page, 0);
    // The next socket sends what this one has not delivered.
    await socket.cut();
    assert.deepEqual(await shown(page, 0), []);
  });

  it("are reached and closed by the keyboard, and keep the focus among them", async () => {
    const { page } = await visits().visit("/notifications");
    const button = page.getByRole("button", { name: "Send Test Notification" });
    for (let count = 1; count <= 2; count++) {
      await button.press("Enter");
      await shown(page, count);
    }
    const [, older] = await shown(page, 2);
    await button.focus();
    await page.keyboard.press("Tab");
    assert.equal(await focusedText(page), "Close all");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.deepEqual(await shown(page, 1), [older]);
    await page.waitForFunction(
      (id) =>
        document
          .querySelector("live-notifications")
          ?.shadowRoot?.activeElement?.closest("[part~=item]")?.id === id,
      older,
    );
    await page.keyboard.press("Enter");
    await shown(page, 0);
  });

  it("let clicks through beside and between them", async () => {
    const { page } = await visits().visit("/notifications");
    for (let count = 1; count <= 2; count++) {
      await notify(page);
      await shown(page, count);
    }
    for (const [x, y] of [
      [-3, 10],
      [20, -4],
    ] as const) {
      const isClear = await itemsOf(page)
        .last()
        .evaluate(
          (item, [x, y]) => {
            const { left, top } = item.getBoundingClientRect();
            return document.elementFromPoint(left + x, top + y)?.localName !== "live-notifications";
          },
          [x, y] as const,
        );
      assert.ok(isClear, `${x}, ${y}`);
    }
  });

  it("are all reachable if there are more than fit in the window", async () => {
    const { page } = await visits().visit("/notifications", {
      viewport: { width: 320, height: 480 },
    });
    for (let count = 1; count <= 8; count++) {
      await page.evaluate(() => document.querySelector<HTMLElement>("main button")?.click());
      await shown(page, count);
    }
    for (const item of [itemsOf(page).first(), itemsOf(page).last()]) {
      await item.getByRole("button", { name: "Close" }).click();
    }
    await shown(page, 6);
    await closeAll(page).click();
    await shown(page, 0);
    await page.getByRole("link", { name: "Live sessions" }).click({ trial: true });
  });

  it("do not cover the button that sends them in a narrow window", async () => {
    const { page } = await visits().visit("/notifications", {
      viewport: { width: 320, height: 640 },
    });
    for (let count = 1; count <= 3; count++) {
      await notify(page);
      await shown(page, count);
    }
    // Playwright's clicks scroll to covered elements, so the test checks the position itself.
    const isClear = await page
      .getByRole("button", { name: "Send Test Notification" })
      .evaluate((button) => {
        const { left, top, width, height } = button.getBoundingClientRect();
        return document.elementFromPoint(left + width / 2, top + height - 1) === button;
      });
    assert.ok(isClear);
    assert.equal(await page.evaluate(() => scrollY), 0);
    await closeAll(page).click({ trial: true });
  });

  it("are announced at once", async () => {
    const { page } = await visits().visit("/notifications");
    await notify(page);
    const item = itemsOf(page).first();
    await item.waitFor();
    assert.ok(
      await item.evaluate(
        (element) => element.parentElement?.closest('[aria-live="assertive"]') !== null,
      ),
    );
  });

  it("survive a click in the menu, and are gone after a page load", async () => {
    const sender = await visits().visit("/notifications");
    const other = await visits().visit("/mount-a");
    await notify(sender.page);
    await shown(other.page, 1);
    await other.page.getByRole("link", { name: "Mount B" }).click();
    await other.page.waitForURL("**/mount-b");
    await shown(other.page, 1);
    await other.page.goto("/nowhere");
    other.complaints.length = 0;
    await notify(sender.page);
    await shown(sender.page, 2);
    await other.page.goto("/mount-a");
    await joined(other.page);
    await notify(sender.page);
    const [newest] = await shown(sender.page, 3);
    assert.deepEqual(await shown(other.page, 1), [newest]);
  });
});

function itemsOf(page: Page): Locator {
  return page.locator("live-notifications [part~=item]");
}

function closeAll(page: Page): Locator {
  return page.getByRole("button", { name: "Close all" });
}

function notify(page: Page): Promise<void> {
  return page.getByRole("button", { name: "Send Test Notification" }).click();
}

/** Waits until a page shows the given number of notifications that are not closing. Returns their ids in order. */
async function open(page: Page, count: number): Promise<string[]> {
  const items = page.locator("live-notifications [part~=item]:not([inert])");
  await page.waitForFunction(
    (count) => {
      const root = document.querySelector("live-notifications")?.shadowRoot;
      return root?.querySelectorAll("[part~=item]:not([inert])").length === count;
    },
    count,
    { polling: 20 },
  );
  return items.evaluateAll((elements) => elements.map(({ id }) => id));
}

interface PausableSocket {
  /** Delays the messages from the server. */
  pause(): void;
  /** Delivers the delayed messages and all later ones. */
  resume(): void;
  /** Closes the connection. The page cannot open another one. */
  cut(): Promise<void>;
}

/** Lets a test decide when a page receives the messages from the server. */
async function pausableSocket(page: Page): Promise<PausableSocket> {
  const routes: WebSocketRoute[] = [];
  let delayed: (() => void)[] | undefined;
  let isCut = false;
  await page.routeWebSocket(/\/live\/websocket/, (webSocket) => {
    if (isCut) return;
    routes.push(webSocket);
    const server = webSocket.connectToServer();
    webSocket.onMessage((message) => server.send(message));
    server.onMessage((message) => {
      if (delayed) delayed.push(() => webSocket.send(message));
      else webSocket.send(message);
    });
  });
  return {
    pause() {
      delayed ??= [];
    },
    resume() {
      for (const deliver of delayed ?? []) deliver();
      delayed = undefined;
    },
    async cut() {
      isCut = true;
      await routes.at(-1)?.close({ code: 1012 });
    },
  };
}

/** Waits until a page shows the given number of notifications. Returns their ids in order. */
async function shown(page: Page, count: number): Promise<string[]> {
  const ids = await page.waitForFunction(
    (count) => {
      const root = document.querySelector("live-notifications")?.shadowRoot;
      const items = [...(root?.querySelectorAll("[part~=item]") ?? [])];
      return items.length === count && items.map(({ id }) => id);
    },
    count,
    // A background tab draws no frames, so polling by frame would wait forever.
    { polling: 50 },
  );
  return (await ids.jsonValue()) as string[];
}

/** Returns the text of the focused element, also inside shadow roots. */
function focusedText(page: Page): Promise<string | null | undefined> {
  return page.evaluate(() => {
    let focused = document.activeElement;
    while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
    return focused?.textContent;
  });
}
