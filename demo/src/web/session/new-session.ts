import type { Context } from "koa";

/** The session of koa-session. Its type declaration lacks the promise that `regenerate` returns. */
interface StoredSession {
  /** The id of a session that a store keeps. A session in a cookie has none. */
  readonly externalKey?: string;
  regenerate(): Promise<void>;
}

/**
 * Replaces the HTTP session of a request with an empty one. Its data, including the CSRF secret, becomes invalid.
 * A session in a store also gets a new id, because a stranger may have planted the old one.
 */
export async function startNewSession(ctx: Context): Promise<void> {
  ctx.session = {};
  const session = ctx.session as unknown as StoredSession;
  if (session.externalKey === undefined) return;
  const options = ctx.sessionOptions;
  const maxAge = options?.maxAge;
  await session.regenerate();
  // `regenerate` saves the session, which removes a `maxAge` of "session". The save after the request needs it.
  if (options && maxAge !== undefined) options.maxAge = maxAge;
}
