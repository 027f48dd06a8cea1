import { ProtocolError } from "./message.js";
import type { WireKey, WireKeyedList, WireValue } from "./tree.js";

/**
 * What changed in a rendered tree: from a path of positions (`"1.3.500.2"`; a position is an index into
 * a template's, directive's or list's values, and `""` is the root) to the value that now stands there,
 * or to the new order of the keyed list that stands there. Shorter paths apply first; paths below a
 * reordered list speak of the new order.
 */
export type Diff = Readonly<Record<string, WireValue | WireOrder>>;

/** A keyed list's new order: ranges `[from, to)` of old positions, and new entries. */
export interface WireOrder {
  readonly o: readonly (readonly [from: number, to: number] | WireEntry)[];
}

/** An entry that the list did not have before. */
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
 * Applies a diff. The given tree is left as it was; what did not change is shared with the result.
 *
 * @throws ProtocolError `LIVE_ERR_BAD_DIFF` when a path or range is not in the tree.
 */
export function applyDiff(tree: WireValue, diff: Diff): WireValue {
  // Stands above the root, which then is a position like any other.
  const top: [WireValue] = [tree];
  const owned = new Set<WireValue>();
  // What stands above another place has a shorter path.
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

/** The values of the node at a position, which this call may change in place: the node is a copy, made once. */
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
