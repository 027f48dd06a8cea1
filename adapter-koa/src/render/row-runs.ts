import type { WireKey, WireKeyedList } from "@live-session/components/protocol";
import { KeyIndex } from "./key-index.js";

/** Successive rows of a keyed list that were successive rows before, or that are new. */
export interface RowRun {
  readonly start: number;
  readonly length: number;
  /** The old position of the first row; -1 for new rows. */
  readonly old: number;
  /** Whether each row is the same object as before. */
  readonly isSame: boolean;
}

/** Maps the rows of a keyed list to those of the list that it replaces. The runs are in the order of the new rows. */
export interface ListOrigin {
  readonly previous: WireKeyedList;
  readonly runs: readonly RowRun[];
  /** The positions of rows that were replaced in a copy of the list, whose rows are all in one run. */
  readonly replaced?: number[];
}

/** The origins of keyed lists that replace lists of the previous tree. */
export type ListOrigins = ReadonlyMap<WireKeyedList, ListOrigin>;

/** Returns the origin of a copy of a list with another row at a position. @param origin that of the list, if it has one */
export function originOfCopy(
  list: WireKeyedList,
  origin: ListOrigin | undefined,
  position: number,
): ListOrigin {
  if (!origin) {
    const run = { start: 0, length: list.l.length, old: 0, isSame: true };
    return { previous: list, runs: [run], replaced: [position] };
  }
  const { previous, runs, replaced } = origin;
  if (!replaced) return { previous, runs: runs.map((run) => ({ ...run, isSame: false })) };
  replaced.push(position);
  return origin;
}

/** Returns whether all rows have kept their positions. */
export const isSameOrder = (runs: readonly RowRun[]): boolean =>
  runs.every(({ start, old }) => start === old);

/** Finds the runs between two lists of keys, each of which is unique in its list. */
export function findRuns(old: readonly WireKey[], next: readonly WireKey[]): RowRun[] {
  const index = new KeyIndex(old);
  const runs: RowRun[] = [];
  let start = 0;
  while (start < next.length) {
    const first = index.positionOf(next[start] as WireKey, expectedAfter(runs.at(-1)));
    let length = 1;
    if (first !== -1)
      while (start + length < next.length && next[start + length] === old[first + length]) length++;
    runs.push({ start, length, old: first, isSame: false });
    start += length;
  }
  return runs;
}

/** Returns the old position at which the row after a run is expected. */
const expectedAfter = (run: RowRun | undefined): number =>
  run === undefined || run.old === -1 ? 0 : run.old + run.length;

/** Returns whether two runs contain the same old row. */
export function areOverlapping(runs: readonly RowRun[], oldLength: number): boolean {
  if (areAscending(runs)) return false;
  const taken = new Uint8Array(oldLength);
  for (const { old, length } of runs) {
    for (let i = old; i < old + length && old !== -1; i++) {
      if (taken[i] === 1) return true;
      taken[i] = 1;
    }
  }
  return false;
}

/** Returns whether the old rows are in their old order, so that no two runs can contain the same one. */
function areAscending(runs: readonly RowRun[]): boolean {
  let end = 0;
  for (const { old, length } of runs) {
    if (old === -1) continue;
    if (old < end) return false;
    end = old + length;
  }
  return true;
}
