import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import { LiveRouter, LocalPubSub, liveView } from "@live-session/adapter-koa";
import { html } from "lit";
import { WebSocket } from "ws";
import { Connection, joinOf } from "../../support/connection.js";
import { type LiveServer, type ServerSetup, startServer } from "../../support/server.js";
import { type LivePage, Visitor } from "../../support/visitor.js";
import { until } from "../../support/wait.js";

let handled: string[] = [];

const countLive = liveView("CountLive", {
  types: {} as { own: { count: number } },
  mount({ socket }) {
    handled.push("mount");
    socket.assign({ count: 0 });
  },
  handleEvent: {
    inc({ socket }) {
      handled.push("inc");
      socket.assign({ count: socket.assigns.count + 1 });
    },
    hang: () => new Promise(() => {}),
  },
  render: ({ count }) => html`<p>${count}</p>`,
});

/** A view that is never mounted on a connection. */
const slowLive = liveView("SlowLive", {
  mount: ({ socket }) => (socket.connected ? new Promise<never>(() => {}) : undefined),
  render: () => html`<p>slow</p>`,
});

async function start(t: Parameters<typeof startServer>[0], setup: ServerSetup = {}) {
  handled = [];
  const router = new LiveRouter().live("/", countLive).live("/slow", slowLive);
  const server = await startServer(t, router, setup);
  const visitor = new Visitor(server);
  return { server, visitor, ...(await visitor.visit("/")) };
}

/** Opens a socket that does not answer the server's close frame and continues to send. */
async function openStubborn(visitor: Visitor): Promise<Connection> {
  const webSocket = new WebSocket(visitor.socketUrl(), { headers: visitor.handshakeHeaders });
  const connection = new Connection(webSocket);
  await connection.opened;
  const receiver = (webSocket as unknown as { _receiver: NodeJS.EventEmitter })._receiver;
  receiver.removeAllListeners("conclude");
  receiver.on("conclude", () => webSocket.emit("close-frame"));
  return connection;
}

describe("a frame", () => {
  const heartbeat = '[null,"1","phoenix","heartbeat",{}]';
  const badFrames: [what: string, frame: string][] = [
    ["not JSON", "hello"],
    ["empty", ""],
    ["truncated", heartbeat.slice(0, -1)],
    ["an object", '{"topic":"phoenix"}'],
    ["a JSON string", '"phoenix"'],
    ["null", "null"],
    ["a list of four items", '[null,"1","phoenix","heartbeat"]'],
    ["a list of six items", '[null,"1","phoenix","heartbeat",{},1]'],
    ["a message with a number as ref", '[null,1,"phoenix","heartbeat",{}]'],
    ["a message with an object as join ref", '[{},"1","phoenix","heartbeat",{}]'],
    ["a message without a topic", '[null,"1",null,"heartbeat",{}]'],
    ["a message with a list as event", '[null,"1","phoenix",["heartbeat"],{}]'],
  ];
  for (const [what, frame] of badFrames) {
    it(`that is ${what} ends the connection with 1003`, async (t) => {
      const { connection } = await start(t);
      connection.webSocket.send(frame);
      assert.deepEqual(await connection.closed, { code: 1003, reason: "LIVE_ERR_BAD_FRAME" });
    });
  }

  it("that is binary ends the connection with 1003", async (t) => {
    const { connection } = await start(t);
    connection.webSocket.send(Buffer.from(heartbeat));
    assert.deepEqual(await connection.closed, { code: 1003, reason: "LIVE_ERR_BINARY_FRAME" });
  });

  it("above 64 KiB ends the connection with 1009, and one of 64 KiB is read", async (t) => {
    const { connection } = await start(t);
    const frame = (size: number) =>
      heartbeat.replace("{}", `"${"x".repeat(size - heartbeat.length)}"`);
    connection.webSocket.send(frame(64 * 1024));
    await connection.next(([, ref]) => ref === "1");
    connection.webSocket.send(frame(64 * 1024 + 1));
    assert.equal((await connection.closed).code, 1009);
  });

  it("in fragments is limited by the total size of its fragments", async (t) => {
    const { connection } = await start(t, { limits: { frameBytes: 1000 } });
    for (let i = 0; i < 3; i++) connection.webSocket.send("x".repeat(400), { fin: false });
    assert.equal((await connection.closed).code, 1009);
  });

  it("that is not UTF-8 ends the connection with 1007", async (t) => {
    const { connection } = await start(t);
    connection.webSocket.send(Buffer.from([0x22, 0xff, 0xfe, 0x22]), { binary: false });
    assert.equal((await connection.closed).code, 1007);
  });

  it("that is invalid emits no error of the app and does not affect other connections", async (t) => {
    const { server, visitor, connection } = await start(t);
    const other = await visitor.connect();
    connection.webSocket.send("garbage");
    await connection.closed;
    await other.settled();
    assert.deepEqual(server.errors, []);
    await until(() => server.live.connections === 1);
  });
});

