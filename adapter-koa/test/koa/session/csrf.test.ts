import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { csrf, csrfToken, LiveRouter, liveView } from "@live-session/adapter-koa";
import { html } from "lit";
import { isCsrfToken } from "../../../src/koa/session/csrf.js";
import { type ServerSetup, startServer } from "../../support/server.js";
import { Visitor } from "../../support/visitor.js";

const plainLive = liveView("PlainLive", {
  render: ({ csrfToken: token }) => html`<input value=${token}>`,
});
const router = () => new LiveRouter().live("/", plainLive);

/** An app that records the requests that pass the check. It reads each body as a URL-encoded form. */
function guarded(done: string[]): ServerSetup {
  return {
    before: [
      async (ctx, next) => {
        const text = Buffer.concat(await ctx.req.toArray()).toString();
        Object.assign(ctx.request, { body: Object.fromEntries(new URLSearchParams(text)) });
        await next();
      },
      csrf(),
      (ctx, next) => {
        if (ctx.path !== "/change") return next();
        done.push(ctx.method);
        ctx.body = "done";
      },
    ],
  };
}

describe("csrf()", () => {
  it("passes a request with a token of its session, in the form or in the header", async (t) => {
    const done: string[] = [];
    const visitor = new Visitor(await startServer(t, router(), guarded(done)));
    const { csrfToken: token } = await visitor.load("/");
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      const inForm = await visitor.fetch("/change", { method, body: `_csrf_token=${token}` });
      const inHeader = await visitor.fetch("/change", {
        method,
        headers: { "x-csrf-token": token },
      });
      assert.deepEqual([inForm.status, inHeader.status], [200, 200], method);
    }
    assert.equal(done.length, 8);
  });

  it("answers 403 without a token, with a token of another session, and with a token in the query", async (t) => {
    const done: string[] = [];
    const server = await startServer(t, router(), guarded(done));
    const visitor = new Visitor(server);
    const { csrfToken: token } = await visitor.load("/");
    const { csrfToken: strange } = await new Visitor(server).load("/");
    for (const [path, body] of [
      ["/change", ""],
      ["/change", "_csrf_token="],
      ["/change", `_csrf_token=${strange}`],
      ["/change", `_csrf_token=${token}x`],
      [`/change?_csrf_token=${token}`, ""],
    ] as const) {
      const { status, text } = await visitor.fetch(path, { method: "POST", body });
      assert.deepEqual([status, text], [403, "invalid CSRF token"]);
    }
    const anonymous = await new Visitor(server).fetch("/change", {
      method: "POST",
      body: `_csrf_token=${token}`,
    });
    assert.equal(anonymous.status, 403);
    assert.deepEqual(done, []);
  });

  it("requires a valid token for every media type of the body, including that of long polling", async (t) => {
    const done: string[] = [];
    const server = await startServer(t, router(), guarded(done));
    const visitor = new Visitor(server);
    const { csrfToken: token } = await visitor.load("/");
    const { csrfToken: strange } = await new Visitor(server).load("/");
    for (const query of [
      "",
      "?_csrf_token=",
      `?_csrf_token=${strange}`,
      `?_csrf_token=${token}x`,
    ]) {
      for (const type of ["application/x-ndjson", "application/json", "text/plain"]) {
        const headers = { "content-type": type };
        const { status } = await visitor.fetch(`/change${query}`, {
          method: "POST",
          headers,
          body: "{}",
        });
        assert.equal(status, 403, `${type} ${query}`);
      }
    }
    assert.deepEqual(done, []);
  });

  it("requires no token for GET, HEAD and OPTIONS", async (t) => {
    const done: string[] = [];
    const visitor = new Visitor(await startServer(t, router(), guarded(done)));
    for (const method of ["GET", "HEAD", "OPTIONS"]) {
      assert.equal((await visitor.fetch("/change", { method })).status, 200);
    }
    assert.deepEqual(done, ["GET", "HEAD", "OPTIONS"]);
  });

  it("answers 403 if no middleware has parsed the body", async (t) => {
    const visitor = new Visitor(await startServer(t, router(), { before: [csrf()] }));
    assert.equal((await visitor.fetch("/", { method: "POST", body: "x=1" })).status, 403);
  });
});

describe("a CSRF token", () => {
  it("differs each time, and all tokens of a session are valid", async (t) => {
    const seen: string[] = [];
    const server = await startServer(t, router(), {
      before: [
        (ctx, next) => {
          if (ctx.path !== "/tokens") return next();
          seen.push(csrfToken(ctx), csrfToken(ctx));
          ctx.body = "";
        },
      ],
    });
    const visitor = new Visitor(server);
    await visitor.fetch("/tokens");
    await visitor.fetch("/tokens");
    const page = await visitor.load("/");
    assert.equal(new Set([...seen, page.csrfToken]).size, 5);
    assert.match(page.html, new RegExp(`<input value="${page.csrfToken}"`));
    const connection = await visitor.connect();
    for (const token of seen) {
      const { status } = await connection.join(page, { params: { _csrf_token: token } });
      assert.equal(status, "ok");
    }
  });

  it("is empty in an app without sessions", () => {
    assert.equal(csrfToken({} as never), "");
    assert.equal(csrfToken({ session: null } as never), "");
  });

  it("replaces a secret in the session that is not a string", () => {
    const session: Record<string, unknown> = { csrfSecret: { forged: true } };
    const token = csrfToken({ session } as never);
    assert.equal(typeof session.csrfSecret, "string");
    assert.ok(isCsrfToken(session.csrfSecret as string, token));
  });

  it("is invalid if it is not a string, or if the session has no secret", () => {
    const session: Record<string, unknown> = {};
    const token = csrfToken({ session } as never);
    const secret = session.csrfSecret as string;
    for (const wrong of [undefined, null, "", 1, [token], { token }, "-", `${token}-`]) {
      assert.ok(!isCsrfToken(secret, wrong));
    }
    assert.ok(!isCsrfToken(undefined, token));
    assert.ok(!isCsrfToken("", token));
  });
});
