/** How many tests of a suite passed, failed and were skipped. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** A tally of nothing yet. */
export function emptyTally(): Tally {
  return { passed: 0, failed: 0, skipped: 0 };
}

/** Adds `more` to `tally`. */
export function addTally(tally: Tally, more: Tally): void {
  tally.passed += more.passed;
  tally.failed += more.failed;
  tally.skipped += more.skipped;
}

/** The line that ends `npm test`: `12 passed, 0 failed`, and `, 1 skipped` if any was. */
export function formatTally({ passed, failed, skipped }: Tally): string {
  const line = `${passed} passed, ${failed} failed`;
  return skipped > 0 ? `${line}, ${skipped} skipped` : line;
}

/** The line that tells how a test file went: `✔ demo/test/config.test.ts (24 run, 1 skipped)`. */
export function formatFile(file: string, { passed, failed, skipped }: Tally): string {
  const counts =
    skipped > 0 ? `${passed + failed} run, ${skipped} skipped` : `${passed + failed} run`;
  return `${failed > 0 ? "✖" : "✔"} ${file} (${counts})`;
}
