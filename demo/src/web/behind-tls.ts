import type { Middleware } from "koa";

/** Allows secure cookies even if the proxy that terminates TLS sends no `X-Forwarded-Proto`. */
export function behindTls(): Middleware {
  return async function behindTls(ctx, next) {
    ctx.cookies.secure = true;
    await next();
  };
}
