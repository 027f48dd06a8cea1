import type { Context } from "koa";

/**
 * Drops what nothing has read of a request's body when the response has been sent. Node does so only for a body that nothing has
 * begun to read. With the rest in it, the connection would not receive its next request.
 */
export function dropRestOfBody({ req, res }: Context): void {
  res.once("finish", () => req.resume());
}
