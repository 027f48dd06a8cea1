import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Page } from "playwright-core";
import { joined } from "../support/site-browser.js";
import {
  counted,
  currentItem,
  forget,
  increment,
  pathOf,
  visitedSite,
} from "../support/site-visits.js";

describe("navigation", () => {
  const visits = visitedSite();

  it("between the home page and the notifications keeps the socket and mounts each page again", async () => {
    const visit = await visits().visit("/");
    const { page } = visit;
    await increment(page);
    await counted(page, 1);
    forget(visit);
    const lines = visits().site.lines.length;
    await follow(page, "Notifications");
    assert.equal(await page.title(), "Notifications · Live sessions");
    assert.equal(await currentItem(page), "Notifications");
    await follow(page, "Live sessions", "/");
    await counted(page, 0);
    assert.equal(await page.title(), "Home · Live sessions");
    assert.equal(await currentItem(page), null);
    assert.deepEqual(visit.requests, []);
    assert.equal(visit.webSockets.length, 1);
    assert.ok(!visit.webSockets[0]?.isClosed());
    const came = "User came to this live view";
    assert.deepEqual(visits().site.lines.slice(lines), [came, came]);
  });

  it("between the mount pages keeps the socket and its id, and joins each", async () => {
    const visit = await visits().visit("/mount-a");
    const { page } = visit;
    const heading = await page.getByRole("heading").textContent();
    assert.match(heading ?? "", /^My live socket ID is live-\S+$/);
    const hooks = ["mountCurrentUser mount", "nav mount", "notifications mount"];
    for (const [label, path] of [
      ["Mount B", "/mount-b"],
      ["Mount A", "/mount-a"],
    ] as const) {
      forget(visit);
      await follow(page, label, path);
      assert.equal(await page.getByRole("heading").textContent(), heading);
      assert.equal(await page.title(), `${label} · Live sessions`);
      assert.equal(await currentItem(page), label);
      const shown = await page.locator("ol li").allInnerTexts();
      assert.deepEqual(
        shown.map((text) => text.replaceAll(/\s+/g, " ")),
        hooks,
      );
      assert.deepEqual(visit.requests, []);
      const events = visit.frames.map((frame) => (JSON.parse(frame) as string[])[3]);
      assert.deepEqual(events.toSorted(), [
        "phx_close",
        "phx_join",
        "phx_leave",
        "phx_reply",
        "phx_reply",
      ]);
    }
    assert.equal(visit.webSockets.length, 1);
  });

  it("to another live session loads one document, opens a socket and joins only the new page", async () => {
    const visit = await visits().visit("/");
    forget(visit);
    await visit.page.getByRole("link", { name: "Mount A" }).click();
    await visit.page.getByText("My live socket ID is").waitFor();
    await joined(visit.page);
    assert.deepEqual(visit.documents, ["/mount-a"]);
    assert.equal(visit.webSockets.length, 2);
    const joins = visit.frames.filter((frame) => frame.includes('"phx_join"'));
    assert.equal(joins.length, 1);
    assert.match(joins[0] ?? "", /"url":"[^"]+\/mount-a"/);
    assert.doesNotMatch(visit.frames.join("\n"), /unauthorized/);
    assert.equal(await visit.page.title(), "Mount A · Live sessions");
    assert.equal(await currentItem(visit.page), "Mount A");
  });

  it("goes back and forward within a live session and across", async () => {
    const visit = await visits().visit("/");
    const { page } = visit;
    await follow(page, "Notifications");
    await page.getByRole("link", { name: "Mount A" }).click();
    await page.waitForURL("**/mount-a");
    await joined(page);
    await follow(page, "Mount B", "/mount-b");
    const steps = [
      ["goBack", "/mount-a", "Mount A", []],
      ["goBack", "/notifications", "Notifications", ["/notifications"]],
      ["goBack", "/", "Home", []],
      ["goForward", "/notifications", "Notifications", []],
      ["goForward", "/mount-a", "Mount A", ["/mount-a"]],
      ["goForward", "/mount-b", "Mount B", []],
      ["goBack", "/mount-a", "Mount A", []],
    ] as const;
    for (const [go, path, title, documents] of steps) {
      forget(visit);
      await page[go]();
      await arrived(page, path, title);
      assert.deepEqual([go, path, visit.documents], [go, path, documents]);
    }
  });

  it("goes back to a page from the back/forward cache and joins it again", async () => {
    const visit = await visits().newVisit({ keepsPages: true });
    const { page } = visit;
    await page.addInitScript(countSockets);
    await page.goto("/");
    await joined(page);
    await page.evaluate(() => {
      addEventListener("pageshow", ({ persisted }) =>
        sessionStorage.setItem("kept", String(persisted)),
      );
    });
    await increment(page);
    await counted(page, 1);
    await page.getByRole("link", { name: "Mount A" }).click();
    await arrived(page, "/mount-a", "Mount A");
    forget(visit);
    await page.evaluate(() => history.back());
    await counted(page, 0);
    await arrived(page, "/", "Home");
    assert.equal(await page.evaluate(() => sessionStorage.getItem("kept")), "true");
    assert.deepEqual(visit.documents, []);
    await increment(page);
    await counted(page, 1);
    assert.equal(await page.evaluate("socketsOpened"), 2);
  });

  it("adds one entry to the history for a double click", async () => {
    const { page } = await visits().visit("/");
    await page.getByRole("link", { name: "Notifications" }).dblclick();
    await arrived(page, "/notifications", "Notifications");
    await page.goBack();
    await arrived(page, "/", "Home");
  });

  it("ends at the last of several links that were clicked at once", async () => {
    const visit = await visits().visit("/mount-a");
    forget(visit);
    await visit.page.evaluate(() => {
      const nav = document.querySelector("light-nav")?.shadowRoot;
      for (const path of ["/mount-b", "/mount-a", "/mount-b", "/mount-a", "/mount-b"]) {
        nav?.querySelector<HTMLElement>(`a[href="${path}"]`)?.click();
      }
    });
    await arrived(visit.page, "/mount-b", "Mount B");
    assert.equal(await currentItem(visit.page), "Mount B");
    assert.deepEqual(visit.documents, []);
    await visit.page.goBack();
    await arrived(visit.page, "/mount-a", "Mount A");
  });

  it("shows the page that is reloaded during another navigation", async () => {
    const visit = await visits().visit("/");
    const { page } = visit;
    await page.evaluate(() => {
      document.querySelector("light-nav")?.shadowRoot?.querySelector<HTMLElement>("a")?.click();
      location.reload();
    });
    await page.waitForFunction(
      () => performance.getEntriesByType("navigation")[0]?.toJSON().type === "reload",
    );
    const path = pathOf(page.url());
    await arrived(page, path, path === "/" ? "Home" : "Notifications");
    await follow(
      page,
      path === "/" ? "Notifications" : "Live sessions",
      path === "/" ? "/notifications" : "/",
    );
  });

  it("leaves links that open in a new tab to the browser", async () => {
    const visit = await visits().visit("/");
    forget(visit);
    const opening = visit.context.waitForEvent("page");
    await visit.page
      .getByRole("link", { name: "Notifications" })
      .click({ modifiers: ["ControlOrMeta"] });
    const opened = await opening;
    await arrived(opened, "/notifications", "Notifications");
    assert.equal(pathOf(visit.page.url()), "/");
    assert.deepEqual(visit.frames, []);
  });

  it("to a missing page loads it", async () => {
    const visit = await visits().visit("/");
    forget(visit);
    await visit.page.evaluate(() => {
      const link = Object.assign(document.createElement("a"), {
        href: "/nowhere",
        textContent: "Nowhere",
      });
      link.toggleAttribute("live-navigate");
      document.querySelector("main")?.append(link);
    });
    await visit.page.getByRole("link", { name: "Nowhere" }).click();
    await visit.page.getByRole("heading", { name: "Not Found" }).waitFor();
    assert.deepEqual(visit.documents, ["/nowhere"]);
    visit.complaints.length = 0;
    await visit.page.goBack();
    await arrived(visit.page, "/", "Home");
  });

  it("to a page for users redirects visitors to the log in page with a message", async () => {
    const visit = await visits().visit("/mount-a");
    forget(visit);
    await visit.page.getByRole("link", { name: "Mount C" }).click();
    await visit.page
      .locator("live-flash")
      .getByText("You must log in to access this page.")
      .waitFor();
    await arrived(visit.page, "/users/log_in", "Log in");
    assert.deepEqual(visit.documents, ["/mount-c", "/users/log_in"]);
  });
});

// Counts the sockets that a page opens. Playwright does not report those of a page from the back/forward cache.
const countSockets = `globalThis.socketsOpened = 0;
globalThis.WebSocket = class extends WebSocket {
  constructor(url) {
    super(url);
    socketsOpened++;
  }
}`;

/** Follows a link within the live session. */
async function follow(page: Page, name: string, path = "/notifications"): Promise<void> {
  await page.getByRole("link", { name, exact: true }).click();
  await page.waitForURL(`**${path}`);
  await page.locator('live-session[status="connected"]').waitFor();
}

/** Waits until a page has a path and a title, and its view is joined. */
async function arrived(page: Page, path: string, title: string): Promise<void> {
  await page.waitForFunction(
    ([path, title]) => location.pathname === path && document.title === `${title} · Live sessions`,
    [path, title] as const,
  );
  await joined(page);
}
