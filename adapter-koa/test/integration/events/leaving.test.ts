import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import {
  cont,
  halt,
  type LiveOptions,
  LiveRouter,
  liveView,
  onMount,
  redirect,
} from "@live-session/adapter-koa";
import { html } from "lit";
import type { Connection } from "../../support/connection.js";
import { gate } from "../../support/gate.js";
import { startServer } from "../../support/server.js";
import { type LivePage, Visitor } from "../../support/visitor.js";
import { until } from "../../support/wait.js";

/** The actions of the callbacks of the views, in order. */
let done: string[] = [];
let renders = 0;
let { opened, open } = gate();

const savingLive = liveView("SavingLive", {
  types: {} as { own: { saved: string } },
  mount({ socket }) {
    socket.assign({ saved: "" });
    if (socket.connected) socket.subscribe("news");
  },
  handleEvent: {
    async save({ payload, socket }) {
      done.push(`begin ${payload}`);
      await opened;
      done.push(`save ${payload}`);
      socket.assign({ saved: String(payload) });
      socket.send(`log ${payload}`);
      socket.broadcast("saved", payload);
    },
    log({ payload }) {
      done.push(`log ${payload}`);
    },
    async go({ socket }) {
      await opened;
      done.push("go");
      socket.pushNavigate("/other");
    },
    async fail() {
      await opened;
      throw new Error("thrown late");
    },
    async wait({ socket }) {
      done.push("wait");
      await delay(60_000, undefined, { signal: socket.signal });
    },
    task({ socket }) {
      socket.startAsync("task", async () => {
        await opened;
        throw new Error("thrown by a late task");
      });
      socket.startAsync("cancelled", (signal) => delay(60_000, undefined, { signal }));
    },
  },
  handleParams({ params }) {
    if (params.page) done.push(`page ${params.page}`);
  },
  handleInfo({ message }) {
    done.push(String(message));
  },
  unmount({ reason, socket }) {
    done.push(`unmount ${reason}, connected: ${socket.connected}`);
  },
  render: ({ saved }) => {
    renders++;
    return html`<p>${saved}</p>`;
  },
});
const otherLive = liveView("OtherLive", { render: () => html`<p>other</p>` });

async function start(t: TestContext, limits: LiveOptions["limits"] = {}) {
  done = [];
  ({ opened, open } = gate());
  const router = new LiveRouter();
  router.liveSession("tested").live("/", savingLive).live("/other", otherLive);
  const server = await startServer(t, router, { limits });
  const { page, connection } = await new Visitor(server).visit("/");
  renders = 0;
  const send = (event: string, value: unknown) =>
    connection.send(`lv:${page.id}`, "event", { type: "click", event, value });
  return { server, page, connection, send };
}

/** How a browser leaves a view. */
const ways: readonly [
  name: string,
  leave: (connection: Connection, page: LivePage, origin: string) => unknown,
  reason: string,
][] = [
  ["the browser leaves", (to, page) => to.push(`lv:${page.id}`, "phx_leave", {}), "leave"],
  ["the browser joins again", (to, page) => to.join(page), "leave"],
  [
    "the browser navigates",
    (to, page, origin) => {
      to.push(`lv:${page.id}`, "phx_leave", {});
      return to.join(page, { redirect: `${origin}/other` });
    },
    "leave",
  ],
  ["the connection ends", (to) => to.close(), "disconnect"],
  ["the connection breaks", (to) => to.webSocket.terminate(), "disconnect"],
];

