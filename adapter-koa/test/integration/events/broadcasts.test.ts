import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { describe, it } from "node:test";
import { cont, LiveRouter, liveView, onMount, type Subscriber } from "@live-session/adapter-koa";
import { html } from "lit";
import { BrokerPubSub } from "../../support/pub-sub/broker-pub-sub.js";
import { CountingPubSub } from "../../support/pub-sub/counting-pub-sub.js";
import { type LiveServer, startServer } from "../../support/server.js";
import { Visitor } from "../../support/visitor.js";
import { until } from "../../support/wait.js";

const tickLive = liveView("TickLive", {
  types: {} as { own: { ticks: readonly number[] } },
  mount({ socket }) {
    socket.subscribe("ticks");
    socket.assign({ ticks: [] });
  },
  handleEvent: {
    crash() {
      throw new Error("the view has a bug");
    },
    announce({ socket }) {
      socket.broadcast("ticks", 1);
      socket.assign({ ticks: [...socket.assigns.ticks, 2] });
    },
    async tellLater({ socket }) {
      await new Promise((resolve) => mounting.push(resolve));
      socket.broadcast("ticks", 3);
    },
    away: ({ socket }) => socket.redirect("/"),
    navigate: ({ socket }) => socket.pushNavigate("/other"),
    patch: ({ socket }) => socket.pushPatch("/?patched"),
  },
  handleInfo({ message, socket }) {
    if (message === "nothing") return;
    if (message === "leave") socket.pushNavigate("/other");
    else socket.assign({ ticks: [...socket.assigns.ticks, message as number] });
  },
  render: ({ ticks }) => html`<p>${ticks.join()}</p>`,
});
const otherLive = liveView("OtherLive", { render: () => html`<p>other</p>` });
const tellingLive = liveView("TellingLive", {
  mount: ({ socket }) => socket.broadcast("ticks", 1),
  render: () => html`<p>telling</p>`,
});
const slowlyLive = liveView("SlowlyLive", {
  async mount({ socket }) {
    if (!socket.connected) return;
    socket.subscribe("ticks");
    await new Promise((resolve) => mounting.push(resolve));
    socket.subscribe("ticks");
  },
  render: () => html`<p>slow</p>`,
});
let mounting: ((value?: unknown) => void)[] = [];

const hooked = onMount("hooked", ({ socket }) => {
  socket.subscribe("hooked");
  return cont();
});

function createRouter(): LiveRouter {
  const router = new LiveRouter();
  router
    .liveSession("ticks", { onMount: [hooked] })
    .live("/", tickLive)
    .live("/other", otherLive)
    .live("/telling", tellingLive)
    .live("/slowly", slowlyLive);
  return router;
}

async function start(t: Parameters<typeof startServer>[0]) {
  mounting = [];
  const pubSub = new CountingPubSub();
  const server = await startServer(t, createRouter(), { pubSub });
  return { server, pubSub, visitor: new Visitor(server) };
}

describe("a broadcast", () => {
  it("reaches every view that subscribed, in the order of sending, as separate diffs", async (t) => {
    const { server, visitor } = await start(t);
    const visits = await Promise.all([
      visitor.visit("/"),
      new Visitor(server).visit("/"),
      visitor.visit("/"),
    ]);
    const elsewhere = await visitor.visit("/other");
    for (let n = 1; n <= 20; n++) server.live.broadcast("ticks", n);
    const all = Array.from({ length: 20 }, (_, i) => i + 1).join();
    for (const { connection, page } of visits) {
      const [joinRef, ref, topic] = await connection.next(
        ([, , , event, payload]) => event === "diff" && Object.values(payload.diff).includes(all),
      );
      assert.deepEqual([joinRef, ref, topic], [connection.frames[0]?.[0], null, `lv:${page.id}`]);
      assert.equal(connection.of("diff").length, 1, "what waits is handled before one render");
    }
    await elsewhere.connection.settled();
    assert.deepEqual(elsewhere.connection.of("diff"), []);
  });

  it("sends no frame if it changes nothing", async (t) => {
    const { server, visitor } = await start(t);
    const { connection } = await visitor.visit("/");
    server.live.broadcast("ticks", "nothing");
    server.live.broadcast("ticks", 1);
    await connection.next((frame) => frame[3] === "diff");
    assert.equal(connection.of("diff").length, 1);
  });

  it("is handled after the join's reply if it arrives while the view mounts", async (t) => {
    const { server, visitor, pubSub } = await start(t);
    const page = await visitor.load("/slowly");
    const connection = await visitor.connect();
    const joined = connection.join(page);
    await until(() => mounting.length === 1);
    assert.equal(pubSub.active.get("ticks"), 1);
    server.live.broadcast("ticks", 1);
    mounting[0]?.();
    assert.equal((await joined).status, "ok");
    assert.deepEqual(server.errors, []);
  });
});

