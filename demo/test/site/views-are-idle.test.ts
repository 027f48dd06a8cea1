import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { viewsAreIdle } from "@live-session/adapter-koa/testing";
import type { Page } from "playwright-core";
import { joined } from "../support/site-browser.js";
import { pathOf, SiteVisits } from "../support/site-visits.js";

/** Runs code in the page. Returns whether its views are idle when the resulting event is dispatched. */
const idleAt = (page: Page, event: string, act: string): Promise<unknown> =>
  page.evaluate(`new Promise((resolve) => {
    addEventListener("${event}", () => resolve((${viewsAreIdle})()), { once: true });
    ${act};
  })`);

const navigate = `document.querySelector("live-session")
  .exec(document.body, '[["navigate", { "href": "/notifications" }]]')`;

describe("viewsAreIdle", () => {
  let visits: SiteVisits;
  before(async () => {
    visits = await SiteVisits.start();
  });
  afterEach(() => visits.leave());
  after(() => visits.end());

  it("waits for navigations that did not start at a link", async () => {
    const { page } = await visits.visit("/");
    assert.equal(await page.evaluate(viewsAreIdle), true);
    assert.equal(await idleAt(page, "live-page-loading-start", navigate), false);
    await joined(page);
    assert.deepEqual(
      [pathOf(page.url()), await page.title()],
      ["/notifications", "Notifications · Live sessions"],
    );
    assert.equal(await idleAt(page, "popstate", "history.back()"), false);
    await joined(page);
    assert.deepEqual([pathOf(page.url()), await page.title()], ["/", "Home · Live sessions"]);
  });
});