describe("a large frame", () => {
  const text = "é😀".repeat(20_000);
  const largeLive = liveView("LargeLive", { render: () => html`<p>${text}</p>` });

  async function joinLarge(t: Parameters<typeof startServer>[0], parts: boolean) {
    const server = await startServer(t, new LiveRouter().live("/", largeLive));
    const { page, connection } = await new Visitor(server).visit("/");
    const frames: string[] = [];
    connection.webSocket.removeAllListeners("message");
    connection.webSocket.on("message", (data) => frames.push(String(data)));
    connection.send(`lv:${page.id}`, "phx_join", joinOf(page, { parts }));
    const isLast = (frame: string): boolean => !frame.startsWith("+");
    await until(() => frames.some(isLast));
    return frames.slice(0, frames.findIndex(isLast) + 1);
  }

  it("arrives in parts if the browser accepts them", async (t) => {
    const frames = await joinLarge(t, true);
    assert.ok(frames.length > 1);
    assert.ok(frames.slice(0, -1).every((frame) => frame.startsWith("+") && frame.length < 16_400));
    const whole = frames.map((frame) => frame.replace(/^\+/, "")).join("");
    assert.ok(JSON.stringify(JSON.parse(whole)).includes(text));
  });

  it("arrives as one frame otherwise", async (t) => {
    const frames = await joinLarge(t, false);
    assert.equal(frames.length, 1);
    assert.ok(JSON.stringify(JSON.parse(frames[0] ?? "")).includes(text));
  });
});

describe("a message", () => {
  it("of the heartbeat is answered", async (t) => {
    const { connection } = await start(t);
    assert.deepEqual(await connection.push("phoenix", "heartbeat", {}), {
      status: "ok",
      response: {},
    });
    const [joinRef, , topic] = await connection.next((frame) => frame[2] === "phoenix");
    assert.deepEqual([joinRef, topic], [null, "phoenix"]);
  });

  it("to a topic that is not joined is answered with an error, except a leave", async (t) => {
    const { connection } = await start(t);
    const unmatched = { status: "error", response: { reason: "unmatched topic" } };
    for (const topic of ["lv:nobody", "phoenix", "", "__proto__", "constructor"]) {
      assert.deepEqual(await connection.push(topic, "event", {}), unmatched, topic);
    }
    assert.deepEqual(await connection.push("lv:nobody", "phx_leave", {}), {
      status: "ok",
      response: {},
    });
  });

  it("of an unknown event or with an invalid payload is answered with an error and does not end the view", async (t) => {
    const { server, connection, page } = await start(t);
    const topic = `lv:${page.id}`;
    for (const event of [
      "phx_close",
      "phx_error",
      "phx_reply",
      "diff",
      "",
      "__proto__",
      "toString",
    ]) {
      assert.deepEqual(await connection.push(topic, event, {}), {
        status: "error",
        response: { reason: "unknown event" },
      });
    }
    const invalid = { status: "error", response: { reason: "invalid payload" } };
    for (const payload of [
      null,
      1,
      "inc",
      [],
      {},
      { event: "inc", value: {} },
      { type: "click", value: {} },
      { type: "click", event: "", value: {} },
      { type: "click", event: 1, value: {} },
      { type: "click", event: ["inc"], value: {} },
      { type: 1, event: "inc", value: {} },
      { type: "form", event: "inc" },
      { type: "form", event: "inc", value: {} },
      { type: "form", event: "inc", value: ["a=1"] },
    ]) {
      assert.deepEqual(
        await connection.push(topic, "event", payload),
        invalid,
        JSON.stringify(payload),
      );
    }
    const { origin } = server;
    for (const url of [
      undefined,
      null,
      1,
      "",
      "/",
      "javascript:/",
      "file:///",
      `${origin}/?${"x".repeat(16 * 1024)}`,
    ]) {
      assert.deepEqual(await connection.push(topic, "live_patch", { url }), invalid, String(url));
    }
    for (const payload of [null, 1, "text", []]) {
      assert.deepEqual(await connection.push(topic, "live_patch", payload), invalid);
    }
    assert.deepEqual(handled, ["mount", "mount"]);
    assert.equal((await connection.click(page, "inc")).status, "ok");
    assert.deepEqual(server.errors, []);
  });

  it("of an earlier join of the topic is ignored", async (t) => {
    const { connection, page } = await start(t);
    const topic = `lv:${page.id}`;
    const [first] = await connection.next((frame) => frame[3] === "phx_reply");
    await connection.join(page);
    const click = { type: "click", event: "inc", value: {} };
    connection.send(topic, "event", click, first);
    connection.send(topic, "phx_leave", {}, first);
    await connection.settled();
    assert.deepEqual(handled, ["mount", "mount", "mount"]);
    assert.equal((await connection.click(page, "inc")).status, "ok");
  });
});

