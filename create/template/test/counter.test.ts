import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { visit } from "@live-session/adapter-koa/testing";
import { runningApp } from "./support/app.js";

describe("the site", () => {
  const site = runningApp();

  it("counts", async () => {
    const page = await visit(site().app, "/");
    await page.connect();
    await page.element("button", "Increment").click();
    assert.ok(page.hasElement(".count strong", "1"));
  });

  it("shows the status of the database in another live session", async () => {
    const page = await visit(site().app, "/status");
    assert.equal(page.status, 200);
    assert.ok(page.hasElement("p", "Migrations of the database"));
  });
});
