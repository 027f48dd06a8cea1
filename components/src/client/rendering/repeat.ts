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

type ItemFunction<Item> = (item: Item, index: number) => unknown;

/** The rows that the page shows. */
interface ShownRows {
  readonly parts: readonly ChildPart[];
  readonly keys: readonly unknown[];
  readonly items: readonly unknown[];
}

/** Renders rows. A row with the same key keeps its nodes. */
class Repeat extends Directive {
  #keys: readonly unknown[] = [];
  #items: readonly unknown[] = [];

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
    const shown: ShownRows = {
      parts: getCommittedValue(container) as readonly ChildPart[],
      keys: this.#keys,
      items: this.#items,
    };
    const keys = key ? items.map(key) : matchKeys(items, shown);
    const values = items.map(row);
    this.#keys = keys;
    this.#items = items;
    // Lit renders or hydrates the list the first time.
    if (!Array.isArray(shown.parts)) return values;
    if (!isSame(keys, shown)) setCommittedValue(container, arrange(container, shown, keys, values));
    else for (const [i, part] of shown.parts.entries()) setChildPartValue(part, values[i]);
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
 * - A row that is removed leaves no comments behind. Lit leaves one for each row since version 3.3.1.
 */
export const repeat = directive(Repeat) as <Item>(
  items: readonly Item[],
  key: ItemFunction<Item> | undefined,
  row: ItemFunction<Item>,
) => unknown;

const isSame = (keys: readonly unknown[], shown: ShownRows): boolean =>
  keys.length === shown.parts.length && keys.every((key, i) => key === shown.keys[i]);

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
  shown: ShownRows,
  keys: readonly unknown[],
  values: readonly unknown[],
): ChildPart[] {
  const positions = new Map(shown.keys.map((key, i) => [key, i]));
  const origins = keys.map((key) => positions.get(key) ?? -1);
  const kept = new Set(origins);
  const staying = findStaying(origins, findFixed(container, shown.parts));
  for (const [i, part] of shown.parts.entries()) if (!kept.has(i)) removeRow(part);
  const stayingRows = new Set(staying.map((i) => origins[i]));
  const moving = shown.parts.filter((_, i) => kept.has(i) && !stayingRows.has(i));
  // All states are read before the first move, because reading a scroll position computes the layout.
  const restores = moving.flatMap((part) => nodesOf(part).map(keepState));
  const parts = values.map((value, i) => {
    const part = shown.parts[origins[i] as number];
    const stays = staying[0] === i;
    if (stays) staying.shift();
    // New and moved rows are inserted before the next row that stays.
    const next = shown.parts[origins[staying[0] as number] as number];
    const row = part ?? insertPart(container, next);
    setChildPartValue(row, value);
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

const isInRow = (node: Node, { startNode, endNode }: ChildPart): boolean =>
  follows(node, startNode as Node) && follows(endNode as Node, node);

const follows = (node: Node, other: Node): boolean =>
  !!(other.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING);

function removeRow(part: ChildPart): void {
  const { endNode } = part;
  removePart(part);
  // Lit 3.3.1 and later leave it in the page.
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
