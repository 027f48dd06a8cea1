import { setTimeout as sleep } from "node:timers/promises";
import type { RedisServer } from "../../adapter-koa/test/support/processes/redis-server.js";
import type { AppProcesses } from "../cluster/app-processes.js";
import type { DatabaseServer } from "./database-server.js";
import type { Tolerance } from "./load.js";

/** The processes and servers that a disturbance may kill or suspend. */
export interface DisturbanceTargets {
  readonly app: AppProcesses;
  readonly redis: RedisServer;
  readonly database: DatabaseServer;
  /** Whether the disturbance lasts a shorter time, for a short run. */
  readonly isShort: boolean;
}

/** The id of a process that was killed, and when, by the clock of `performance.now()`. */
export interface Kill {
  readonly pid: number;
  readonly at: number;
}

/** Kills or suspends a process or server, and lets it work again. */
export interface Disturbance {
  readonly name: string;
  /** The requests that may fail meanwhile. */
  readonly tolerates: Tolerance;
  run(targets: DisturbanceTargets): Promise<Kill | undefined>;
}

function anyProcess({ pids }: AppProcesses): number {
  const all = [...pids];
  return all[Math.floor(Math.random() * all.length)] ?? 0;
}

/** Kills a process. Another one takes its place later. */
function killProcess(app: AppProcesses, pid: number): Kill {
  app.signal(pid, "SIGKILL");
  return { pid, at: performance.now() };
}

/** Kills a server, and starts it again after a while. */
async function restart(
  ms: number,
  server: { kill(): Promise<void>; start(): Promise<void> },
): Promise<undefined> {
  await server.kill();
  await sleep(ms);
  await server.start();
}

/** Suspends a process or server for a while. */
async function suspend(
  ms: number,
  suspended: { freeze(): void; thaw(): void },
): Promise<undefined> {
  suspended.freeze();
  await sleep(ms);
  suspended.thaw();
}

const processFreezer = (app: AppProcesses, pid: number) => ({
  freeze: () => app.signal(pid, "SIGSTOP"),
  thaw: () => app.signal(pid, "SIGCONT"),
});

/** The disturbances, which happen in turn. A long outage is longer than the time after which presences give up a silent process. */
export const disturbances: readonly Disturbance[] = [
  {
    name: "kill a process",
    tolerates: "requests",
    run: async ({ app }) => killProcess(app, anyProcess(app)),
  },
  {
    name: "kill Redis",
    tolerates: "nothing",
    run: ({ redis, isShort }) => restart(isShort ? 800 : 4000, redis),
  },
  {
    name: "kill the database",
    tolerates: "posts",
    run: ({ database, isShort }) => restart(isShort ? 300 : 3000, database),
  },
  {
    name: "suspend a process",
    tolerates: "requests",
    run: ({ app, isShort }) =>
      suspend(isShort ? 1000 : 12_000, processFreezer(app, anyProcess(app))),
  },
  {
    name: "suspend Redis",
    tolerates: "nothing",
    run: ({ redis, isShort }) => suspend(isShort ? 1500 : 12_000, redis),
  },
  {
    name: "suspend the database",
    tolerates: "posts",
    run: ({ database, isShort }) => suspend(isShort ? 500 : 4000, database),
  },
  {
    name: "kill a suspended process",
    tolerates: "requests",
    async run({ app, isShort }) {
      const pid = anyProcess(app);
      app.signal(pid, "SIGSTOP");
      await sleep(isShort ? 300 : 3000);
      return killProcess(app, pid);
    },
  },
];
