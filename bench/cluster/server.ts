import cluster from "node:cluster";
import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { createLive, createPresence, type Live } from "@live-session/adapter-koa";
import { redisPubSub } from "@live-session/adapter-koa/redis";
import Koa from "koa";
import session from "koa-session";
import { createClient } from "redis";
import { runProcesses } from "../../demo/src/scaling/processes.js";
import { stopOnSignal } from "../../demo/src/scaling/stop-on-signal.js";
import { startSite } from "../../demo/src/start-site.js";
import { createRouter } from "../servers/pages.js";
import { openEntries } from "./entries.js";
import {
  type FromProcesses,
  feedTopic,
  type ProcessReport,
  type ProcessRequest,
  prefix,
  replay,
  type ToProcesses,
} from "./protocol.js";
import { createTicksLive, type Tick } from "./ticks-live.js";
import { createWorkLive } from "./work-live.js";

/**
 * An app in several processes, written and started as the demo is. The load generator sends its requests to the first process,
 * which passes them on. Options are in the environment.
 */
const { env } = process;

/** Starts the processes, and passes messages between them and the load generator. */
function runFirst(): void {
  const report = (message: FromProcesses) => process.connected && process.send?.(message);
  let feedMs = 0;
  cluster.on("listening", (worker, { port }) => {
    if (!(port > 0)) return; // its own socket
    if (feedMs > 0) worker.send({ id: 0, request: { type: "feed", everyMs: feedMs } });
    report({ type: "listening", pid: worker.process.pid ?? 0 });
  });
  cluster.on("exit", ({ process: { pid = 0 } }) => report({ type: "exit", pid }));
  cluster.on("message", (_worker, message: FromProcesses) => report(message));
  process.on("message", (message: ToProcesses) => {
    const { id, pid, request } = message;
    if (request.type === "feed") feedMs = request.everyMs;
    for (const worker of Object.values(cluster.workers ?? {}))
      if (worker?.isConnected() && (pid ?? worker.process.pid) === worker.process.pid)
        worker.send(message);
    if (request.type === "report") {
      report({ type: "first", id, handles: countHandles() });
    }
  });
  process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
  // Only the other processes keep this one running.
  process.channel?.unref();
  runProcesses(Number(env.WEB_CONCURRENCY));
}

async function serve(): Promise<void> {
  const errors: string[] = [];
  const report = (error: unknown) => errors.push(describe(error));
  const client = createClient({ url: String(env.REDIS_URL), pingInterval: 10_000 });
  const pubSub = redisPubSub({ client, prefix, replay });
  const heartbeat = Number(env.HEARTBEAT ?? 2000);
  const presence = createPresence<{ process: number }>({ pubSub, heartbeat, onError: report });
  const entries = openEntries(env.DATABASE_URL);
  const router = createRouter();
  const decoded = new Set<unknown>();
  router
    .liveSession("work", {})
    .live("/work", createWorkLive(presence, entries))
    .live("/ticks", createTicksLive(decoded));
  const address = env.PROCESS_ADDRESS;
  const live = createLive(router, {
    secret: "a secret for measuring only, nothing else",
    limits: { eventsPerSecond: 1e6, joinsPerSecond: 1e6, idle: 600_000 },
    pubSub,
    ...(address !== undefined && { address }),
  });
  const app = new Koa({ keys: ["a key for measuring only"] });
  app.on("error", report);
  app.use(session(app)).use(identify).use(live.middleware()).use(accept(entries));
  const close = async () => {
    await live.close();
    presence.close();
    await pubSub.close();
    client.destroy();
    await entries.close();
  };
  const inner = createServer(app.callback());
  if (address !== undefined) await once(inner.listen(address), "listening");
  const site = { app, live, prepare: entries.prepare, close };
  const place = { host: "127.0.0.1", port: Number(env.PORT) };
  const { stop } = await startSite(site, place, { drainMs: Number(env.DRAIN_SECONDS ?? 0) * 1000 });
  answerRequests(live, () => ({
    present: presence.list("pages").flatMap(({ metas }) => metas.map((meta) => meta.process)),
    decoded: decoded.size,
    errors,
  }));
  stopOnSignal(stop, inner);
}

/** Logs in a visitor who asks for it. */
function identify(ctx: Koa.Context, next: Koa.Next): Promise<void> {
  const { user } = ctx.query;
  if (ctx.session && typeof user === "string") ctx.session.live_socket_id = user;
  return next();
}

/** Answers posts of entries. */
const accept =
  (entries: { add(page: number, n: number): Promise<void> }): Koa.Middleware =>
  async (ctx, next) => {
    if (ctx.method !== "POST" || ctx.path !== "/entries") return next();
    await entries.add(Number(ctx.query.page), Number(ctx.query.n));
    ctx.status = 201;
  };

function answerRequests(
  live: Live,
  more: () => Pick<ProcessReport, "present" | "decoded" | "errors">,
): void {
  let sent = 0;
  let timer: NodeJS.Timeout | undefined;
  const feed = (everyMs: number) => {
    clearInterval(timer);
    if (everyMs === 0) return;
    const broadcast = () => live.broadcast(feedTopic, { sender: String(process.pid), n: ++sent });
    timer = setInterval(broadcast, everyMs).unref();
  };
  const toReport = (): ProcessReport => {
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed } = process.memoryUsage();
    return {
      ...live.health(),
      ...more(),
      pid: process.pid,
      cpu: user + system,
      at: performance.now() * 1000,
      rss,
      heap: heapUsed,
      handles: countHandles(),
      sent,
    };
  };
  const answer = async (id: number, gc: boolean) => {
    for (let i = 0; gc && i < 3; i++) {
      globalThis.gc?.();
      await sleep(20);
    }
    process.send?.({ type: "reply", id, report: toReport() } satisfies FromProcesses);
  };
  const acts: {
    [Type in ProcessRequest["type"]]: (
      request: Extract<ProcessRequest, { type: Type }>,
      id: number,
    ) => unknown;
  } = {
    report: ({ gc = false }, id) => answer(id, gc),
    feed: ({ everyMs }) => feed(everyMs),
    disconnect: ({ user }) => live.disconnect(user),
    tick: ({ n }) => live.broadcast("ticks", { n } satisfies Tick),
  };
  process.on("message", ({ id, request }: ToProcesses) => {
    acts[request.type](request as never, id);
  });
}

/** Returns the number of sockets, timers and other resources of this process. */
const countHandles = (): number =>
  process.getActiveResourcesInfo().filter((name) => name !== "Immediate").length;

/** Returns the code of an error, or its first line. */
function describe(error: unknown): string {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  return String(code ?? String(message).split("\n")[0]);
}

if (cluster.isPrimary) runFirst();
else await serve();
