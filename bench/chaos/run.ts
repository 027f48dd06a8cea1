import { setTimeout as sleep } from "node:timers/promises";
import { RedisServer } from "../../adapter-koa/test/support/processes/redis-server.js";
import { AppProcesses } from "../cluster/app-processes.js";
import { likeBrowser } from "../load/kept-page.js";
import { until } from "../load/until.js";
import { toTable } from "../report/table.js";
import type { Figure } from "../rows/figures.js";
import {
  endRow,
  errorRow,
  eventRows,
  feedRows,
  leakRows,
  presenceRow,
  recoveryRow,
  requestRow,
  type StoredEntries,
  stalePresenceRow,
} from "./checks.js";
import { DatabaseServer } from "./database-server.js";
import { disturbances, type Kill } from "./disturbances.js";
import { Feed } from "./feed.js";
import { Load } from "./load.js";
import { resourcesAtRest } from "./resources.js";

/**
 * `npm run chaos` kills and suspends the processes of an app, its Redis and its database in turn while pages use it,
 * for three minutes. It prints a table of what must not be lost or left, and exits with an error if a row fails. `npm
 * run chaos -- --short` does each of these once, and `npm run chaos -- "kill Redis"` only this.
 */
const isShort = process.argv.includes("--short");
const chosen = process.argv.slice(2).filter((name) => !name.startsWith("--"));
const durationMs = 180_000;
const processes = 2;
const pageCount = isShort ? 40 : 100;
/** Milliseconds between two messages of the feed: 10,000 messages in three minutes. */
const feedMs = 18;
/** The heartbeat of the presence. After five, the entries of a killed process have disappeared. */
const heartbeat = isShort ? 500 : 2000;
/** How much longer that may take on a busy machine. */
const busyMs = 1000;

const start = performance.now();
const toSeconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const seconds = (): number => Math.round((performance.now() - start) / 1000);
const ends: (() => unknown)[] = [];
try {
  const figures = await likeBrowser(disturbApp);
  console.log(toTable(figures, undefined));
  if (figures.some(({ met }) => met === false)) process.exitCode = 1;
  console.log(`\nNode ${process.version}, ${seconds()} s.`);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  for (const end of ends.reverse()) await end();
}
process.exit();

async function startAll() {
  const [redis, database] = await Promise.all([
    RedisServer.start({ after: (end) => ends.push(end) }),
    DatabaseServer.start(),
  ]);
  ends.push(() => database.remove());
  const urls = { redisUrl: redis.url, databaseUrl: database.url };
  const app = await AppProcesses.start({ processes, heartbeat, ...urls });
  ends.push(() => app.kill());
  return { app, redis, database };
}

async function disturbApp(): Promise<Figure[]> {
  const servers = await startAll();
  const { app, redis, database } = servers;
  await warmUp(app);
  const before = await resourcesAtRest(servers);
  const load = await Load.open(app.port, pageCount);
  const feed = Feed.start(redis.url, feedMs);
  app.send({ type: "feed", everyMs: 200 });
  const staleTimes: number[] = [];
  const recoveries: number[] = [];
  for (const { name, tolerates, run } of inTurn()) {
    process.stderr.write(`${seconds()} s: ${name}\n`);
    load.tolerates = tolerates;
    const killed = await run({ ...servers, isShort });
    const isOver = performance.now();
    const [recovery, staleTime] = await Promise.all([
      load.settled().then(() => performance.now() - isOver),
      killed && stalePresenceTime(app, killed),
    ]);
    recoveries.push(recovery);
    if (staleTime !== undefined) staleTimes.push(staleTime);
    process.stderr.write(`${seconds()} s: all pages work after ${toSeconds(recovery)}\n`);
    await until(() => app.pids.size === processes, "all processes listen");
    load.tolerates = "nothing";
    await sleep(isShort ? 200 : 2000);
  }
  process.stderr.write(`${seconds()} s: the end\n`);
  const sent = await feed.stop();
  app.send({ type: "feed", everyMs: 0 });
  await load.settled();
  const feeds = await load.feeds(sent);
  const wrong = await wrongPresences(app);
  const reports = await app.reports();
  const joined = load.pages.filter(({ isJoined }) => isJoined).length;
  load.close();
  const now = await resourcesAtRest(servers, before);
  const stored = (await database.rows(
    "select page, max(n) as last, count(*) as count from entries group by page",
  )) as unknown as StoredEntries[];
  const living = new Map(reports.map(({ pid, sent: count }) => [String(pid), count]));
  const code = await app.stop();
  return [
    ...eventRows(load, stored),
    ...feedRows(feeds, sent, living),
    stalePresenceRow(staleTimes, 5 * heartbeat + busyMs),
    presenceRow(wrong, pageCount),
    recoveryRow(recoveries, joined, pageCount),
    requestRow(load),
    errorRow(reports.flatMap(({ errors }) => errors)),
    ...leakRows(now, before),
    endRow(code, app.pids.size),
  ];
}

/** Lets the processes compile their code, and create what they keep. */
async function warmUp(app: AppProcesses): Promise<void> {
  const load = await Load.open(app.port, pageCount);
  await load.settled();
  load.close();
}

/** Returns the disturbances one after the other: each once, or as many as there is time for. */
function* inTurn(): Iterable<(typeof disturbances)[number]> {
  const end = performance.now() + durationMs;
  const all = disturbances.filter(({ name }) => chosen.length === 0 || chosen.includes(name));
  do {
    for (const disturbance of all) {
      if (!isShort && performance.now() > end) return;
      yield disturbance;
    }
  } while (!isShort);
}

/** Waits until no process lists a view of a killed process. @returns the time since the kill, in milliseconds */
async function stalePresenceTime(app: AppProcesses, { pid, at }: Kill): Promise<number> {
  const isGone = async () =>
    !app.pids.has(pid) && (await app.reports()).every(({ present }) => !present.includes(pid));
  await until(isGone, "the views of a killed process disappear").catch(() => {});
  return performance.now() - at;
}

/** Waits until each process lists all views once. @returns the number of entries too many or too few */
async function wrongPresences(app: AppProcesses): Promise<number> {
  let wrong = 0;
  const isRight = async () => {
    const reports = await app.reports();
    wrong = reports.reduce((sum, { present }) => {
      const stale = present.filter((pid) => !app.pids.has(pid)).length;
      return sum + stale + Math.abs(present.length - stale - pageCount);
    }, 0);
    return wrong === 0;
  };
  await until(isRight, "the presence of all views", 5 * heartbeat + busyMs).catch(() => {});
  return wrong;
}
