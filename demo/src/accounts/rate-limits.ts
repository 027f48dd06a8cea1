import { createHash } from "node:crypto";
import { isIPv6 } from "node:net";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { toEmailKey } from "./users/user-fields.js";

/** What is limited: guessing passwords, filling the table of users, and filling somebody's inbox. */
export type LimitedAction = "log_in" | "registration" | "mail";

/** Who acts, and upon which account. */
export interface LimitedSubject {
  /** The network address of the client. */
  readonly address: string;
  /** The e-mail address of the account, as it came; what cannot be one is limited by network address only. */
  readonly account?: unknown;
}

/** Whether to go on. */
export type LimitResult =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly retryAfterSeconds: number };

/** So many actions in so many seconds. */
export interface Limit {
  readonly points: number;
  readonly duration: number;
}

/** The limits of an action: for one network address, whatever the account, and for one account. */
export interface ActionLimits {
  readonly address: Limit;
  readonly account: Limit;
}

/** Counts actions. */
export interface RateLimits {
  /** Counts one action and tells whether it may happen. */
  consume(action: LimitedAction, subject: LimitedSubject): Promise<LimitResult>;
  /** Forgets what was counted for an account: after a log in that worked. The network address stays counted. */
  forgive(action: LimitedAction, account: unknown): Promise<void>;
}

const MINUTES = 60;

const DEFAULTS: Readonly<Record<LimitedAction, ActionLimits>> = {
  log_in: {
    address: { points: 60, duration: 15 * MINUTES },
    account: { points: 10, duration: 15 * MINUTES },
  },
  registration: {
    address: { points: 20, duration: 60 * MINUTES },
    account: { points: 20, duration: 60 * MINUTES },
  },
  mail: {
    address: { points: 20, duration: 60 * MINUTES },
    account: { points: 5, duration: 60 * MINUTES },
  },
};

/**
 * Makes limits that are counted in this process' memory: several processes allow as many times as much.
 *
 * @example
 * const limit = await rateLimits.consume("log_in", { address: ctx.ip, account: email });
 * if (!limit.allowed) ctx.set("Retry-After", String(limit.retryAfterSeconds));
 */
export function createRateLimits(
  limits: Partial<Record<LimitedAction, ActionLimits>> = {},
): RateLimits {
  const all = { ...DEFAULTS, ...limits };
  const counters = {
    log_in: countersOf(all.log_in),
    registration: countersOf(all.registration),
    mail: countersOf(all.mail),
  };
  return {
    async consume(action, { address, account }) {
      const byAddress = await consume(counters[action].address, networkOf(address));
      // A client that is held back does not use up what the account's owner has.
      if (!byAddress.allowed) return byAddress;
      const key = accountKey(account);
      return key === null ? byAddress : consume(counters[action].account, key);
    },
    async forgive(action, account) {
      const key = accountKey(account);
      if (key !== null) await counters[action].account.delete(key);
    },
  };
}

function countersOf({ address, account }: ActionLimits) {
  return { address: new RateLimiterMemory(address), account: new RateLimiterMemory(account) };
}

async function consume(counter: RateLimiterMemory, key: string): Promise<LimitResult> {
  try {
    await counter.consume(key);
    return { allowed: true };
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    return { allowed: false, retryAfterSeconds: Math.ceil(refusal.msBeforeNext / 1000) };
  }
}

/** Keys of one short length, whatever somebody types. */
function accountKey(account: unknown): string | null {
  const email = toEmailKey(account);
  return email === null ? null : createHash("sha256").update(email).digest("base64url");
}

/** One subscriber has a whole /64 of IPv6 addresses. An IPv4 address may come dressed as IPv6. */
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
