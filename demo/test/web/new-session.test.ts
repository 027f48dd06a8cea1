import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import Koa from "koa";
import session from "koa-session";
import { startNewSession } from "../../src/web/session/new-session.js";
import { Visitor } from "../support/visitor.js";

describe("startNewSession", () => {
  const stored = new Map<string, Record<string, unknown>>();
  const store = {
    get: async (id: string) => stored.get(id),
    set: async (id: string, data: Record<string, unknown>) => void stored.set(id, data),
    destroy: async (id: string) => void stored.delete(id),
  };
  const app = new Koa();
  app.keys = ["a secret"];
  app.use(session({ key: "live_sessions", maxAge: "session", store }, app));
  app.use(async (ctx) => {
    if (ctx.path === "/new") await startNewSession(ctx);
    Object.assign(ctx.session ?? {}, { path: ctx.path });
    if (ctx.path === "/old") Object.assign(ctx.session ?? {}, { csrfSecret: "planted" });
    ctx.body = "";
  });
  const server = app.listen(0, "127.0.0.1");
  let url: string;
  before(async () => {
    if (!server.listening) await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());

  it("gives a session in a store a new id and no old data", async () => {
    const visitor = new Visitor(url);
    await visitor.get("/old");
    const planted = visitor.cookies.get("live_sessions") ?? "";
    await visitor.get("/new");
    const id = visitor.cookies.get("live_sessions") ?? "";
    assert.notEqual(id, planted);
    assert.equal(stored.has(planted), false);
    assert.deepEqual(stored.get(id), { path: "/new", _session: true });
  });
});
