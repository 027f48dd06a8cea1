/**
 * Keeps elements that an update has removed in the page, inert and at the same place, until their commands are done.
 *
 * @param attribute the name of `live-remove`
 * @param run runs the commands of an element and returns how long they take, in milliseconds
 */
export function delayRemoval(
  records: readonly MutationRecord[],
  attribute: string,
  run: (element: HTMLElement) => number,
): void {
  // In reverse, so that a neighbour that was removed later, and that a record names, is back first.
  for (const record of [...records].reverse()) {
    for (const node of Array.from(record.removedNodes).reverse()) {
      if (!isDelayed(node, record, attribute)) continue;
      putBack(node, record);
      node.inert = true;
      const ms = run(node);
      if (ms > 0) setTimeout(() => node.remove(), ms);
      else node.remove();
    }
  }
}

function isDelayed(node: Node, { target }: MutationRecord, attribute: string): node is HTMLElement {
  if (!(node instanceof HTMLElement) || !node.hasAttribute(attribute)) return false;
  // Elements that were moved are connected, and inert ones have been kept before. A parent that was removed takes none.
  return !node.isConnected && !node.inert && target.isConnected;
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
