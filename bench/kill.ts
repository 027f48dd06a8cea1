import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { EventReply, JoinReply } from "@live-session/components/protocol";
import { WebSocket } from "ws";
import { Channel } from "../components/src/client/connection/channel.js";
import { type Carrier, Connection } from "../components/src/client/connection/connection.js";
import { Leaving } from "../components/src/client/connection/leaving.js";
import { superviseConnection } from "../components/src/client/connection/supervise-connection.js";
import { getJoinInfo, inParallel, type JoinInfo, visit } from "./client.js";
import type { Figure } from "./figures.js";
import { MeasuredServer } from "./measured-server.js";
import { quantile } from "./pair.js";

const pageCount = 1000;
const killCount = 6;
/** The longest time between two clicks of a page, in milliseconds. */
const clickMs = 2000;
/** For how long a page may stay without its view after a kill, in milliseconds. */
const patienceMs = 60_000;

/** A page of the counter that keeps its count. It has the browser's own connection, and clicks from time to time. */
class KeptPage {
  readonly #connection: Connection;
  readonly #channel: Channel;
  readonly #url: string;
  readonly #info: JoinInfo;
  #kept: string | undefined;
  /** The count of the last reply. */
  #acknowledged = 0;
  /** The count that the page shows. */
  #shown = 0;
  #mounts = 0;
  #isStopped = false;
  /** The changes that a reply has acknowledged and that were missing after a join. */
  lost = 0;
  /** When the page has lost its view, connected again, and got its view back, by the clock of `performance.now()`. */
  lostAt = 0;
  connectedAt = 0;
  joinedAt = 0;

  constructor(port: number, info: JoinInfo) {
    this.#info = info;
    this.#url = `http://127.0.0.1:${port}/kept`;
    const token = encodeURIComponent(info.csrfToken);
    const path = `/live/websocket?_csrf_token=${token}&vsn=2.0.0`;
    this.#connection = new Connection(() => `ws://127.0.0.1:${port}${path}`);
    this.#connection.observers.add({
      handleConnecting: () => {
        this.connectedAt = performance.now();
      },
    });
    this.#connection.createCarrier = (url) =>
      new WebSocket(url, { headers: { cookie: info.cookie } }).on(
        "error",
        () => {},
      ) as unknown as Carrier;
    superviseConnection(this.#connection, () => undefined, new Leaving());
    this.#channel = new Channel(this.#connection, `lv:${info.id}`, {
      joinPayload: () => this.#joinPayload(),
      handleJoin: (reply) => this.#handleJoin(reply),
      handleRefusal: ({ reason }) => {
        if (reason !== "busy") throw new Error(`a join was refused: ${reason}`);
      },
      handleUpdate: (update) => this.#handleUpdate(update),
      handleDown: () => this.#handleLoss(),
      handleInterruption: () => this.#handleLoss(),
      handleResumption: () => this.#handleReturn(),
    });
    this.#connection.connect();
    void this.#clickAround();
  }

  get isJoined(): boolean {
    return this.joinedAt > this.lostAt;
  }

  /** The number of changes that replies have acknowledged. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  stop(): void {
    this.#isStopped = true;
    this.#connection.close();
  }

  #joinPayload() {
    return {
      token: this.#info.token,
      url: this.#url,
      params: { _csrf_token: this.#info.csrfToken, _mounts: this.#mounts },
      parts: true,
      resume: true,
      ...(this.#kept !== undefined && { kept: this.#kept }),
    };
  }

  #handleJoin({ rendered, kept }: JoinReply): void {
    this.#mounts++;
    this.#kept = kept?.sealed;
    const [, count] = /"v":\[(\d+)\]/.exec(JSON.stringify(rendered)) ?? [];
    this.#shown = Number(count);
    this.lost += Math.max(0, this.#acknowledged - this.#shown);
    this.#handleReturn();
  }

  #handleUpdate({ diff, kept }: EventReply): void {
    if (diff) this.#shown = Number(Object.values(diff)[0]);
    if (kept) this.#kept = kept.sealed;
  }

  #handleLoss(): void {
    if (this.isJoined) this.lostAt = performance.now();
  }

  #handleReturn(): void {
    this.joinedAt = performance.now();
  }

  async #clickAround(): Promise<void> {
    const click = { type: "click", event: "inc", value: {} };
    for (;;) {
      await sleep(Math.random() * clickMs);
      if (this.#isStopped) return;
      if (!this.isJoined) continue;
      const handleReply = (update: EventReply) => {
        this.#handleUpdate(update);
        this.#acknowledged = this.#shown;
      };
      // Without a reply, the page does not know whether the click has counted.
      await this.#channel.send("event", click, handleReply).catch(() => {});
    }
  }
}

/** Starts a server and lets it compile its code, as one that has run for a while. */
async function startWarm(): Promise<MeasuredServer> {
  const server = await MeasuredServer.start("live");
  await inParallel(500, 20, async () => (await visit(server.port, "/kept")).socket.terminate());
  return server;
}

/** Two servers behind a proxy that passes each connection to one of them. */
class TwoServers {
  #servers: MeasuredServer[] = [];
  /** The server of each WebSocket. */
  readonly #sockets = new Map<Socket, MeasuredServer>();
  readonly #proxy = createServer((near) => this.#pass(near));

