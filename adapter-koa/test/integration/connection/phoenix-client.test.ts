import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LiveRouter, liveView, reply } from "@live-session/adapter-koa";
import { html } from "lit";
import { type Channel, type Push, Socket } from "phoenix";
import { WebSocket } from "ws";
import { joinOf } from "../../support/connection.js";
import { startServer } from "../../support/server.js";
import { type LivePage, Visitor } from "../../support/visitor.js";
import { until } from "../../support/wait.js";

const counterLive = liveView("CounterLive", {
  types: {} as { own: { count: number } },
  mount({ socket }) {
    socket.subscribe("ticks");
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
  render: ({ count }) => html`<p>${count}</p>`,
});

/** Creates the unmodified client of Phoenix, with a visitor's cookie on its WebSocket. */
function openSocket(t: { after(end: () => void): void }, visitor: Visitor): Socket {
  const headers = visitor.handshakeHeaders;
  class CookieWebSocket extends WebSocket {
    constructor(url: string) {
      super(url, { headers });
    }
  }
  const socket = new Socket(`ws://127.0.0.1:${visitor.server.port}/live`, {
    transport: CookieWebSocket,
    reconnectAfterMs: () => 5,
    rejoinAfterMs: () => 5,
  });
  socket.connect();
  t.after(() => socket.disconnect());
  return socket;
}

/** Returns the reply to a push; rejects with any other result. */
const answerOf = (push: Push): Promise<Record<string, unknown>> =>
  new Promise((resolve, reject) => {
    push
      .receive("ok", resolve)
      .receive("error", (reason) => reject(new Error(JSON.stringify(reason))))
      .receive("timeout", () => reject(new Error("timeout")));
  });

const click = (channel: Channel, event: string, timeout?: number) =>
  channel.push("event", { type: "click", event, value: {} }, timeout);

async function start(t: Parameters<typeof startServer>[0]) {
  const server = await startServer(t, new LiveRouter().live("/", counterLive));
  const visitor = new Visitor(server);
  const page: LivePage = await visitor.load("/");
  const socket = openSocket(t, visitor);
  const channel = socket.channel(`lv:${page.id}`, joinOf(page));
  return { server, visitor, page, socket, channel };
}

describe("the unmodified phoenix client", () => {
  it("joins, pushes, receives changes, and leaves", async (t) => {
    const { server, socket, channel } = await start(t);
    const diffs: { diff: Record<string, unknown> }[] = [];
    channel.on("diff", (payload) => void diffs.push(payload));
    const joined = await answerOf(channel.join());
    assert.ok(joined.rendered);
    assert.equal(channel.state, "joined");
    assert.deepEqual((await answerOf(click(channel, "inc"))).reply, { count: 1 });
    server.live.broadcast("ticks", 42);
    await until(() => diffs.length === 1);
    assert.deepEqual(Object.values(diffs[0]?.diff ?? {}), [42]);
    await new Promise<void>((resolve) => {
      socket.ping(() => resolve());
    });
    await answerOf(channel.leave());
    assert.equal(channel.state, "closed");
  });

  it("is notified of a crash of the view and joins again", async (t) => {
    const { server, channel } = await start(t);
    let crashes = 0;
    channel.onError(() => void crashes++);
    await answerOf(channel.join());
    await answerOf(click(channel, "inc"));
    click(channel, "crash", 1); // the test does not wait for its reply
    await until(() => crashes === 1 && channel.state === "joined", "the second join");
    assert.deepEqual((await answerOf(click(channel, "inc"))).reply, { count: 1 });
    assert.equal(server.errors.length, 1);
  });

  it("can leave a view that has crashed", async (t) => {
    const { channel } = await start(t);
    await answerOf(channel.join());
    const crashed = new Promise((resolve) => channel.onError(resolve));
    click(channel, "crash", 1); // the test does not wait for its reply
    await crashed;
    await answerOf(channel.leave());
    assert.equal(channel.state, "closed");
  });

  it("connects and joins again after its connection was lost", async (t) => {
    const { socket, channel } = await start(t);
    await answerOf(channel.join());
    let opened = 0;
    socket.onOpen(() => void opened++);
    (socket as unknown as { conn: WebSocket }).conn.terminate();
    await until(() => opened === 1 && channel.state === "joined", "the second join");
    assert.deepEqual((await answerOf(click(channel, "inc"))).reply, { count: 1 });
  });

  it("recognizes a second join of its topic as the end of the first, without a stray close frame", async (t) => {
    const { page, socket, channel } = await start(t);
    await answerOf(channel.join());
    let closed = 0;
    channel.onClose(() => void closed++);
    const second = socket.channel(`lv:${page.id}`, joinOf(page));
    let secondClosed = 0;
    second.onClose(() => void secondClosed++);
    await answerOf(second.join());
    assert.deepEqual((await answerOf(click(second, "inc"))).reply, { count: 1 });
    assert.equal(closed, 1);
    assert.equal(secondClosed, 0);
    assert.equal(second.state, "joined");
  });

  it("receives the reason of a refused join", async (t) => {
    const { page, socket } = await start(t);
    const channel = socket.channel(`lv:${page.id}`, joinOf(page, { token: "forged" }));
    await assert.rejects(answerOf(channel.join()), /{"reason":"stale"}/);
    channel.leave();
  });
});
