import type { LiveServices } from "../live-services.js";
import type { HandshakeSession } from "./handshake-session.js";
import { isHostOf } from "./host.js";

/** Node answers no page with a longer URL: the headers of a request have at most 16 KiB. */
const maxUrlLength = 16 * 1024;
/** The longest host name that DNS allows. */
const maxHostnameLength = 253;

/**
 * Checks the URL that a browser sends as its page's. Returns `undefined` when no page can have this URL, or when it has
 * another host and the option `origins` allows only the server's own.
 */
export function toPageUrl(
  value: unknown,
  { host }: HandshakeSession,
  { options }: LiveServices,
): URL | undefined {
  if (typeof value !== "string" || value.length > maxUrlLength) return undefined;
  const url = parseUrl(value);
  if (!url || (url.protocol !== "http:" && url.protocol !== "https:")) return undefined;
  if (url.username !== "" || url.password !== "" || url.hostname.length > maxHostnameLength)
    return undefined;
  return options.origins !== "same" || isHostOf(url, host) ? url : undefined;
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
