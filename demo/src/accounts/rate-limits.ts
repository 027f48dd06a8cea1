import { createHash } from "node:crypto";
import { isIPv6 } from "node:net";
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from "rate-limiter-flexible";
import { toEmailKey } from "./users/user-fields.js";

/** The limited actions. Limits stop guessing of passwords and codes, mass registration and mail flooding. */
export type LimitedAction = "log_in" | "code" | "registration" | "mail";

/** The client of an action, and the account that it concerns. */
export interface LimitedSubject {
  /** The network address of the client. */
  readonly address: string;
  /** The e-mail address of the account, unchecked. An invalid one is limited by network address only. */
  readonly account?: unknown;
  /** The id of a browser or a session that belongs to the owner of the account. It has a count of its own. */
  readonly known?: string | undefined;
}

/** Whether an action is allowed. */
export type LimitResult =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly retryAfterSeconds: number };

/** Allows `points` actions in `duration` seconds. */
export interface Limit {
  readonly points: number;
  readonly duration: number;
}

/** The limits of an action. */
export interface ActionLimits {
  /** For a network address with all accounts. */
  readonly address: Limit;
  /** For an account from all network addresses. */
  readonly account: Limit;
  /** For an account from one network address or from one known browser; by default the limit of an account. */
  readonly pair?: Limit;
}

/** Counts actions and refuses those above the limits. */
export interface RateLimits {
  /**
   * Counts one action and returns whether it is allowed. Actions of a known browser are counted only for that browser,
   * so that no other visitor can use up its limit.
   */
  consume(action: LimitedAction, subject: LimitedSubject): Promise<LimitResult>;
  /** Resets the counts of an account, after a successful login. The count of the network address stays. */
  forgive(action: LimitedAction, subject: LimitedSubject): Promise<void>;
}

const MINUTES = 60;
const DAY = 24 * 60 * MINUTES;

// The limit of an account is above that of a pair, so that one stranger cannot lock the owner out. Only many networks
// reach it. Known browsers do not count.
const DEFAULTS: Readonly<Record<LimitedAction, ActionLimits>> = {
  log_in: {
    address: { points: 60, duration: 15 * MINUTES },
    account: { points: 200, duration: 15 * MINUTES },
    pair: { points: 10, duration: 15 * MINUTES },
  },
  // A code has only a million values.
  code: {
    address: { points: 60, duration: DAY },
    account: { points: 100, duration: DAY },
    pair: { points: 20, duration: DAY },
  },
  registration: {
    address: { points: 20, duration: 60 * MINUTES },
    account: { points: 100, duration: 60 * MINUTES },
    pair: { points: 20, duration: 60 * MINUTES },
  },
  mail: {
    address: { points: 20, duration: 60 * MINUTES },
    account: { points: 15, duration: 60 * MINUTES },
    pair: { points: 5, duration: 60 * MINUTES },
  },
};

/**
 * Creates limits that are counted in Redis, or without a client of Redis in the memory of this process. Each process has
 * its own count while Redis is not reachable.
 *
 * @example
 * const limit = await rateLimits.consume("log_in", { address: ctx.ip, account: email });
 * if (!limit.allowed) ctx.set("Retry-After", String(limit.retryAfterSeconds));
 */
export function createRateLimits(
  limits: Partial<Record<LimitedAction, ActionLimits>> = {},
  redis?: object,
): RateLimits {
  const all = { ...DEFAULTS, ...limits };
  const counters = {
    log_in: countersOf("log_in", all.log_in, redis),
    code: countersOf("code", all.code, redis),
    registration: countersOf("registration", all.registration, redis),
    mail: countersOf("mail", all.mail, redis),
  };
  return {
    async consume(action, subject) {
      const { address, account, pair } = counters[action];
      const key = toAccountKey(subject.account);
      if (key !== null && subject.known !== undefined) {
        return consume(pair, pairOf(key, subject));
      }
      // A refused client must not use up the limit of the account's owner, so the widest limit comes last.
      const byAddress = await consume(address, networkOf(subject.address));
      if (!byAddress.allowed || key === null) return byAddress;
      const byPair = await consume(pair, pairOf(key, subject));
      return byPair.allowed ? consume(account, key) : byPair;
    },
    async forgive(action, subject) {
      const key = toAccountKey(subject.account);
      if (key === null) return;
      const { account, pair } = counters[action];
      await Promise.all([account.delete(key), pair.delete(pairOf(key, subject))]);
    },
  };
}

function countersOf(
  action: LimitedAction,
  { address, account, pair = account }: ActionLimits,
  redis: object | undefined,
) {
  return {
    address: counterOf(`${action}:address`, address, redis),
    account: counterOf(`${action}:account`, account, redis),
    pair: counterOf(`${action}:pair`, pair, redis),
  };
}

function counterOf(name: string, limit: Limit, redis: object | undefined) {
  const inMemory = new RateLimiterMemory(limit);
  if (!redis) return inMemory;
  return new RateLimiterRedis({
    ...limit,
    storeClient: redis,
    useRedisPackage: true,
    keyPrefix: `limit:${name}`,
    rejectIfRedisNotReady: true,
    insuranceLimiter: inMemory,
  });
}

/** Returns the key of an account together with the known browser or the network of the client. */
function pairOf(key: string, { address, known }: LimitedSubject): string {
  return known === undefined ? `${key} from ${networkOf(address)}` : `${key} in ${known}`;
}

async function consume(counter: RateLimiterAbstract, key: string): Promise<LimitResult> {
  try {
    await counter.consume(key);
    return { allowed: true };
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    return { allowed: false, retryAfterSeconds: Math.ceil(refusal.msBeforeNext / 1000) };
  }
}

/** Hashes an e-mail address, so that keys are short. Null for an invalid address. */
export function toAccountKey(account: unknown): string | null {
  const email = toEmailKey(account);
  return email === null ? null : createHash("sha256").update(email).digest("base64url");
}

/** Reduces IPv6 addresses to their /64 network, which one subscriber has, and unwraps mapped IPv4 addresses. */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address;
  const [head = "", tail] = address.split("%")[0]?.split("::") ?? [];
  const groups = head === "" ? [] : head.split(":");
  if (tail !== undefined) {
    const after = tail === "" ? [] : tail.split(":");
    while (groups.length + after.length < 8) groups.push("0");
    groups.push(...after);
  }
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}
