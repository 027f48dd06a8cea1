import type { Context } from "koa";

/** The data of the HTTP session, as a session middleware such as koa-session keeps it on `ctx.session`. */
type SessionData = Record<string, unknown> & { toJSON?(): Record<string, unknown> };

/** Names under which the library keeps its own data in the HTTP session; hooks do not see them. */
export const ownKeys = { csrfSecret: "csrfSecret", flash: "liveFlash" } as const;

/** The live HTTP session of a request, or `undefined` in an app without one. */
export function httpSession(ctx: Context): SessionData | undefined {
  const { session } = ctx as { session?: SessionData | null };
  return session ?? undefined;
}

/** A copy of the session's data for hooks and views, without the library's own. */
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
