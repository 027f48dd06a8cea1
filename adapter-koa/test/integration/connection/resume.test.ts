import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { LiveRouter, liveView, reply } from "@live-session/adapter-koa";
import { html } from "lit";
import type { Connection } from "../../support/connection.js";
import { type LiveServer, type ServerSetup, startServer } from "../../support/server.js";
import { Visitor } from "../../support/visitor.js";
import { until } from "../../support/wait.js";

interface Log {
  readonly mounts: string[];
  readonly unmounts: string[];
  renders: number;
}

/** Starts a server with a counter that is counted by its visitors and by messages. */
async function start(t: TestContext, setup: ServerSetup = {}) {
  const log: Log = { mounts: [], unmounts: [], renders: 0 };
  const counter = liveView("CounterLive", {
    types: {} as { own: { count: number } },
    mount({ session, socket }) {
      if (socket.connected) {
        log.mounts.push(String(session.user));
        socket.subscribe("ticks");
      }
      socket.assign({ count: 0 });
    },
    handleEvent: {
      inc({ socket }) {
        socket.assign({ count: socket.assigns.count + 1 });
        return reply({ count: socket.assigns.count });
      },
      crash() {
        throw new Error("the view has a bug");
      },
    },
    handleInfo: ({ message, socket }) => socket.assign({ count: message as number }),
    unmount: ({ reason }) => void log.unmounts.push(reason),
    render: ({ count }) => {
      log.renders++;
      return html`<p>${count}</p>`;
    },
  });
  const router = new LiveRouter().live("/", counter);
  const logIn: NonNullable<ServerSetup["before"]>[number] = async (ctx, next) => {
    const { as } = ctx.query;
    if (typeof as === "string" && ctx.session) {
      ctx.session.user = as;
      ctx.session.live_socket_id = `user:${as}`;
    }
    await next();
  };
  const server = await startServer(t, router, { before: [logIn], ...setup });
  return { server, log };
}

/** Joins as a browser that can continue the connection. */
async function visit(server: LiveServer, visitor = new Visitor(server)) {
  const page = await visitor.load("/?as=ada");
  const connection = await visitor.connect({ _csrf_token: page.csrfToken });
  await connection.join(page, { resume: true, parts: true });
  const [, , , , { secret, ms }] = await connection.next((frame) => frame[3] === "resume");
  return { visitor, page, connection, secret: secret as string, ms: ms as number };
}

/** Breaks a connection without a close frame. */
async function cut(connection: Connection): Promise<void> {
  connection.webSocket.terminate();
  await connection.closed;
}

type Visit = Awaited<ReturnType<typeof visit>>;

/** Opens another socket and asks the server to continue the connection. */
async function resume(
  { visitor, page, secret, connection }: Visit,
  { received = connection.frames.length, csrfToken = page.csrfToken } = {},
) {
  const next = await visitor.connect({ _csrf_token: csrfToken });
  next.webSocket.send(JSON.stringify([null, "resume", "phoenix", "resume", { secret, received }]));
  const [, , , , answer] = await next.next((frame) => frame[1] === "resume");
  return { next, answer };
}

