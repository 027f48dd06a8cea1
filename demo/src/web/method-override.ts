import type { Middleware } from "koa";
import { formOf } from "./forms/posted-form.js";

const methods = new Set(["PUT", "PATCH", "DELETE"]);

/** Sets the method of a posted form to its field `_method`: HTML forms support only GET and POST. */
export function methodOverride(): Middleware {
  return async function methodOverride(ctx, next) {
    const { _method: method } = formOf(ctx);
    if (ctx.method === "POST" && typeof method === "string" && methods.has(method.toUpperCase())) {
      ctx.method = method.toUpperCase();
    }
    await next();
  };
}
