import type { Middleware } from "koa";

/** Lets cookies that are for HTTPS only be set, whether or not the proxy that ends TLS says that it did. */
export function behindTls(): Middleware {
  return async function behindTls(ctx, next) {
    ctx.cookies.secure = true;
    await next();
  };
}
