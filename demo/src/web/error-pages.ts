import { STATUS_CODES } from "node:http";
import type { Middleware } from "koa";
import { stylesheets } from "./stylesheets.js";

/**
 * Answers failed and unanswered requests with a page that shows only the status, as HTML or as JSON
 * `{ errors: { detail } }`. Emits server errors as the `error` event of the app.
 */
export function errorPages(): Middleware {
  return async function errorPages(ctx, next) {
    try {
      await next();
      if (ctx.status >= 400 && ctx.body == null && ctx.respond !== false) write(ctx, ctx.status);
    } catch (error) {
      const { status } = error as { status?: unknown };
      const isKnown =
        typeof status === "number" && STATUS_CODES[status] !== undefined && status >= 400;
      write(ctx, isKnown ? status : 500);
      if (!isKnown || status >= 500) ctx.app.emit("error", error, ctx);
    }
  };
}

function write(ctx: Parameters<Middleware>[0], status: number): void {
  const detail = STATUS_CODES[status] ?? "";
  ctx.status = status;
  if (ctx.accepts("html", "json") === "json") {
    ctx.body = { errors: { detail } };
  } else {
    ctx.type = "html";
    ctx.body = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${detail} · Live sessions</title><link rel="icon" href="/assets/favicon.svg">
  ${stylesheets}</head>
  <body><main><h1>${detail}</h1><p><a href="/">Go to the home page</a></p></main></body>
</html>`;
  }
}
