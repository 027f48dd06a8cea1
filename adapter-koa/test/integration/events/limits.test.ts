import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { LiveRouter, liveView } from "@live-session/adapter-koa";
import { html } from "lit";
import { WebSocket } from "ws";
import { Connection, joinOf } from "../../support/connection.js";
import { startServer } from "../../support/server.js";
import { Visitor } from "../../support/visitor.js";
import { until } from "../../support/wait.js";

/** The sockets of the connected views; the references do not keep them in memory. */
const kept = new Set<WeakRef<object>>();

const formLive = liveView("FormLive", {
  mount({ socket }) {
    if (socket.connected) kept.add(new WeakRef(socket));
  },
  handleEvent: {
    change: () => {},
    changeSlowly: () => delay(5),
  },
  render: () => html`<form></form>`,
});

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

const router = () => new LiveRouter().live("/", formLive);

const rejoin = (page: Awaited<ReturnType<Visitor["load"]>>) =>
  joinOf(page, { params: { _csrf_token: page.csrfToken, _mounts: 1 } });

describe("a view that is joined again after a reconnect", () => {
  it("may send more forms than the limit of events", async (t) => {
    const server = await startServer(t, router(), { limits: { eventsPerSecond: 10 } });
    const visitor = new Visitor(server);
    const page = await visitor.load("/");
    const connection = await visitor.connect();
    await connection.push(`lv:${page.id}`, "phx_join", rejoin(page));
    const replies = Array.from({ length: 25 }, () => connection.submit(page, "change", "a=1"));
    for (const { status } of await Promise.all(replies)) assert.equal(status, "ok");
  });

  it("may send larger forms than the limit of waiting bytes", async (t) => {
    const server = await startServer(t, router(), { limits: { waitingBytes: 10_000 } });
    const visitor = new Visitor(server);
    const page = await visitor.load("/");
    const connection = await visitor.connect();
    await connection.push(`lv:${page.id}`, "phx_join", rejoin(page));
    const content = `a=${"x".repeat(3000)}`;
    const replies = Array.from({ length: 10 }, () =>
      connection.submit(page, "changeSlowly", content),
    );
    for (const { status } of await Promise.all(replies)) assert.equal(status, "ok");
  });
});

describe("a topic that is joined again and again", () => {
  it("keeps only its last view in memory", async (t) => {
    const server = await startServer(t, router(), { limits: { joinsPerSecond: 1000 } });
    const { page, connection } = await new Visitor(server).visit("/");
    kept.clear();
    for (let i = 0; i < 50; i++) assert.equal((await connection.join(page)).status, "ok");
    await connection.settled();
    connection.frames.length = 0;
    const alive = () => [...kept].filter((ref) => ref.deref()).length;
    await until(() => {
      collectGarbage();
      return alive() <= 2;
    }, `the end of ${alive()} views`);
  });
});

describe("a connection that sends many frames at once", () => {
  /** Starts a server whose view records its events; the event `slow` uses the CPU for a millisecond. */
  async function startRecording(t: Pick<TestContext, "after">) {
    const handled: string[] = [];
    let handleFirst = () => {};
    const isFirst = new Promise<void>((resolve) => {
      handleFirst = resolve;
    });
    const recordingLive = liveView("RecordingLive", {
      handleEvent: {
        slow() {
          const end = performance.now() + 1;
          while (performance.now() < end);
          handled.push("slow");
          handleFirst();
        },
        quick: () => void handled.push("quick"),
      },
      render: () => html`<p></p>`,
    });
    const server = await startServer(t, new LiveRouter().live("/", recordingLive));
    return { server, handled, isFirst };
  }

  it("does not delay the events of other connections until all are handled", async (t) => {
    const { server, handled, isFirst } = await startRecording(t);
    const flooding = await new Visitor(server).visit("/");
    const other = await new Visitor(server).visit("/");
    const replies = Array.from({ length: 300 }, () =>
      flooding.connection.click(flooding.page, "slow"),
    );
    await isFirst;
    assert.equal((await other.connection.click(other.page, "quick")).status, "ok");
    for (const { status } of await Promise.all(replies)) assert.equal(status, "ok");
    assert.equal(handled.length, 301);
    assert.ok(handled.indexOf("quick") < 150, `after ${handled.indexOf("quick")} events`);
  });

  it("has its frames handled although it closes before their turn", async (t) => {
    const { server, handled } = await startRecording(t);
    const { page, connection } = await new Visitor(server).visit("/");
    for (let i = 0; i < 20; i++) connection.click(page, "slow").catch(() => {});
    connection.click(page, "quick").catch(() => {});
    connection.close();
    await until(() => handled.includes("quick"), "the last event");
  });

  it("is served completely over long polling too", async (t) => {
    const { server, handled } = await startRecording(t);
    const visitor = new Visitor(server);
    const page = await visitor.load("/");
    const path = `/live/longpoll?vsn=2.0.0&_csrf_token=${page.csrfToken}`;
    const { token } = JSON.parse((await visitor.fetch(path)).text);
    const url = `${path}&token=${encodeURIComponent(token)}`;
    const topic = `lv:${page.id}`;
    const event = (name: string) => ["1", "2", topic, "event", { type: "click", event: name }];
    const frames: unknown[] = [["1", "1", topic, "phx_join", joinOf(page)]];
    for (let i = 0; i < 20; i++) frames.push(event("slow"));
    frames.push(event("quick"));
    const body = frames.map((frame) => JSON.stringify(frame)).join("\n");
    const headers = { "content-type": "application/x-ndjson" };
    const { status } = await visitor.fetch(url, { method: "POST", headers, body });
    assert.equal(status, 200);
    await until(() => handled.includes("quick"), "the last event");
    await visitor.fetch(url, { method: "DELETE" });
  });
});

describe("decoding a form", () => {
  it("counts as events according to its time", async (t) => {
    const server = await startServer(t, router(), { limits: { eventsPerSecond: 100 } });
    const { page, connection } = await new Visitor(server).visit("/");
    t.mock.method(performance, "now", fakeClock(60));
    connection.submit(page, "change", "a=1").catch(() => {});
    connection.submit(page, "change", "a=1").catch(() => {});
    connection.submit(page, "change", "a=1").catch(() => {});
    assert.deepEqual(await connection.closed, { code: 1008, reason: "LIVE_ERR_RATE" });
  });
});

/** Returns a clock that advances by some milliseconds with each call. */
function fakeClock(step: number): () => number {
  let now = 0;
  return () => {
    now += step;
    return now;
  };
}

describe("a frame in fragments", () => {
  it("ends the connection with 1008 if the fragments are tiny", async (t) => {
    const server = await startServer(t, router());
    const connection = await new Visitor(server).connect();
    for (let i = 0; i < 1000; i++) connection.webSocket.send("x", { fin: false });
    assert.equal((await connection.closed).code, 1008);
  });
});

describe("a socket that does not answer a close frame", () => {
  it("is terminated after two seconds", async (t) => {
    const server = await startServer(t, router());
    const visitor = new Visitor(server);
    const webSocket = new WebSocket(visitor.socketUrl(), { headers: visitor.handshakeHeaders });
    const connection = new Connection(webSocket);
    await connection.opened;
    const { _receiver: receiver } = webSocket as unknown as { _receiver: NodeJS.EventEmitter };
    receiver.removeAllListeners("conclude");
    const start = performance.now();
    webSocket.send("garbage");
    await once(webSocket, "close");
    const ms = performance.now() - start;
    assert.ok(ms < 10_000, `${ms} ms`);
    await until(() => server.live.connections === 0);
  });
});
