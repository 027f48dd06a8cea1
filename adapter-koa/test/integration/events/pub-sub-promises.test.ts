import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LiveRouter, LocalPubSub, liveView, type PubSub } from "@live-session/adapter-koa";
import { html } from "lit";
import { startServer } from "../../support/server.js";
import { Visitor } from "../../support/visitor.js";
import { until } from "../../support/wait.js";

const newsLive = liveView("NewsLive", {
  types: {} as { own: { news: string } },
  mount({ socket }) {
    socket.assign({ news: "" });
    if (socket.connected) socket.subscribe("news");
  },
  handleEvent: { publish: ({ socket }) => socket.broadcast("news", "hello") },
  handleInfo: ({ socket, message }) => socket.assign({ news: String(message) }),
  render: ({ news }) => html`<p>${news}</p>`,
});

const router = () => new LiveRouter().live("/", newsLive);

/** A PubSub with promises. Some of its operations fail. */
class AsyncPubSub implements PubSub {
  readonly #local = new LocalPubSub();
  readonly ended: string[] = [];
  failing: (operation: string) => boolean = () => false;

  async subscribe(topic: string, subscriber: (message: unknown, from?: string) => void) {
    await this.#check(`subscribe ${topic}`);
    const end = this.#local.subscribe(topic, subscriber);
    return () => {
      this.ended.push(topic);
      end();
    };
  }

  async broadcast(topic: string, message: unknown, from?: string): Promise<void> {
    await this.#check(`broadcast ${topic}`);
    this.#local.broadcast(topic, message, from);
  }

  async #check(operation: string): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.failing(operation)) throw new Error(`${operation} failed`);
  }
}

describe("a PubSub with promises", () => {
  it("delivers messages, and ends subscriptions with their view", async (t) => {
    const pubSub = new AsyncPubSub();
    const server = await startServer(t, router(), { pubSub });
    const { page, connection } = await new Visitor(server).visit("/");
    await connection.settled();
    await connection.settled();
    server.live.broadcast("news", "hello");
    const [, , , , update] = await connection.next((frame) => frame[3] === "diff");
    assert.match(JSON.stringify(update), /hello/);
    await connection.push(`lv:${page.id}`, "phx_leave", {});
    await until(() => pubSub.ended.includes("news"));
  });

  it("may reject: the app's error event gets the error, and the view goes on", async (t) => {
    const pubSub = new AsyncPubSub();
    pubSub.failing = (operation) => operation.endsWith("news");
    const server = await startServer(t, router(), { pubSub });
    const { page, connection } = await new Visitor(server).visit("/");
    await until(() => server.errors.length === 1);
    assert.equal((await connection.click(page, "publish")).status, "ok");
    await until(() => server.errors.length === 2);
    assert.deepEqual(
      server.errors.map(({ message }) => message),
      ["subscribe news failed", "broadcast news failed"],
    );
    assert.equal((await connection.click(page, "publish")).status, "ok");
  });
});

describe("a socket with a live_socket_id", () => {
  for (const [how, fail] of [
    ["rejects", async () => Promise.reject(new Error("no broker"))],
    [
      "throws",
      () => {
        throw new Error("no broker");
      },
    ],
  ] as const) {
    it(`is closed if the subscription of its id ${how}`, async (t) => {
      const pubSub: PubSub = { subscribe: fail, broadcast: () => {} };
      const server = await startServer(t, router(), {
        pubSub,
        before: [
          (ctx, next) => {
            if (ctx.session) ctx.session.live_socket_id = "users:1";
            return next();
          },
        ],
      });
      const connection = await new Visitor(server).connect();
      assert.equal((await connection.closed).code, 1001);
      await until(() => server.live.connections === 0);
      assert.match(String(server.errors[0]), /no broker/);
    });
  }

  it("is refused over long polling, too", async (t) => {
    const fail = () => {
      throw new Error("no broker");
    };
    const server = await startServer(t, router(), {
      pubSub: { subscribe: fail, broadcast: () => {} },
      before: [
        (ctx, next) => {
          if (ctx.session) ctx.session.live_socket_id = "users:1";
          return next();
        },
      ],
    });
    const { status } = await new Visitor(server).fetch("/live/longpoll?vsn=2.0.0");
    assert.equal(status, 503);
    assert.equal(server.live.connections, 0);
  });
});

describe("the error listener of the app", () => {
  const throwing = () => {
    throw new Error("thrown by the listener");
  };
  for (const [problem, listen] of [
    ["throws", (app: NodeJS.EventEmitter) => app.on("error", throwing)],
    ["is missing", () => {}],
  ] as const) {
    it(`does not affect sockets and live.close() if it ${problem}`, async (t) => {
      const crashLive = liveView("CrashLive", {
        mount({ socket }) {
          if (socket.connected) throw new Error("crash");
        },
        render: () => html`<p></p>`,
      });
      t.mock.method(process, "emitWarning", () => {});
      const server = await startServer(t, router().live("/crash", crashLive));
      server.app.removeAllListeners("error");
      listen(server.app);
      const visitor = new Visitor(server);
      const page = await visitor.load("/crash");
      const connection = await visitor.connect();
      assert.deepEqual((await connection.join(page)).response, { reason: "crashed" });
      await connection.settled();
      assert.equal(server.live.connections, 1);
      await server.live.close();
      assert.equal(server.live.connections, 0);
    });
  }
});
