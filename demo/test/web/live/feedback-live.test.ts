import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { visit } from "@live-session/adapter-koa/testing";
import { testedSite } from "../../support/tested-site.js";

describe("the feedback form", () => {
  const site = testedSite();

  async function open() {
    const page = await visit(site().site.app, "/feedback");
    await page.connect();
    const answer = (values: Readonly<Record<string, string>>) =>
      page.form("#feedback_form", values).submit();
    return { page, answer };
  }

  it("asks three questions, keeps the answers and stores them", async () => {
    const { page, answer } = await open();
    await answer({ "feedback[rating]": "4" });
    await page.form("#feedback_form", { "feedback[comment]": "More ex" }).change();
    await page.reconnect();
    assert.ok(page.hasElement("p", "Step 2 of 3"));
    assert.ok(page.hasElement("strong", "2"));
    assert.ok(page.hasElement("textarea", "More ex"));
    await answer({ "feedback[comment]": "More examples" });
    await page.element("button", "Back").click();
    assert.ok(page.hasElement("textarea", "More examples"));
    await answer({ "feedback[comment]": "More examples" });
    await answer({ "feedback[name]": "Ada" });
    assert.ok(page.hasElement("p", "Thank you, Ada!"));
    await page.element("button", "Yes").click();
    await page.reconnect();
    assert.ok(page.hasElement("button[aria-pressed=true]", "Yes"));
    assert.ok(page.hasElement("button[aria-pressed=false]", "Sure"));
    await page.element("button", "Give more feedback").click();
    assert.ok(page.hasElement("p", "Step 1 of 3"));
  });

  it("continues after a reload of the page", async () => {
    const { page, answer } = await open();
    await answer({ "feedback[rating]": "5" });
    await page.visit("/feedback");
    await page.connect();
    assert.ok(page.hasElement("p", "Step 2 of 3"));
  });

  it("shows the error of an answer and stays at its question", async () => {
    const { page, answer } = await open();
    await answer({});
    assert.ok(page.hasElement(".error", "choose one"));
    await answer({ "feedback[rating]": "1" });
    await answer({ "feedback[comment]": "  " });
    assert.ok(page.hasElement(".error", "can't be blank"));
    await page.push("next", { feedback: { rating: "9", comment: { length: 2 } } });
    assert.ok(page.hasElement("p", "Step 2 of 3"));
  });
});