describe("a connection whose socket is lost", () => {
  it("continues on another socket without a mount or a render", async (t) => {
    const { server, log } = await start(t);
    const visited = await visit(server);
    await visited.connection.click(visited.page, "inc");
    const { renders } = log;
    await cut(visited.connection);
    await until(() => server.live.connections === 0);
    const { next, answer } = await resume(visited);
    assert.equal(answer.status, "ok");
    assert.equal(answer.response.received, 2);
    assert.equal(server.live.connections, 1);
    assert.equal(log.renders, renders);
    const { response } = await next.click(visited.page, "inc");
    assert.deepEqual(response, { diff: { "0.1.0": 2 }, reply: { count: 2 } });
    assert.deepEqual(log, { mounts: ["ada"], unmounts: [], renders: renders + 1 });
  });

  it("receives what it has missed, in order and once, and one update for all changes", async (t) => {
    const { server, log } = await start(t);
    const visited = await visit(server);
    for (let i = 0; i < 3; i++) await visited.connection.click(visited.page, "inc");
    await cut(visited.connection);
    await until(() => server.live.connections === 0);
    const { renders } = log;
    for (const count of [10, 20, 30]) server.live.broadcast("ticks", count);
    // The replies to the last two clicks did not arrive.
    const received = visited.connection.frames.length - 2;
    const { next } = await resume(visited, { received });
    await next.next((frame) => frame[3] === "diff");
    assert.deepEqual(
      next.frames
        .slice(1)
        .map(([, ref, , event, payload]) => [ref ?? event, payload.response ?? payload]),
      [
        ["3", { diff: { "0.1.0": 2 }, reply: { count: 2 } }],
        ["4", { diff: { "0.1.0": 3 }, reply: { count: 3 } }],
        ["diff", { diff: { "0.1.0": 30 } }],
      ],
    );
    assert.equal(log.renders, renders + 1);
  });

  it("handles frames that the server did not receive, and counts those that it did", async (t) => {
    const { server } = await start(t);
    const visited = await visit(server);
    const { connection, page } = visited;
    connection.send(`lv:${page.id}`, "event", { type: "click", event: "inc", value: {} });
    await connection.settled();
    await cut(connection);
    const { answer, next } = await resume(visited);
    // The join, the click and the heartbeat
    assert.equal(answer.response.received, 3);
    const { response } = await next.click(page, "inc");
    assert.equal(response.reply.count, 2);
  });

  it("asks for a frame that was lost although the socket stayed open", async (t) => {
    const { server } = await start(t);
    const visited = await visit(server);
    const { connection, page } = visited;
    const click = { type: "click", event: "inc", value: {} };
    const event = (ref: string) => ["1", ref, `lv:${page.id}`, "event", click];
    connection.webSocket.send(JSON.stringify(event("3")));
    await connection.closed;
    const { answer, next } = await resume(visited);
    assert.equal(answer.response.received, 1);
    for (const ref of ["2", "3"]) next.webSocket.send(JSON.stringify(event(ref)));
    const [, , , , last] = await next.next((frame) => frame[1] === "3");
    assert.equal(last.response.reply.count, 2);
  });

  it("is not continued after a frame that is too large, which the browser would send again", async (t) => {
    const { server, log } = await start(t);
    const visited = await visit(server);
    visited.connection.webSocket.send("x".repeat(2 * 1024 * 1024));
    assert.equal((await visited.connection.closed).code, 1009);
    await until(() => log.unmounts.length === 1);
    assert.equal((await resume(visited)).answer.status, "error");
  });

  it("can be continued while the server still considers the lost socket open", async (t) => {
    const { server, log } = await start(t);
    const visited = await visit(server);
    const { next, answer } = await resume(visited);
    assert.equal(answer.status, "ok");
    await visited.connection.closed;
    assert.equal(server.live.connections, 1);
    assert.equal((await next.click(visited.page, "inc")).response.reply.count, 1);
    assert.deepEqual(log.unmounts, []);
  });

  it("accepts a secret again only until the browser has received the next one", async (t) => {
    const { server } = await start(t);
    const visited = await visit(server);
    await cut(visited.connection);
    const first = await resume(visited);
    await cut(first.next);
    // The reply with the new secret may have been lost.
    const second = await resume(visited);
    assert.equal(second.answer.status, "ok");
    await second.next.settled();
    await cut(second.next);
    const third = await resume(visited);
    assert.equal(third.answer.status, "error");
    const renewed = { ...visited, secret: second.answer.response.secret };
    const received = visited.connection.frames.length + 1;
    assert.equal((await resume(renewed, { received })).answer.status, "ok");
  });

  it("is notified of a crash of its view that happened meanwhile", async (t) => {
    const { server } = await start(t);
    const visited = await visit(server);
    const { connection, page } = visited;
    connection.send(`lv:${page.id}`, "event", { type: "click", event: "crash", value: {} });
    await connection.next((frame) => frame[3] === "phx_error");
    await cut(connection);
    const received = connection.frames.length - 1;
    const { next } = await resume(visited, { received });
    await next.next((frame) => frame[3] === "phx_error");
    assert.equal(server.errors.length, 1);
  });

  for (const [what, change] of [
    [
      "another visitor",
      (visited: Visit) => ({ ...visited, visitor: new Visitor(visited.visitor.server) }),
    ],
    ["a forged secret", (visited: Visit) => ({ ...visited, secret: `${visited.secret}x` })],
    ["no secret", (visited: Visit) => ({ ...visited, secret: undefined as unknown as string })],
  ] as const) {
    it(`is not continued for ${what}`, async (t) => {
      const { server, log } = await start(t);
      const visited = await visit(server);
      await cut(visited.connection);
      await until(() => server.live.connections === 0);
      const changed = change(visited);
      if (changed.visitor !== visited.visitor) await changed.visitor.load("/?as=eve");
      const { answer, next } = await resume(changed);
      assert.deepEqual(answer, { status: "error", response: {} });
      const { response } = await next.click(visited.page, "inc");
      assert.deepEqual(response, { reason: "unmatched topic" });
      assert.deepEqual(log.mounts, ["ada"]);
    });
  }

  it("ends its views if the visitor has another session by then", async (t) => {
    const { server, log } = await start(t);
    const visited = await visit(server);
    await cut(visited.connection);
    await visited.visitor.fetch("/?as=grace");
    const { answer } = await resume(visited);
    assert.equal(answer.status, "error");
    assert.deepEqual(log.unmounts, ["disconnect"]);
  });

  it("requires the CSRF token of the session", async (t) => {
    const { server, log } = await start(t);
    const visited = await visit(server);
    await cut(visited.connection);
    assert.equal((await resume(visited, { csrfToken: "forged" })).answer.status, "error");
    assert.deepEqual(log.unmounts, ["disconnect"]);
  });

  it("is not continued with an impossible number of frames", async (t) => {
    const { server } = await start(t);
    for (const received of [-1, 1000, 0.5, Number.MAX_VALUE]) {
      const visited = await visit(server);
      await cut(visited.connection);
      assert.equal((await resume(visited, { received })).answer.status, "error");
    }
  });

  it("ends when it has waited too long, which is shorter without a live_socket_id", async (t) => {
    const { server, log } = await start(t, { limits: { resume: 300 } });
    const visited = await visit(server);
    assert.equal(visited.ms, 300);
    const guest = new Visitor(server);
    const page = await guest.load("/");
    const anonymous = await guest.connect({ _csrf_token: page.csrfToken });
    await anonymous.join(page, { resume: true });
    const [, , , , { ms }] = await anonymous.next((frame) => frame[3] === "resume");
    assert.equal(ms, 100);
    await cut(visited.connection);
    await until(() => log.unmounts.length === 1);
    assert.equal((await resume(visited)).answer.status, "error");
  });

  it("ends at once if limits.resume is 0, or the browser cannot continue it or closes it", async (t) => {
    const { server, log } = await start(t, { limits: { resume: 0 } });
    const visitor = new Visitor(server);
    const { connection } = await visitor.visit("/");
    await cut(connection);
    await until(() => log.unmounts.length === 1);
    const page = await visitor.load("/");
    const other = await visitor.connect();
    await other.join(page, { resume: true });
    assert.deepEqual(other.of("resume"), []);
    await cut(other);
    await until(() => log.unmounts.length === 2);
  });

  it("ends at once when the browser closes it", async (t) => {
    const { server, log } = await start(t);
    for (const code of [1000, undefined]) {
      const { connection } = await visit(server);
      connection.webSocket.close(code);
      await until(() => log.unmounts.length === 1);
      log.unmounts.length = 0;
    }
  });

  it("is continued if the browser closes it to load another page, which turns out to be a download", async (t) => {
    const { server, log } = await start(t);
    const visited = await visit(server);
    visited.connection.webSocket.close(1001);
    await until(() => server.live.connections === 0);
    assert.equal((await resume(visited)).answer.status, "ok");
    assert.deepEqual(log.unmounts, []);
  });

  it("ends by live.disconnect, and when the server closes", async (t) => {
    const { server, log } = await start(t);
    const visited = await visit(server);
    await cut(visited.connection);
    await until(() => server.live.connections === 0);
    server.live.disconnect("user:ada");
    assert.deepEqual(log.unmounts, ["disconnect"]);
    assert.equal((await resume(visited)).answer.status, "error");
    await cut((await visit(server)).connection);
    await until(() => server.live.connections === 1);
    await server.stop();
    assert.deepEqual(log.unmounts, ["disconnect", "disconnect"]);
  });

  it("is not continued after live.disconnect, although its browser has not noticed that", async (t) => {
    const { server, log } = await start(t);
    const visited = await visit(server);
    visited.connection.webSocket.pause();
    server.live.disconnect("user:ada");
    assert.deepEqual(log.unmounts, ["disconnect"]);
    assert.deepEqual((await resume(visited)).answer, { status: "error", response: {} });
  });

  it("is not affected by a stolen secret without the cookie", async (t) => {
    const { server, log } = await start(t);
    const visited = await visit(server);
    const thief = new Visitor(server);
    await thief.load("/?as=eve");
    const { answer } = await resume({ ...visited, visitor: thief });
    assert.equal(answer.status, "error");
    assert.deepEqual(log.unmounts, []);
    assert.equal((await visited.connection.click(visited.page, "inc")).status, "ok");
  });

  it("is continued on one of two sockets that present its secret at the same time", async (t) => {
    const { server, log } = await start(t);
    const visited = await visit(server);
    await cut(visited.connection);
    const both = await Promise.all([resume(visited), resume(visited)]);
    const closed = both.map(({ next }) => next.closed.then(() => next));
    const loser = await Promise.race(closed);
    const winner = both.find(({ next }) => next !== loser);
    const { response } = (await winner?.next.click(visited.page, "inc")) ?? {};
    assert.equal(response.reply.count, 1);
    assert.equal(server.live.connections, 1);
    assert.deepEqual([log.mounts, log.unmounts], [["ada"], []]);
  });

  it("ignores impossible acknowledgements", async (t) => {
    const { server } = await start(t);
    const visited = await visit(server);
    const { connection, page } = visited;
    for (const received of [-1, 1e9, 0.5, 1e308, null, "2", {}]) {
      await connection.push("phoenix", "heartbeat", { received });
    }
    await connection.click(page, "inc");
    await cut(connection);
    const { next } = await resume(visited, { received: 0 });
    await next.next((frame) => frame[4]?.response?.reply?.count === 1);
    assert.deepEqual(next.texts.slice(1), connection.texts);
  });

  it("ends if more than limits.waiting wait, the one that has waited longest first", async (t) => {
    const { server, log } = await start(t, { limits: { waiting: 2 } });
    const visits = [await visit(server), await visit(server), await visit(server)];
    for (const [i, { connection }] of visits.entries()) {
      await cut(connection);
      await until(() => server.live.connections === visits.length - 1 - i);
    }
    assert.deepEqual(log.unmounts, ["disconnect"]);
    const [first, second] = visits as [Visit, Visit, Visit];
    assert.equal((await resume(first)).answer.status, "error");
    assert.equal((await resume(second)).answer.status, "ok");
  });

  it("is a slow reader while the browser acknowledges nothing", async (t) => {
    const { server } = await start(t);
    const { connection } = await visit(server);
    const diffs = () => connection.of("diff").length;
    for (let count = 1; count <= 400; count++) {
      server.live.broadcast("ticks", count);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await connection.settled();
    assert.ok(diffs() < 260, `${diffs()} updates`);
    connection.send("phoenix", "ack", { received: connection.frames.length });
    await connection.next((frame) => frame[3] === "diff" && frame[4].diff["0.1.0"] === 400);
  });
});

describe("events that are pushed while a browser has no socket", () => {
  it("arrive later, in order", async (t) => {
    const view = liveView("EventsLive", {
      mount: ({ socket }) => void socket.subscribe("events"),
      handleInfo: ({ message, socket }) => socket.pushEvent("said", message as { i: number }),
      render: () => html`<p></p>`,
    });
    const router = new LiveRouter().live("/", view);
    const server = await startServer(t, router);
    const visited = await visit(server);
    await cut(visited.connection);
    await until(() => server.live.connections === 0);
    for (let i = 0; i < 3; i++) server.live.broadcast("events", { i });
    const { next } = await resume(visited);
    const [, , , , update] = await next.next((frame) => frame[3] === "diff");
    assert.deepEqual(
      update.events,
      [0, 1, 2].map((i) => ["said", { i }]),
    );
  });
});
