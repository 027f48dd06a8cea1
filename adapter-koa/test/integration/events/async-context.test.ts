import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { EventEmitter } from "node:events";
import { describe, it } from "node:test";
import { cont, LiveRouter, liveView } from "@live-session/adapter-koa";
import type { Middleware } from "koa";
import { html } from "lit";
import { startServer } from "../../support/server.js";
import { Visitor } from "../../support/visitor.js";
import { until } from "../../support/wait.js";

const visitorOf = new AsyncLocalStorage<string>();
/** Callbacks of the view with the visitor in whose context they ran. */
let seen: string[] = [];
const see = (callback: string) => void seen.push(`${callback} ${visitorOf.getStore()}`);

const ticking = new EventEmitter();

const contextLive = liveView("ContextLive", {
  types: {} as { own: { tick: object } },
  mount({ socket }) {
    if (!socket.connected) return;
    see("mount");
    socket.subscribe("news");
    socket.signal.addEventListener("abort", () => see("abort"));
    ticking.on("tick", () => socket.assign({ tick: {} }));
    socket.attachHook("hook", "handleInfo", () => {
      see("hook");
      return cont();
    });
  },
  handleEvent: {
    async publish({ socket }) {
      await undefined;
      see("handleEvent");
      socket.broadcast("news", "hello");
      socket.startAsync("task", () => see("task"));
      socket.send("later", { after: 1 });
    },
  },
  unmount: () => see("unmount"),
  handleInfo: ({ socket, message }) => {
    see(message === "later" ? "handleInfo later" : "handleInfo");
    socket.putFlash("info", "news");
  },
  handleAsync: () => see("handleAsync"),
  render: () => {
    see("render");
    return html`<p></p>`;
  },
});

const brokenLive = liveView("BrokenLive", {
  mount({ socket }) {
    socket.subscribe("broken");
  },
  handleInfo() {
    throw new Error("broken");
  },
  render: () => html`<p></p>`,
});

/** The middleware that runs a request in the context of the visitor in its query. */
const inContext: Middleware = (ctx, next) =>
  visitorOf.run(String(ctx.query.visitor ?? "page"), () => next());

describe("a callback of a view", () => {
  it("runs in the async context of its own visitor's handshake", async (t) => {
    const server = await startServer(t, new LiveRouter().live("/", contextLive), {
      first: [inContext],
    });
    const open = async (name: string) => {
      const visitor = new Visitor(server);
      const page = await visitor.load("/");
      const connection = await visitor.connect({ visitor: name });
      await connection.join(page);
      return { page, connection };
    };
    const ada = await open("ada");
    await open("eve");
    await until(() => seen.includes("render eve"));
    seen = [];
    await ada.connection.click(ada.page, "publish");
    await until(() => seen.includes("render eve") && seen.includes("handleAsync ada"));
    await until(() => seen.includes("handleInfo later ada"));
    assert.deepEqual(seen.filter((line) => line.endsWith("eve")).sort(), [
      "handleInfo eve",
      "hook eve",
      "render eve",
    ]);
    assert.ok(seen.includes("task ada"));
    assert.ok(!seen.some((line) => line.endsWith("undefined") || line.endsWith("page")));
    seen = [];
    visitorOf.run("stranger", () => ticking.emit("tick"));
    await until(() => seen.length === 2);
    assert.deepEqual(seen.sort(), ["render ada", "render eve"]);
    seen = [];
    await visitorOf.run("stranger", () => server.live.close());
    assert.deepEqual(seen.sort(), ["abort ada", "abort eve", "unmount ada", "unmount eve"]);
  });
});

describe("an error of a view", () => {
  it("is reported in the async context of its own visitor's handshake", async (t) => {
    const server = await startServer(t, new LiveRouter().live("/", brokenLive), {
      first: [inContext],
    });
    const reported: unknown[] = [];
    server.app.on("error", () => reported.push(visitorOf.getStore()));
    for (const name of ["ada", "eve"]) {
      const visitor = new Visitor(server);
      const page = await visitor.load("/");
      await (await visitor.connect({ visitor: name })).join(page);
    }
    visitorOf.run("stranger", () => server.live.broadcast("broken", null));
    await until(() => reported.length === 2);
    assert.deepEqual(reported, ["ada", "eve"]);
  });
});