describe("another connection of the same visitor", () => {
  it("cannot push to a view that is joined on the first one, patch it, or end it", async (t) => {
    const { visitor, connection, page } = await start(t);
    const other = await visitor.connect();
    const topic = `lv:${page.id}`;
    const [joinRef] = await connection.next((frame) => frame[3] === "phx_reply");
    const unmatched = { status: "error", response: { reason: "unmatched topic" } };
    for (const ref of [null, joinRef]) {
      const click = { type: "click", event: "inc", value: {} };
      assert.deepEqual(await other.push(topic, "event", click, ref), unmatched);
      assert.deepEqual(
        await other.push(topic, "live_patch", { url: `${page.url}?a=1` }, ref),
        unmatched,
      );
      await other.push(topic, "phx_leave", {}, ref);
    }
    other.close();
    assert.deepEqual(handled, ["mount", "mount"]);
    assert.equal((await connection.click(page, "inc")).status, "ok");
    assert.equal(connection.of("phx_close").length, 0);
  });
});

describe("a second join of a topic", () => {
  it("ends the first join after the reply, with a close frame that has the first join ref", async (t) => {
    const { server, connection, page } = await start(t);
    const topic = `lv:${page.id}`;
    const [first] = await connection.next((frame) => frame[3] === "phx_reply");
    await connection.click(page, "inc");
    connection.frames.length = 0;
    const { status, response } = await connection.join(page);
    assert.equal(status, "ok");
    assert.match(JSON.stringify(response.rendered), /\[0\]/);
    await connection.next((frame) => frame[3] === "phx_close");
    assert.deepEqual(
      connection.frames.map(([joinRef, , , event]) => [joinRef === first, event]),
      [
        [false, "phx_reply"],
        [true, "phx_close"],
      ],
    );
    assert.deepEqual(connection.frames[1], [first, first, topic, "phx_close", {}]);
    assert.deepEqual(server.errors, []);
  });

  it("ends the first join even if the second one is refused", async (t) => {
    const { connection, page } = await start(t);
    const topic = `lv:${page.id}`;
    connection.frames.length = 0;
    assert.equal((await connection.join(page, { token: "forged" })).status, "error");
    await connection.next((frame) => frame[3] === "phx_close");
    assert.deepEqual(
      connection.frames.map((frame) => frame[3]),
      ["phx_reply", "phx_close"],
    );
    assert.equal((await connection.push(topic, "event", {})).response.reason, "unmatched topic");
  });
});

describe("a leave", () => {
  it("is answered, then the topic is closed with the join's ref", async (t) => {
    const { connection, page } = await start(t);
    const topic = `lv:${page.id}`;
    const [joinRef] = await connection.next((frame) => frame[3] === "phx_reply");
    connection.frames.length = 0;
    const ref = connection.send(topic, "phx_leave", {}, joinRef);
    await connection.settled();
    assert.deepEqual(connection.frames.slice(0, 2), [
      [joinRef, ref, topic, "phx_reply", { status: "ok", response: {} }],
      [joinRef, joinRef, topic, "phx_close", {}],
    ]);
    assert.equal((await connection.push(topic, "event", {})).response.reason, "unmatched topic");
    assert.equal((await connection.join(page)).status, "ok");
  });
});

