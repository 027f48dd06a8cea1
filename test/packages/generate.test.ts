import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser } from "playwright-core";
import { createMysqlDatabase, type TestDatabase } from "../../demo/test/support/database.js";
import { newContext, open, openBrowser } from "../../demo/test/support/site-browser.js";
import { unpackRelease } from "./support/installed-release.js";
import { useRelease } from "./support/release.js";
import { Terminal } from "./support/terminal.js";

const isComplete = process.env.TEST_ALL === "1";
/** The apps to test: the database, and the names of the context, the schema and the table. */
const apps: readonly (readonly [database: string, ...names: string[]])[] = [
  ["sqlite", "Accounts", "User", "users"],
  ...(isComplete ? [["mysql", "Members", "Member", "members"] as const] : []),
];
/** A reference, and words with another meaning in JavaScript and in SQL. */
const offerFields = ["product_id:references:products", "class", "delete:text", "default:float"];
/** The demo has the login page without this option. */
const authOptions = ["--magic-link"];

/** Returns the code of the newest mail of an app. */
async function codeOf(url: string): Promise<string> {
  const [mail] = (await (await fetch(`${url}/dev/mailbox?format=json`)).json()) as {
    text: string;
  }[];
  return /^\d{6}$/m.exec(mail?.text ?? "")?.[0] ?? "";
}

describe("npx live-session, installed", { timeout: 580_000 }, () => {
  const release = useRelease();
  const terminal = new Terminal();
  let folder: string;
  let browser: Browser;

  before(async () => {
    folder = unpackRelease(release(), "generated");
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await terminal.close();
    rmSync(folder, { recursive: true });
  });

  for (const [database, ...names] of apps) {
    describe(`in a new app with ${names[2]} on ${database}`, () => {
      const name = `with-${names[2]}`;
      const inApp = (program: string, ...args: string[]) => {
        const { status, output } = terminal.run(path.join(folder, name), program, ...args);
        assert.equal(status, 0, output);
        return output;
      };
      const gen = (...args: string[]) =>
        inApp(process.execPath, "../node_modules/live-session/dist/cli.js", "gen", ...args);
      let mysql: TestDatabase | undefined;

      before(async () => {
        if (database === "mysql") mysql = await createMysqlDatabase();
        const create = "node_modules/create-live-session/dist/cli.js";
        const args = [name, "--yes", "--no-install", "--database", database];
        const { status, output } = terminal.run(folder, process.execPath, create, ...args);
        assert.equal(status, 0, output);
      });
      after(() => mysql?.remove());

      it("write code that passes the lint, the types and the tests of the app", () => {
        assert.match(gen("auth", ...names, ...authOptions), /Next:\n {2}npm install/);
        gen("live", "Catalog", "Product", "products", "name", "price:decimal", "sold_at:datetime");
        gen("live", "Catalog", "Offer", "offers", ...offerFields);
        gen("view", "About");
        gen("hook", "countEvents");
        inApp("npm", "run", "lint");
        inApp("npm", "run", "types");
        // The demo runs the tests of accounts, so those of the login page suffice.
        const chosen = ["--", "login-live", "product", "offer", "about", "count-events"];
        assert.match(
          inApp("npm", "test", ...(database === "mysql" ? [] : chosen)),
          /fail 0\n.* cancelled 0\n.* skipped 0/,
        );
        assert.match(gen("auth", ...names, ...authOptions), /There is nothing to do/);
      });

      it("write pages to register, log out, log in by mail and show settings, and to edit rows", async () => {
        const { config } = mysql ?? {};
        const variables = config?.client === "mysql" ? { DATABASE_URL: config.url } : {};
        const script = ["--import", "tsx", "src/server.ts"];
        const url = await terminal.serve(path.join(folder, name), script, {
          PORT: "0",
          ...variables,
        });
        const page = await (await newContext(browser, url)).newPage();
        const [field, table] = [names[1]?.toLowerCase(), names[2]];
        const fillIn = async () => {
          await page.locator(`[name="${field}[email]"]`).first().fill("ada@example.com");
          await page.locator(`[name="${field}[password]"]`).first().fill("a long password");
        };

        await open(page, `/${table}/register`);
        await fillIn();
        await page.getByRole("button", { name: "Create an account" }).click();
        await page.getByText("Account created successfully!").waitFor();
        await page.getByRole("button", { name: "Log out" }).click();
        await page.getByText("Logged out successfully.").waitFor();

        await page.goto(`/${table}/settings`);
        await page.getByText("You must log in to access this page.").waitFor();
        await page.getByLabel("Email").first().fill("ada@example.com");
        await page.getByRole("button", { name: "Send me an email" }).click();
        await page.getByLabel("Code").fill(await codeOf(url));
        await page.getByRole("button", { name: "Log in" }).click();
        await page.getByRole("heading", { name: "Settings" }).waitFor();
        await page.locator(".sessions").getByText("This browser").waitFor();
        await page.locator("light-nav a[aria-current=page]", { hasText: "Settings" }).waitFor();

        await page.getByRole("link", { name: "Products" }).click();
        await page.getByRole("link", { name: "New product" }).click();
        await page.getByLabel("Name").fill("Lamp");
        await page.getByLabel("Price").fill("12.5");
        await page.getByRole("button", { name: "Save" }).click();
        await page.getByText("can't be blank").waitFor();
        await page.getByLabel("Sold at").fill("2026-11-30T12:00");
        await page.getByRole("button", { name: "Save" }).click();
        await page.getByText("Product created.").waitFor();
        await page.getByRole("link", { name: "Edit" }).click();
        await page.getByLabel("Name").fill("Red lamp");
        await page.getByRole("button", { name: "Save" }).click();
        await page.getByText("Product updated.").waitFor();
        await page.getByRole("link", { name: "All products" }).click();
        page.on("dialog", (dialog) => dialog.accept());
        await page.getByRole("row", { name: "Red lamp" }).getByRole("button").click();
        await page.getByText("Product deleted.").waitFor();
        assert.equal(await page.getByRole("row").count(), 1);
        await page.context().close();
      });
    });
  }
});
