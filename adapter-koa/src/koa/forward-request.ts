import { type IncomingMessage, request } from "node:http";
import { pipeline } from "node:stream";
import type { Context } from "koa";

/** Marks a request that another process has forwarded. It is not forwarded again. */
const forwardedHeader = "x-live-forwarded";

/** Whether another process has forwarded a request. */
export const isForwarded = (ctx: Context): boolean => ctx.get(forwardedHeader) !== "";

/**
 * Answers a request with the response of another process of the app.
 *
 * @param address the path of a Unix socket, or the URL of the process
 * @returns whether the process has responded
 */
export async function forwardRequest(ctx: Context, address: string): Promise<boolean> {
  const response = await send(ctx, address).catch(() => undefined);
  if (!response) return false;
  ctx.status = response.statusCode ?? 502;
  ctx.type = response.headers["content-type"] ?? "";
  ctx.body = response;
  return true;
}

function send(ctx: Context, address: string): Promise<IncomingMessage> {
  const headers = { ...ctx.req.headers, [forwardedHeader]: "1", connection: "close" };
  const options = { method: ctx.method, headers, agent: false };
  return new Promise((resolve, reject) => {
    const forwarded = address.startsWith("/")
      ? request({ ...options, socketPath: address, path: ctx.originalUrl }, resolve)
      : request(new URL(ctx.originalUrl, address), options, resolve);
    ctx.res.once("close", () => forwarded.destroy());
    pipeline(ctx.req, forwarded, (error) => error && reject(error));
  });
}
