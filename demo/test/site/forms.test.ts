import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { SiteVisits } from "../support/site-visits.js";

describe("the forms of a page", () => {
  let visits: SiteVisits;
  before(async () => {
    visits = await SiteVisits.start();
  });
  afterEach(() => visits.leave());
  after(() => visits.end());

  it("tell by an error when what they need cannot be loaded", async () => {
    const { page, complaints } = await visits.visit("/");
    await page.route("**/input-*.js", (route) => route.abort());
    const code = page.evaluate(
      () => new Promise((resolve) => addEventListener("live-error", (e) => resolve(e.code), { once: true })),
    );
    await page.evaluate(() => {
      const form = document.createElement("form");
      form.append(document.createElement("input"));
      document.querySelector("main")?.append(form);
      form.firstElementChild?.dispatchEvent(new Event("input", { bubbles: true }));
    });
    assert.equal(await code, "LIVE_ERR_PART");
    assert.deepEqual(complaints.splice(0), ["Failed to load resource: net::ERR_FAILED"]);
  });
});
