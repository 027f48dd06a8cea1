import type { Context } from "koa";
import { withoutBase } from "../live/runtime/base-path.js";

/** The path of a request, divided into the prefix at which visitors see the app and the path within the app. */
export interface RequestPath {
  readonly base: string;
  readonly path: string;
}

/**
 * Divides the path of a request. The prefix is what earlier middleware, such as koa-mount, removed from the path, and the
 * option `basePath`, which a proxy may have removed.
 */
export function requestPath(ctx: Context, basePath: string): RequestPath {
  const mounted = mountPath(ctx);
  if (mounted !== "") {
    const isComplete = withoutBase(mounted, basePath) !== undefined;
    return { base: isComplete ? mounted : basePath + mounted, path: ctx.path };
  }
  return { base: basePath, path: withoutBase(ctx.path, basePath) ?? ctx.path };
}

/** Returns the prefix that earlier middleware removed from the path. */
function mountPath({ originalUrl, path }: Context): string {
  const [original = ""] = originalUrl.split("?", 1);
  if (original === path || !original.startsWith("/")) return "";
  if (original.endsWith(path)) return original.slice(0, -path.length);
  return path === "/" ? original : "";
}

/** Returns the URL of a request as the visitor's browser has it. */
export function requestUrl(ctx: Context, { base }: RequestPath): string {
  const { originalUrl } = ctx;
  const [original = ""] = originalUrl.split("?", 1);
  const isComplete = !original.startsWith("/") || withoutBase(original, base) !== undefined;
  return isComplete ? ctx.href : ctx.origin + base + originalUrl;
}
