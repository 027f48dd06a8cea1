import { attributeOf } from "./command.js";

/** The options of {@link delayRemoval}. */
export interface RemovalOptions {
  /** The prefix of the names of binding attributes. */
  readonly prefix: string;
  /** Whether the update shows another view. */
  readonly isNavigation: boolean;
  /** Runs the commands of an element and returns how long they take, in milliseconds. */
  run(element: HTMLElement): number;
}

/**
 * Keeps elements that an update has removed in the page, inert and at the same place, until the commands of their
 * `live-remove` are done. This includes elements that contain others with `live-remove`. If the update shows another
 * view, only the elements with `live-remove` stay visible.
 */
export function delayRemoval(records: readonly MutationRecord[], options: RemovalOptions): void {
  const attribute = `${options.prefix}remove`;
  // In reverse, so that a neighbour that was removed later, and that a record names, is back first.
  for (const record of [...records].reverse()) {
    for (const node of Array.from(record.removedNodes).reverse()) {
      if (!isRemoved(node, record)) continue;
      const inside = Element.prototype.querySelectorAll.call(node, "*") as NodeListOf<HTMLElement>;
      const bound = [node, ...inside].filter((each) => attributeOf(each, attribute) !== null);
      if (bound.length > 0) delayNode(node, record, bound, options);
    }
  }
}

/** Elements that are being removed. */
const leaving = new WeakSet<Node>();

function isRemoved(node: Node, { target }: MutationRecord): node is HTMLElement {
  // Elements that were moved have a parent, and so do those of a view that is rendered from scratch. A parent that was
  // removed takes none.
  return (
    node instanceof HTMLElement &&
    !Reflect.get(Node.prototype, "parentNode", node) &&
    target.isConnected &&
    !leaving.has(node)
  );
}

function delayNode(
  node: HTMLElement,
  record: MutationRecord,
  bound: readonly HTMLElement[],
  { prefix, isNavigation, run }: RemovalOptions,
): void {
  leaving.add(node);
  if (isNavigation) prune(node, bound);
  putBack(node, record);
  node.inert = true;
  const ms = Math.max(...bound.map(run));
  removeBindings(node, prefix);
  if (ms > 0) setTimeout(() => node.remove(), ms);
  else node.remove();
}

/** Removes all nodes that neither belong to the given elements nor contain them. */
function prune(node: Node, kept: readonly Node[]): void {
  if (kept.includes(node)) return;
  for (const child of [...node.childNodes]) {
    if (kept.some((each) => child.contains(each))) prune(child, kept);
    else child.remove();
  }
}

/** Removes the bindings of an element, so that keys and clicks elsewhere no longer reach it. */
function removeBindings(root: Element, prefix: string): void {
  // Keeps the hook, which is destroyed when the element is removed.
  const lasting = [`${prefix}hook`, `${prefix}ignore`];
  for (const element of [root, ...root.querySelectorAll("*")]) {
    for (const name of element.getAttributeNames()) {
      if (name.startsWith(prefix) && !lasting.includes(name)) element.removeAttribute(name);
    }
  }
}

/** Inserts a node where a record says that it was removed. */
function putBack(
  node: HTMLElement,
  { target, nextSibling, previousSibling }: MutationRecord,
): void {
  const hasNext = nextSibling?.parentNode === target;
  const hasPrevious = previousSibling?.parentNode === target;
  if (hasPrevious && !hasNext) (previousSibling as ChildNode).after(node);
  else target.insertBefore(node, hasNext ? nextSibling : null);
}
