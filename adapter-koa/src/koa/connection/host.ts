/**
 * Returns whether a URL has the host that a `Host` header names. Capital letters, a default port and the dot at the end of
 * a fully qualified name make no difference.
 */
export function isHostOf(url: URL, host: string): boolean {
  const named = toComparableHost(url.protocol, host);
  return named !== undefined && named === toComparableHost(url.protocol, url.host);
}

/** Returns a host in the form in which hosts are compared; `undefined` when the string is not a host. */
export function toComparableHost(protocol: string, host: string): string | undefined {
  // A proxy that decrypts requests may pass the port on which it reaches us.
  const text = protocol === "https:" ? host.replace(/:80$/, "") : host;
  if (/[\s/?#@\\]/.test(text) || !URL.canParse(`${protocol}//${text}`)) return undefined;
  const { hostname, port } = new URL(`${protocol}//${text}`);
  return withoutDot(hostname) + (port === "" ? "" : `:${port}`);
}

/** Removes the dot at the end of a fully qualified host name. */
export const withoutDot = (hostname: string): string => hostname.replace(/\.$/, "");
