import { parseQuery } from "@live-session/adapter-koa/http";
import type { Middleware } from "koa";

/**
 * Decodes posted forms like events of live forms, so that both give the same fields. Use it after the body
 * parser, which reads the raw body.
 */
export function formBody(): Middleware {
  return async function formBody(ctx, next) {
    const { rawBody } = ctx.request as { readonly rawBody?: unknown };
    if (typeof rawBody === "string" && ctx.is("urlencoded")) {
      Object.assign(ctx.request, { body: parseQuery(rawBody) });
    }
    await next();
  };
}
