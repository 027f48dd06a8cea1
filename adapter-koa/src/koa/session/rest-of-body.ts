import type { Context } from "koa";

/**
 * Discards the unread rest of a request's body after the response has been sent. Node does so only for a body that
 * nothing has begun to read. The connection cannot receive its next request before the rest has been read.
 */
export function dropRestOfBody({ req, res }: Context): void {
  res.once("finish", () => req.resume());
}
