import { z } from "zod";
import { ConfigError } from "../config.js";

/** The settings for running the site in several processes, read from the environment. */
export interface Scaling {
  /** The number of processes. */
  readonly processes: number;
  /** The Redis server that connects them; undefined if there is one process. */
  readonly redisUrl: string | undefined;
  /** How other processes reach this one: the path of a Unix socket, or a URL. */
  readonly address: string | undefined;
  /** How long the sockets of a process take to end when it stops, in seconds. */
  readonly drainSeconds: number;
}

const LOCAL_REDIS = "redis://127.0.0.1:6379";

const schema = z.object({
  WEB_CONCURRENCY: z.coerce.number().int().min(1).max(256).default(1),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: `must be a URL like ${LOCAL_REDIS}` })
    .optional(),
  PROCESS_ADDRESS: z.string().optional(),
  DRAIN_SECONDS: z.coerce.number().min(0).max(600).default(0),
});

/**
 * Reads `WEB_CONCURRENCY`, `REDIS_URL`, `PROCESS_ADDRESS` and `DRAIN_SECONDS`. Several processes use a Redis server of this
 * machine by default.
 *
 * @throws ConfigError naming every invalid variable
 */
export function readScaling(env: Readonly<Record<string, string | undefined>>): Scaling {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const read = schema.safeParse(given);
  if (!read.success) {
    throw new ConfigError(
      read.error.issues.map((issue) => `${issue.path[0]?.toString()}: ${issue.message}`),
    );
  }
  const { WEB_CONCURRENCY: processes, REDIS_URL, PROCESS_ADDRESS, DRAIN_SECONDS } = read.data;
  return {
    processes,
    redisUrl: REDIS_URL ?? (processes > 1 ? LOCAL_REDIS : undefined),
    address: PROCESS_ADDRESS,
    drainSeconds: DRAIN_SECONDS,
  };
}
