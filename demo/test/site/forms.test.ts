import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { visitedSite } from "../support/site-visits.js";

describe("the forms of a page", () => {
  const visits = visitedSite();

  it("report an error if their lazy module cannot be loaded", async () => {
    const { page, complaints } = await visits().newVisit();
    await page.addInitScript(() => {
      addEventListener("live-error", ({ code }) =>
        document.documentElement.setAttribute("data-code", code),
      );
    });
    await page.route("**/input-*.js", (route) => route.abort());
    await page.goto("/users/log_in");
    await page.locator("html[data-code=LIVE_ERR_LAZY_MODULE]").waitFor();
    assert.deepEqual(complaints.splice(0), ["Failed to load resource: net::ERR_FAILED"]);
  });
});
