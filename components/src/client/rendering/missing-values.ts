// Lit reports most mismatches by an error, but not markers that scripts have removed. Values without a marker are
// never hydrated, so they are counted.
let missing = 0;

/** Hydrates. Returns whether every value of the view has been found in the page. */
export function hydrateCompletely(hydrate: () => void): boolean {
  missing = 1;
  hydrate();
  return missing === 0;
}

/** Notes that a template or list that was found contains values, which must be found too. */
export function expectValues(count: number): void {
  missing += count;
}

/** Notes that a value has been found. */
export function noteFoundValue(): void {
  missing--;
}
