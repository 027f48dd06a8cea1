import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Locator, Page } from "playwright-core";
import { isFocused, joined, violations } from "../support/site-browser.js";
import { currentItem, type VisitOptions, visitedSite } from "../support/site-visits.js";

const narrow: VisitOptions = { viewport: { width: 320, height: 640 } };

describe("the menu of a narrow window", () => {
  const visits = visitedSite();

  it("is opened and closed by its button, and is accessible both ways", async () => {
    const { page } = await visits().visit("/", narrow);
    for (const isOpen of [false, true, false]) {
      await shows(page, isOpen);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        assert.deepEqual(await violations(page), []);
      }
      await button(page).click();
    }
    await shows(page, true);
  });

  it("is left by Escape, which gives the focus back to the button", async () => {
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

  it("leaves the focus alone when Escape is pressed while it is closed", async () => {
    const { page } = await visits().visit("/", narrow);
    const increment = page.getByRole("button", { name: "Increment" });
    await increment.focus();
    await page.keyboard.press("Escape");
    await button(page).click();
    await shows(page, true);
    await button(page).click();
    await shows(page, false);
    await increment.focus();
    await page.keyboard.press("Escape");
    await increment.press("Enter");
    await page.getByText("Current count: 1").waitFor();
    assert.ok(await isFocused(increment));
  });

  it("is closed by a click elsewhere, which does what it does", async () => {
    const { page } = await visits().visit("/", narrow);
    await button(page).click();
    await shows(page, true);
    await page.getByRole("button", { name: "Increment" }).click();
    await page.getByText("Current count: 1").waitFor();
    await shows(page, false);
  });

  it("is closed on the next page, and on the one before", async () => {
    const { page } = await visits().visit("/", narrow);
    await button(page).click();
    await page.getByRole("link", { name: "Notifications" }).click();
    await page.waitForURL("**/notifications");
    await joined(page);
    await shows(page, false);
    await button(page).click();
    await shows(page, true);
    await page.goBack();
    await page.getByText("You are in the home page").waitFor();
    await shows(page, false);
  });

  it("stands open without JavaScript", async () => {
    const { page } = await visits().newVisit({ ...narrow, javaScriptEnabled: false });
    await page.goto("/");
    assert.equal(await button(page).count(), 0);
    await page.getByRole("link", { name: "Mount A" }).click();
    await page.getByText("My live socket ID").waitFor();
    assert.equal(await currentItem(page), "Mount A");
  });

  it("has no button in a wide window", async () => {
    const { page } = await visits().visit("/");
    assert.equal(await button(page).count(), 0);
    assert.ok(await page.getByRole("link", { name: "Log in" }).isVisible());
  });
});

const button = (page: Page): Locator => page.getByRole("button", { name: "Menu", exact: true });

/** Waits until the menu is open or closed, as the button tells. */
async function shows(page: Page, isOpen: boolean): Promise<void> {
  await page.locator("#menu").waitFor({ state: isOpen ? "visible" : "hidden" });
  assert.equal(await button(page).getAttribute("aria-expanded"), String(isOpen));
  assert.equal(await button(page).getAttribute("aria-controls"), "menu");
}