  async start(): Promise<number> {
    this.#servers = await Promise.all([startWarm(), startWarm()]);
    this.#proxy.listen(0, "127.0.0.1");
    await once(this.#proxy, "listening");
    return (this.#proxy.address() as AddressInfo).port;
  }

  /** Kills one of the servers. Resolves when its WebSockets are closed. */
  async kill(): Promise<void> {
    const [killed] = this.#servers.splice(Math.floor(Math.random() * 2), 1);
    await killed?.kill();
    await until(() => ![...this.#sockets.values()].some((server) => server === killed));
  }

  /** Starts another server in place of the killed one, and cuts all WebSockets, half of which then use it. */
  async replace(): Promise<void> {
    this.#servers.push(await startWarm());
    for (const socket of this.#sockets.keys()) socket.destroy();
  }

  async stop(): Promise<void> {
    this.#proxy.close();
    await Promise.all(this.#servers.map((server) => server.stop()));
  }

  #pass(near: Socket): void {
    const server = this.#servers[Math.floor(Math.random() * this.#servers.length)];
    if (!server) throw new Error("no server is running");
    near.once("data", (data) => {
      if (data.includes("/live/websocket")) this.#sockets.set(near, server);
    });
    const far = connect(server.port, "127.0.0.1");
    near.on("error", () => {}).pipe(far);
    far.on("error", () => {}).pipe(near);
    far.on("close", () => near.destroy());
    near.on("close", () => {
      this.#sockets.delete(near);
      far.destroy();
    });
  }
}

/** Waits for a condition, at most a minute. */
async function until(isMet: () => boolean, pages: readonly KeptPage[] = []): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!isMet()) {
    if (performance.now() > end) {
      const count = pages.filter(({ isJoined }) => !isJoined).length;
      throw new Error(`${count} pages did not get their views back in a minute`);
    }
    await sleep(10);
  }
}

const areJoined = (pages: readonly KeptPage[]) => pages.every(({ isJoined }) => isJoined);

/** When pages have connected again after a kill, and when they had their views back, in milliseconds. */
interface Recovery {
  readonly connects: readonly number[];
  readonly joins: readonly number[];
}

/** Kills a server and waits until all pages have their views again. */
async function killOnce(two: TwoServers, pages: readonly KeptPage[]): Promise<Recovery> {
  const killed = performance.now();
  await two.kill();
  await sleep(100); // until the pages know it
  await until(() => areJoined(pages), pages);
  const lost = pages.filter(({ lostAt }) => lostAt > killed);
  return {
    connects: lost.map(({ connectedAt }) => connectedAt - killed),
    joins: lost.map(({ joinedAt }) => joinedAt - killed),
  };
}

/** The time in which all but the first and the last 5 % of some times are. */
const spanOf = (times: readonly number[]): number => quantile(times, 0.95) - quantile(times, 0.05);

/** Kills one of two servers again and again while pages change what they keep. */
export async function killFigures(): Promise<Figure[]> {
  // What the browser's connection uses of a page. Other parts of the benchmark would take it for a DOM.
  const page = { document: { hidden: false }, addEventListener: () => {} };
  Object.assign(globalThis, page);
  try {
    return await measureKills();
  } finally {
    for (const name of Object.keys(page)) Reflect.deleteProperty(globalThis, name);
  }
}

async function measureKills(): Promise<Figure[]> {
  const two = new TwoServers();
  const pages: KeptPage[] = [];
  try {
    const port = await two.start();
    await inParallel(pageCount, 20, async () => {
      pages.push(new KeptPage(port, await getJoinInfo(port, "/kept")));
    });
    return toFigures(pages, await killRepeatedly(two, pages));
  } finally {
    for (const page of pages) page.stop();
    await two.stop();
  }
}

async function killRepeatedly(two: TwoServers, pages: readonly KeptPage[]): Promise<Recovery[]> {
  const recoveries: Recovery[] = [];
  for (let kill = 0; kill < killCount; kill++) {
    await until(() => areJoined(pages), pages);
    await sleep(clickMs * (0.5 + Math.random()));
    recoveries.push(await killOnce(two, pages));
    await two.replace();
  }
  return recoveries;
}

function toFigures(pages: readonly KeptPage[], recoveries: readonly Recovery[]): Figure[] {
  const lost = pages.reduce((sum, page) => sum + page.lost, 0);
  const acknowledged = pages.reduce((sum, page) => sum + page.acknowledged, 0);
  const joins = recoveries.flatMap((recovery) => recovery.joins);
  const p95 = quantile(joins, 0.95);
  const spread = quantile(
    recoveries.map(({ connects }) => spanOf(connects)),
    0.5,
  );
  return [
    {
      name: `${killCount} kills of one of two servers, 1,000 views that keep state: acknowledged changes lost; p95 until views are back; connects spread over`,
      value: p95,
      measured: `${lost} of ${acknowledged}; ${p95.toFixed(0)} ms for ${joins.length} views; ${spread.toFixed(0)} ms`,
      target: "0; < 2000 ms; ≥ 100 ms",
      liveView: "–",
      met: lost === 0 && p95 < 2000 && spread >= 100,
    },
  ];
}
