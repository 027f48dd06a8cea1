import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { viewsAreIdle } from "@live-session/adapter-koa/testing";
import { uniqueEmail, validPassword } from "../../../demo/test/support/accounts.js";
import { createSqliteDatabase, type TestDatabase } from "../../../demo/test/support/database.js";
import { startTestSite, type TestSite } from "../../../demo/test/support/site.js";
import { type Engine, prepareEngine } from "../../../scripts/engines/engine.js";
import {
  type EngineBrowser,
  type EnginePage,
  launchEngine,
} from "../../../scripts/engines/engine-browser.js";
import { ServerTraffic } from "./server-traffic.js";

const idle = `(${viewsAreIdle})()`;
const heading = "document.querySelector('h1')?.textContent";
const count = "Number(document.querySelector('.count strong')?.textContent)";
const button = "document.querySelector('main button')";
const flash = "document.querySelector('live-flash').shadowRoot.textContent";
const items =
  "document.querySelector('live-notifications').shadowRoot.querySelectorAll('[part~=item]')";
const dialog = "document.querySelector('#log_out_everywhere')";
const errors = "document.querySelectorAll('main [aria-invalid=true]').length";

/** An expression for the link or button of the menus with a label. */
const menuItem = (label: string) =>
  `[...document.querySelectorAll("light-nav")].flatMap(({ shadowRoot }) => [...shadowRoot.querySelectorAll("a, button")])
    .find(({ textContent }) => textContent.trim() === ${JSON.stringify(label)})`;

const field = (id: string) => `document.querySelector("#${id}")`;

/** Declares the smoke test of the demo in an engine. */
export function describeDemo(engine: Engine): void {
  before(() => prepareEngine(engine));
  describeLive(engine);
  describeWithoutJavaScript(engine);
}

