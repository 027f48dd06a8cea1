const storageKey = "live-session:reloads";
const maxReloads = 3;
const withinMs = 60_000;

/** How long to wait before the page is loaded anew after a fault, so that not all pages come at once. */
export const reloadDelayMs = (): number => 5000 + Math.random() * 5000;

/** Loads a page in full, with a signed flash for it. The current page is loaded anew. */
export function loadPage(
  to: string,
  options: { flash?: string | undefined; replace?: boolean } = {},
): void {
  const { flash, replace = false } = options;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is asynchronous, the page is gone before
  if (flash) document.cookie = `__live_flash__=${flash}; path=/; max-age=60; SameSite=Lax`;
  const url = new URL(to, location.href);
  // A URL that differs by its fragment only would load nothing.
  if (isSamePage(url.href, location.href)) location.reload();
  else if (replace) location.replace(url);
  else location.assign(url);
}

/** Whether two absolute URLs are the same but for the fragment. */
export const isSamePage = (a: string, b: string): boolean => a.split("#")[0] === b.split("#")[0];

/**
 * Loads the page anew, unless that happened three times within a minute, or cannot be counted because
 * the browser keeps no storage: with cookies blocked no hand-over is ever accepted.
 *
 * @param load loads another page instead, which may lead back to this one
 * @returns whether a page is being loaded.
 */
export function reloadPage(load = (): void => location.reload()): boolean {
  try {
    const times: number[] = JSON.parse(sessionStorage.getItem(storageKey) ?? "[]");
    const recent = times.filter((time) => time > Date.now() - withinMs);
    if (recent.push(Date.now()) > maxReloads) return false;
    sessionStorage.setItem(storageKey, JSON.stringify(recent));
  } catch {
    return false;
  }
  load();
  return true;
}

/** Forgets the reloads so far: the page works. */
export function forgetReloads(): void {
  try {
    sessionStorage.removeItem(storageKey);
  } catch {
    // Nothing was counted either.
  }
}