describe("a limit", () => {
  const flood = (connection: Connection, count: number, frame: string) => {
    for (let i = 0; i < count; i++) connection.webSocket.send(frame);
  };

  /** A click as a frame of the given number of bytes. */
  const clickOf = (page: LivePage, event: string, bytes: number): string => {
    const value = { text: "" };
    const frame = JSON.stringify([
      null,
      "9",
      `lv:${page.id}`,
      "event",
      { type: "click", event, value },
    ]);
    return frame.replace('""', `"${"x".repeat(bytes - frame.length)}"`);
  };

  it("of events ends the connection with 1008", async (t) => {
    const { connection, page } = await start(t, { limits: { eventsPerSecond: 10 } });
    const click = JSON.stringify([
      null,
      "9",
      `lv:${page.id}`,
      "event",
      { type: "click", event: "inc", value: {} },
    ]);
    flood(connection, 100, click);
    assert.deepEqual(await connection.closed, { code: 1008, reason: "LIVE_ERR_RATE" });
    // The clock may pass one full second during the flood.
    assert.ok(handled.filter((what) => what === "inc").length <= 20, String(handled.length));
  });

  it("of a frame's size is sent with the join reply, as the maximum size of a payload", async (t) => {
    const { connection, page, reply } = await start(t, { limits: { frameBytes: 2048 } });
    const { maxPayload } = reply.response as { maxPayload: number };
    const clickWith = (bytes: number) => {
      const payload = { type: "click", event: "inc", value: { text: "" } };
      payload.value.text = "x".repeat(bytes - JSON.stringify(payload).length);
      return payload;
    };
    assert.equal(
      (await connection.push(`lv:${page.id}`, "event", clickWith(maxPayload))).status,
      "ok",
    );
    assert.ok(maxPayload > 1500, String(maxPayload));
    connection.webSocket.send(
      JSON.stringify(["1", "9", `lv:${page.id}`, "event", clickWith(2049)]),
    );
    assert.equal((await connection.closed).code, 1009);
  });

  it("of events counts heartbeats, pings and pongs too", async (t) => {
    const { visitor, connection } = await start(t, { limits: { eventsPerSecond: 10 } });
    flood(connection, 100, '[null,"1","phoenix","heartbeat",{}]');
    assert.equal((await connection.closed).code, 1008);
    const pinging = await visitor.connect();
    for (let i = 0; i < 100; i++) pinging.webSocket.ping();
    assert.deepEqual(await pinging.closed, { code: 1008, reason: "LIVE_ERR_RATE" });
    const ponging = await visitor.connect();
    for (let i = 0; i < 100; i++) ponging.webSocket.pong();
    assert.deepEqual(await ponging.closed, { code: 1008, reason: "LIVE_ERR_RATE" });
  });

  it("of joins refuses a single join, which succeeds a second later", async (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-11-23T12:00:00Z") });
    const { visitor, page } = await start(t, { limits: { joinsPerSecond: 5 } });
    const connection = await visitor.connect();
    const refused = { status: "error", response: { reason: "busy" } };
    for (let i = 0; i < 5; i++) assert.equal((await connection.join(page)).status, "ok");
    assert.deepEqual(await connection.join(page), refused);
    assert.equal((await connection.click(page, "inc")).status, "ok");
    t.mock.timers.tick(1000);
    assert.equal((await connection.join(page)).status, "ok");
  });

  it("of events also counts joins above their own limit", async (t) => {
    const limits = { joinsPerSecond: 5, eventsPerSecond: 10 };
    const { connection, page } = await start(t, { limits });
    for (let i = 0; i < 50; i++) connection.send(`lv:${page.id}`, "phx_join", { token: "x" });
    assert.deepEqual(await connection.closed, { code: 1008, reason: "LIVE_ERR_RATE" });
  });

  it("of events and of joins starts again each second", async (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-11-23T12:00:00Z") });
    const { connection, page } = await start(t, {
      limits: { eventsPerSecond: 3, joinsPerSecond: 2 },
    });
    for (let second = 0; second < 3; second++) {
      t.mock.timers.tick(1000);
      for (let i = 0; i < 3; i++) await connection.settled();
      for (let i = 0; i < 2; i++) assert.equal((await connection.join(page)).status, "ok");
    }
    connection.send("phoenix", "heartbeat", {});
    connection.send("phoenix", "heartbeat", {});
    await connection.settled().catch(() => {});
    connection.send("phoenix", "heartbeat", {});
    assert.equal((await connection.closed).code, 1008);
  });

  it("of waiting messages ends the connection with 1008", async (t) => {
    const { connection, page } = await start(t, { limits: { mailbox: 5 } });
    const click = (event: string) =>
      connection.send(`lv:${page.id}`, "event", { type: "click", event, value: {} });
    click("hang");
    for (let i = 0; i < 6; i++) click("inc");
    assert.deepEqual(await connection.closed, {
      code: 1008,
      reason: "too many messages wait for a view",
    });
  });

  it("of waiting bytes ends the connection with 1008, and is 1 MiB by default", async (t) => {
    const { connection, page } = await start(t);
    connection.webSocket.send(clickOf(page, "hang", 64 * 1024));
    flood(connection, 15, clickOf(page, "inc", 64 * 1024));
    await connection.settled();
    connection.webSocket.send(clickOf(page, "inc", 200));
    assert.deepEqual(await connection.closed, {
      code: 1008,
      reason: "too many bytes wait for a view",
    });
  });

  it("of waiting bytes applies to all views of a connection together, and counts patches and joins", async (t) => {
    const limits = { waitingBytes: 10_000 };
    const { visitor, connection, page } = await start(t, { limits });
    const second = await visitor.load("/");
    const slow = await visitor.load("/slow");
    const join = joinOf(slow, { padding: "x".repeat(2000) });
    await connection.join(second);
    connection.webSocket.send(clickOf(page, "hang", 2000));
    connection.send(`lv:${page.id}`, "live_patch", { url: `${page.url}?${"x".repeat(2000)}` });
    connection.webSocket.send(clickOf(second, "hang", 2000));
    connection.send(`lv:${slow.id}`, "phx_join", join);
    await connection.settled();
    const third = await visitor.load("/slow");
    assert.deepEqual(await connection.push(`lv:${third.id}`, "phx_join", join), {
      status: "error",
      response: { reason: "busy" },
    });
    connection.webSocket.send(clickOf(page, "inc", 2000));
    assert.deepEqual(await connection.closed, {
      code: 1008,
      reason: "too many bytes wait for a view",
    });
  });

  it("of waiting bytes does not count handled messages and messages that an ended view drops", async (t) => {
    const { connection, page } = await start(t, { limits: { waitingBytes: 5000 } });
    flood(connection, 10, clickOf(page, "inc", 2000));
    await connection.settled();
    for (let i = 0; i < 3; i++) {
      connection.webSocket.send(clickOf(page, "hang", 2000));
      connection.webSocket.send(clickOf(page, "inc", 2000));
      await connection.push(`lv:${page.id}`, "phx_leave", {});
      assert.equal((await connection.join(page)).status, "ok");
    }
    assert.equal((await connection.click(page, "inc")).status, "ok");
  });

  it("of topics refuses a further join without other effects", async (t) => {
    const { visitor, connection, page } = await start(t, { limits: { topics: 2 } });
    const [second, third] = [await visitor.load("/"), await visitor.load("/")];
    assert.equal((await connection.join(second)).status, "ok");
    const refused = { status: "error", response: { reason: "too many channels joined" } };
    assert.deepEqual(await connection.join(third), refused);
    assert.equal((await connection.join(page)).status, "ok", "a joined topic may be joined again");
    await connection.push(`lv:${second.id}`, "phx_leave", {});
    assert.equal((await connection.join(third)).status, "ok");
  });

  it("that is exceeded ends the connection, and later frames are ignored", async (t) => {
    const { visitor, page } = await start(t);
    const connection = await openStubborn(visitor);
    await connection.join(page);
    const closing = once(connection.webSocket, "close-frame");
    connection.webSocket.send("garbage");
    await closing;
    handled = [];
    connection.send(`lv:${page.id}`, "event", { type: "click", event: "inc", value: {} });
    connection.send(`lv:${page.id}`, "phx_join", {
      token: page.token,
      url: page.url,
      params: { _csrf_token: page.csrfToken },
    });
    // The server has read the frame after another visitor's round trip.
    const other = await visitor.connect();
    await other.settled();
    await other.settled();
    assert.deepEqual(handled, []);
    connection.webSocket.terminate();
  });
});

