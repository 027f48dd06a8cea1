import { Tokens } from "@fastify/csrf";
import type { Context, Middleware } from "koa";
import { firstToken } from "./first-token.js";
import { httpSession, ownKeys } from "./http-session.js";
import { dropRestOfBody } from "./rest-of-body.js";

// Each join verifies a token. Of the packages for this format, this one compares with Node's `timingSafeEqual`.
const tokens = new Tokens({ algorithm: "sha256" });
/** A form cannot send this content type, and a page of another site needs a CORS preflight request for it. */
const longPollType = "application/x-ndjson";
const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Creates a CSRF token of the request's HTTP session, for forms (`_csrf_token`) and `<meta name="csrf-token">`. Each call
 * returns a different token; all of them are valid. Returns an empty string in an app without sessions.
 */
export function csrfToken(ctx: Context): string {
  const session = httpSession(ctx);
  if (!session) return "";
  const kept = session[ownKeys.csrfSecret];
  const secret = typeof kept === "string" ? kept : tokens.secretSync();
  if (secret !== kept) session[ownKeys.csrfSecret] = secret;
  return tokens.create(secret);
}

/** Returns the secret against which the CSRF tokens of a request's HTTP session are checked. */
export function csrfSecret(ctx: Context): string | undefined {
  const secret = httpSession(ctx)?.[ownKeys.csrfSecret];
  return typeof secret === "string" ? secret : undefined;
}

/** Returns whether a token belongs to a session's secret. Compares in constant time. */
export function isCsrfToken(secret: string | undefined, token: unknown): boolean {
  return secret !== undefined && typeof token === "string" && tokens.verify(secret, token);
}

/**
 * Refuses a request without a CSRF token of its session. The token is in the header `x-csrf-token`, in the field
 * `_csrf_token` of a parsed body, or in the first field of a multipart form, which need not be parsed.
 *
 * @throws an HTTP error with the status 403
 */
export async function checkCsrfToken(ctx: Context): Promise<void> {
  if (!isCsrfToken(csrfSecret(ctx), await sentToken(ctx))) ctx.throw(403, "invalid CSRF token");
}

/**
 * Returns middleware that responds with 403 to a request with an unsafe method that has no CSRF token of its session.
 * The token is in the form field `_csrf_token` or in the header `x-csrf-token`. Long polling has its token in the URL,
 * like the handshake of a WebSocket. Use the middleware after session and body parser. If the body parser leaves
 * multipart forms to later middleware, `_csrf_token` must be the first field of such a form.
 */
export function csrf(): Middleware {
  return async function csrf(ctx, next) {
    if (!safeMethods.has(ctx.method)) await checkCsrfToken(ctx);
    await next();
  };
}

async function sentToken(ctx: Context): Promise<unknown> {
  if (ctx.get("content-type") === longPollType) return ctx.query._csrf_token;
  const { body } = ctx.request as { body?: { _csrf_token?: unknown } };
  const token = ctx.get("x-csrf-token") || body?._csrf_token;
  if (token !== undefined || !ctx.is("multipart/form-data")) return token;
  dropRestOfBody(ctx);
  return firstToken(ctx.req);
}
