import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { LiveRouter, liveView } from "@live-session/adapter-koa";
import { html } from "lit";
import { ClientScript } from "../../../src/koa/page/client-script.js";
import { startServer } from "../../support/server.js";
import { Visitor } from "../../support/visitor.js";

const plainLive = liveView("PlainLive", { render: () => html`<p></p>` });
const start = async (t: Parameters<typeof startServer>[0], path?: string) =>
  new Visitor(
    await startServer(t, new LiveRouter().live("/", plainLive), path === undefined ? {} : { path }),
  );

describe("the client script", () => {
  it("is cached forever under the URL that pages contain, which changes with its content", async (t) => {
    const visitor = await start(t);
    const { html: page } = await visitor.load("/");
    const [, url = ""] = /src="(\/live\/live-session\.js\?v=[\w-]{12})"/.exec(page) ?? [];
    assert.equal(url, new ClientScript("/live").url);
    const { status, headers, text } = await visitor.fetch(url);
    assert.equal(status, 200);
    assert.equal(headers["content-type"], "text/javascript; charset=utf-8");
    assert.equal(headers["cache-control"], "public, max-age=31536000, immutable");
    assert.match(text, /live-session/);
  });

  it("must be revalidated under any other URL", async (t) => {
    const visitor = await start(t);
    const { url } = new ClientScript("/live");
    for (const other of [
      "/live/live-session.js",
      "/live/live-session.js?v=old",
      `${url}&${url.split("?")[1]}`,
    ]) {
      const { status, headers } = await visitor.fetch(other);
      assert.deepEqual([status, headers["cache-control"]], [200, "no-cache"], other);
    }
  });

  it("is compressed as the browser accepts it, with one ETag for each encoding", async (t) => {
    const visitor = await start(t);
    const ask = (encoding: string) =>
      visitor.fetch("/live/live-session.js", { headers: { "accept-encoding": encoding } });
    const [plain, gzip, br] = [
      await ask("identity"),
      await ask("gzip"),
      await ask("gzip, deflate, br, zstd"),
    ];
    assert.equal(plain.headers["content-encoding"], undefined);
    assert.equal(gzip.headers["content-encoding"], "gzip");
    assert.equal(br.headers["content-encoding"], "br");
    assert.deepEqual(gunzipSync(gzip.body), plain.body);
    assert.deepEqual(brotliDecompressSync(br.body), plain.body);
    assert.equal(new Set([plain, gzip, br].map(({ headers }) => headers.etag)).size, 3);
    for (const { headers } of [plain, gzip, br]) assert.equal(headers.vary, "Accept-Encoding");
    for (const encoding of ["*;q=0", "br;q=0, gzip;q=0", "zstd"]) {
      const none = await ask(encoding);
      assert.deepEqual([none.status, none.headers["content-encoding"]], [200, undefined], encoding);
    }
  });

  it("is answered with 304 and no body if the browser has it, and HEAD with no body", async (t) => {
    const visitor = await start(t);
    const { headers } = await visitor.fetch("/live/live-session.js");
    const again = await visitor.fetch("/live/live-session.js", {
      headers: { "if-none-match": headers.etag as string },
    });
    assert.deepEqual([again.status, again.text, again.headers.etag], [304, "", headers.etag]);
    const stale = await visitor.fetch("/live/live-session.js", {
      headers: { "if-none-match": '"old"' },
    });
    assert.equal(stale.status, 200);
    const head = await visitor.fetch("/live/live-session.js", { method: "HEAD" });
    assert.deepEqual([head.status, head.text], [200, ""]);
    assert.equal((await visitor.fetch("/live/live-session.js", { method: "POST" })).status, 404);
  });

  it("allows pages of other sites to load it", async (t) => {
    const { headers } = await (await start(t)).fetch("/live/live-session.js");
    assert.equal(headers["access-control-allow-origin"], "*");
    assert.equal(headers["cross-origin-resource-policy"], "cross-origin");
    assert.equal(headers["access-control-allow-credentials"], undefined);
  });

  it('is served below the path of the option "path"', async (t) => {
    const visitor = await start(t, "/deep/er");
    assert.equal((await visitor.fetch("/deep/er/live-session.js")).status, 200);
    assert.equal((await visitor.fetch("/live/live-session.js")).status, 404);
    assert.match((await visitor.load("/")).html, / url="\/deep\/er"/);
  });
});
