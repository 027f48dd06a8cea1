import type { Context } from "koa";
import { csrfSecret } from "../session/csrf.js";
import { httpSession, sessionSnapshot } from "../session/http-session.js";

/** The HTTP session a connection was opened with, as it stood then. */
export interface HandshakeSession {
  readonly data: Readonly<Record<string, unknown>>;
  /** Whether the app has HTTP sessions at all. Without one there is nothing a CSRF token could protect. */
  readonly present: boolean;
  readonly csrfSecret: string | undefined;
  /** The token in the handshake's URL. */
  readonly csrfToken: string | undefined;
  /** The host that the handshake was sent to, with its port. */
  readonly host: string;
}

/**
 * The HTTP session of a handshake.
 *
 * @param csrfToken what its URL has as `_csrf_token`
 */
export function handshakeSession(ctx: Context, csrfToken: unknown): HandshakeSession {
  return {
    data: sessionSnapshot(ctx),
    present: httpSession(ctx) !== undefined,
    csrfSecret: csrfSecret(ctx),
    csrfToken: typeof csrfToken === "string" ? csrfToken : undefined,
    host: ctx.host,
  };
}
