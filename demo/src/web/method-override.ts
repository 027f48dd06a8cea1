import type { Middleware } from "koa";
import { formOf } from "./forms/posted-form.js";

const methods = new Set(["PUT", "PATCH", "DELETE"]);

/** Gives a posted form the method in its field `_method`, since HTML knows none but get and post. */
export function methodOverride(): Middleware {
  return async function methodOverride(ctx, next) {
    const { _method: method } = formOf(ctx);
    if (ctx.method === "POST" && typeof method === "string" && methods.has(method.toUpperCase())) {
      ctx.method = method.toUpperCase();
    }
    await next();
  };
}
