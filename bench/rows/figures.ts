import { setTimeout as sleep } from "node:timers/promises";
import { get, getJoinInfo, inParallel, join, visit, visitBare } from "../load/client.js";
import { echoes, events, repeated, ticking, type Visits } from "../load/load.js";
import { RawSocket } from "../load/raw-socket.js";
import { type Comparison, compare, measureInRounds, measurePair } from "../load/rounds.js";
import { MeasuredServer } from "../servers/measured-server.js";
import { keystroke } from "../servers/pages.js";

/** One row of the table. */
export interface Figure {
  readonly name: string;
  /** The figure to save and to compare with other runs. */
  readonly value: number;
  /** The figure with its unit and details. */
  readonly measured: string;
  /** The instructions of an operation on both servers, if they were counted. */
  readonly instructions?: string;
  /** See `Comparison.spread`; `undefined` for a figure that is measured once. */
  readonly spread?: number;
  readonly target: string;
  /** The same figure of Phoenix LiveView 1.2.10. */
  readonly liveView: string;
  /** Whether the target is met; `undefined` without a target. */
  readonly met?: boolean;
}

/** The names of the rows whose instructions can be counted. */
export const names = {
  counter: "event of the counter, 100 connections",
  kept: "… that keeps 200 bytes in the browser, to one that keeps nothing",
  cell: "1,000 rows, 20 connections: change one cell",
  prepend: "… add a first row, remove the last row",
  rotate: "… move the last row to the front",
  remove: "… remove a row, add it at the end",
  keystroke: "1,000 components, 20 connections: one keystroke",
  broadcast: "broadcast to 2,000 views, each of which renders",
  page: "GET of the counter page, to Koa that reads the same session",
  barePage: "… to bare Koa",
  join: "GET, socket and join, to the connects of the echo, which load no page",
  adoptedJoin: "… with adopt, to those connects",
  listPage: "GET of a page of 1,000 rows, to bare Koa",
} as const;

/** Describes a comparison whose ratio must reach a target. */
export function atLeast(
  name: string,
  { ratio, spread, ours, bare }: Comparison,
  target: number | undefined,
  liveView = "",
): Figure {
  return {
    name,
    value: ratio,
    measured: `${ratio.toFixed(3)} (${ours.toFixed(1)} µs against ${bare.toFixed(1)} µs)`,
    spread,
    target: target === undefined ? "" : `≥ ${target}`,
    liveView,
    ...(target !== undefined && { met: ratio >= target }),
  };
}

/** Describes a comparison as a multiple of the bare cost, which must not exceed a target. @param unit that of the costs */
export function atMost(
  name: string,
  { ratio, spread, ours, bare }: Comparison,
  target: number | undefined,
  liveView = "",
  unit: "µs" | "ms" = "µs",
): Figure {
  const value = 1 / ratio;
  const digits = unit === "µs" ? 1 : 2;
  return {
    name,
    value,
    measured: `${value.toFixed(2)} × (${ours.toFixed(digits)} ${unit} against ${bare.toFixed(digits)} ${unit})`,
    spread,
    target: target === undefined ? "" : `≤ ${target} ×`,
    liveView,
    ...(target !== undefined && { met: value <= target }),
  };
}

/** Starts servers, measures, and stops them. */
export async function withServers<
  Roles extends readonly Parameters<typeof MeasuredServer.start>[0][],
