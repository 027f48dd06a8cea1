import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { LiveRouter, liveView, reply } from "@live-session/adapter-koa";
import { html } from "lit";
import { WebSocket } from "ws";
import { Channel } from "../../../../components/src/client/connection/channel.js";
import {
  type Carrier,
  Connection,
} from "../../../../components/src/client/connection/connection.js";
import { LongPoll } from "../../../../components/src/client/connection/long-poll.js";
import type { EventReply } from "../../../../components/src/protocol/index.js";
import { type CuttingProxy, startCuttingProxy } from "../../support/cutting-proxy.js";
import { type LiveServer, openServer } from "../../support/server.js";
import { Visitor } from "../../support/visitor.js";
import { until } from "../../support/wait.js";

/** The number of cuts for each kind of carrier. */
const cuts = process.env.TEST_ALL === "1" ? 1000 : 60;
const messages = process.env.TEST_ALL === "1" ? 5000 : 600;
/** By default, one cut of 20 has a latency of up to 300 ms, and happens within the time of a reconnect. */
const slowEvery = Number(process.env.CUTS_SLOW_EVERY ?? 20);

/** Starts the random numbers of a test. With the seed of a failed run, they are the same. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Node has no CloseEvent before version 23. */
class CloseEvent extends Event {
  readonly code: number;

  constructor(type: string, { code }: { readonly code: number }) {
    super(type);
    this.code = code;
  }
}
Object.assign(globalThis, { CloseEvent });

describe("the browser's connection through a network that cuts it", () => {
  let handled: number[] = [];
  let mounts = 0;
  const numbers = liveView("NumbersLive", {
    types: {} as { own: { clicks: number } },
    mount({ socket }) {
      if (socket.connected) {
        mounts++;
        socket.subscribe("numbers");
      }
      socket.assign({ clicks: 0 });
    },
    handleEvent: {
      click({ payload, socket }) {
        const { n } = payload as { n: number };
        handled.push(n);
        socket.assign({ clicks: socket.assigns.clicks + 1 });
        return reply({ n });
      },
    },
    handleInfo: ({ message, socket }) => socket.pushEvent("number", { n: message as number }),
    render: ({ clicks }) => html`<p>${clicks}</p>`,
  });

  let server: LiveServer;
  let proxy: CuttingProxy;
  const { fetch } = globalThis;
  let cookie = "";
  before(async () => {
    server = await openServer(new LiveRouter().live("/", numbers), {
      // A busy machine must not make the views give up.
      limits: { eventsPerSecond: 100_000, resume: 600_000 },
      origins: "any",
    });
    proxy = await startCuttingProxy(server.port);
    // A browser sends the cookie by itself.
    globalThis.fetch = (url, init) =>
      fetch(url, { ...init, headers: { ...init?.headers, cookie } });
  });
  after(async () => {
    globalThis.fetch = fetch;
    await proxy.stop();
    await server.stop();
  });

  for (const [name, createCarrier] of [
    [
      "WebSockets",
      (query: string) =>
        new WebSocket(`ws://127.0.0.1:${proxy.port}/live/websocket${query}`, {
          headers: { cookie },
        }).on("error", () => {}),
    ],
    [
      "long polling",
      (query: string) => new LongPoll(`http://127.0.0.1:${proxy.port}/live/longpoll${query}`),
    ],
  ] as const) {
    it(`loses nothing, sends nothing twice and keeps the order over ${name}`, async (t) => {
      const seed = Number(process.env.CUTS_SEED ?? Math.floor(Math.random() * 2 ** 31));
      t.diagnostic(`repeat with CUTS_SEED=${seed}`);
      const random = randomOf(seed);
      handled = [];
      mounts = 0;
      const visitor = new Visitor(server);
      const page = await visitor.load("/");
      cookie = visitor.cookie;
      const token = encodeURIComponent(page.csrfToken);
      const connection = new Connection(() => `?_csrf_token=${token}&vsn=2.0.0`);
      connection.createCarrier = (query) => createCarrier(query) as unknown as Carrier;
      connection.connectLater = () =>
        setTimeout(() => connection.state === "waiting" && connection.connect(), 1);
      t.after(() => connection.close());
      const received: number[] = [];
      let clicks: unknown = 0;
      const handleUpdate = ({ diff, events = [] }: EventReply): void => {
        for (const [, payload] of events) received.push((payload as { n: number }).n);
        if (diff) clicks = Object.values(diff)[0];
      };
      let isJoined = false;
      const downs: string[] = [];
      const channel = new Channel(connection, `lv:${page.id}`, {
        joinPayload: () => ({
          token: page.token,
          url: `http://127.0.0.1:${proxy.port}/`,
          params: { _csrf_token: page.csrfToken },
          parts: true,
          resume: true,
        }),
        handleJoin: () => {
          isJoined = true;
        },
        handleRefusal: (refusal) => assert.fail(JSON.stringify(refusal)),
        handleUpdate,
        handleDown: (cause) => downs.push(cause),
        handleInterruption() {},
        handleResumption() {},
      });
      connection.connect();
      await until(() => isJoined && server.live.connections === 1);

      const answers: Promise<unknown>[] = [];
      let clicked = 0;
      let broadcast = 0;
      let lost = 0;
      const act = (): void => {
        proxy.latency = Math.floor(random() * (lost % slowEvery === 0 ? 301 : 4));
        if (random() < 0.5 && channel.isJoined) {
          const n = clicked++;
          answers.push(
            channel
              .send("event", { type: "click", event: "click", value: { n } }, handleUpdate)
              .then((answer) => assert.deepEqual(answer.reply, { n })),
          );
        }
        for (let i = Math.ceil((2 * random() * messages) / cuts); i > 0; i--) {
          server.live.broadcast("numbers", broadcast++);
        }
      };
      while (lost < cuts) {
        act();
        await new Promise((resolve) => setTimeout(resolve, random() * (10 + 5 * proxy.latency)));
        if (random() < 0.7) {
          lost++;
          proxy.cut();
        }
      }
      await Promise.all(answers);
      await until(() => received.length >= broadcast);
      const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);
      assert.deepEqual(received, upTo(broadcast));
      assert.deepEqual(handled, upTo(clicked));
      assert.equal(clicks, clicked);
      assert.deepEqual(downs, []);
      assert.equal(mounts, 1);
      assert.deepEqual(server.errors, []);
    });
  }
});
