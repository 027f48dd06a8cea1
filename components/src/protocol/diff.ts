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

const isOrder = (change: WireValue | WireOrder): change is WireOrder =>
  typeof change === "object" && change !== null && "o" in change;

const badDiff = (path: string): ProtocolError =>
  new ProtocolError("LIVE_ERR_BAD_DIFF", `a diff names a position that the tree does not have: "${path}"`);

/**
 * Applies a diff. The given tree is left as it was; what did not change is shared with the result.
 *
 * @throws ProtocolError `LIVE_ERR_BAD_DIFF` when a path or range is not in the tree.
 */
export function applyDiff(tree: WireValue, diff: Diff): WireValue {
  const owned = new Set<object>();
  let root = tree;
  for (const { path, positions } of byDepth(diff)) {
    const change = diff[path] as WireValue | WireOrder;
    if (positions.length === 0) {
      root = isOrder(change) ? reorder(root, change, path) : change;
      continue;
    }
    root = own(root, owned, path);
    let values = valuesOf(root, path);
    for (let depth = 0; depth < positions.length; depth++) {
      const position = positions[depth] as number;
      if (!(position < values.length)) throw badDiff(path);
      const child = values[position] as WireValue;
      if (depth === positions.length - 1) {
        values[position] = isOrder(change) ? reorder(child, change, path) : change;
      } else {
        const next = own(child, owned, path);
        values[position] = next;
        values = valuesOf(next, path);
      }
    }
  }
  return root;
}

function byDepth(diff: Diff): { path: string; positions: number[] }[] {
  return Object.keys(diff)
    .map((path) => ({ path, positions: path === "" ? [] : path.split(".").map(Number) }))
    .sort((a, b) => a.positions.length - b.positions.length);
}

/** A node that this call may change in place: a copy, made once. */
function own(value: WireValue, owned: Set<object>, path: string): WireValue {
  if (typeof value !== "object" || value === null) throw badDiff(path);
  if (owned.has(value)) return value;
  const copy: MutableNode = { ...(value as MutableNode) };
  if (copy.v) copy.v = copy.v.slice();
  if (copy.l) copy.l = copy.l.slice();
  owned.add(copy);
  return copy as WireValue;
}

function valuesOf(value: WireValue, path: string): WireValue[] {
  const node = value as MutableNode;
  const values = node.v ?? node.l;
  if (!values) throw badDiff(path);
  return values;
}

function reorder(value: WireValue, { o }: WireOrder, path: string): WireKeyedList {
  const old = value as Partial<WireKeyedList> | null;
  if (typeof old !== "object" || !old?.k || !old.l) throw badDiff(path);
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