>(
  roles: Roles,
  measure: (...servers: { [Index in keyof Roles]: MeasuredServer }) => Promise<Figure[]>,
): Promise<Figure[]> {
  const servers = await Promise.all(roles.map((role) => MeasuredServer.start(role)));
  try {
    return await measure(...(servers as { [Index in keyof Roles]: MeasuredServer }));
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

/** Measures events in rounds, and closes their sockets. */
export async function measureVisits<Name extends string>(visits: Readonly<Record<Name, Visits>>) {
  const costs = await measureInRounds(visits);
  for (const name in visits) visits[name].close();
  return costs;
}

/** Measures events of the counter, of the keyed list, and of a list of components. */
export const eventFigures = (): Promise<Figure[]> =>
  withServers(["live", "echo"], async (live, echo) => {
    const list = (event: string) => events(live, "/list", event, 20);
    const counts = await measureVisits({
      counter: await events(live, "/counter", "inc", 100),
      kept: await events(live, "/kept", "inc", 100),
      echo: await echoes(echo, 100),
    });
    const costs = await measureVisits({
      cell: await list("cell"),
      prepend: await list("prepend"),
      rotate: await list("rotate"),
      remove: await list("remove"),
      shuffle: await list("shuffle"),
      keystroke: await events(live, "/components", keystroke, 20),
      echo: await echoes(echo, 20),
    });
    const toEcho = (name: Exclude<keyof typeof costs, "echo">) => compare(costs[name], costs.echo);
    return [
      atLeast(names.counter, compare(counts.counter, counts.echo), 0.85, "0.22–0.26"),
      keptFigure(compare(counts.kept, counts.counter)),
      atLeast(names.cell, toEcho("cell"), 0.4, "0.008"),
      atLeast(names.prepend, toEcho("prepend"), 0.25, "0.005"),
      atLeast(names.rotate, toEcho("rotate"), 0.25, "0.005"),
      atLeast(names.remove, toEcho("remove"), 0.25, "0.005"),
      shuffleFigure(compare(costs.shuffle, costs.prepend)),
      atLeast(names.keystroke, toEcho("keystroke"), 0.4),
    ];
  });

/** Describes the cost of keeping 200 bytes of assigns, which each event seals again. */
function keptFigure({ ours, bare, spread }: Comparison): Figure {
  const more = ours - bare;
  return {
    name: names.kept,
    value: more,
    measured: `${more.toFixed(1)} µs more (${ours.toFixed(1)} µs against ${bare.toFixed(1)} µs)`,
    spread,
    target: "≤ 6 µs more",
    liveView: "–",
    met: more <= 6,
  };
}

/** Describes the cost of a moved row among 1,000, relative to adding a row to 1,000. */
function shuffleFigure({ ours, bare, spread }: Comparison): Figure {
  const perRow = ours / 1000 / bare;
  return {
    name: "… shuffle all rows, for each row, relative to adding one",
    value: perRow,
    measured: `${perRow.toFixed(3)} × (${ours.toFixed(0)} µs for 1,000 rows)`,
    spread,
    target: "≤ 2 ×",
    liveView: "",
    met: perRow <= 2,
  };
}

/** The number of sockets that receive a broadcast. */
export const audience = 2000;

/** Measures a broadcast that makes 2,000 views render. */
export const broadcastFigures = (): Promise<Figure[]> =>
  withServers(["live", "echo"], async (live, echo) => {
    const views = await inParallel(
      audience,
      20,
      async () => (await visit(live.port, "/tick")).socket,
    );
    const sockets = await inParallel(audience, 20, () => RawSocket.open(echo.port, "/"));
    const comparison = await measurePair(ticking(live, views), ticking(echo, sockets));
    return [atMost(names.broadcast, comparison, 1.3, "3.2 ×")];
  });

/** Measures page loads: only the GET, and the GET with socket and join. */
export const pageFigures = (): Promise<Figure[]> =>
  withServers(["live", "koa", "session", "echo"], async (live, koa, session, echo) => {
    const { html, cookie } = await get(live.port, "/counter");
    koa.serve(html);
    session.serve(html);
    const visited = await get(session.port, "/counter");
    // Uses the cookie of an earlier visit.
    const pages = (server: MeasuredServer, sent: string) =>
      repeated(server, 150, () => get(server.port, "/counter", sent));
    const visits = (path: string) =>
      repeated(live, 150, async () => (await visit(live.port, path, cookie)).socket.terminate());
    const costs = await measureInRounds({
      page: pages(live, cookie),
      sessionPage: pages(session, visited.cookie),
      barePage: pages(koa, cookie),
      join: visits("/counter"),
      adoptedJoin: visits("/adopted"),
      bareJoin: repeated(session, 150, async () =>
        (await visitBare(session.port, "/counter", visited.cookie)).socket.terminate(),
      ),
      connect: repeated(echo, 150, async () => (await RawSocket.open(echo.port, "/")).terminate()),
    });
    return [
      atLeast(names.page, compare(costs.page, costs.sessionPage), 0.75),
      atLeast(names.barePage, compare(costs.page, costs.barePage), 0.4, "4,500–7,400/s, Elixir"),
      atLeast(
        "GET, socket and join, to GET, socket and echo that read the same session",
        compare(costs.join, costs.bareJoin),
        0.4,
      ),
      atLeast("… with adopt", compare(costs.adoptedJoin, costs.bareJoin), 0.4),
      atLeast(names.join, compare(costs.join, costs.connect), undefined, "0.16"),
      atLeast(names.adoptedJoin, compare(costs.adoptedJoin, costs.connect), 0.4, "0.16"),
    ];
  });

/** Measures the GET of the page of 1,000 rows. */
export const listPageFigures = (): Promise<Figure[]> =>
  withServers(["live", "koa"], async (live, koa) => {
    const { html, cookie } = await get(live.port, "/list");
    koa.serve(html);
    const pages = (server: MeasuredServer) =>
      repeated(server, 30, () => get(server.port, "/list", cookie));
    return [atLeast(names.listPage, await measurePair(pages(live), pages(koa)), 0.4)];
  });

const kilobytes = (bytes: number): string => (bytes / 1024).toFixed(1);

/** The number of idle connections whose memory is measured. */
const idleCount = 5000;

/** The resident memory of an idle connection, in bytes: at once, and after garbage collections. */
export interface IdleMemory {
  readonly atOnce: number;
  readonly collected: number;
}

/** Measures the memory of connections that do nothing. */
export async function measureIdle(
  server: MeasuredServer,
  open: () => Promise<RawSocket>,
): Promise<IdleMemory> {
  for (const socket of await inParallel(200, 20, open)) socket.terminate();
  const before = await server.measure({ gc: true });
  const sockets = await inParallel(idleCount, 20, open);
  const after = await server.measure();
  const collected = await server.measure({ gc: true });
  for (const socket of sockets) socket.terminate();
  return {
    atOnce: (after.rss - before.rss) / idleCount,
    collected: (collected.rss - before.rss) / idleCount,
  };
}

/** Describes the memory of an idle connection. */
export const describeIdle = ({ atOnce, collected }: IdleMemory): string =>
  `${kilobytes(atOnce)} KB, ${kilobytes(collected)} KB after gc`;

/** Resolves when a server frees no more memory by itself. */
async function untilSteady(server: MeasuredServer): Promise<void> {
  let before = Number.POSITIVE_INFINITY;
  for (;;) {
    const { heap } = await server.measure({ gc: true });
    if (heap > before * 0.998) return;
    before = heap;
    await sleep(2000);
  }
}

/** The number of connections whose views sleep. */
const quietCount = 10_000;

/** Measures the resident memory of a connection whose view sleeps, or of a bare socket, in bytes. */
async function measureQuiet(
  server: MeasuredServer,
  open: () => Promise<RawSocket>,
): Promise<number> {
  for (const socket of await inParallel(200, 20, open)) socket.terminate();
  const before = await server.measure({ gc: true });
  const sockets = await inParallel(quietCount, 20, open);
  await untilSteady(server);
  const { rss } = await server.measure({ gc: true });
  for (const socket of sockets) socket.terminate();
  return (rss - before.rss) / quietCount;
}

/** Measures the memory of joined connections: idle ones, and quiet ones, whose views sleep. */
export const memoryFigures = (): Promise<Figure[]> =>
  withServers(["live", "quiet", "echo"], async (live, quiet, echo) => {
    const join = async ({ port }: MeasuredServer) => (await visit(port, "/counter")).socket;
    const idle = await measureIdle(live, () => join(live));
    const asleep = await measureQuiet(quiet, () => join(quiet));
    const bare = await measureQuiet(echo, () => RawSocket.open(echo.port, "/"));
    return [
      {
        name: "memory of an idle connection, with 5,000 (RSS)",
        value: idle.collected,
        measured: describeIdle(idle),
        target: "≤ 10 KB, 8 KB",
        liveView: "57–67 KB",
        met: idle.atOnce <= 10 * 1024 && idle.collected <= 8 * 1024,
      },
      {
        name: "… of a quiet connection, whose view sleeps, with 10,000 (RSS after gc)",
        value: asleep,
        measured: `${kilobytes(asleep)} KB; a bare \`ws\` socket ${kilobytes(bare)} KB`,
        target: "≤ 6 KB",
        liveView: "–",
        met: asleep <= 6 * 1024,
      },
    ];
  });

/** Measures the sizes of join replies. */
export const sizeFigures = (): Promise<Figure[]> =>
  withServers(["live"], async (live) => {
    const size = async (path: string) => {
      const { socket, reply } = await join(live.port, path, await getJoinInfo(live.port, path));
      socket.terminate();
      return Buffer.byteLength(reply);
    };
    const counter = await size("/counter");
    const list = await size("/list");
    return [
      {
        name: "size of the join reply: counter, list",
        value: list,
        measured: `${counter} B, ${kilobytes(list)} KB`,
        target: "≤ 700 B, 48 KB",
        liveView: "990 B, 54.6 KB",
        met: counter <= 700 && list <= 48 * 1024,
      },
    ];
  });
