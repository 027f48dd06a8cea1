import { get, getJoinInfo, inParallel, join, visit } from "./client.js";
import {
  closedLoop,
  type Load,
  type Loop,
  measureLoad,
  measureLoads,
  ratioOf,
  type Subject,
} from "./load.js";
import { MeasuredServer } from "./measured-server.js";
import { RawSocket } from "./raw-socket.js";

/** One row of the table. */
export interface Figure {
  readonly name: string;
  readonly measured: string;
  readonly target: string;
  /** The same figure of Phoenix LiveView 1.2.10. */
  readonly liveView: string;
  readonly met: boolean;
}

const seconds = 4;
const warmUp = 1500;

async function loopOn(server: MeasuredServer, loops: readonly Loop[]): Promise<Load> {
  await closedLoop(loops, warmUp);
  return measureLoad({ server, run: () => closedLoop(loops, seconds * 1000) });
}

const eventFrame = (topic: string, event: string): Buffer =>
  RawSocket.frame(JSON.stringify(["1", "2", topic, "event", { type: "click", event, value: {} }]));

/** The echo's rate with frames like our events. */
async function echoLoop(connections: number): Promise<Load> {
  const server = await MeasuredServer.start("echo");
  const frame = eventFrame("lv:live-AAAAAAAA", "inc");
  const open = async () => ({ socket: await RawSocket.open(server.port, "/"), frame });
  const load = await loopOn(server, await inParallel(connections, 20, open));
  await server.stop();
  return load;
}

async function liveLoop(path: string, event: string, connections: number): Promise<Load> {
  const server = await MeasuredServer.start("live");
  const loops = await inParallel(connections, 20, async () => {
    const { socket, topic } = await visit(server.port, path);
    return { socket, frame: eventFrame(topic, event) };
  });
  const load = await loopOn(server, loops);
  await server.stop();
  return load;
}

function atLeast(name: string, load: Load, bare: Load, target: number, liveView: string): Figure {
  const { ratio, by } = ratioOf(load, bare);
  return {
    name,
    measured: `${ratio.toFixed(3)} (by ${by}; ${load.cpuPerOperation.toFixed(1)} µs against ${bare.cpuPerOperation.toFixed(1)} µs)`,
    target: `≥ ${target}`,
    liveView,
    met: ratio >= target,
  };
}

/** Events of the counter and of the keyed list. */
export async function eventFigures(): Promise<Figure[]> {
  const echo100 = await echoLoop(100);
  const figures = [
    atLeast(
      "counter event, 100 connections",
      await liveLoop("/counter", "inc", 100),
      echo100,
      0.7,
      "0.22–0.26",
    ),
  ];
  const echo20 = await echoLoop(20);
  for (const [event, name, target, liveView] of [
    ["cell", "1,000 rows, 20 connections: one cell", 0.12, "0.008"],
    ["prepend", "… a row prepended, the last dropped", 0.1, "0.005"],
    ["rotate", "… the last row moved to the front", 0.1, "0.005"],
  ] as const) {
    figures.push(atLeast(name, await liveLoop("/list", event, 20), echo20, target, liveView));
  }
  return figures;
}

/** Milliseconds from a tick until each socket has its frame; the median of several. */
async function tickTime(server: MeasuredServer, sockets: readonly RawSocket[]): Promise<number> {
  const times: number[] = [];
  for (let n = 1; n <= 25; n++) {
    times.push(
      await new Promise<number>((resolve) => {
        let waiting = sockets.length;
        const start = performance.now();
        for (const socket of sockets) {
          socket.onFrame = () => --waiting === 0 && resolve(performance.now() - start);
        }
        server.tick(n);
      }),
    );
  }
  return times.slice(5).sort((a, b) => a - b)[10] as number;
}

