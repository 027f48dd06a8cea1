import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { EventEmitter } from "node:events";
import { describe, it, type TestContext } from "node:test";
import { LiveRouter, liveView, type Socket } from "@live-session/adapter-koa";
import { html } from "lit";
import { startServer } from "../../support/server.js";
import { Visitor } from "../../support/visitor.js";

const prices = new EventEmitter();
const visitorOf = new AsyncLocalStorage<string>();
let rendered: unknown[] = [];
let infos: unknown[] = [];
let sockets: Socket<{ shown: string }>[] = [];

const priceLive = liveView("PriceLive", {
  types: {} as { own: { shown: string } },
  mount({ socket }) {
    socket.assign({ shown: "" });
    if (!socket.connected) return;
    sockets.push(socket);
    const show = (shown: string) => socket.assign({ shown });
    prices.on("price", show);
    socket.signal.addEventListener("abort", () => prices.off("price", show));
  },
  handleEvent: {
    later({ socket }) {
      // Not awaited, as by mistake.
      void new Promise((resolve) => setImmediate(resolve)).then(() =>
        socket.assign({ shown: "later" }),
      );
    },
    remind({ socket }) {
      socket.send("reminder", { after: 1 });
    },
    wait: () => new Promise((resolve) => setImmediate(resolve)),
  },
  handleInfo({ message, socket }) {
    infos.push([message, visitorOf.getStore()]);
    socket.assign({ shown: String(message) });
  },
  render({ shown }) {
    rendered.push(shown);
    return html`<p>${shown}</p>`;
  },
});

async function start(t: TestContext) {
  sockets = [];
  infos = [];
  const server = await startServer(t, new LiveRouter().live("/", priceLive), {
    first: [(_, next) => visitorOf.run("ada", () => next())],
  });
  const { page, connection } = await new Visitor(server).visit("/");
  rendered = [];
  return { server, page, connection, socket: sockets[0] as Socket<{ shown: string }> };
}

describe("a change outside of a callback", () => {
  it("is shown soon, together with the other changes of the same turn", async (t) => {
    const { connection } = await start(t);
    prices.emit("price", "1");
    prices.emit("price", "2");
    const [, , , , update] = await connection.next((frame) => frame[3] === "diff");
    assert.deepEqual(Object.values(update.diff), ["2"]);
    await connection.settled();
    assert.deepEqual(rendered, ["2"]);
  });

  it("is shown if a promise that no callback returns makes it", async (t) => {
    const { page, connection } = await start(t);
    await connection.click(page, "later");
    const [, , , , update] = await connection.next((frame) => frame[3] === "diff");
    assert.deepEqual(Object.values(update.diff), ["later"]);
  });

  it("is shown with the answer to an event that is being handled", async (t) => {
    const { page, connection } = await start(t);
    const answered = connection.click(page, "wait");
    await connection.settled();
    prices.emit("price", "3");
    const { response } = await answered;
    await connection.settled();
    const pushed = connection.of("diff").map(([, , , , update]) => update);
    assert.deepEqual(
      [response, ...pushed].flatMap(({ diff }) => Object.values(diff ?? {})),
      ["3"],
    );
  });

  it("may be a title, an event, a flash message, or a navigation", async (t) => {
    const { connection, socket } = await start(t);
    socket.pageTitle = "Prices";
    socket.pushEvent("price", { now: 1 });
    socket.putFlash("info", "new");
    const [, , , , update] = await connection.next((frame) => frame[3] === "diff");
    assert.deepEqual(
      [update.title, update.events, update.provided],
      ["Prices", [["price", { now: 1 }]], [{ op: "add", path: "/flash/info", value: "new" }]],
    );
    socket.pushPatch("/?page=2");
    await connection.next((frame) => frame[3] === "live_patch");
    socket.pushNavigate("/");
    await connection.next((frame) => frame[3] === "live_redirect");
    assert.equal(socket.connected, false);
  });

  it("has no effect after the end of the view", async (t) => {
    const { page, connection, socket } = await start(t);
    await connection.push(`lv:${page.id}`, "phx_leave", {});
    assert.equal(prices.listenerCount("price"), 0);
    socket.assign({ shown: "late" });
    socket.pushEvent("late");
    socket.pushNavigate("/");
    await connection.settled();
    await connection.settled();
    assert.deepEqual(rendered, []);
    assert.deepEqual([connection.of("diff"), connection.of("live_redirect")], [[], []]);
  });
});

describe("a delayed message", () => {
  it("arrives after its delay, in the context of the view's own visitor", async (t) => {
    const { page, connection } = await start(t);
    const { response } = await connection.click(page, "remind");
    assert.deepEqual(response, {});
    const [, , , , update] = await connection.next((frame) => frame[3] === "diff");
    assert.deepEqual(Object.values(update.diff), ["reminder"]);
    assert.deepEqual(infos, [["reminder", "ada"]]);
  });

  it("is cancelled with the view", async (t) => {
    const { page, connection, socket } = await start(t);
    t.mock.timers.enable({ apis: ["setTimeout"] });
    socket.send("reminder", { after: 1000 });
    socket.send("now", { after: 0 });
    await connection.next((frame) => frame[3] === "diff");
    await connection.push(`lv:${page.id}`, "phx_leave", {});
    t.mock.timers.tick(2000);
    await connection.settled();
    assert.deepEqual(infos, [["now", "ada"]]);
  });

  it("is refused if its delay is not a number of milliseconds", async (t) => {
    const { socket } = await start(t);
    for (const after of [-1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, "1000"]) {
      assert.throws(() => socket.send("x", { after: after as number }), {
        code: "LIVE_ERR_OPTION",
        message: /options of socket.send are invalid/,
      });
    }
    assert.throws(() => socket.send("x", { afer: 1 } as never), { message: /Got: "afer"/ });
  });
});
