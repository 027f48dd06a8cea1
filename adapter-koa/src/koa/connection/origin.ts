import type { Context } from "koa";
import type { AllowedOrigins } from "../options.js";

/**
 * Whether a request with this Origin header may open a socket or fetch a hand-over.
 *
 * @param origin the header; without one the request does not come from a browser's page
 * @param host the request's own host, with its port
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
  if (allowed === "same") return url.host === host;
  if (typeof allowed === "function") return allowed(url, host);
  return allowed.some((pattern) => matches(pattern, url));
}

/** Lets the page of an allowed origin read the answer, and send the visitor's cookies. */
export function allowOrigin(ctx: Context): void {
  const origin = ctx.get("origin");
  if (origin === "") return;
  ctx.set("Access-Control-Allow-Origin", origin);
  ctx.set("Access-Control-Allow-Credentials", "true");
}

const patternParts =
  /^(?:(?<scheme>[a-z][a-z0-9+.-]*):)?\/\/(?<host>\[[0-9a-f:]+\]|(?:\*\.)?[^/:*[\]]+)(?::(?<port>\d+))?\/?$/i;

/** Whether a text is an origin, or a pattern of origins, as a list of allowed origins holds them. */
export const isOriginPattern = (pattern: unknown): boolean =>
  typeof pattern === "string" && patternParts.test(pattern);

/** A pattern has a scheme or none (`//host`), a host that may begin with `*.`, and a port or none. */
function matches(pattern: string, origin: URL): boolean {
  const parts = patternParts.exec(pattern)?.groups;
  if (!parts) return false;
  const { scheme, port } = parts;
  if (scheme !== undefined && `${scheme.toLowerCase()}:` !== origin.protocol) return false;
  if (port !== undefined ? port !== portOf(origin) : scheme !== undefined && origin.port !== "")
    return false;
  const host = (parts.host ?? "").toLowerCase();
  if (!host.startsWith("*.")) return host === origin.hostname;
  const base = host.slice(2);
  return origin.hostname === base || origin.hostname.endsWith(`.${base}`);
}

const portOf = ({ port, protocol }: URL): string => port || (protocol === "https:" ? "443" : "80");
