import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Page } from "playwright-core";
import { violations } from "../support/site-browser.js";
import { counted, forget, visitedSite } from "../support/site-visits.js";

describe("accessible navigation", () => {
  const visits = visitedSite();

  it("by the keyboard moves the focus to the heading of each page and announces its title", async () => {
    const { page } = await visits().visit("/mount-a");
    await announcing(page);
    await page.getByRole("link", { name: "Mount B" }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL("**/mount-b");
    await announced(page, "Mount B · Live sessions");
    await focused(page, "H1");
    await page.goBack();
    await announced(page, "Mount A · Live sessions");
    await focused(page, "H1");
    assert.deepEqual(await violations(page), []);
  });

  it("skips the menus by the skip link, also after a live navigation", async () => {
    const visit = await visits().visit("/");
    const { page } = visit;
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Skip to content");
    await page.keyboard.press("Enter");
    await focused(page, "MAIN");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await counted(page, 1);
    await announcing(page);
    await page.getByRole("link", { name: "Notifications" }).press("Enter");
    await focused(page, "H1");
    forget(visit);
    await page.getByRole("link", { name: "Skip to content" }).press("Enter");
    await focused(page, "MAIN");
    await page.keyboard.press("Tab");
    assert.equal(
      await page.evaluate(() => document.activeElement?.textContent?.trim()),
      "Send Test Notification",
    );
    assert.deepEqual(visit.frames, []);
  });

  it("shows a short view transition", async () => {
    const { page } = await visits().visit("/", { reducedMotion: "no-preference" });
    await announcing(page);
    const durations = page.evaluate(
      () =>
        new Promise<unknown[]>((resolve) => {
          const { startViewTransition } = document;
          document.startViewTransition = (update) => {
            const transition = startViewTransition.call(document, update);
            transition.ready.then(() =>
              resolve(document.getAnimations().map(({ effect }) => effect?.getTiming().duration)),
            );
            return transition;
          };
        }),
    );
    await page.getByRole("link", { name: "Notifications" }).click();
    const found = (await durations).filter((duration) => duration !== 0);
    assert.ok(found.length > 0);
    assert.deepEqual([...new Set(found)], [150]);
    await page.getByRole("link", { name: "Live sessions", exact: true }).click();
    await counted(page, 0);
  });
});

/** Waits until the page can announce its titles. */
const announcing = (page: Page) => page.locator(".live-announcer").waitFor({ state: "attached" });

const announced = (page: Page, title: string) =>
  page.locator(".live-announcer", { hasText: title }).waitFor({ state: "attached" });

/** Waits until an element with the tag name has the focus. */
const focused = (page: Page, tagName: string) =>
  page.waitForFunction((tagName) => document.activeElement?.tagName === tagName, tagName);