describe("a broadcast of a view", () => {
  const shows = async ({ connection }: Awaited<ReturnType<Visitor["visit"]>>, ticks: string) =>
    connection.next(
      ([, , , event, { diff }]) => event === "diff" && Object.values(diff).includes(ticks),
    );

  it("reaches every other view that subscribed, including views of the same visitor and connection", async (t) => {
    const { server, visitor } = await start(t);
    const sender = await visitor.visit("/");
    const page = await visitor.load("/");
    await sender.connection.join(page);
    const other = await new Visitor(server).visit("/");
    const { response } = await sender.connection.click(sender.page, "announce");
    assert.ok(Object.values(response.diff).includes("2"));
    await shows(other, "1");
    const [, , topic] = await shows(sender, "1");
    assert.equal(topic, `lv:${page.id}`);
    server.live.broadcast("ticks", 4);
    await shows(sender, "2,4");
  });

  it("reaches the other processes, and excludes its sender in all of them", async (t) => {
    const broker = new EventEmitter();
    const [here, there] = await Promise.all(
      [1, 2].map(() => startServer(t, createRouter(), { pubSub: new BrokerPubSub(broker) })),
    );
    const sender = await new Visitor(here as LiveServer).visit("/");
    const other = await new Visitor(there as LiveServer).visit("/");
    await sender.connection.click(sender.page, "announce");
    await shows(other, "1");
    await other.connection.click(other.page, "announce");
    await shows(sender, "2,1");
  });

  it("is sent even if the view has ended meanwhile", async (t) => {
    const { server, visitor } = await start(t);
    const sender = await visitor.visit("/");
    const other = await visitor.visit("/");
    sender.connection.click(sender.page, "tellLater").catch(() => {});
    await until(() => mounting.length === 1);
    sender.connection.webSocket.terminate();
    await until(() => server.live.connections === 1);
    mounting[0]?.();
    await shows(other, "3");
  });

  it("is not sent on the disconnected mount", async (t) => {
    const { visitor, pubSub } = await start(t);
    const broadcast = t.mock.method(pubSub, "broadcast");
    const page = await visitor.load("/telling");
    assert.equal(broadcast.mock.callCount(), 0);
    await (await visitor.connect()).join(page);
    assert.equal(broadcast.mock.callCount(), 1);
  });
});

describe("the subscriptions of a view", () => {
  const ends: Record<string, (visit: Awaited<ReturnType<Visitor["visit"]>>) => unknown> = {
    "the browser closes its socket": ({ connection }) => connection.close(),
    "the connection is lost": ({ connection }) => connection.webSocket.terminate(),
    "the browser leaves": ({ connection, page }) =>
      connection.push(`lv:${page.id}`, "phx_leave", {}),
    "the view throws": ({ connection, page }) =>
      connection.send(`lv:${page.id}`, "event", { type: "click", event: "crash", value: {} }),
    "the view redirects": ({ connection, page }) => connection.click(page, "away"),
    "the view navigates": ({ connection, page }) => connection.click(page, "navigate"),
    "a message makes it navigate": ({ connection }) =>
      connection.next((frame) => frame[3] === "live_redirect"),
    "the browser navigates": ({ connection, page }) =>
      connection.join(page, { redirect: page.url.replace(/\/$/, "/nowhere") }),
    "a frame is bad": ({ connection }) => connection.webSocket.send("garbage"),
  };
  for (const [when, end] of Object.entries(ends)) {
    it(`end when ${when}`, async (t) => {
      const { server, pubSub, visitor } = await start(t);
      const visit = await visitor.visit("/");
      assert.deepEqual(
        [...pubSub.active],
        [
          ["hooked", 1],
          ["ticks", 1],
        ],
      );
      if (when.startsWith("a message")) server.live.broadcast("ticks", "leave");
      await end(visit);
      await until(() => pubSub.active.size === 0, "the end of the subscriptions");
    });
  }

  it("end even if one of them throws, and the app receives that error", async (t) => {
    const { server, pubSub, visitor } = await start(t);
    const subscribe = pubSub.subscribe.bind(pubSub);
    t.mock.method(pubSub, "subscribe", (topic: string, subscriber: Subscriber) => {
      const unsubscribe = subscribe(topic, subscriber);
      if (topic !== "hooked") return unsubscribe;
      return () => {
        throw new Error("the broker is gone");
      };
    });
    const { connection } = await visitor.visit("/");
    connection.close();
    await until(() => server.live.connections === 0);
    assert.deepEqual([...pubSub.active], [["hooked", 1]]);
    assert.deepEqual(
      server.errors.map(({ message }) => message),
      ["the broker is gone"],
    );
  });

  it("end when the server closes", async (t) => {
    const { server, pubSub, visitor } = await start(t);
    await visitor.visit("/");
    await visitor.visit("/");
    assert.equal(pubSub.active.get("ticks"), 2);
    await server.live.close();
    assert.equal(pubSub.active.size, 0);
  });

  it("are only those of the new view after a live navigation and after a second join", async (t) => {
    const { server, pubSub, visitor } = await start(t);
    const { connection, page } = await visitor.visit("/");
    await connection.join(page);
    assert.equal(pubSub.active.get("ticks"), 1);
    await connection.join(page, { redirect: `${server.origin}/other` });
    assert.deepEqual([...pubSub.active], [["hooked", 1]]);
  });

  it("remain after a patch", async (t) => {
    const { pubSub, visitor } = await start(t);
    const { connection, page } = await visitor.visit("/");
    await connection.click(page, "patch");
    assert.equal(pubSub.active.get("ticks"), 1);
  });

  it("are not created for a view that ended while it was mounting", async (t) => {
    const { server, pubSub, visitor } = await start(t);
    const page = await visitor.load("/slowly");
    const connection = await visitor.connect();
    connection.join(page).catch(() => {});
    await until(() => mounting.length === 1);
    connection.webSocket.terminate();
    await until(() => server.live.connections === 0);
    mounting[0]?.();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(pubSub.active.size, 0);
    assert.deepEqual(server.errors, []);
  });

  it("are not created on the disconnected mount", async (t) => {
    const { pubSub, visitor } = await start(t);
    await visitor.load("/");
    assert.equal(pubSub.active.size, 0);
  });
});
