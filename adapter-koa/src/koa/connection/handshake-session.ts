import type { Context } from "koa";
import { requestPath } from "../request-path.js";
import { csrfSecret } from "../session/csrf.js";
import { httpSession, sessionSnapshot } from "../session/http-session.js";
import { sessionKeyOf } from "../session/session-key.js";

/** The HTTP session at the time of a connection's handshake. Later changes to the session are not visible. */
export interface HandshakeSession {
  readonly data: Readonly<Record<string, unknown>>;
  /** Whether the app has HTTP sessions. Without one, a CSRF token has nothing to protect. */
  readonly present: boolean;
  readonly csrfSecret: string | undefined;
  /** The CSRF token in the URL of the handshake. */
  readonly csrfToken: string | undefined;
  /** Identifies the session in join tokens. */
  readonly key: string;
  /** The prefix at which the visitor sees the app. */
  readonly base: string;
  /** The host of the handshake request, with its port. */
  readonly host: string;
}

/** Copies a string. A part of a URL would keep the whole URL in the memory of its connection. */
const copyOf = (text: string): string => Buffer.from(text).toString();

/**
 * Copies the HTTP session of a handshake.
 *
 * @param basePath the option
 * @param csrfToken the parameter `_csrf_token` of the URL
 */
export function handshakeSession(
  ctx: Context,
  basePath: string,
  csrfToken: unknown,
): HandshakeSession {
  return {
    data: sessionSnapshot(ctx),
    present: httpSession(ctx) !== undefined,
    csrfSecret: csrfSecret(ctx),
    csrfToken: typeof csrfToken === "string" ? copyOf(csrfToken) : undefined,
    key: sessionKeyOf(ctx),
    base: requestPath(ctx, basePath).base,
    host: ctx.host,
  };
}
