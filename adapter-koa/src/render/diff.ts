import {
  type Diff,
  isWireData,
  isWireDirective,
  isWireKeyedList,
  isWireList,
  isWireTemplate,
  type WireEntry,
  type WireKey,
  type WireKeyedList,
  type WireOrder,
  type WireValue,
} from "@live-session/components/protocol";
import { KeyIndex } from "./key-index.js";

type MutableDiff = Record<string, WireValue | WireOrder>;

/** What turns the old tree into the new one, or `undefined` when they are equal. */
export function diff(old: WireValue, next: WireValue): Diff | undefined {
  const changes: MutableDiff = {};
  compare(old, next, "", changes);
  for (const _path in changes) return changes;
  return undefined;
}

function compare(old: WireValue, next: WireValue, path: string, changes: MutableDiff): void {
  if (old === next) return;
  if (typeof old !== "object" || typeof next !== "object" || old === null || next === null) {
    changes[path] = next;
  } else if (isWireTemplate(next)) {
    if (isWireTemplate(old) && old.t === next.t) compareValues(old.v, next.v, path, changes);
    else changes[path] = next;
  } else if (isWireKeyedList(next)) {
    if (isWireKeyedList(old)) compareKeyed(old, next, path, changes);
    else changes[path] = next;
  } else if (isWireList(next)) {
    if (isWireList(old) && old.l.length === next.l.length)
      compareValues(old.l, next.l, path, changes);
    else changes[path] = next;
  } else if (isWireDirective(next)) {
    const same = isWireDirective(old) && old.x === next.x && old.v.length === next.v.length;
    if (same) compareValues(old.v, next.v, path, changes);
    else changes[path] = next;
  } else if (isWireData(next)) {
    if (!isWireData(old) || JSON.stringify(old.j) !== JSON.stringify(next.j)) changes[path] = next;
  } else if (!("n" in old)) {
    changes[path] = next;
  }
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

/** For each new key its old position, or -1; `undefined` when the keys are the same as before. */
function originsOf(old: readonly WireKey[], next: readonly WireKey[]): number[] | undefined {
  const index = new KeyIndex(old);
  let same = old.length === next.length;
  let expected = 0;
  const origins: number[] = new Array(next.length);
  for (let i = 0; i < next.length; i++) {
    const origin = index.positionOf(next[i] as WireKey, expected);
    origins[i] = origin;
    if (origin !== i) same = false;
    if (origin !== -1) expected = origin + 1;
  }
  return same ? undefined : origins;
}

/** A keyed list's new order as ranges of old positions and new entries. */
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
