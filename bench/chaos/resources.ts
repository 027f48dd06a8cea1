import { createClient } from "redis";
import type { RedisServer } from "../../adapter-koa/test/support/processes/redis-server.js";
import type { AppProcesses } from "../cluster/app-processes.js";
import { prefix } from "../cluster/protocol.js";
import { until } from "../load/until.js";
import type { DatabaseServer } from "./database-server.js";

/** The resources that an app uses while no page is open. Numbers of one process are those of the process with the most. */
export interface Resources {
  /** The handles that keep the processes running, and those of the first process. */
  readonly handles: number;
  readonly handlesOfFirst: number;
  /** Sockets, and views that wait for their browsers. */
  readonly connections: number;
  readonly views: number;
  /** Bytes on the heap. */
  readonly heap: number;
  readonly subscriptions: number;
  readonly redisClients: number;
  /** The keys of the app that never expire. */
  readonly lastingKeys: number;
  readonly databaseConnections: number;
}

/** The servers whose resources are measured. */
export interface MeasuredServers {
  readonly app: AppProcesses;
  readonly redis: RedisServer;
  readonly database: DatabaseServer;
}

/** Measures the resources that the app uses. */
async function measure({ app, redis, database }: MeasuredServers): Promise<Resources> {
  const reports = await app.reports({ gc: true });
  const most = (of: (report: (typeof reports)[number]) => number) => Math.max(...reports.map(of));
  const client = await createClient({ url: redis.url }).connect();
  const keys = await client.keys(`${prefix}*`);
  const ages = await Promise.all(keys.map((key) => client.pTTL(key)));
  // Each process checks its connection on a channel of its own.
  const channels = await client.pubSubChannels(`${prefix}topic:*`);
  const clients = String(await client.sendCommand(["CLIENT", "LIST"]))
    .trim()
    .split("\n");
  client.destroy();
  const [{ count } = { count: 0 }] = await database.rows(
    "select count(*) as count from information_schema.processlist where user = 'root'",
  );
  return {
    handles: most(({ handles }) => handles),
    handlesOfFirst: await app.handlesOfFirst(),
    connections: most(({ connections }) => connections),
    views: most(({ present }) => present.length),
    heap: most(({ heap }) => heap),
    subscriptions: channels.length,
    redisClients: clients.length - 1,
    lastingKeys: ages.filter((age) => age === -1).length,
    databaseConnections: Number(count) - 1,
  };
}

/** The names of the resources that must not grow. */
const counted = [
  "handles",
  "handlesOfFirst",
  "connections",
  "views",
  "subscriptions",
  "redisClients",
  "lastingKeys",
  "databaseConnections",
] as const;

/** Returns a description of each resource that has grown. */
export const grown = (now: Resources, before: Resources): string[] =>
  counted
    .filter((name) => now[name] > before[name])
    .map((name) => `${name}: ${before[name]} → ${now[name]}`);

const none = Object.fromEntries(counted.map((name) => [name, Number.POSITIVE_INFINITY]));

/**
 * Returns the resources that the app uses when no page is open.
 *
 * @param before the resources that it should not exceed; waits until it does not, for a limited time
 */
export async function resourcesAtRest(
  servers: MeasuredServers,
  before = { ...none, connections: 0, views: 0, databaseConnections: 0 } as unknown as Resources,
): Promise<Resources> {
  let now = await measure(servers);
  const isAtRest = async () => {
    now = await measure(servers);
    return grown(now, before).length === 0;
  };
  await until(isAtRest, "an app at rest", 45_000).catch(() => {});
  return now;
}
