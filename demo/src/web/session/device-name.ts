import bowser from "bowser";
import type { Context } from "koa";

/** Longer headers are not from browsers, and take long to parse. */
const MAX_LENGTH = 1000;

/** Returns the browser and the system of a request, such as "Firefox on Linux"; undefined if they are unknown. */
export function deviceName(ctx: Context): string | undefined {
  const header = ctx.get("User-Agent");
  if (header === "" || header.length > MAX_LENGTH) return undefined;
  const { browser, os } = bowser.parse(header);
  const names = [browser.name, os.name].filter((name) => name);
  return names.length === 0 ? undefined : names.join(" on ").slice(0, 100);
}
