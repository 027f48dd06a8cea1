import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LiveRouter, liveView } from "@live-session/adapter-koa";
import { carrierDropped } from "@live-session/components/protocol";
import { html } from "lit";
import { joinOf } from "../../support/connection.js";
import { freePort } from "../../support/free-port.js";
import { liveError } from "../../support/live-error.js";
import { openServer, startServer } from "../../support/server.js";
import { Visitor } from "../../support/visitor.js";

const countLive = liveView("CountLive", {
  types: {} as { own: { count: number } },
  mount: ({ socket }) => socket.assign({ count: 0 }),
  handleEvent: { inc: ({ socket }) => socket.assign({ count: socket.assigns.count + 1 }) },
  render: ({ count }) => html`<p>${count}</p>`,
});
const router = () => new LiveRouter().live("/", countLive);

describe("long polls that reach another process", () => {
  it("are forwarded to the process of their connection, and end with it", async (t) => {
    const [port, other] = [await freePort(), await freePort()];
    const here = await openServer(router(), { port, address: `http://127.0.0.1:${port}` });
    t.after(() => here.stop());
    const there = await startServer(t, router(), {
      port: other,
      address: `http://127.0.0.1:${other}`,
    });
    const visitor = new Visitor(here);
    const page = await visitor.load("/");
    const elsewhere = visitor.at(there);
    const request = async (from: Visitor, token?: string, ...frames: readonly unknown[][]) => {
      const query = new URLSearchParams({ vsn: "2.0.0", _csrf_token: page.csrfToken });
      if (token) query.set("token", token);
      const body = frames.map((frame) => JSON.stringify(frame)).join("\n");
      const post = { method: "POST", body };
      const headers = { origin: from.server.origin, "content-type": "application/x-ndjson" };
      const options = { headers, ...(frames.length > 0 && post) };
      return JSON.parse((await from.fetch(`/live/longpoll?${query}`, options)).text);
    };
    const { token } = await request(visitor);
    assert.ok(!atob(token.split(".")[0]).includes(String(port)));
    const topic = `lv:${page.id}`;
    const joined = await request(elsewhere, token, ["1", "1", topic, "phx_join", joinOf(page)]);
    assert.deepEqual(joined, { status: 200 });
    const { messages } = await request(elsewhere, token);
    assert.equal(JSON.parse(messages[0])[4].status, "ok");
    const event = { type: "click", event: "inc", value: {} };
    await request(visitor, token, ["1", "2", topic, "event", event]);
    const reply = await request(elsewhere, token);
    assert.match(reply.messages[0], /"status":"ok"/);
    await here.stop();
    assert.equal((await request(elsewhere, token)).status, 410);
  });

  it("need an address of the documented form", async (t) => {
    await assert.rejects(
      startServer(t, router(), { address: "10.0.0.3:4000" }),
      liveError("LIVE_ERR_OPTION", '"address"', 'Got: "10.0.0.3:4000"'),
    );
  });
});

describe("live.close with the option over", () => {
  it("ends the sockets one after the other, and those that remain work until then", async (t) => {
    const server = await startServer(t, router());
    const visitor = new Visitor(server);
    const visits = [];
    for (let i = 0; i < 6; i++) visits.push(await visitor.visit("/"));
    const start = performance.now();
    const ends: number[] = [];
    for (const { connection } of visits)
      void connection.closed.then(() => ends.push(performance.now() - start));
    const closed = server.live.close({ over: "600ms" });
    assert.equal(server.live.health().ready, false);
    assert.equal((await visitor.fetch("/live/longpoll?vsn=2.0.0")).status, 503);
    const last = visits.at(-1);
    if (last) assert.equal((await last.connection.click(last.page, "inc")).status, "ok");
    await closed;
    await Promise.all(visits.map(({ connection }) => connection.closed));
    assert.ok((ends.at(-1) ?? 0) - (ends[0] ?? 0) >= 400, String(ends));
  });

  it("asks browsers that can continue connections to leave, and answers their events until then", async (t) => {
    const server = await startServer(t, router());
    const visitor = new Visitor(server);
    const page = await visitor.load("/");
    const connection = await visitor.connect({ _csrf_token: page.csrfToken });
    await connection.join(page, { resume: true });
    const closed = server.live.close({ over: "1ms" });
    await connection.next(([, , topic, event]) => topic === "phoenix" && event === "restart");
    assert.equal((await connection.click(page, "inc")).status, "ok");
    connection.webSocket.close(carrierDropped);
    // At once, because the browser does not continue the connection here.
    await closed;
    assert.equal(server.live.connections, 0);
  });

  it("closes the sockets of browsers that stay", async (t) => {
    const server = await startServer(t, router());
    const visitor = new Visitor(server);
    const page = await visitor.load("/");
    const connection = await visitor.connect({ _csrf_token: page.csrfToken });
    await connection.join(page, { resume: true });
    const [, { code }] = await Promise.all([server.live.close({ over: "1ms" }), connection.closed]);
    assert.equal(code, 1012);
  });

  it("refuses values that are not durations", async (t) => {
    const { live } = await startServer(t, router());
    await assert.rejects(
      live.close({ over: "soon" as "1s" }),
      liveError("LIVE_ERR_OPTION", '"over"', 'Got: "soon"'),
    );
  });
});