describe("a silent connection", () => {
  it("is closed with 1001 after 90 seconds, but not with a heartbeat every 61 seconds", async (t) => {
    t.mock.timers.enable({
      apis: ["Date", "setInterval"],
      now: Date.parse("2026-11-23T12:00:00Z"),
    });
    const server = await startServer(t, new LiveRouter().live("/", countLive));
    const visitor = new Visitor(server);
    const [silent, lively] = [await visitor.connect(), await visitor.connect()];
    await Promise.all([silent.settled(), lively.settled()]);
    t.mock.timers.tick(61_000);
    await lively.settled();
    t.mock.timers.tick(29_000);
    assert.equal(server.live.connections, 2);
    t.mock.timers.tick(5000);
    assert.equal((await silent.closed).code, 1001);
    await lively.settled();
    await until(() => server.live.connections === 1);
  });
});

describe("disconnect", () => {
  const signedIn: ServerSetup = {
    before: [
      (ctx, next) => {
        if (typeof ctx.query.as === "string" && ctx.session)
          ctx.session.live_socket_id = Number(ctx.query.as) || `users:${ctx.query.as}`;
        return next();
      },
    ],
  };

  /** Logs a visitor in and joins a page. */
  const logIn = async (server: LiveServer, name: string) =>
    new Visitor(server).visit(`/?as=${name}`);

  it("ends every socket of a live socket id with 1001, and no other socket", async (t) => {
    const pubSub = new LocalPubSub();
    handled = [];
    const server = await startServer(t, new LiveRouter().live("/", countLive), {
      ...signedIn,
      pubSub,
    });
    const [first, second, other] = [
      await logIn(server, "a"),
      await logIn(server, "a"),
      await logIn(server, "b"),
    ];
    const anonymous = await new Visitor(server).visit("/");
    server.live.disconnect("users:a");
    for (const { connection } of [first, second]) {
      assert.deepEqual(await connection.closed, { code: 1001, reason: "disconnect" });
    }
    for (const { connection, page } of [other, anonymous]) {
      assert.equal((await connection.click(page, "inc")).status, "ok");
    }
    await until(() => server.live.connections === 2);
    for (const message of [{ something: "else" }, "disconnect"])
      pubSub.broadcast("users:b", message);
    assert.equal((await other.connection.click(other.page, "inc")).status, "ok");
  });

  it("accepts a number as an id", async (t) => {
    const server = await startServer(t, new LiveRouter().live("/", countLive), signedIn);
    const [first, second] = [await logIn(server, "7"), await logIn(server, "7")];
    server.live.disconnect(7);
    for (const { connection } of [first, second])
      assert.equal((await connection.closed).code, 1001);
    const third = await logIn(server, "7");
    server.live.disconnect("7");
    assert.equal((await third.connection.closed).code, 1001);
  });

  it("ends the views of a socket that does not close its side, and refuses further joins there", async (t) => {
    const server = await startServer(t, new LiveRouter().live("/", countLive), signedIn);
    const visitor = new Visitor(server);
    const page = await visitor.load("/?as=a");
    const connection = await openStubborn(visitor);
    assert.equal((await connection.join(page)).status, "ok");
    const closing = once(connection.webSocket, "close-frame");
    server.live.disconnect("users:a");
    await closing;
    handled = [];
    connection.send(`lv:${page.id}`, "event", { type: "click", event: "inc", value: {} });
    const again = { token: page.token, url: page.url, params: { _csrf_token: page.csrfToken } };
    connection.send(`lv:${page.id}`, "phx_join", again);
    const other = await new Visitor(server).connect();
    await other.settled();
    await other.settled();
    assert.deepEqual(handled, []);
    connection.webSocket.terminate();
  });
});
