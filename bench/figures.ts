import { get, getJoinInfo, inParallel, join, visit } from "./client.js";
import { hydrationTime } from "./hydration.js";
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

/** Measures the bare echo with frames like our events. */
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

/** Measures events of the counter and of the keyed list. */
export async function eventFigures(): Promise<Figure[]> {
  const echo100 = await echoLoop(100);
  const figures = [
    atLeast(
      "event of the counter, 100 connections",
      await liveLoop("/counter", "inc", 100),
      echo100,
      0.7,
      "0.22–0.26",
    ),
  ];
  const echo20 = await echoLoop(20);
  for (const [event, name, target, liveView] of [
    ["cell", "1,000 rows, 20 connections: change one cell", 0.12, "0.008"],
    ["prepend", "… add a first row, remove the last row", 0.1, "0.005"],
    ["rotate", "… move the last row to the front", 0.1, "0.005"],
  ] as const) {
    figures.push(atLeast(name, await liveLoop("/list", event, 20), echo20, target, liveView));
  }
  return figures;
}

/** Returns the milliseconds from a tick until each socket has received its frame; the median of several ticks. */
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

/** Measures a broadcast that makes 2,000 views render. */
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
    name: "broadcast to 2,000 views, until the last one has it",
    measured: `${ratio.toFixed(2)} × (${ours.toFixed(1)} ms against ${bare.toFixed(1)} ms)`,
    target: "≤ 2.0 ×",
    liveView: "3.2 ×",
    met: ratio <= 2,
  };
}

/** Runs operations on a server, 20 at a time. */
const repeated = (server: MeasuredServer, count: number, job: () => Promise<unknown>): Subject => ({
  server,
  run: () => inParallel(count, 20, job).then(() => count),
});

/** Measures several servers in turn, after warming them up. */
async function inTurn(...subjects: Subject[]): Promise<[Load, Load, Load]> {
  await measureLoads(subjects, 2);
  return (await measureLoads(subjects, 5)) as [Load, Load, Load];
}

/** Measures page loads: only the GET, and the GET with socket and join. */
export async function pageFigures(): Promise<Figure[]> {
  const live = await MeasuredServer.start("live");
  const { html, cookie } = await get(live.port, "/counter");
  const koa = await MeasuredServer.start("koa", html);
  const session = await MeasuredServer.start("session", html);
  const echo = await MeasuredServer.start("echo");
  // Uses the cookie of an earlier visit.
  const pages = (server: MeasuredServer) =>
    repeated(server, 3000, () => get(server.port, "/counter", cookie));
  const joins = repeated(live, 1500, async () =>
    (await visit(live.port, "/counter", cookie)).socket.terminate(),
  );
  const opens = repeated(echo, 1500, async () =>
    (await RawSocket.open(echo.port, "/")).terminate(),
  );
  const [page, bareKoa, withSession] = await inTurn(pages(live), pages(koa), pages(session));
  const [connect, bareConnect] = await inTurn(joins, opens);
  await Promise.all([live, koa, session, echo].map((server) => server.stop()));
  return [
    atLeast(
      "GET of the counter page, relative to bare Koa",
      page,
      bareKoa,
      0.3,
      "4,500–7,400/s, Elixir",
    ),
    // Shows the share of the session, which is not part of this library.
    {
      ...atLeast("… relative to Koa that reads the same session", page, withSession, 0, ""),
      target: "",
    },
    atLeast("GET, socket and join, 20 at a time", connect, bareConnect, 0.25, "0.16"),
  ];
}

/** Measures the page of 1,000 rows: its GET, and its hydration in Chromium. */
export async function listPageFigures(): Promise<Figure[]> {
  const live = await MeasuredServer.start("live");
  const { html, cookie } = await get(live.port, "/list");
  const koa = await MeasuredServer.start("koa", html);
  const pages = (server: MeasuredServer) =>
    repeated(server, 300, () => get(server.port, "/list", cookie));
  const [page, bareKoa] = await inTurn(pages(live), pages(koa));
  await koa.stop();
  const hydration = await hydrationTime(`http://127.0.0.1:${live.port}/list`);
  await live.stop();
  return [
    atLeast("GET of a page of 1,000 rows, relative to bare Koa", page, bareKoa, 0.4, ""),
    {
      name: "… its hydration in Chromium, from the join reply on",
      measured: `${hydration.toFixed(1)} ms`,
      target: "",
      liveView: "",
      met: true,
    },
  ];
}

const kilobytes = (bytes: number): string => (bytes / 1024).toFixed(1);

/** Measures the memory of idle joined connections. */
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
    name: "memory of an idle connection, with 5,000 (RSS)",
    measured: `${kilobytes(idle)} KB, ${kilobytes(kept)} KB after gc`,
    target: "≤ 25 KB, 15 KB",
    liveView: "57–67 KB",
    met: idle <= 25 * 1024 && kept <= 15 * 1024,
  };
}

/** Measures the sizes of join replies. */
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
    name: "size of the join reply: counter, list",
    measured: `${counter} B, ${kilobytes(list)} KB`,
    target: "≤ 700 B, 48 KB",
    liveView: "990 B, 54.6 KB",
    met: counter <= 700 && list <= 48 * 1024,
  };
}
