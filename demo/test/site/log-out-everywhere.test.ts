import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Locator, Page } from "playwright-core";
import { colorRules, flash, isFocused, joined, open, violations } from "../support/site-browser.js";
import { type Visit, type VisitOptions, visitedSite } from "../support/site-visits.js";
import { withoutPopovers } from "../support/without-popovers.js";

describe("the dialog to log out everywhere", () => {
  const visits = visitedSite();

  /** Opens the settings page of a new user. */
  async function settings(options?: VisitOptions): Promise<Visit> {
    const visit = await visits().newMember(options);
    const { page } = visit;
    const hasScript = options?.javaScriptEnabled !== false;
    await (hasScript ? open(page, "/users/settings") : page.goto("/users/settings"));
    return visit;
  }

  it("takes the focus, keeps it for the keyboard and returns it", async () => {
    const { page } = await settings();
    await opener(page).press("Enter");
    await dialog(page).waitFor();
    const cancel = dialog(page).getByRole("button", { name: "Cancel" });
    assert.ok(await isFocused(cancel));
    await opener(page).evaluate((button) => button.focus());
    assert.ok(await isFocused(cancel), "the page behind is inert");
    await page.keyboard.press("Enter");
    await closed(page);
    await page.keyboard.press("Enter");
    await dialog(page).waitFor();
    await page.keyboard.press("Escape");
    await closed(page);
  });

  it("is modal, each time it is opened", async () => {
    const { page } = await settings();
    for (let i = 0; i < 2; i++) {
      await opener(page).click();
      await dialog(page).waitFor();
      assert.ok(await isModal(page));
      await dialog(page).getByRole("button", { name: "Cancel" }).click();
      await closed(page);
    }
  });

  it("is closed by a click outside of it", async () => {
    const { page } = await settings();
    await opener(page).click();
    await dialog(page).waitFor();
    await page.mouse.click(4, 4);
    await dialog(page).waitFor({ state: "hidden" });
    assert.equal(new URL(page.url()).pathname, "/users/settings");
  });

  it("stays open while the view changes", async () => {
    const { page } = await settings();
    await page.locator("#email_form_email").fill("no address");
    await opener(page).click();
    await dialog(page).waitFor();
    await page.getByText("must have the @ sign and no spaces").waitFor();
    assert.ok(await dialog(page).isVisible());
  });

  it("fits a narrow window and is accessible there in light and dark", async () => {
    const { page } = await settings({ viewport: { width: 320, height: 640 } });
    await opener(page).click();
    await dialog(page).waitFor();
    assert.deepEqual(await violations(page), []);
    await page.emulateMedia({ colorScheme: "dark" });
    assert.deepEqual(await violations(page, colorRules), []);
    const box = await dialog(page).boundingBox();
    assert.ok(box && box.x >= 0 && box.x + box.width <= 320);
  });

  it("opens as a popover if the scripts are blocked", async () => {
    const { page, complaints } = await settings();
    await page.route(/\/(live-session|dialogs)\.js/, (route) => route.abort());
    await page.reload();
    await opener(page).click();
    await dialog(page).waitFor();
    assert.equal(await isModal(page), false);
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
    await closed(page);
    const failed = "Failed to load resource: net::ERR_FAILED";
    assert.deepEqual(complaints.splice(0), [failed, failed]);
  });

  it("is a part of the page in a browser that has no popovers", async () => {
    const { page } = await settings({ javaScriptEnabled: false });
    await withoutPopovers(page);
    await page.reload();
    assert.equal(await opener(page).count(), 0);
    await page.getByRole("heading", { name: "Log out everywhere?" }).waitFor();
    assert.equal(await page.getByRole("button", { name: "Cancel" }).count(), 0);
    await page.getByRole("main").getByRole("button", { name: "Log Out" }).click();
    await flash(page, "Logged out everywhere.", "/");
  });

  for (const javaScriptEnabled of [true, false]) {
    it(`logs out, ${javaScriptEnabled ? "in every browser" : "without JavaScript too"}`, async () => {
      const { page, context } = await settings({ javaScriptEnabled });
      const state = await context.storageState();
      const other = await visits().newVisit({ storageState: state });
      await open(other.page, "/mount-c");
      await opener(page).click();
      await dialog(page).getByRole("button", { name: "Log Out" }).click();
      await flash(page, "Logged out everywhere.", "/");
      await other.page.waitForURL("**/users/log_in");
      // A page that closes while it connects logs an error.
      await joined(other.page);
      if (javaScriptEnabled) await joined(page);
    });
  }
});

const opener = (page: Page): Locator => page.getByRole("button", { name: "Log Out Everywhere" });

const dialog = (page: Page): Locator => page.getByRole("dialog", { name: "Log out everywhere?" });

const isModal = (page: Page): Promise<boolean> =>
  dialog(page).evaluate((element) => element.matches(":modal"));

/** Waits until the dialog is closed, and checks that its opener has the focus again. */
async function closed(page: Page): Promise<void> {
  await dialog(page).waitFor({ state: "hidden" });
  assert.ok(await isFocused(opener(page)));
}
