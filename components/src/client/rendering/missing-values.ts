// Lit reports most mismatches by an error, but not markers that scripts have removed. Values without a marker are
// never hydrated, so they are counted.
let missing = 0;

/** Runs a hydration. Returns whether the page contained the place of every value of the view. */
export function hydrateCompletely(hydrate: () => void): boolean {
  missing = 1;
  hydrate();
  return missing === 0;
}

/** Notes that a template or list that was found contains values, whose places must be found too. */
export function expectValues(count: number): void {
  missing += count;
}

/** Notes that the place of a value has been found. */
export function noteFoundValue(): void {
  missing--;
}
