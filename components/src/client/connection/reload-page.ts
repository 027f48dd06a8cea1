/** How many reloads are allowed in a time span: a key of the storage, a number and milliseconds. */
type ReloadLimit = readonly [storageKey: string, max: number, withinMs: number];

/** The limit of reloads because of views that cannot be joined. A join ends the count. */
const viewReloads: ReloadLimit = ["live-session:reloads", 3, 60_000];

/** The limit of reloads because of missing files of the client. The views of such a page do join. */
export const moduleReloads: ReloadLimit = ["live-session:module-reloads", 2, 600_000];

/**
 * Reloads the page, unless that has happened too often, by default three times within a minute. Does not reload either
 * if the browser blocks storage: reloads cannot be counted then, and without cookies the server accepts no join token.
 *
 * @param load loads another page instead, which may redirect back to this one
 * @returns whether a page is being loaded.
 */
export function reloadPage(
  load = (): void => location.reload(),
  [storageKey, max, withinMs] = viewReloads,
): boolean {
  try {
    const times: number[] = JSON.parse(sessionStorage.getItem(storageKey) ?? "[]");
    const recent = times.filter((time) => time > Date.now() - withinMs);
    if (recent.push(Date.now()) > max) return false;
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
    sessionStorage.removeItem(viewReloads[0]);
  } catch {
    // Without storage no reload has been counted.
  }
}
