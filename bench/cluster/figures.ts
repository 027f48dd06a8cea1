import { cpus } from "node:os";
import { RedisServer } from "../../adapter-koa/test/support/processes/redis-server.js";
import { getJoinInfo, inParallel, join, openSocket } from "../load/client.js";
import { closedLoop, eventFrame } from "../load/load.js";
import { RawSocket } from "../load/raw-socket.js";
import { quantile } from "../load/rounds.js";
import { until } from "../load/until.js";
import type { Figure } from "../rows/figures.js";
import { AppProcesses } from "./app-processes.js";

const counts = [1, 2, 4];
const connections = 100;
const joins = 400;
const views = 2000;
/** The views of the largest broadcast, to the largest number of processes. */
const manyViews = 10_000;
const ticks = 10;
const users = 100;
const sampleMs = 2000;

/** The results of one number of processes. */
interface Measured {
  readonly events: Rate;
  readonly joins: Rate;
  readonly broadcast: Broadcast;
  /** The same for {@link manyViews}, in the largest number of processes. */
  readonly largest: Broadcast | undefined;
  /** The number of sockets of each process. */
  readonly sockets: readonly number[];
  /** Milliseconds until the last view of a user has ended. */
  readonly disconnect: number;
}

interface Broadcast {
  /** CPU microseconds of all processes for each view that renders a message. */
  readonly cost: number;
  /** How often the process that has decoded most has decoded each message. */
  readonly decodes: number;
}

interface Rate {
  readonly perSecond: number;
  /** CPU microseconds of all processes. */
  readonly cost: number;
}

const cpuOf = async (app: AppProcesses): Promise<number> =>
  (await app.reports()).reduce((sum, { cpu }) => sum + cpu, 0);

/** Measures operations. @param run returns their number */
async function rateOf(app: AppProcesses, run: () => Promise<number>): Promise<Rate> {
  const [cpu, start] = [await cpuOf(app), performance.now()];
  const operations = await run();
  const seconds = (performance.now() - start) / 1000;
  return { perSecond: operations / seconds, cost: ((await cpuOf(app)) - cpu) / operations };
}

/** Loads a page and joins its view, each over a connection of its own, which the next process accepts. */
async function visit(port: number, path: string) {
  return join(port, path, await getJoinInfo(port, path, "", false));
}

async function measureEvents(app: AppProcesses): Promise<Rate> {
  const loops = await inParallel(connections, 20, async () => {
    const { socket, topic } = await visit(app.port, "/counter");
    return { socket, frame: eventFrame(topic, "inc") };
  });
  const loopFor = (ms: number) => {
    const end = performance.now() + ms;
    return closedLoop(loops, () => performance.now() < end);
  };
  await loopFor(sampleMs / 4);
  const rate = await rateOf(app, () => loopFor(sampleMs));
  for (const { socket } of loops) socket.terminate();
  return rate;
}

const measureJoins = (app: AppProcesses): Promise<Rate> =>
  rateOf(app, async () => {
    await inParallel(joins, 20, async () => (await visit(app.port, "/counter")).socket.terminate());
    return joins;
  });

/** Opens views that receive broadcasts. Pages first: if the two alternate, all sockets may belong to one process. */
async function openViews(app: AppProcesses, count: number): Promise<RawSocket[]> {
  const infos = await inParallel(count, 20, () => getJoinInfo(app.port, "/ticks", "", false));
  return inParallel(count, 4, async (i) => {
    const info = infos[i];
    if (!info) throw new Error("a page is missing");
    return (await join(app.port, "/ticks", info)).socket;
  });
}

async function measureBroadcast(
  app: AppProcesses,
  sockets: readonly RawSocket[],
): Promise<Broadcast> {
  const tick = (n: number) =>
    new Promise<void>((resolve) => {
      let waiting = sockets.length;
      for (const socket of sockets) socket.onFrame = () => --waiting === 0 && resolve();
      app.send({ type: "tick", n }, [...app.pids][0]);
    });
  await tick(-1); // compiles the code; the views show another number
  const before = await app.reports();
  const { cost } = await rateOf(app, async () => {
    for (let n = 1; n <= ticks; n++) await tick(n);
    return ticks * sockets.length;
  });
  const decodes = (await app.reports()).map(({ pid, decoded }) => {
    const former = before.find((report) => report.pid === pid);
    return (decoded - (former?.decoded ?? 0)) / ticks;
  });
  return { cost, decodes: Math.max(...decodes) };
}