function describeLive(engine: Engine): void {
  describe(`the demo in ${engine}`, { timeout: 120_000 }, () => {
    let database: TestDatabase;
    let site: TestSite;
    let traffic: ServerTraffic;
    let browser: EngineBrowser;
    let page: EnginePage;

    before(async () => {
      database = await createSqliteDatabase();
      site = await startTestSite(database.config);
      traffic = new ServerTraffic(site.url);
      browser = await launchEngine(engine);
      page = await browser.newPage();
    });
    after(async () => {
      await browser?.close();
      traffic.stop();
      await site.stop();
      await database.remove();
    });

    /** Waits until an expression is true in a page. While a page loads, no expression has a value. */
    async function until(expression: string, on = page): Promise<void> {
      const end = Date.now() + 20_000;
      for (;;) {
        const value = await on.evaluate(expression).catch(String);
        if (value === true) return;
        if (Date.now() > end) assert.fail(`${expression} does not become true. Got: ${value}`);
        await wait(20);
      }
    }

    /** Waits until a page is shown and its view is joined. */
    async function arrived(path: string, title: string, on = page): Promise<void> {
      await until(`location.pathname === ${JSON.stringify(path)}`, on);
      await until(`document.title === ${JSON.stringify(`${title} · Live sessions`)}`, on);
      await until(idle, on);
    }

    async function open(path: string, title: string, on = page): Promise<void> {
      await on.goTo(site.url + path);
      await arrived(path, title, on);
      traffic.documents.length = 0;
      traffic.webSockets.length = 0;
    }

    it("joins the view and counts clicks", async () => {
      await page.goTo(`${site.url}/`);
      await arrived("/", "Home");
      assert.deepEqual(traffic.documents, ["/"]);
      assert.equal(traffic.webSockets.length, 1);
      for (let clicks = 1; clicks <= 3; clicks++) {
        await page.click(button);
        await until(`${count} === ${clicks}`);
      }
      assert.deepEqual(traffic.documents, ["/"]);
    });

    it("navigates inside a live session over the same socket, and back", async () => {
      await open("/", "Home");
      await page.click(menuItem("Notifications"));
      await arrived("/notifications", "Notifications");
      await page.goBack();
      await arrived("/", "Home");
      assert.deepEqual(traffic.documents, []);
      assert.deepEqual(traffic.webSockets, []);
    });

    it("navigates between live sessions by a page load, and back", async () => {
      await open("/", "Home");
      await page.click(menuItem("Mount A"));
      await arrived("/mount-a", "Mount A");
      assert.deepEqual(traffic.documents, ["/mount-a"]);
      // Firefox closes the socket of a page that it leaves, which may open another one before it is gone.
      assert.ok(traffic.webSockets.length >= 1);
      await page.goBack();
      await arrived("/", "Home");
      await page.click(button);
      await until(`${count} === 1`);
    });

    it("shows notifications in two windows and closes them in one", async () => {
      const other = await browser.newPage();
      await open("/mount-a", "Mount A", other);
      await open("/notifications", "Notifications");
      for (let sent = 1; sent <= 2; sent++) {
        await page.click(button);
        for (const window of [page, other]) await until(`${items}.length === ${sent}`, window);
      }
      await page.click(`${items}[0].querySelector("button")`);
      await until(`${items}.length === 1`);
      assert.equal(await other.evaluate(`${items}.length`), 2);
      // Otherwise it connects again when another test logs in.
      await other.goTo("about:blank");
    });

    it("shows the errors of a form, registers, logs out and in, and opens a modal dialog", async () => {
      const email = uniqueEmail();
      await open("/users/register", "Register");
      await page.type(field("registration_form_email"), "no address");
      await page.type(field("registration_form_password"), "short");
      await until(`${errors} === 2`);
      await page.goTo(`${site.url}/users/register`);
      await arrived("/users/register", "Register");
      await page.type(field("registration_form_email"), email);
      await page.type(field("registration_form_password"), validPassword);
      // A late answer about half of the password would move the button under the mouse.
      await until(idle);
      await until(`${errors} === 0`);
      await page.click("document.querySelector('#registration_form button')");
      await until(`${flash}.includes("Account created successfully!")`);
      await arrived("/", "Home");
      await page.click(menuItem("Log out"));
      await until(`${flash}.includes("Logged out successfully.")`);
      await page.goTo(`${site.url}/users/log_in`);
      await until(idle);
      await page.type(field("login_form_email"), email);
      await page.type(field("login_form_password"), validPassword);
      await page.click("document.querySelector('#login_form button')");
      await until(`${flash}.includes("Welcome back!")`);
      await arrived("/", "Home");
      await page.goTo(`${site.url}/users/settings`);
      await until(idle);
      await page.click("document.querySelector('[popovertarget=log_out_everywhere]')");
      await until(`${dialog}.matches(":modal")`);
      await page.click(`${dialog}.querySelector("[popovertarget]")`);
      await until(`!${dialog}.open`);
      await page.click(menuItem("Log out"));
      await until(`${flash}.includes("Logged out successfully.")`);
    });

    it("continues with the same view after the server has cut the socket", async () => {
      await open("/notifications", "Notifications");
      await page.goTo(`${site.url}/`);
      await arrived("/", "Home");
      await page.click(button);
      await until(`${count} === 1`);
      traffic.documents.length = 0;
      const sockets = traffic.webSockets.length;
      traffic.webSockets.at(-1)?.destroy();
      await page.click(button);
      await until(`${count} === 2`);
      await until(idle);
      assert.ok(traffic.webSockets.length > sockets);
      assert.deepEqual(traffic.documents, []);
    });

    it("keeps the Content-Security-Policy, whose violations the browser reports", async () => {
      assert.equal(traffic.violations, 0);
      await open("/", "Home");
      await page.evaluate(
        `void document.body.append(Object.assign(document.createElement("script"), { textContent: "1" }))`,
      );
      const end = Date.now() + 10_000;
      while (traffic.violations === 0 && Date.now() < end) await wait(20);
      assert.equal(traffic.violations, 1);
      assert.deepEqual(site.errors, []);
    });
  });
}

function describeWithoutJavaScript(engine: Engine): void {
  describe(`the demo in ${engine} without JavaScript`, { timeout: 120_000 }, () => {
    it("shows its pages and answers a form", async () => {
      const database = await createSqliteDatabase();
      const site = await startTestSite(database.config);
      const traffic = new ServerTraffic(site.url);
      const browser = await launchEngine(engine, { javaScript: false });
      try {
        const page = await browser.newPage();
        await page.goTo(`${site.url}/`);
        assert.equal(await page.evaluate(heading), "Live sessions");
        await page.goTo(`${site.url}/users/register`);
        await page.type(field("registration_form_email"), "no address");
        await page.click("document.querySelector('#registration_form button')");
        const end = Date.now() + 10_000;
        while (!(await page.evaluate(`${errors} > 0`).catch(() => false)) && Date.now() < end)
          await wait(20);
        assert.equal(await page.evaluate(errors), 2);
        assert.deepEqual(traffic.webSockets, []);
        assert.equal(traffic.violations, 0);
      } finally {
        await browser.close();
        traffic.stop();
        await site.stop();
        await database.remove();
      }
    });
  });
}
