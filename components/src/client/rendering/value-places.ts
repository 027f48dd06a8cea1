// Lit reports most mismatches by an error, but not markers that scripts have removed. Values without a marker are
// never hydrated, so they are counted.
let missing = 0;

/** Runs a hydration. Returns whether the page contains the place of every value of the view. */
export function hydrateCompletely(hydrate: () => void): boolean {
  missing = 1;
  hydrate();
  return missing === 0;
}

/** Counts the values of a template or list that has been found: their places must be found too. */
export function expectPlaces(count: number): void {
  missing += count;
}

/** Counts the place of a value that has been found. */
export function countFoundPlace(): void {
  missing--;
}