/** Opens views of one user, half of which lose their connection and wait, and logs the user out. */
async function measureDisconnect(app: AppProcesses): Promise<number> {
  const path = "/work?user=ada";
  const sockets = await inParallel(users, 10, async () => {
    const info = await getJoinInfo(app.port, path, "", false);
    const socket = await openSocket(app.port, info);
    const url = `http://127.0.0.1:${app.port}${path}`;
    const payload = { token: info.token, url, params: {}, resume: true };
    socket.send(RawSocket.frame(JSON.stringify(["1", "1", `lv:${info.id}`, "phx_join", payload])));
    return socket;
  });
  const presentIn = async () => (await app.reports()).map(({ present }) => present.length);
  const areAll = async (count: number) => (await presentIn()).every((each) => each === count);
  await until(() => areAll(users), "all views are present");
  for (const socket of sockets.slice(users / 2)) socket.terminate();
  await until(async () => {
    const open = (await app.reports()).reduce((sum, report) => sum + report.connections, 0);
    return open === users / 2;
  }, "half of the views wait");
  const start = performance.now();
  app.send({ type: "disconnect", user: "ada" }, [...app.pids][0]);
  await until(() => areAll(0), "no view is present");
  const ms = performance.now() - start;
  for (const socket of sockets) socket.terminate();
  return ms;
}

async function measure(processes: number, redisUrl: string): Promise<Measured> {
  const app = await AppProcesses.start({ processes, redisUrl });
  try {
    await measureJoins(app); // compiles the code
    const measured = { events: await measureEvents(app), joins: await measureJoins(app) };
    const sockets = await openViews(app, views);
    const of = (await app.reports()).map((report) => report.connections);
    const broadcast = await measureBroadcast(app, sockets);
    const isLast = processes === Math.max(...counts);
    if (isLast) sockets.push(...(await openViews(app, manyViews - views)));
    const largest = isLast ? await measureBroadcast(app, sockets) : undefined;
    for (const socket of sockets) socket.terminate();
    const disconnect = await measureDisconnect(app);
    return { ...measured, broadcast, largest, sockets: of, disconnect };
  } finally {
    app.kill();
  }
}

/** Describes values for each number of processes, and their costs relative to one process. */
function costFigure(
  name: string,
  values: readonly string[],
  costs: readonly number[],
  most: number,
): Figure {
  const [first = 1] = costs;
  const ratio = Math.max(...costs) / first;
  const ofAll = counts.map((count, i) => `${count}: ${values[i]} (${costs[i]?.toFixed(1)} µs)`);
  return {
    name,
    value: ratio,
    measured: `${ofAll.join(", ")}; ${ratio.toFixed(2)} ×`,
    target: `≤ ${most} ×`,
    liveView: "",
    met: ratio <= most,
  };
}

/** Describes the broadcast to most views, which each process must decode once. */
const largestFigure = ({ cost, decodes }: Broadcast): Figure => ({
  name: `… broadcast to ${manyViews} views in ${Math.max(...counts)} processes: how often each process decodes it`,
  value: decodes,
  measured: `${decodes} × (${cost.toFixed(1)} µs for each view)`,
  target: "1",
  liveView: "",
  met: decodes === 1,
});

const perSecond = ({ perSecond: rate }: Rate): string => `${rate.toFixed(0)}/s`;

/** Measures an app in one, two and four processes: what they reach together, and what each operation costs. */
export async function clusterFigures(): Promise<Figure[]> {
  const ends: (() => unknown)[] = [];
  const redis = await RedisServer.start({ after: (end) => ends.push(end) });
  const all: Measured[] = [];
  try {
    for (const count of counts) all.push(await measure(count, redis.url));
  } finally {
    for (const end of ends) await end();
  }
  const cores = cpus().length;
  const events = all.map((each) => each.events);
  const ofJoins = all.map((each) => each.joins);
  const shares = all.map(({ sockets }) => Math.min(...sockets) / Math.max(...sockets));
  const slowest = Math.max(...all.map(({ disconnect }) => disconnect));
  const ideal = `ideal: ${counts.map((count) => Math.min(count, cores)).join(", ")} cores, which the load generator shares`;
  return [
    costFigure(
      `events in 1, 2, 4 processes (CPU time of each; ${ideal})`,
      events.map(perSecond),
      events.map(({ cost }) => cost),
      1.3,
    ),
    costFigure(
      "… GET, socket and join",
      ofJoins.map(perSecond),
      ofJoins.map(({ cost }) => cost),
      1.3,
    ),
    costFigure(
      `… broadcast to ${views} views, for each`,
      all.map(({ broadcast }) => `decoded ${broadcast.decodes} × in each`),
      all.map(({ broadcast }) => broadcast.cost),
      1.3,
    ),
    ...all.flatMap(({ largest }) => (largest ? [largestFigure(largest)] : [])),
    {
      name: "… smallest share of the sockets, relative to the largest",
      value: quantile(shares, 0),
      measured: all.map(({ sockets }) => sockets.join("/")).join("; "),
      target: "≥ 0.8",
      liveView: "",
      met: shares.every((share) => share >= 0.8),
    },
    {
      name: `… live.disconnect of a user with ${users} views, half of which wait for their browsers`,
      value: slowest,
      measured: `${all.map(({ disconnect }) => disconnect.toFixed(0)).join(", ")} ms`,
      target: "< 1000 ms",
      liveView: "",
      met: slowest < 1000,
    },
  ];
}
