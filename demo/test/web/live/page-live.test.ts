import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ProvidedData } from "@live-session/adapter-koa";
import type { notifications } from "@live-session/adapter-koa/hooks";
import { visit } from "@live-session/adapter-koa/testing";
import { testedSite } from "../../support/tested-site.js";

describe("the home page", () => {
  const site = testedSite();

  it("counts", async () => {
    const page = await visit(site().site.app, "/");
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
  const site = testedSite();

  it("notifies every page with the hook, which can close the notification", async () => {
    const { app } = site().site;
    const [sender, reader] = [await visit(app, "/notifications"), await visit(app, "/mount-a")];
    await Promise.all([sender.connect(), reader.connect()]);
    await sender.element("button", "Send Test Notification").click();
    await reader.settled();
    for (const page of [sender, reader]) {
      const {
        notifications: [notification],
      } = page.provided as ProvidedData<typeof notifications>;
      assert.equal(notification?.title, "Test notification");
    }
    await reader.push("notifications:close-all");
    assert.deepEqual(reader.provided.notifications, []);
  });
});