describe("a view with waiting events", () => {
  for (const [name, leave, reason] of ways) {
    it(`handles them without rendering when ${name}, and then ends`, async (t) => {
      const { server, page, connection, send } = await start(t);
      for (const event of ["a", "b"]) send("save", event);
      connection.send(`lv:${page.id}`, "live_patch", { url: `${server.origin}/?page=2` });
      send("save", "c");
      await connection.settled();
      const { length } = connection.frames;
      await leave(connection, page, server.origin);
      if (reason === "disconnect") {
        await until(() => server.live.connections === 0);
        server.live.broadcast("news", "too late");
      }
      const mounted = renders;
      open();
      await until(() => done.some((line) => line.startsWith("unmount")));
      assert.deepEqual(done, [
        "begin a",
        "save a",
        "begin b",
        "save b",
        "page 2",
        "begin c",
        "save c",
        "log a",
        "log b",
        "log c",
        `unmount ${reason}, connected: false`,
      ]);
      assert.equal(renders, mounted);
      assert.deepEqual(server.errors, []);
      const later = connection.frames.slice(length).map(([, , , event]) => event);
      assert.ok(later.every((event) => event === "phx_reply" || event === "phx_close"));
    });
  }

  for (const [name, leave] of ways) {
    it(`handles events that arrive after the view itself has navigated, until ${name}`, async (t) => {
      const { server, page, connection, send } = await start(t);
      send("go", {});
      send("save", "a");
      await connection.settled();
      const mounted = renders;
      open();
      send("save", "b");
      await until(() => done.includes("log a") && done.includes("log b"));
      await leave(connection, page, server.origin);
      await until(() => done.length === 8);
      assert.deepEqual(
        done.filter((line) => !line.startsWith("log")),
        ["go", "begin a", "save a", "begin b", "save b", "unmount navigate, connected: false"],
      );
      assert.ok(renders <= mounted + 1);
      assert.deepEqual(server.errors, []);
      const redirects = connection.frames.filter(([, , , , payload]) =>
        JSON.stringify(payload).includes("live_redirect"),
      );
      assert.equal(redirects.length, 1);
    });
  }

  it("handles them before live.close() resolves", async (t) => {
    const { server, connection, send } = await start(t);
    send("save", "a");
    send("save", "b");
    await connection.settled();
    const closed = server.live.close();
    await connection.closed;
    open();
    await closed;
    assert.deepEqual(done.at(-1), "unmount disconnect, connected: false");
    assert.ok(done.includes("save b"));
  });

  it("discards them when the server disconnects the visitor", async (t) => {
    const router = new LiveRouter().live("/", savingLive);
    done = [];
    ({ opened, open } = gate());
    const server = await startServer(t, router, {
      before: [
        (ctx, next) => {
          if (ctx.session) ctx.session.live_socket_id = "users:1";
          return next();
        },
      ],
    });
    const { page, connection } = await new Visitor(server).visit("/");
    for (const value of ["a", "b"]) {
      connection.send(`lv:${page.id}`, "event", { type: "click", event: "save", value });
    }
    await connection.settled();
    server.live.disconnect("users:1");
    open();
    await connection.closed;
    await until(() => done.includes("save a"));
    assert.ok(!done.includes("begin b"));
  });

  for (const isAllowed of [false, true]) {
    it(`${isAllowed ? "handles" : "discards"} them if it is left while a hook ${isAllowed ? "allows" : "refuses"} its mount`, async (t) => {
      done = [];
      const waiting = gate();
      let asked = false;
      const ensureAllowed = onMount("ensureAllowed", async ({ socket }) => {
        if (!socket.connected) return cont();
        asked = true;
        await waiting.opened;
        return isAllowed ? cont() : halt(redirect("/"));
      });
      const router = new LiveRouter();
      router.liveSession("private", { onMount: [ensureAllowed] }).live("/", savingLive);
      const server = await startServer(t, router);
      const visitor = new Visitor(server);
      const page = await visitor.load("/");
      const connection = await visitor.connect();
      connection.join(page).catch(() => {});
      await until(() => asked);
      connection.send(`lv:${page.id}`, "event", { type: "click", event: "log", value: "a" });
      await connection.settled();
      connection.close();
      await until(() => server.live.connections === 0);
      waiting.open();
      await server.live.close();
      assert.deepEqual(done, isAllowed ? ["log a", "unmount disconnect, connected: false"] : []);
    });
  }

  it("reports those above the limit of messages", async (t) => {
    const { server, connection, send } = await start(t, { leaveMessages: 2 });
    for (const value of ["a", "b", "c", "d", "e"]) send("save", value);
    await connection.settled();
    connection.close();
    await until(() => server.live.connections === 0);
    open();
    await until(() => server.errors.length > 0);
    assert.match(
      String(server.errors[0]),
      /^LiveError \[LIVE_ERR_LEFT\]: SavingLive was left and did not .*\nExpected: at most 2 .*\nGot: 2 messages left$/,
    );
    assert.deepEqual(done.at(-1), "unmount disconnect, connected: false");
    assert.ok(done.includes("save c") && !done.includes("begin d"));
  });

  it("reports those that it cannot handle in time", async (t) => {
    const { server, connection, send } = await start(t, { leaveTime: 1 });
    for (const value of ["a", "b"]) send("save", value);
    await connection.settled();
    connection.close();
    await until(() => server.errors.length > 0);
    assert.match(String(server.errors[0]), /LIVE_ERR_LEFT.*\n.* 1 ms\nGot: 1 messages left/);
    assert.deepEqual(done, ["begin a", "unmount disconnect, connected: false"]);
    open();
    await until(() => done.includes("save a"));
    assert.ok(!done.includes("begin b"));
  });

  it("cancels a callback that waits with the signal of the socket, and handles the others", async (t) => {
    const { server, connection, send } = await start(t);
    open();
    send("wait", {});
    send("save", "a");
    await connection.settled();
    connection.close();
    await until(() => done.length === 5);
    assert.deepEqual(done.slice(0, 3), ["wait", "begin a", "save a"]);
    assert.deepEqual(server.errors, []);
  });
});

