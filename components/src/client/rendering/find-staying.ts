/**
 * Chooses the rows that stay in place while the others move around them: as many as possible.
 *
 * @param origins the old position of each row in the new order; -1 for a new row
 * @param fixed the old position of a row that must stay; -1 if there is none
 * @returns their positions in the new order, ascending
 */
export function findStaying(origins: readonly number[], fixed: number): number[] {
  const pivot = fixed === -1 ? -1 : origins.indexOf(fixed);
  const mayStay = (i: number): boolean =>
    (origins[i] as number) !== -1 &&
    (pivot === -1 || i === pivot || i < pivot === (origins[i] as number) < fixed);
  // The longest increasing subsequence: `ends[n]` is where the best sequence of n + 1 rows ends.
  const ends: number[] = [];
  const before: number[] = [];
  for (let i = 0; i < origins.length; i++) {
    if (!mayStay(i)) continue;
    const length = countBelow(ends, origins, origins[i] as number);
    before[i] = ends[length - 1] ?? -1;
    ends[length] = i;
  }
  const staying: number[] = [];
  for (let i = ends.at(-1) ?? -1; i !== -1; i = before[i] as number) staying.push(i);
  return staying.reverse();
}

/** Counts the sequences that end with an origin below the given one. */
function countBelow(ends: readonly number[], origins: readonly number[], origin: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((origins[ends[middle] as number] as number) < origin) low = middle + 1;
    else high = middle;
  }
  return low;
}
