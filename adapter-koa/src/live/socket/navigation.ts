import { describe, LiveError } from "../live-error.js";

/** Where the browser is sent by a full page load. */
export interface Redirect {
  readonly type: "redirect";
  readonly to: string;
  readonly status: number;
}

/** Where the browser is sent over the same connection, to a freshly mounted view. */
export interface Navigate {
  readonly type: "navigate";
  readonly to: string;
  readonly kind: "push" | "replace";
}

/** A new URL and new params for the view that is there. */
export interface Patch {
  readonly type: "patch";
  readonly to: string;
  readonly kind: "push" | "replace";
}

/** What a mount may be halted with. */
export type Destination = Redirect | Navigate;

/** Everything a socket may be asked to go to. */
export type Navigation = Destination | Patch;

/** Where `redirect` leads: a path of this site, or another site's URL, said to be `external`. */
export type RedirectTarget = string | { readonly external: string };

/** An HTTP status that redirects. */
export type RedirectStatus = 301 | 302 | 303 | 307 | 308;

const externalSchemes = new Set([
  "http:",
  "https:",
  "mailto:",
  "tel:",
  "sms:",
  "ftp:",
  "geo:",
  "webcal:",
]);

/**
 * A full page load of another URL.
 *
 * @param to a path of this site (`"/users/log_in?next=1"`), or `{ external: "https://…" }`
 * @param options the HTTP status of a disconnected mount, 302 by default
 * @throws LiveError `LIVE_ERR_NAVIGATION` when `to` is not local and not said to be external, or has a
 *   scheme that runs script
 */
export function redirect(
  to: RedirectTarget,
  options: { readonly status?: RedirectStatus } = {},
): Redirect {
  const target =
    typeof to === "object" && to !== null ? externalUrl(to.external) : localPath(to, "redirect");
  return { type: "redirect", to: target, status: options.status ?? 302 };
}

/**
 * A live navigation to another view. Within the live session it uses the same connection; anywhere
 * else it becomes a page load.
 *
 * @param options `replace` takes the current history entry's place
 * @throws LiveError `LIVE_ERR_NAVIGATION` when `to` is not a path of this site
 */
export function navigate(to: string, options: { readonly replace?: boolean } = {}): Navigate {
  return {
    type: "navigate",
    to: localPath(to, "navigate"),
    kind: options.replace ? "replace" : "push",
  };
}

/** A patch of the current view's URL; see `socket.pushPatch`. */
export function patch(to: string, options: { readonly replace?: boolean } = {}): Patch {
  return { type: "patch", to: localPath(to, "patch"), kind: options.replace ? "replace" : "push" };
}

/** Whether a value is what `redirect` or `navigate` returned. */
export function isDestination(value: unknown): value is Destination {
  const type = (value as Navigation | undefined | null)?.type;
  return type === "redirect" || type === "navigate";
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: browsers strip them and then see "//host"
const hasControls = /[\u0000-\u001f\u007f]/;

/** Whether a text is a path of this site that no browser reads as another site's. */
export function isLocalPath(to: string): boolean {
  return to.startsWith("/") && !to.startsWith("//") && !to.includes("\\") && !hasControls.test(to);
}

function localPath(to: unknown, what: string): string {
  if (typeof to === "string" && isLocalPath(to)) return to;
  throw new LiveError("LIVE_ERR_NAVIGATION", `${what} expects a local path`, {
    expected: `a path that starts with one "/"${what === "redirect" ? ", or { external: url }" : ""}`,
    gotText: kindOf(to),
  });
}

function externalUrl(url: unknown): string {
  if (typeof url === "string") {
    const parsed = URL.canParse(url) ? new URL(url) : undefined;
    if (parsed && externalSchemes.has(parsed.protocol)) return parsed.href;
    if (isLocalPath(url)) return url;
  }
  throw new LiveError("LIVE_ERR_NAVIGATION", "redirect expects a URL as its external target", {
    expected: `an absolute URL with one of the schemes ${[...externalSchemes].join(" ")}`,
    gotText: kindOf(url),
  });
}

/** What kind of target was refused. The target itself may hold a token. */
function kindOf(to: unknown): string {
  if (typeof to !== "string" || to === "") return describe(to);
  if (hasControls.test(to)) return "a text with control characters";
  const scheme = /^[a-z][a-z\d+.-]*:/i.exec(to)?.[0].toLowerCase();
  if (scheme) return externalSchemes.has(scheme) ? "an absolute URL" : "a URL with another scheme";
  if (/^[/\\]{2}/.test(to)) return "a URL that leads to another host";
  return to.includes("\\") ? "a path with a backslash" : "a relative path";
}
