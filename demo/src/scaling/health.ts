import type { LiveHealth } from "@live-session/adapter-koa";
import type { Middleware } from "koa";

/** The sources of the state that the routes report. */
export interface HealthSources {
  readonly live: () => LiveHealth;
  /** Rejects if the database does not answer. */
  readonly database: () => Promise<unknown>;
}

/** How long the database may take to answer, in milliseconds. */
const DATABASE_MS = 2000;

/**
 * Answers two routes for load balancers and monitors. `/health` is 200 while the process runs; restart it otherwise. `/ready` is 503
 * while the process stops or its database does not answer; then send visitors to another one. Without a connection to Redis
 * it is still 200, because pages and events work.
 */
export function health({ live, database }: HealthSources): Middleware {
  return async function health(ctx, next) {
    if (ctx.path !== "/health" && ctx.path !== "/ready") return next();
    const state = { process: process.pid, ...live() };
    ctx.set("Cache-Control", "no-store");
    ctx.body = state;
    if (ctx.path === "/health") return;
    const answers = await answersInTime(database());
    ctx.body = { ...state, database: answers };
    ctx.status = state.ready && answers ? 200 : 503;
  };
}

async function answersInTime(query: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, DATABASE_MS, false);
  });
  const answered = query.then(
    () => true,
    () => false,
  );
  return Promise.race([answered, late]).finally(() => clearTimeout(timer));
}
