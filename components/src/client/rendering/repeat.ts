import { type ChildPart, Directive, directive } from "lit/directive.js";
import {
  getCommittedValue,
  insertPart,
  removePart,
  setChildPartValue,
  setCommittedValue,
} from "lit/directive-helpers.js";
import { noChange } from "lit/html.js";
import { membersOf } from "../forms/form-members.js";
import { findStaying } from "./find-staying.js";
import { keepState } from "./input-keeper.js";
import { liveValues } from "./live.js";

type ItemFunction<Item> = (item: Item, index: number) => unknown;

/** The rows that the page shows. */
interface ShownRows {
  readonly keys: readonly unknown[];
  readonly items: readonly unknown[];
}

/** Renders the item at a position into the part of a row. */
type DrawRow = (part: ChildPart, position: number) => void;

/** The items that parts of rows show, if nothing in the row depends on more than the item. */
const steadyItems = new WeakMap<ChildPart, unknown>();

/** Renders rows. A row with the same key keeps its nodes. */
class Repeat extends Directive {
  #shown: ShownRows = { keys: [], items: [] };

  render(
    items: readonly unknown[],
    _key: ItemFunction<never> | undefined,
    row: ItemFunction<never>,
  ): unknown {
    return items.map(row as ItemFunction<unknown>);
  }

  override update(
    container: ChildPart,
    [items, key, row]: [
      readonly unknown[],
      ItemFunction<unknown> | undefined,
      ItemFunction<unknown>,
    ],
  ): unknown {
    const shown = this.#shown;
    const keys = key ? items.map(key) : matchKeys(items, shown);
    this.#shown = { keys, items };
    const parts = getCommittedValue(container) as readonly ChildPart[];
    // Lit renders or hydrates the list the first time.
    if (!Array.isArray(parts)) return items.map(row);
    const draw: DrawRow = (part, position) => {
      const item = items[position];
      if (steadyItems.get(part) === item) return;
      const before = liveValues;
      setChildPartValue(part, row(item, position));
      steadyItems.set(part, liveValues === before ? item : undefined);
    };
    const isSame = keys.length === parts.length && keys.every((each, i) => each === shown.keys[i]);
    if (isSame) parts.forEach(draw);
    else setCommittedValue(container, arrange(container, parts, shown.keys, keys, draw));
    return noChange;
  }
}

/**
 * Renders rows like Lit's `repeat`, with these differences:
 *
 * - A row that moves keeps its state, because it is moved by `moveBefore` where the browser has it. If the focus or the
 *   selection is in a row, the other rows move around it.
 * - Without keys, rows with the same JSON at the start and at the end of the list keep their elements when rows are added
 *   or removed between them. So what a command has hidden stays hidden, and nothing else is.
 * - A row whose item is the same object is not rendered again, unless a directive in it depends on more than the item.
 * - A row that is removed leaves no comments behind. Lit leaves one for each row since version 3.3.1.
 */
export const repeat = directive(Repeat) as <Item>(
  items: readonly Item[],
  key: ItemFunction<Item> | undefined,
  row: ItemFunction<Item>,
) => unknown;

/** Returns keys for the rows of a list without keys. */
function matchKeys(items: readonly unknown[], { items: old, keys }: ShownRows): unknown[] {
  const isEqual = (i: number, j: number): boolean =>
    JSON.stringify(items[i]) === JSON.stringify(old[j]);
  const added = items.length - old.length;
  const length = Math.min(items.length, old.length);
  let start = 0;
  while (added && start < length && isEqual(start, start)) start++;
  let end = items.length;
  while (added && end > start && end - added > start && isEqual(end - 1, end - 1 - added)) end--;
  // The rows between keep their elements by position; the last of them are added or removed.
  return items.map((_, i) => {
    if (i >= end) return keys[i - added];
    return i < end - added ? keys[i] : {};
  });
}

/** Removes, adds and moves rows. Returns their parts in the new order. */
function arrange(
  container: ChildPart,
  shown: readonly ChildPart[],
  oldKeys: readonly unknown[],
  keys: readonly unknown[],
  draw: DrawRow,
): ChildPart[] {
  const positions = new Map(oldKeys.map((key, i) => [key, i]));
  const origins = keys.map((key) => positions.get(key) ?? -1);
  const kept = new Set(origins);
  const staying = findStaying(origins, findFixed(container, shown));
  for (const [i, part] of shown.entries()) if (!kept.has(i)) removeRow(part);
  const stayingRows = new Set(staying.map((i) => origins[i]));
  const moving = shown.filter((_, i) => kept.has(i) && !stayingRows.has(i));
  // All states are read before the first move, because reading a scroll position computes the layout.
  const restores = moving.flatMap((part) => nodesOf(part).map(keepState));
  const parts = origins.map((origin, i) => {
    const part = shown[origin];
    const stays = staying[0] === i;
    if (stays) staying.shift();
    // New and moved rows are inserted before the next row that stays.
    const next = shown[origins[staying[0] as number] as number];
    const row = part ?? insertPart(container, next);
    draw(row, i);
    if (part && !stays) moveRow(part, next?.startNode ?? container.endNode);
    return row;
  });
  for (const restore of restores) restore?.();
  return parts;
}

/** Finds the row that must not move, because the focus or the selection is in it. Returns its position, or -1. */
function findFixed(part: ChildPart, parts: readonly ChildPart[]): number {
  const parentNode = membersOf(part.parentNode);
  const { activeElement } = parentNode.getRootNode() as Document | ShadowRoot;
  const nodes = [activeElement, getSelection()?.anchorNode];
  const node = nodes.find((each) => each && each !== part.parentNode && parentNode.contains(each));
  return node ? parts.findIndex((part) => isInRow(node, part)) : -1;
}

const isInRow = (node: Node, part: ChildPart): boolean =>
  nodesOf(part).some((each) => membersOf(each).contains(node));

function removeRow(part: ChildPart): void {
  const { endNode } = part;
  removePart(part);
  // `removePart` of Lit 3.3.1 and later leaves this node in the page.
  (endNode as ChildNode).remove();
}

/** Moves a row so that it keeps its state, such as open dialogs, iframes and playing media, where the browser can. */
function moveRow(part: ChildPart, before: Node | null): void {
  const parentNode = membersOf(part.parentNode);
  for (const node of nodesOf(part)) {
    if ("moveBefore" in parentNode) (parentNode as Element).moveBefore(node, before);
    else (parentNode as Node).insertBefore(node, before);
  }
}

function nodesOf({ startNode, endNode }: ChildPart): Node[] {
  const nodes: Node[] = [];
  for (let node = startNode; node; node = node === endNode ? null : node.nextSibling)
    nodes.push(node);
  return nodes;
}
