import type { Context } from "koa";

/** The data of an HTTP session, as session middleware such as koa-session puts it on `ctx.session`. */
type SessionData = Record<string, unknown> & { toJSON?(): Record<string, unknown> };

/** The names of the library's own data in the HTTP session. Hooks do not get this data. */
export const ownKeys = { csrfSecret: "csrfSecret", flash: "liveFlash" } as const;

/** Returns the HTTP session of a request; `undefined` in an app without sessions. */
export function httpSession(ctx: Context): SessionData | undefined {
  const { session } = ctx as { session?: SessionData | null };
  return session ?? undefined;
}

/**
 * Keeps session middleware from writing the session back at the end of a request. A request that waits has an old
 * session: writing it would undo a logout that happened in the meantime.
 */
export function discardSessionChanges(ctx: Context): void {
  ctx.cookies.set = () => ctx.cookies;
  // koa-session keeps the object that writes the session under a symbol of its own.
  for (const symbol of Object.getOwnPropertySymbols(ctx)) {
    const value = (ctx as unknown as Record<symbol, { commit?: unknown } | undefined>)[symbol];
    if (typeof value?.commit === "function") value.commit = async () => {};
  }
}

/** Copies the session's data for hooks and views, without the library's own data. */
export function sessionSnapshot(ctx: Context): Readonly<Record<string, unknown>> {
  const session = httpSession(ctx);
  if (!session) return {};
  const {
    [ownKeys.csrfSecret]: _secret,
    [ownKeys.flash]: _flash,
    ...data
  } = session.toJSON?.() ?? session;
  return JSON.parse(JSON.stringify(data));
}
