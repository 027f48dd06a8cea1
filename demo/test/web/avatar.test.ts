import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { type Page, visit } from "@live-session/adapter-koa/testing";
import { createDatabase } from "../../src/database.js";
import { uniqueEmail, validPassword } from "../support/accounts.js";
import { describeOnDatabases } from "../support/database.js";
import { startTestSite, type TestSite } from "../support/site.js";

const path = "/users/settings/avatar";
const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
/** A PNG of more than 64 KiB, the limit of an ordinary blob in MySQL. */
const large = Buffer.concat([png, Buffer.alloc(100_000)]);

describeOnDatabases("the avatar", (database) => {
  let site: TestSite;
  before(async () => {
    site = await startTestSite(database().config);
  });
  after(() => site.stop());

  /** Registers a user and opens the page, in which the script has not started yet. */
  async function open(): Promise<Page> {
    const page = await visit(site.site.app, "/users/register");
    const fields = { "user[email]": uniqueEmail(), "user[password]": validPassword };
    await page.form("#registration_form", fields).submitToAction();
    await page.visit(path);
    return page;
  }

  const load = ({ cookies }: Page, headers: Record<string, string> = {}) =>
    fetch(`${site.url}/users/avatar`, {
      headers: { cookie: cookies.header, ...headers },
      redirect: "manual",
    });

  /** Sends the form with a file in two ways. */
  const ways: Record<string, (page: Page, name: string, content: Buffer) => Promise<void>> = {
    "over the connection": async (page, name, content) => {
      await page.connect();
      await page.file("#avatar_form", "avatar", [{ name, content, type: "image/png" }]).upload();
      await page.form("#avatar_form").submit();
    },
    "without JavaScript": async (page, name, content) => {
      const avatar = new File([new Uint8Array(content)], name, { type: "image/png" });
      await page.form("#avatar_form", { avatar }).submit();
    },
  };

  for (const [way, send] of Object.entries(ways)) {
    it(`is stored ${way}, and removed again`, async () => {
      const page = await open();
      assert.equal((await load(page)).headers.get("location"), "/assets/avatar.svg");
      await send(page, "me.png", large);
      if (page.isConnected) await page.followRedirect(path);
      assert.match(page.render(), /Avatar saved\./);
      const stored = await load(page);
      assert.deepEqual(Buffer.from(await stored.arrayBuffer()), large);
      const { headers } = stored;
      assert.equal(headers.get("content-type"), "image/png");
      assert.equal(headers.get("x-content-type-options"), "nosniff");
      assert.equal(headers.get("content-security-policy"), "default-src 'none'; sandbox");
      assert.equal(headers.get("cache-control"), "private, no-cache");
      const etag = headers.get("etag") ?? "";
      // Otherwise `fetch` adds "no-cache" to such a request.
      const conditions = { "if-none-match": etag, "cache-control": "max-age=0" };
      assert.equal((await load(page, conditions)).status, 304);
      if (way === "over the connection") await page.connect();
      await page.form("#remove_avatar_form").submit();
      assert.equal((await load(page)).status, 302);
    });

    it(`is refused ${way} if it is not an image`, async () => {
      const page = await open();
      await send(page, "script.png", Buffer.from("<svg onload='alert(1)'></svg>"));
      assert.ok(
        page.hasElement("live-file-input .error", "This is not a PNG, JPEG or WebP image."),
      );
      assert.equal((await load(page)).status, 302);
      if (page.isConnected) return;
      // The script of the page starts after all.
      await page.connect();
      assert.match(page.flash.error ?? "", /This is not a PNG/);
    });
  }

  it("is not accepted from visitors, and a stale form returns to its page", async () => {
    const page = await open();
    const form = page.form("#avatar_form", { avatar: new File([new Uint8Array(png)], "me.png") });
    await form.submit({ unchecked: { _csrf_token: "stale" } });
    assert.match(page.render(), /Your session has changed/);
    const visitor = await visit(site.site.app, path);
    assert.equal(visitor.path, "/users/log_in");
    assert.equal((await load(visitor)).status, 302);
  });

  it("is deleted with its user", async () => {
    const page = await open();
    await ways["without JavaScript"]?.(page, "me.png", png);
    const { knex, close } = createDatabase(database().config);
    await knex("users").delete();
    assert.deepEqual(await knex("avatars").select(), []);
    await close();
  });
});
