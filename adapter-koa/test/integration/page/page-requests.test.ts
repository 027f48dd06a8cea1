import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type LiveErrorCode, LiveRouter, liveView } from "@live-session/adapter-koa";
import type { Middleware } from "koa";
import { html } from "lit";
import { liveError } from "../../support/live-error.js";
import { startServer } from "../../support/server.js";
import { Visitor } from "../../support/visitor.js";

let mounts = 0;

const flashLive = liveView("FlashLive", {
  mount: () => void mounts++,
  render: ({ flash }) => html`<p>${flash.info ?? "no message"}</p>`,
});

const throwingLive = liveView("ThrowingLive", {
  mount() {
    throw undefined;
  },
  render: () => html`<p></p>`,
});

async function start(t: Parameters<typeof startServer>[0]) {
  const router = new LiveRouter().live("/", flashLive).live("/throwing", throwingLive);
  const put: Middleware = (ctx, next) => {
    if (ctx.path !== "/put") return next();
    server.live.putFlash(ctx, "info", String(ctx.query.message));
    ctx.body = "put";
  };
  const server = await startServer(t, router, { before: [put] });
  const visitor = new Visitor(server);
  return { server, visitor };
}

describe("a request that does not show its page", () => {
  for (const [what, options, status] of [
    ["HEAD", { method: "HEAD" }, 200],
    ["a prefetch", { headers: { "sec-purpose": "prefetch;prerender" } }, 503],
    ["a prefetch of Safari", { headers: { purpose: "prefetch" } }, 503],
  ] as const) {
    it(`neither mounts the view nor takes the flash: ${what}`, async (t) => {
      const { visitor } = await start(t);
      await visitor.fetch("/put?message=Saved");
      mounts = 0;
      const response = await visitor.fetch("/", options);
      assert.equal(response.status, status);
      assert.equal(mounts, 0);
      assert.match((await visitor.load("/")).html, /Saved/);
      assert.equal(mounts, 1);
    });
  }
});

describe("a page with a flash message", () => {
  it("is not stored by the browser, another page may be", async (t) => {
    const { visitor } = await start(t);
    await visitor.fetch("/put?message=Saved");
    assert.equal((await visitor.fetch("/")).headers["cache-control"], "no-store");
    const next = await visitor.fetch("/");
    assert.match(next.text, /no message/);
    assert.equal(next.headers["cache-control"], "max-age=0, private, must-revalidate");
  });
});

describe("a flash message that does not fit into a cookie", () => {
  const message = "x".repeat(3000);

  it("is an error in development", async (t) => {
    const { server, visitor } = await start(t);
    assert.equal((await visitor.fetch(`/put?message=${message}`)).status, 500);
    const code: LiveErrorCode = "LIVE_ERR_PAYLOAD";
    liveError(
      code,
      "flash messages are too long",
      "Expected: at most 2048 bytes",
    )(server.errors[0]);
  });

  it("is shortened in production", async (t) => {
    const { NODE_ENV } = process.env;
    process.env.NODE_ENV = "production";
    t.after(() => {
      if (NODE_ENV === undefined) delete process.env.NODE_ENV;
      else process.env.NODE_ENV = NODE_ENV;
    });
    const { visitor } = await start(t);
    assert.equal((await visitor.fetch(`/put?message=${message}`)).status, 200);
    assert.match((await visitor.load("/")).html, /x{1000,}…/);
  });
});

describe("a page", () => {
  it("is refused with 406 if only JSON is accepted", async (t) => {
    const { visitor } = await start(t);
    const accepting = (accept: string) => visitor.fetch("/", { headers: { accept } });
    assert.equal((await accepting("application/json")).status, 406);
    for (const accept of ["text/html", "*/*", "application/json, text/*;q=0.1"])
      assert.equal((await accepting(accept)).status, 200, accept);
  });

  it("is answered with 500 if its mount throws undefined", async (t) => {
    const { server, visitor } = await start(t);
    assert.equal((await visitor.fetch("/throwing")).status, 500);
    assert.equal(server.errors.length, 1);
    assert.ok(server.errors[0] instanceof Error);
  });
});

describe("a live session that does not connect", () => {
  it("serves plain pages", async (t) => {
    const router = new LiveRouter().live("/", flashLive);
    router.liveSession("plain", { connect: false }).live("/plain", flashLive);
    const visitor = new Visitor(await startServer(t, router));
    const { text } = await visitor.fetch("/plain");
    assert.match(text, /no message/);
    assert.doesNotMatch(text, /<live-session/);
  });
});
