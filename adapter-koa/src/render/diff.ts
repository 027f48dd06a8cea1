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
import { KeyIndex } from "./key-index.js";

type MutableDiff = Record<string, WireValue | WireOrder>;

/** Returns the changes that turn the old tree into the new one; `undefined` when they are equal. */
export function diff(old: WireValue, next: WireValue): Diff | undefined {
  const changes: MutableDiff = {};
  compare(old, next, "", changes);
  for (const _path in changes) return changes;
  return undefined;
}

function compare(old: WireValue, next: WireValue, path: string, changes: MutableDiff): void {
  if (old === next) return;
  const isCompared =
    isNode(old) && isNode(next) && (compareInside(old, next, path, changes) || isSame(old, next));
  if (!isCompared) changes[path] = next;
}

const isNode = (value: WireValue): value is WireNode => typeof value === "object" && value !== null;

/** Returns whether two nodes without children are equal. */
function isSame(old: WireNode, next: WireNode): boolean {
  if (isWireNothing(next)) return isWireNothing(old);
  if (!isWireData(next) || !isWireData(old)) return false;
  return JSON.stringify(old.j) === JSON.stringify(next.j);
}

/** Compares the children of two nodes. Returns false if the nodes differ so much that the new one must replace the old. */
function compareInside(old: WireNode, next: WireNode, path: string, changes: MutableDiff): boolean {
  if (isWireKeyedList(next)) {
    if (!isWireKeyedList(old)) return false;
    compareKeyed(old, next, path, changes);
    return true;
  }
  const values = comparableValues(old, next);
  if (!values) return false;
  compareValues(values.old, values.next, path, changes);
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
  changes: MutableDiff,
): void {
  for (let i = 0; i < next.length; i++) {
    const value = next[i] as WireValue;
    if (old[i] !== value) compare(old[i] as WireValue, value, below(path, i), changes);
  }
}

function compareKeyed(
  old: WireKeyedList,
  next: WireKeyedList,
  path: string,
  changes: MutableDiff,
): void {
  const origins = old.k === next.k ? undefined : originsOf(old.k, next.k);
  if (!origins) {
    compareValues(old.l, next.l, path, changes);
    return;
  }
  changes[path] = { o: toOrder(next, origins) };
  for (let i = 0; i < origins.length; i++) {
    const origin = origins[i] as number;
    if (origin === -1 || old.l[origin] === next.l[i]) continue;
    compare(old.l[origin] as WireValue, next.l[i] as WireValue, below(path, i), changes);
  }
}

/** Returns the old position of each new key, or -1; `undefined` when keys and order are unchanged. */
function originsOf(old: readonly WireKey[], next: readonly WireKey[]): number[] | undefined {
  const index = new KeyIndex(old);
  let isUnchanged = old.length === next.length;
  let expected = 0;
  const origins: number[] = new Array(next.length);
  for (let i = 0; i < next.length; i++) {
    const origin = index.positionOf(next[i] as WireKey, expected);
    origins[i] = origin;
    if (origin !== i) isUnchanged = false;
    if (origin !== -1) expected = origin + 1;
  }
  return isUnchanged ? undefined : origins;
}

/** Returns the new order of a keyed list as ranges of old positions and new entries. */
function toOrder(next: WireKeyedList, origins: readonly number[]): WireOrder["o"] {
  const order: ([number, number] | WireEntry)[] = [];
  let range: [number, number] | undefined;
  for (let i = 0; i < origins.length; i++) {
    const origin = origins[i] as number;
    if (origin === -1) {
      range = undefined;
      order.push({ k: next.k[i] as WireKey, v: next.l[i] as WireValue });
    } else if (range && range[1] === origin) {
      range[1]++;
    } else {
      range = [origin, origin + 1];
      order.push(range);
    }
  }
  return order;
}
