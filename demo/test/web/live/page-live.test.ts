import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { visit } from "@live-session/adapter-koa/testing";
import { createSqliteDatabase, type TestDatabase } from "../../support/database.js";
import { startTestSite, type TestSite } from "../../support/site.js";

describe("the home page", () => {
  let database: TestDatabase;
  let site: TestSite;
  before(async () => {
    database = await createSqliteDatabase();
    site = await startTestSite(database.config);
  });
  after(async () => {
    await site.stop();
    await database.remove();
  });

  it("counts", async () => {
    const page = await visit(site.site.app, "/");
    await page.connect();
    assert.equal(page.title, "Home · Live sessions");
    assert.ok(page.hasElement("p", "Hello Elixir"));
    for (const count of ["1", "2"]) {
      await page.element("button", "Increment").click();
      assert.equal(page.element(".count strong").text, count);
    }
  });
});

describe("the notifications page", () => {
  let database: TestDatabase;
  let site: TestSite;
  before(async () => {
    database = await createSqliteDatabase();
    site = await startTestSite(database.config);
  });
  after(async () => {
    await site.stop();
    await database.remove();
  });

  it("notifies every page with the hook, which can close what it got", async () => {
    const { app } = site.site;
    const [sender, reader] = [await visit(app, "/notifications"), await visit(app, "/mount-a")];
    await Promise.all([sender.connect(), reader.connect()]);
    await sender.element("button", "Send Test Notification").click();
    await reader.settled();
    for (const page of [sender, reader]) {
      const [notification] = page.provided.notifications as { title: string }[];
      assert.equal(notification?.title, "Test notification");
    }
    await reader.push("notifications:close-all");
    assert.deepEqual(reader.provided.notifications, []);
  });
});
