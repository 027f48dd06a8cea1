import { parseQuery } from "@live-session/adapter-koa";
import type { Middleware } from "koa";

/**
 * Decodes posted forms as events of live forms are decoded, so that a form means the same either way. It stands
 * after the body parser, which reads the text.
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
