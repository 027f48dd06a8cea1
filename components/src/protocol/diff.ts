import { ProtocolError } from "./message.js";
import type { WireKey, WireKeyedList, WireValue } from "./tree.js";

/**
 * The changes of a rendered tree. Each entry maps a path to the new value at that path, or to the new order of the keyed
 * list at that path. A path such as `"1.3.500.2"` consists of positions: indexes into the values of a template,
 * directive or list; `""` is the root. Shorter paths apply first; paths below a reordered list refer to the new order.
 */
export type Diff = Readonly<Record<string, WireValue | WireOrder>>;

/** A keyed list's new order: ranges `[from, to)` of old positions, and new entries. */
export interface WireOrder {
  readonly o: readonly (readonly [from: number, to: number] | WireEntry)[];
}

/** A new entry of the list. */
export interface WireEntry {
  readonly k: WireKey;
  readonly v: WireValue;
}

interface MutableNode {
  k?: WireKey[];
  l?: WireValue[];
  v?: WireValue[];
}

const badDiff = (path: string): ProtocolError =>
  new ProtocolError("LIVE_ERR_BAD_DIFF", `no such position in the view: "${path}"`);

/**
 * Applies a diff and returns the new tree. It does not change the given tree; the result shares all unchanged nodes.
 *
 * @throws ProtocolError `LIVE_ERR_BAD_DIFF` when the tree does not have a path or range.
 */
export function applyDiff(tree: WireValue, diff: Diff): WireValue {
  // Contains the root, so that the root is a position like any other.
  const top: [WireValue] = [tree];
  const owned = new Set<WireValue>();
  // Sorts by length, because an ancestor has a shorter path.
  for (const path of Object.keys(diff).sort((a, b) => a.length - b.length)) {
    const change = diff[path] as WireValue | WireOrder;
    const positions = path === "" ? [] : path.split(".").map(Number);
    let values: WireValue[] = top;
    let last = 0;
    for (const position of positions) {
      values = own(values, last, owned, path);
      last = position;
    }
    if (!(last in values)) throw badDiff(path);
    values[last] = isOrder(change) ? reorder(values[last] as WireValue, change, path) : change;
  }
  return top[0];
}

const isOrder = (change: WireValue | WireOrder): change is WireOrder =>
  typeof change === "object" && change !== null && "o" in change;

/** Replaces the node at a position with a copy, once per diff, and returns the copy's values, which can be changed. */
function own(
  values: WireValue[],
  position: number,
  owned: Set<WireValue>,
  path: string,
): WireValue[] {
  let node = values[position] as MutableNode | null | undefined;
  if (!node?.v && !node?.l) throw badDiff(path);
  if (!owned.has(node as WireValue)) {
    node = { ...node };
    if (node.v) node.v = [...node.v];
    if (node.l) node.l = [...node.l];
    values[position] = node as WireValue;
    owned.add(node as WireValue);
  }
  return (node.v ?? node.l) as WireValue[];
}

function reorder(value: WireValue, { o }: WireOrder, path: string): WireKeyedList {
  const old = value as MutableNode | null;
  if (!old?.k || !old.l) throw badDiff(path);
  const k: WireKey[] = [];
  const l: WireValue[] = [];
  for (const step of o) {
    if ("k" in step) {
      k.push(step.k);
      l.push(step.v);
      continue;
    }
    const [from, to] = step;
    if (!(0 <= from && from <= to && to <= old.l.length)) throw badDiff(path);
    for (let i = from; i < to; i++) {
      k.push(old.k[i] as WireKey);
      l.push(old.l[i] as WireValue);
    }
  }
  return { k, l };
}
