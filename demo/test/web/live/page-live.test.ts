import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ProvidedData } from "@live-session/adapter-koa";
import type { notifications } from "@live-session/adapter-koa/hooks";
import { visit } from "@live-session/adapter-koa/testing";
import { describeVisitors } from "../../../src/web/hooks/who-is-here.js";
import { uniqueEmail, validPassword } from "../../support/accounts.js";
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

describe("the list of visitors", () => {
  const site = testedSite();

  it("shows users by the local part of their address, and counts guests", async () => {
    const { app } = site().site;
    const guest = await visit(app, "/");
    await guest.connect();
    const here = "On this page: 1 guest";
    assert.equal(guest.element(".who-is-here").text, here);
    const user = await visit(app, "/users/register");
    await user.connect();
    const email = uniqueEmail();
    const fields = { "user[email]": email, "user[password]": validPassword };
    const form = user.form("#registration_form", fields);
    await form.submit();
    await form.followTriggerAction();
    await user.connect();
    const all = `On this page: ${email.slice(0, email.indexOf("@"))} and 1 guest`;
    assert.equal(user.element(".who-is-here").text, all);
    await guest.reconnect();
    assert.equal(guest.element(".who-is-here").text, all);
    assert.ok(!guest.render().includes(email));
    await user.disconnect();
    await guest.reconnect();
    assert.equal(guest.element(".who-is-here").text, here);
  });

  it("combines names, further users and guests", () => {
    const names = ["ada", "tom"];
    assert.equal(describeVisitors({ names, others: 0, guests: 0 }), "ada and tom");
    assert.equal(
      describeVisitors({ names, others: 1, guests: 2 }),
      "ada, tom, 1 other user and 2 guests",
    );
  });
});
