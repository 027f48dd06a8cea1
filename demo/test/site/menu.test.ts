import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Locator, Page } from "playwright-core";
import { colorRules, isFocused, joined, violations } from "../support/site-browser.js";
import { currentItem, type VisitOptions, visitedSite } from "../support/site-visits.js";
import { withoutPopovers } from "../support/without-popovers.js";

const narrow: VisitOptions = { viewport: { width: 320, height: 640 } };

describe("the menu of a narrow window", () => {
  const visits = visitedSite();

  it("opens and closes by its button, and is accessible in both states", async () => {
    const { page } = await visits().visit("/", narrow);
    for (const isOpen of [false, true]) {
      await shows(page, isOpen);
      await page.emulateMedia({ colorScheme: "light" });
      assert.deepEqual(await violations(page), []);
      await page.emulateMedia({ colorScheme: "dark" });
      assert.deepEqual(await violations(page, colorRules), []);
      await button(page).click();
    }
    await shows(page, false);
    await button(page).click();
    await shows(page, true);
  });

  it("closes at Escape and returns the focus to the button", async () => {
    const { page } = await visits().visit("/", narrow);
    await button(page).focus();
    await page.keyboard.press("Enter");
    await shows(page, true);
    await page.keyboard.press("Tab");
    assert.ok(await page.evaluate(() => document.activeElement?.closest(".menu") !== null));
    await page.keyboard.press("Escape");
    await shows(page, false);
    assert.ok(await isFocused(button(page)));
  });

  it("keeps the focus when Escape is pressed while it is closed", async () => {
    const { page } = await visits().visit("/", narrow);
    const increment = page.getByRole("button", { name: "Increment" });
    await button(page).click();
    await button(page).click();
    await shows(page, false);
    await increment.focus();
    await page.keyboard.press("Escape");
    await increment.press("Enter");
    await page.getByText("Current count: 1").waitFor();
    assert.ok(await isFocused(increment));
  });

  it("closes at a click elsewhere, which keeps its effect", async () => {
    const { page } = await visits().visit("/", narrow);
    await button(page).click();
    await shows(page, true);
    await page.getByRole("button", { name: "Increment" }).click({ position: { x: 4, y: 4 } });
    await page.getByText("Current count: 1").waitFor();
    await shows(page, false);
  });

  it("opens before the page is joined and stays open after that", async () => {
    const { page } = await visits().newVisit(narrow);
    let letScriptLoad = () => {};
    const held = new Promise<void>((resolve) => {
      letScriptLoad = resolve;
    });
    await page.route("**/live-session.js*", async (route) => {
      await held;
      await route.continue();
    });
    await page.goto("/", { waitUntil: "commit" });
    await button(page).click();
    await shows(page, true);
    letScriptLoad();
    await joined(page);
    await shows(page, true);
  });

  it("is closed on the next and the previous page, with or without an item", async () => {
    const { page } = await visits().visit("/", narrow);
    await button(page).click();
    await page.getByRole("link", { name: "Notifications" }).click();
    await page.waitForURL("**/notifications");
    await joined(page);
    await shows(page, false);
    await button(page).click();
    await shows(page, true);
    await page.getByRole("link", { name: "Notifications" }).click();
    await shows(page, false);
    await page.getByRole("link", { name: "Live sessions", exact: true }).click();
    await page.getByText("This is the home page").waitFor();
    await page.evaluate(() => {
      const link = Object.assign(document.createElement("a"), { href: "/?again" });
      link.toggleAttribute("live-navigate");
      document.querySelector("main")?.append(link);
      link.click();
    });
    await page.waitForURL("**/?again");
    await joined(page);
    await button(page).click();
    await shows(page, true);
    await page.evaluate(() => history.back());
    await page.waitForURL((url) => url.search === "");
    await shows(page, false);
  });

  it("is closed on a page from the back/forward cache", async () => {
    const { page } = await visits().visit("/", { ...narrow, keepsPages: true });
    await page.evaluate(() => {
      addEventListener("pageshow", ({ persisted }) =>
        sessionStorage.setItem("kept", String(persisted)),
      );
    });
    await button(page).click();
    await page.getByRole("link", { name: "Mount A" }).click();
    await page.getByText("My live socket ID").waitFor();
    await joined(page);
    await shows(page, false);
    await page.evaluate(() => history.back());
    await page.getByText("This is the home page").waitFor();
    await joined(page);
    assert.equal(await page.evaluate(() => sessionStorage.getItem("kept")), "true");
    await shows(page, false);
  });

  const withoutScript: Record<string, VisitOptions> = {
    "without JavaScript": { javaScriptEnabled: false },
    "with a blocked script": {},
  };
  for (const [where, options] of Object.entries(withoutScript)) {
    it(`opens, closes at Escape and navigates ${where}`, async () => {
      const { page, complaints } = await visits().newVisit({ ...narrow, ...options });
      await page.route("**/live-session.js*", (route) => route.abort());
      await page.goto("/");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await shows(page, true);
      await page.keyboard.press("Escape");
      await shows(page, false);
      await button(page).click();
      await page.getByRole("link", { name: "Mount A" }).click();
      await page.getByText("My live socket ID").waitFor();
      await shows(page, false);
      await button(page).click();
      assert.equal(await currentItem(page), "Mount A");
      complaints.length = 0;
    });
  }

  it("is always open in a browser without popovers", async () => {
    const { page } = await visits().newVisit({ ...narrow, javaScriptEnabled: false });
    await withoutPopovers(page);
    await page.goto("/");
    assert.equal(await button(page).count(), 0);
    await page.getByRole("link", { name: "Mount A" }).click();
    await page.getByText("My live socket ID").waitFor();
    assert.equal(await currentItem(page), "Mount A");
  });

  it("needs no lazy module", async () => {
    const { page, requests } = await visits().visit("/", narrow);
    await button(page).click();
    await page.getByRole("link", { name: "Notifications" }).click();
    await page.getByText("A test notification").waitFor();
    assert.deepEqual(
      requests.filter((path) => /\/(scripting|input)-/.test(path)),
      [],
    );
  });
});

describe("the menu of a wide window", () => {
  const visits = visitedSite();

  it("has no button", async () => {
    const { page } = await visits().visit("/");
    assert.equal(await button(page).count(), 0);
    assert.ok(await page.getByRole("link", { name: "Log in" }).isVisible());
  });

  it("can be closed if it was opened in a narrow window", async () => {
    const { page } = await visits().visit("/", narrow);
    await button(page).click();
    await page.setViewportSize({ width: 1280, height: 640 });
    const link = page.getByRole("link", { name: "Notifications" });
    assert.ok(await link.isVisible());
    await page.keyboard.press("Escape");
    assert.ok(await link.isVisible());
    assert.equal(await page.locator(":popover-open").count(), 0);
  });
});

const button = (page: Page): Locator => page.getByRole("button", { name: "Menu", exact: true });

/** Waits until the menu is open or closed, and checks the state that the button reports to screen readers. */
async function shows(page: Page, isOpen: boolean): Promise<void> {
  await page.locator("#menu").waitFor({ state: isOpen ? "visible" : "hidden" });
  const cdp = await page.context().newCDPSession(page);
  const { nodes } = await cdp.send("Accessibility.getFullAXTree");
  await cdp.detach();
  const node = nodes.find(({ role, name }) => role?.value === "button" && name?.value === "Menu");
  const expanded = node?.properties?.find(({ name }) => name === "expanded");
  assert.equal(expanded?.value.value, isOpen);
}
