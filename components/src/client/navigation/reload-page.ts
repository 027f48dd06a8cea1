const storageKey = "live-session:reloads";
const maxReloads = 3;
const withinMs = 60_000;

/** Returns how long to wait before a reload after a fault. It is random, so that not all pages reload at once. */
export const reloadDelayMs = (): number => 5000 + Math.random() * 5000;

/**
 * Reloads the page, unless that has happened three times within a minute. Does not reload either if the browser blocks
 * storage: reloads cannot be counted then, and without cookies the server accepts no join token.
 *
 * @param load loads another page instead, which may redirect back to this one
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

/** Forgets the reloads so far. Called when the page works. */
export function forgetReloads(): void {
  try {
    sessionStorage.removeItem(storageKey);
  } catch {
    // Without storage no reload has been counted.
  }
}
