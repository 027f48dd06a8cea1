/** Loads a page in full, and hands it a signed flash in a cookie. If it is the current page, loads it again. */
export function loadPage(
  to: string,
  options: { flash?: string | undefined; replace?: boolean } = {},
): void {
  const { flash, replace = false } = options;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is asynchronous, the page is gone before
  if (flash) document.cookie = `__live_flash__=${flash}; path=/; max-age=60; SameSite=Lax`;
  const url = new URL(publicHref(to, location.href));
  // The browser would load nothing for a URL that differs only in its fragment.
  if (isSamePage(url.href, publicHref(location.href))) {
    if (url.hash !== location.hash) location.hash = url.hash;
    location.reload();
  } else if (replace) location.replace(url);
  else location.assign(url);
}

/** Checks whether two absolute URLs are equal apart from the fragment. */
export const isSamePage = (a: string, b: string): boolean => a.split("#")[0] === b.split("#")[0];

/** Returns an absolute URL without the credentials of `http://user:password@host/`, which `fetch` does not accept. */
export function publicHref(to: string, base?: string): string {
  return Object.assign(new URL(to, base), { username: "", password: "" }).href;
}
