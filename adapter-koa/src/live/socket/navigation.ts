import { describe, LiveError } from "../live-error.js";

/** A full page load of another URL. */
export interface Redirect {
  readonly type: "redirect";
  readonly to: string;
  readonly status: number;
}

/** A live navigation to a newly mounted view. */
export interface Navigate {
  readonly type: "navigate";
  readonly to: string;
  readonly kind: "push" | "replace";
}

/** A new URL with new params for the mounted view. */
export interface Patch {
  readonly type: "patch";
  readonly to: string;
  readonly kind: "push" | "replace";
}

/** The result of {@link redirect} or {@link navigate}, with which an on-mount hook halts. */
export type Destination = Redirect | Navigate;

/** Any navigation that a socket can request. */
export type Navigation = Destination | Patch;

/** The target of `redirect`: a path of this site, or a URL of another site marked as `external`. */
export type RedirectTarget = string | { readonly external: string };

/** An HTTP status code of a redirect. */
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
 * Loads another page.
 *
 * @param to a path of this site (`"/users/log_in?next=1"`), or `{ external: "https://…" }`
 * @param options `status` is the HTTP status on the disconnected mount, 302 by default
 * @throws LiveError `LIVE_ERR_NAVIGATION` when `to` is neither a local path nor marked as external, or has a
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
 * Navigates to another view. Within the live session, the navigation uses the same connection; to other pages
 * it becomes a page load.
 *
 * @param options `replace` replaces the current history entry
 * @throws LiveError `LIVE_ERR_NAVIGATION` when `to` is not a path of this site
 */
export function navigate(to: string, options: { readonly replace?: boolean } = {}): Navigate {
  return {
    type: "navigate",
    to: localPath(to, "navigate"),
    kind: options.replace ? "replace" : "push",
  };
}

/** Changes the URL of the current view; see `socket.pushPatch`. */
export function patch(to: string, options: { readonly replace?: boolean } = {}): Patch {
  return { type: "patch", to: localPath(to, "patch"), kind: options.replace ? "replace" : "push" };
}

/** Whether a value is a result of `redirect` or `navigate`. */
export function isDestination(value: unknown): value is Destination {
  const type = (value as Navigation | undefined | null)?.type;
  return type === "redirect" || type === "navigate";
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: browsers remove them and then read "//host"
const hasControls = /[\u0000-\u001f\u007f]/;

/** Some servers and proxies decode a path before they pass it on, for example `/%09/host`. */
const startsWithEncodedControl = /^\/%(?:[01][\da-f]|7f|5c)/i;

/** Whether a string is a path of this site that no browser interprets as another site. */
export function isLocalPath(path: string): boolean {
  return (
    path.startsWith("/") &&
    !path.startsWith("//") &&
    !startsWithEncodedControl.test(path) &&
    !path.includes("\\") &&
    !hasControls.test(path)
  );
}

function localPath(to: unknown, caller: "redirect" | "navigate" | "patch"): string {
  if (typeof to === "string" && isLocalPath(to)) return to;
  throw new LiveError("LIVE_ERR_NAVIGATION", `target of ${caller} is not a local path`, {
    expected: `a path that starts with one "/"${caller === "redirect" ? ", or { external: url }" : ""}`,
    gotText: describeTarget(to),
  });
}

function externalUrl(url: unknown): string {
  if (typeof url === "string") {
    const parsed = URL.canParse(url) ? new URL(url) : undefined;
    if (parsed && externalSchemes.has(parsed.protocol)) return parsed.href;
    if (isLocalPath(url)) return url;
  }
  throw new LiveError("LIVE_ERR_NAVIGATION", "external target of redirect is not a URL", {
    expected: `an absolute URL with one of the schemes ${[...externalSchemes].join(" ")}`,
    gotText: describeTarget(url),
  });
}

/** Describes a refused target without its contents, which may include a token. */
function describeTarget(to: unknown): string {
  if (typeof to !== "string" || to === "") return describe(to);
  if (hasControls.test(to)) return "a string with control characters";
  const scheme = /^[a-z][a-z\d+.-]*:/i.exec(to)?.[0].toLowerCase();
  if (scheme) return externalSchemes.has(scheme) ? "an absolute URL" : "a URL with another scheme";
  if (/^[/\\]{2}/.test(to)) return "a URL of another host";
  return to.includes("\\") ? "a path with a backslash" : "a relative path";
}
