import { Tokens } from "@fastify/csrf";
import type { Context, Middleware } from "koa";
import { httpSession, ownKeys } from "./http-session.js";

// Of those that speak the format, the one that compares with Node's timingSafeEqual: each join verifies a token.
const tokens = new Tokens({ algorithm: "sha256" });
/** No form can send it, and no page of another site without asking first. */
const longPollType = "application/x-ndjson";
const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * A CSRF token of the request's HTTP session, for forms (`_csrf_token`) and for `<meta>`. Each call
 * gives another one, all are valid. Empty in an app without sessions.
 */
export function csrfToken(ctx: Context): string {
  const session = httpSession(ctx);
  if (!session) return "";
  const kept = session[ownKeys.csrfSecret];
  const secret = typeof kept === "string" ? kept : tokens.secretSync();
  if (secret !== kept) session[ownKeys.csrfSecret] = secret;
  return tokens.create(secret);
}

/** The secret that the CSRF tokens of a request's HTTP session are checked against. */
export function csrfSecret(ctx: Context): string | undefined {
  const secret = httpSession(ctx)?.[ownKeys.csrfSecret];
  return typeof secret === "string" ? secret : undefined;
}

/** Whether a token belongs to a session's secret. Compares in constant time. */
export function isCsrfToken(secret: string | undefined, token: unknown): boolean {
  return secret !== undefined && typeof token === "string" && tokens.verify(secret, token);
}

/**
 * Middleware that answers 403 to a request of an unsafe method without a CSRF token of its session, in
 * the form field `_csrf_token` or the header `x-csrf-token`; the client's own long polling has it in the
 * URL, as the handshake of a WebSocket has. It stands after session and body parser.
 */
export function csrf(): Middleware {
  return async function csrf(ctx, next) {
    if (!safeMethods.has(ctx.method)) {
      const { body } = ctx.request as { body?: { _csrf_token?: unknown } };
      const isLongPoll = ctx.get("content-type") === longPollType;
      const token = isLongPoll
        ? ctx.query._csrf_token
        : ctx.get("x-csrf-token") || body?._csrf_token;
      if (!isCsrfToken(csrfSecret(ctx), token)) ctx.throw(403, "invalid CSRF token");
    }
    await next();
  };
}
