import { hash } from "node:crypto";
import type { Context } from "koa";
import { csrfSecret } from "./csrf.js";
import { httpSession } from "./http-session.js";

/**
 * Returns a string that identifies a request's HTTP session in join tokens, so that a token is not accepted in another
 * session. It changes when the session gets another CSRF secret or another `live_socket_id`, for example at a login or
 * a logout.
 */
export function sessionKeyOf(ctx: Context): string {
  const session = httpSession(ctx);
  if (!session) return "";
  const identity = JSON.stringify([csrfSecret(ctx), session.live_socket_id]);
  // A part of the string would keep the whole string in the memory of each connection.
  return hash("sha256", identity, "buffer").toString("base64url", 0, 16);
}
