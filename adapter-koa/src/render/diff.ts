import {
  type Diff,
  isWireData,
  isWireDirective,
  isWireKeyedList,
  isWireList,
  isWireNothing,
  isWireTemplate,
  type WireEntry,
  type WireKey,
  type WireKeyedList,
  type WireNode,
  type WireOrder,
  type WireValue,
} from "@live-session/components/protocol";
import { findRuns, isSameOrder, type ListOrigins, type RowRun } from "./row-runs.js";

type MutableDiff = Record<string, WireValue | WireOrder>;

/** A comparison of two trees: its result so far, and the origins of lists that need not be compared. */
interface Comparison {
  readonly changes: MutableDiff;
  readonly origins: ListOrigins | undefined;
}

/**
 * Returns the changes that turn the old tree into the new one; `undefined` when they are equal.
 *
 * @param origins the origins of keyed lists in the new tree, if the render has recorded them
 */
export function diff(old: WireValue, next: WireValue, origins?: ListOrigins): Diff | undefined {
  const changes: MutableDiff = {};
  compare(old, next, "", { changes, origins });
  for (const _path in changes) return changes;
  return undefined;
}

function compare(old: WireValue, next: WireValue, path: string, comparison: Comparison): void {
  if (old === next) return;
  const isCompared =
    isNode(old) &&
    isNode(next) &&
    (compareInside(old, next, path, comparison) || isSame(old, next));
  if (!isCompared) comparison.changes[path] = next;
}

const isNode = (value: WireValue): value is WireNode => typeof value === "object" && value !== null;

/** Returns whether two nodes without children are equal. */
function isSame(old: WireNode, next: WireNode): boolean {
  if (isWireNothing(next)) return isWireNothing(old);
  if (!isWireData(next) || !isWireData(old)) return false;
  return JSON.stringify(old.j) === JSON.stringify(next.j);
}

/** Compares the children of two nodes. Returns false if the nodes differ so much that the new one must replace the old. */
function compareInside(
  old: WireNode,
  next: WireNode,
  path: string,
  comparison: Comparison,
): boolean {
  if (isWireKeyedList(next)) {
    if (!isWireKeyedList(old)) return false;
    compareKeyed(old, next, path, comparison);
    return true;
  }
  const values = comparableValues(old, next);
  if (!values) return false;
  compareValues(values.old, values.next, path, comparison);
  return true;
}

/** Returns the children of two nodes that correspond to each other by position; `undefined` if they do not. */
function comparableValues(
  old: WireNode,
  next: WireNode,
): { old: readonly WireValue[]; next: readonly WireValue[] } | undefined {
  if (isWireTemplate(next)) {
    return isWireTemplate(old) && old.t === next.t ? { old: old.v, next: next.v } : undefined;
  }
  if (isWireList(next)) {
    const isSameLength = isWireList(old) && old.l.length === next.l.length;
    return isSameLength ? { old: old.l, next: next.l } : undefined;
  }
  if (!isWireDirective(next) || !isWireDirective(old)) return undefined;
  const isSameDirective = old.x === next.x && old.v.length === next.v.length;
  return isSameDirective ? { old: old.v, next: next.v } : undefined;
}

const below = (path: string, position: number): string =>
  path === "" ? `${position}` : `${path}.${position}`;

function compareValues(
  old: readonly WireValue[],
  next: readonly WireValue[],
  path: string,
  comparison: Comparison,
): void {
  for (let i = 0; i < next.length; i++) {
    const value = next[i] as WireValue;
    if (old[i] !== value) compare(old[i] as WireValue, value, below(path, i), comparison);
  }
}

function compareKeyed(
  old: WireKeyedList,
  next: WireKeyedList,
  path: string,
  comparison: Comparison,
): void {
  const origin = comparison.origins?.get(next);
  const isKnown = origin?.previous === old;
  if (old.k === next.k && !isKnown) {
    compareValues(old.l, next.l, path, comparison);
    return;
  }
  const runs = isKnown ? origin.runs : findRuns(old.k, next.k);
  const keepsOrder = old.k.length === next.k.length && isSameOrder(runs);
  if (!keepsOrder) comparison.changes[path] = { o: toOrder(next, runs) };
  for (const run of runs)
    if (run.old !== -1 && !run.isSame) compareRun(old, next, run, path, comparison);
  if (!isKnown) return;
  for (const position of origin.replaced ?? [])
    compareRow(old, next, position, position, path, comparison);
}

/** Compares the rows of a run with those that they were before. */
function compareRun(
  old: WireKeyedList,
  next: WireKeyedList,
  run: RowRun,
  path: string,
  comparison: Comparison,
): void {
  for (let i = 0; i < run.length; i++)
    compareRow(old, next, run.old + i, run.start + i, path, comparison);
}

/** Compares a row with another one. @param from the position of the old row  @param to that of the new one */
function compareRow(
  old: WireKeyedList,
  next: WireKeyedList,
  from: number,
  to: number,
  path: string,
  comparison: Comparison,
): void {
  const value = next.l[to] as WireValue;
  const former = old.l[from] as WireValue;
  if (former !== value) compare(former, value, below(path, to), comparison);
}

/** Returns the new order of a keyed list as ranges of old positions and new entries. */
function toOrder(next: WireKeyedList, runs: readonly RowRun[]): WireOrder["o"] {
  const order: ([number, number] | WireEntry)[] = [];
  let range: [number, number] | undefined;
  for (const { start, length, old } of runs) {
    if (old === -1) {
      range = undefined;
      for (let i = start; i < start + length; i++)
        order.push({ k: next.k[i] as WireKey, v: next.l[i] as WireValue });
    } else if (range && range[1] === old) {
      range[1] += length;
    } else {
      range = [old, old + length];
      order.push(range);
    }
  }
  return order;
}
