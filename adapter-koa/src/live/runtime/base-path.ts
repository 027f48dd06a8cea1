import type { LiveRouter } from "../declarations/live-router.js";

/** Returns a path without the prefix at which visitors see the app; `undefined` for a path outside of the app. */
export function withoutBase(path: string, base: string): string | undefined {
  if (path !== base && !path.startsWith(`${base}/`)) return undefined;
  return path.slice(base.length) || "/";
}

/**
 * Adds the prefix at which visitors see the app to a path of a live route. Other paths are returned unchanged: those that
 * have the prefix already, and those of plain pages, which may be outside of the app.
 */
export function withBase(to: string, base: string, router: LiveRouter): string {
  if (base === "" || !to.startsWith("/")) return to;
  const { pathname } = new URL(to, "http://localhost");
  if (withoutBase(pathname, base) !== undefined || !router.match(pathname)) return to;
  return base + to;
}
