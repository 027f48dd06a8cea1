import type { Context } from "koa";
import { isHostOf, toComparableHost, withoutDot } from "../connection/host.js";
import type { AllowedOrigins } from "../options.js";

/**
 * Returns whether a request with this Origin header may open a socket or fetch the join info of a page.
 *
 * @param origin the Origin header; a request without one does not come from a page in a browser, and is allowed
 * @param host the host of the request, with its port
 */
export function isAllowedOrigin(
  allowed: AllowedOrigins,
  origin: string | undefined,
  host: string,
): boolean {
  if (origin === undefined || origin === "" || allowed === "any") return true;
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  if (url.host === "") return false;
  if (allowed === "same") return isHostOf(url, host);
  if (typeof allowed === "function")
    return allowed(url, toComparableHost(url.protocol, host) ?? host);
  return allowed.some((pattern) => matches(pattern, url));
}

/** Sets the CORS headers that let a page of an allowed origin send cookies and read the response. */
export function allowOrigin(ctx: Context): void {
  const origin = ctx.get("origin");
  if (origin === "") return;
  ctx.set("Access-Control-Allow-Origin", origin);
  ctx.set("Access-Control-Allow-Credentials", "true");
}

const patternParts =
  /^(?:(?<scheme>[a-z][a-z0-9+.-]*):)?\/\/(?<host>\[[0-9a-f:]+\]|(?:\*\.)?[^/:*[\]]+)(?::(?<port>\d+))?\/?$/i;

/** Returns whether a value is an origin or a pattern of origins, such as `//*.example.com:3000`. */
export const isOriginPattern = (pattern: unknown): boolean =>
  typeof pattern === "string" && patternParts.test(pattern);

/** A pattern consists of an optional scheme, a host that may begin with `*.`, and an optional port. */
function matches(pattern: string, origin: URL): boolean {
  const parts = patternParts.exec(pattern)?.groups;
  if (!parts) return false;
  const { scheme, host = "", port } = parts;
  return (
    matchesScheme(scheme, origin) &&
    matchesPort(scheme, port, origin) &&
    matchesHost(host.toLowerCase(), origin)
  );
}

const matchesScheme = (scheme: string | undefined, origin: URL): boolean =>
  scheme === undefined || `${scheme.toLowerCase()}:` === origin.protocol;

/** A pattern with a scheme and no port matches only the default port; without both, any port matches. */
function matchesPort(scheme: string | undefined, port: string | undefined, origin: URL): boolean {
  if (port !== undefined) return port === portOf(origin);
  return scheme === undefined || origin.port === "";
}

function matchesHost(host: string, origin: URL): boolean {
  const hostname = withoutDot(origin.hostname);
  if (!host.startsWith("*.")) return host === hostname;
  const base = host.slice(2);
  return hostname === base || hostname.endsWith(`.${base}`);
}

const portOf = ({ port, protocol }: URL): string => port || (protocol === "https:" ? "443" : "80");
