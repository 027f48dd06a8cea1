import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { halt, LiveRouter, liveView, onMount, redirect } from "@live-session/adapter-koa";
import type { Middleware } from "koa";
import { html } from "lit";
import { liveError } from "../../support/live-error.js";
import { startServer } from "../../support/server.js";
import { type LivePage, Visitor } from "../../support/visitor.js";
import { joinedText } from "../../support/wire-html.js";

const type = "application/vnd.live-session+json";
const plainLive = liveView("PlainLive", { render: () => html`<p>plain</p>` });

const createRouter = () => {
  const router = new LiveRouter().live("/", plainLive);
  router.liveSession("extra", { session: { from: "extra" } }).live("/extra", plainLive);
  const refusing = onMount("refusing", () => halt(redirect("/")));
  router.liveSession("refused", { onMount: [refusing] }).live("/refused", plainLive);
  return router;
};

const ask = (visitor: Visitor, path: string, origin?: string) =>
  visitor.fetch(path, { headers: { accept: type, ...(origin !== undefined && { origin }) } });

describe("a request for join info", () => {
  it("returns the id, token, CSRF token and socket of the page, uncached, in its own media type", async (t) => {
    const visitor = new Visitor(await startServer(t, createRouter()));
    const { status, headers, text } = await ask(visitor, "/extra");
    assert.equal(status, 200);
    assert.equal(headers["content-type"], type);
    assert.equal(headers["cache-control"], "no-store");
    assert.equal(headers.vary, "Accept, Origin");
    const joinInfo = JSON.parse(text);
    assert.deepEqual(Object.keys(joinInfo).sort(), ["csrfToken", "id", "routes", "token", "url"]);
    assert.equal(joinInfo.url, "/live");
  });

  it("returns everything that a join needs", async (t) => {
    const server = await startServer(t, createRouter());
    const visitor = new Visitor(server);
    const { text } = await ask(visitor, "/");
    const page: LivePage = { ...JSON.parse(text), url: `${server.origin}/`, html: "" };
    const connection = await visitor.connect();
    const { status, response } = await connection.join(page);
    assert.equal(status, "ok");
    assert.match(joinedText(response), /<p>plain<\/p>/);
  });

  it("returns a token that works without a session, for browsers that keep no cookies of other sites", async (t) => {
    const server = await startServer(t, createRouter());
    const { text } = await ask(new Visitor(server), "/extra");
    const page: LivePage = { ...JSON.parse(text), url: `${server.origin}/extra`, html: "" };
    const connection = await new Visitor(server).connect();
    assert.equal((await connection.join(page)).status, "ok");
  });

  it("returns a token that is stale on a socket with a session, unless the CSRF token belongs to that session", async (t) => {
    const logIn: Middleware = (ctx, next) => {
      if (ctx.session && ctx.path === "/") ctx.session.user = 7;
      return next();
    };
    const server = await startServer(t, createRouter(), { before: [logIn] });
    const visitor = new Visitor(server);
    await visitor.load("/");
    const { text } = await ask(new Visitor(server), "/extra");
    const page: LivePage = { ...JSON.parse(text), url: `${server.origin}/extra`, html: "" };
    const connection = await visitor.connect();
    const refused = { status: "error", response: { reason: "stale" } };
    assert.deepEqual(await connection.join(page), refused);
    const { text: own } = await ask(visitor, "/extra");
    const params = { _csrf_token: JSON.parse(own).csrfToken };
    assert.equal((await connection.join(page, { params })).status, "ok");
  });

  it("is answered with an error, like the page, if session data makes the join larger than allowed", async (t) => {
    let size = 0;
    const create = () => {
      const router = new LiveRouter();
      router
        .liveSession("big", { session: () => ({ text: "x".repeat(size) }) })
        .live("/", plainLive);
      return router;
    };
    for (const [limits, fits, large] of [
      [{}, 40_000, 43_000],
      [{ frameBytes: 200_000 }, 120_000, 132_000],
    ] as const) {
      size = fits;
      const server = await startServer(t, create(), { limits });
      const visitor = new Visitor(server);
      const page = await visitor.load("/");
      const url = `${page.url}?${"x".repeat(7000)}`;
      assert.equal((await (await visitor.connect()).join(page, { url })).status, "ok");
      size = large;
      assert.equal((await ask(visitor, "/")).status, 500);
      assert.equal((await visitor.fetch("/")).status, 500);
      for (const error of server.errors) {
        liveError(
          "LIVE_ERR_SESSION_DATA",
          'the live session "big" is too long',
          "Expected: ",
          "Got: ",
        )(error);
      }
      assert.equal(server.errors.length, 2);
    }
  });

  it("runs no hooks, because those of the join decide", async (t) => {
    const server = await startServer(t, createRouter());
    const visitor = new Visitor(server);
    const { status, text } = await ask(visitor, "/refused");
    assert.equal(status, 200);
    const connection = await visitor.connect();
    const page: LivePage = { ...JSON.parse(text), url: `${server.origin}/refused`, html: "" };
    assert.deepEqual(await connection.join(page), {
      status: "error",
      response: { reason: "redirect", to: "/" },
    });
  });

  it("returns the page itself if the request accepts another media type", async (t) => {
    const visitor = new Visitor(await startServer(t, createRouter()));
    for (const accept of ["text/html", "*/*"]) {
      const { headers } = await visitor.fetch("/", { headers: { accept } });
      assert.equal(headers["content-type"], "text/html; charset=utf-8");
    }
  });

  it("is allowed from an allowed origin, with credentials, and from no other", async (t) => {
    const router = createRouter();
    const visitor = new Visitor(
      await startServer(t, router, { origins: ["https://partner.example"] }),
    );
    const allowed = await ask(visitor, "/", "https://partner.example");
    assert.equal(allowed.status, 200);
    assert.equal(allowed.headers["access-control-allow-origin"], "https://partner.example");
    assert.equal(allowed.headers["access-control-allow-credentials"], "true");
    for (const origin of ["https://evil.example", "null", "https://partner.example.evil.example"]) {
      const refused = await ask(visitor, "/", origin);
      assert.equal(refused.status, 403, origin);
      assert.equal(refused.headers["access-control-allow-origin"], undefined);
      assert.ok(!refused.text.includes("token"));
    }
  });

  it("is allowed from the same host by default, with or without an Origin header", async (t) => {
    const server = await startServer(t, createRouter());
    const visitor = new Visitor(server);
    assert.equal((await ask(visitor, "/")).headers["access-control-allow-origin"], undefined);
    assert.equal((await ask(visitor, "/", server.origin)).status, 200);
    assert.equal((await ask(visitor, "/", "http://evil.example")).status, 403);
  });
});