describe("an error after the end of a view", () => {
  it("of a handler reaches the app", async (t) => {
    const { server, connection, send } = await start(t);
    send("fail", {});
    send("save", "a");
    await connection.settled();
    connection.close();
    await until(() => server.live.connections === 0);
    open();
    await until(() => server.errors.length > 0);
    assert.deepEqual(
      server.errors.map(({ message }) => message),
      ["thrown late"],
    );
    assert.deepEqual(done, ["unmount disconnect, connected: false"]);
  });

  it("of a task reaches the app, unless the signal of the task has caused it", async (t) => {
    const { server, connection, page } = await start(t);
    await connection.click(page, "task");
    connection.close();
    await until(() => server.live.connections === 0);
    open();
    await until(() => server.errors.length > 0);
    assert.deepEqual(
      server.errors.map(({ message }) => message),
      ["thrown by a late task"],
    );
  });

  for (const callback of ["mount", "hook", "unmount"] as const) {
    it(`of ${callback} reaches the app`, async (t) => {
      const waiting = gate();
      let started = false;
      const fail = async () => {
        started = true;
        await waiting.opened;
        throw new Error(`thrown by ${callback}`);
      };
      const hook = onMount("late", async ({ socket }) => {
        if (callback === "hook" && socket.connected) await fail();
        return cont();
      });
      const lateLive = liveView("LateLive", {
        async mount({ socket }) {
          if (callback === "mount" && socket.connected) await fail();
        },
        async unmount() {
          if (callback === "unmount") await fail();
        },
        render: () => html`<p></p>`,
      });
      const router = new LiveRouter();
      router.liveSession("late", { onMount: [hook] }).live("/", lateLive);
      const server = await startServer(t, router);
      const visitor = new Visitor(server);
      const page = await visitor.load("/");
      const connection = await visitor.connect();
      const joined = connection.join(page);
      joined.catch(() => {});
      if (callback === "unmount") await joined;
      else await until(() => started);
      connection.close();
      await until(() => server.live.connections === 0 && started);
      waiting.open();
      await until(() => server.errors.length > 0);
      assert.deepEqual(
        server.errors.map(({ message }) => message),
        [`thrown by ${callback}`],
      );
    });
  }
});

describe("the end of a view", () => {
  it("is observable by the signal of its socket, even for a page without a connection", async (t) => {
    const signals: AbortSignal[] = [];
    const signalLive = liveView("SignalLive", {
      mount({ socket }) {
        signals.push(socket.signal);
      },
      handleEvent: {
        crash() {
          throw new Error("crash");
        },
      },
      render: () => html`<p></p>`,
    });
    const server = await startServer(t, new LiveRouter().live("/", signalLive));
    const { page, connection } = await new Visitor(server).visit("/");
    const [ofPage, ofView] = signals as [AbortSignal, AbortSignal];
    assert.deepEqual([ofPage.aborted, ofView.aborted], [true, false]);
    connection.send(`lv:${page.id}`, "event", { type: "click", event: "crash", value: {} });
    await connection.next((frame) => frame[3] === "phx_error");
    assert.ok(ofView.aborted);
  });

  it("calls unmount once, and not for a page without a connection or a mount that failed", async (t) => {
    const reasons: string[] = [];
    const failing = { now: false };
    const endingLive = liveView("EndingLive", {
      mount({ socket }) {
        if (socket.connected && failing.now) throw new Error("no mount");
      },
      handleEvent: {
        crash() {
          throw new Error("crash");
        },
      },
      unmount: ({ reason }) => void reasons.push(reason),
      render: () => html`<p></p>`,
    });
    const server = await startServer(t, new LiveRouter().live("/", endingLive));
    const { page, connection } = await new Visitor(server).visit("/");
    connection.send(`lv:${page.id}`, "event", { type: "click", event: "crash", value: {} });
    await connection.next((frame) => frame[3] === "phx_error");
    assert.deepEqual(reasons, ["crash"]);
    failing.now = true;
    assert.equal((await connection.join(page)).status, "error");
    connection.close();
    await until(() => server.live.connections === 0);
    assert.deepEqual(reasons, ["crash"]);
  });
});
