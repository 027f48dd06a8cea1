import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { putFlash } from "../../../src/koa/session/flash.js";
import { httpSession, sessionSnapshot } from "../../../src/koa/session/http-session.js";

describe("the HTTP session of a request", () => {
  it("is absent without a session middleware", () => {
    assert.equal(httpSession({} as never), undefined);
    assert.equal(httpSession({ session: null } as never), undefined);
    assert.deepEqual(sessionSnapshot({} as never), {});
  });

  it("is copied for hooks, without the data of the library", () => {
    const session = { user: { id: 1 }, csrfSecret: "secret", liveFlash: { info: "x" } };
    const snapshot = sessionSnapshot({ session } as never);
    assert.deepEqual(snapshot, { user: { id: 1 } });
    session.user.id = 2;
    assert.deepEqual(snapshot, { user: { id: 1 } });
  });

  it("is read with its toJSON method", () => {
    const session = { hidden: () => 1, toJSON: () => ({ user: 1, csrfSecret: "secret" }) };
    assert.deepEqual(sessionSnapshot({ session } as never), { user: 1 });
  });
});

describe("putFlash", () => {
  it("keeps one message of each kind, and replaces a value that is not a flash", () => {
    const session: Record<string, unknown> = { liveFlash: "broken" };
    const ctx = { session } as never;
    putFlash(ctx, "info", "one");
    putFlash(ctx, "error", "two");
    putFlash(ctx, "info", "three");
    assert.deepEqual(session.liveFlash, { info: "three", error: "two" });
  });

  it("does nothing without a session", () => {
    putFlash({} as never, "info", "lost");
  });

  it("requires a kind and a message that are strings", () => {
    const ctx = { session: {} } as never;
    assert.throws(() => putFlash(ctx, "", "x"), { code: "LIVE_ERR_PAYLOAD" });
    assert.throws(() => putFlash(ctx, "info", 5 as never), { code: "LIVE_ERR_PAYLOAD" });
  });
});