/** A broadcast that makes 2,000 views render. */
export async function broadcastFigure(): Promise<Figure> {
  const live = await MeasuredServer.start("live");
  const views = await inParallel(2000, 20, async () => (await visit(live.port, "/tick")).socket);
  const ours = await tickTime(live, views);
  await live.stop();
  const echo = await MeasuredServer.start("echo");
  const sockets = await inParallel(2000, 20, () => RawSocket.open(echo.port, "/"));
  const bare = await tickTime(echo, sockets);
  await echo.stop();
  const ratio = ours / bare;
  return {
    name: "broadcast to 2,000, until the last receives",
    measured: `${ratio.toFixed(2)} × (${ours.toFixed(1)} ms against ${bare.toFixed(1)} ms)`,
    target: "≤ 2.0 ×",
    liveView: "3.2 ×",
    met: ratio <= 2,
  };
}

/** Operations on a server, 20 at a time. */
const repeated = (server: MeasuredServer, count: number, job: () => Promise<unknown>): Subject => ({
  server,
  run: () => inParallel(count, 20, job).then(() => count),
});

/** Page loads: the GET alone, and with socket and join. */
export async function pageFigures(): Promise<Figure[]> {
  const live = await MeasuredServer.start("live");
  const { html, cookie } = await get(live.port, "/counter");
  const koa = await MeasuredServer.start("koa", { BENCH_HTML: html });
  const session = await MeasuredServer.start("session", { BENCH_HTML: html });
  const echo = await MeasuredServer.start("echo");
  // By a visitor who has been here before.
  const pages = (server: MeasuredServer) =>
    repeated(server, 3000, () => get(server.port, "/counter", cookie));
  const joins = repeated(live, 1500, async () =>
    (await visit(live.port, "/counter", cookie)).socket.terminate(),
  );
  const opens = repeated(echo, 1500, async () =>
    (await RawSocket.open(echo.port, "/")).terminate(),
  );
  const byTurns = async (...subjects: Subject[]) => {
    await measureLoads(subjects, 2); // to warm up
    return measureLoads(subjects, 5) as Promise<[Load, Load, Load]>;
  };
  const [page, bareKoa, withSession] = await byTurns(pages(live), pages(koa), pages(session));
  const [connect, bareConnect] = await byTurns(joins, opens);
  await Promise.all([live, koa, session, echo].map((server) => server.stop()));
  return [
    atLeast("page GET of the counter, to bare Koa", page, bareKoa, 0.3, "4,500–7,400/s, Elixir"),
    // What of it is not ours.
    { ...atLeast("… to Koa that reads the same session", page, withSession, 0, ""), target: "" },
    atLeast("page, socket and join, 20 at a time", connect, bareConnect, 0.25, "0.16"),
  ];
}

const kilobytes = (bytes: number): string => (bytes / 1024).toFixed(1);

/** Memory of idle joined connections. */
export async function memoryFigure(): Promise<Figure> {
  const count = 5000;
  const live = await MeasuredServer.start("live");
  await inParallel(200, 20, async () => (await visit(live.port, "/counter")).socket.terminate());
  const before = await live.measure({ gc: true });
  const sockets = await inParallel(
    count,
    20,
    async () => (await visit(live.port, "/counter")).socket,
  );
  const after = await live.measure();
  const collected = await live.measure({ gc: true });
  await live.stop();
  for (const socket of sockets) socket.terminate();
  const idle = (after.rss - before.rss) / count;
  const kept = (collected.rss - before.rss) / count;
  return {
    name: "RSS per idle connection at 5,000",
    measured: `${kilobytes(idle)} KB, ${kilobytes(kept)} KB after gc`,
    target: "≤ 25 KB, 15 KB",
    liveView: "57–67 KB",
    met: idle <= 25 * 1024 && kept <= 15 * 1024,
  };
}

/** Sizes of join replies. */
export async function sizeFigure(): Promise<Figure> {
  const live = await MeasuredServer.start("live");
  const size = async (path: string) => {
    const { socket, reply } = await join(live.port, path, await getJoinInfo(live.port, path));
    socket.terminate();
    return Buffer.byteLength(reply);
  };
  const counter = await size("/counter");
  const list = await size("/list");
  await live.stop();
  return {
    name: "join reply: counter, list",
    measured: `${counter} B, ${kilobytes(list)} KB`,
    target: "≤ 700 B, 48 KB",
    liveView: "990 B, 54.6 KB",
    met: counter <= 700 && list <= 48 * 1024,
  };
}
