/**
 * Keeps elements that an update removed in the page, inert, until their commands are done. They stand where they
 * stood; what the update put there comes around them.
 *
 * @param run runs the commands of an element and returns how long they take, in milliseconds
 */
export function delayRemoval(
  records: readonly MutationRecord[],
  attribute: string,
  run: (element: HTMLElement) => number,
): void {
  // From the last on, so that the neighbour that a record names is back before.
  for (const { target, removedNodes, nextSibling, previousSibling } of [...records].reverse()) {
    for (const node of Array.from(removedNodes).reverse()) {
      if (!(node instanceof HTMLElement) || !node.hasAttribute(attribute)) continue;
      if (node.isConnected || !target.isConnected || node.inert) continue;
      const before = nextSibling?.parentNode === target ? nextSibling : null;
      if (!before && previousSibling?.parentNode === target)
        (previousSibling as ChildNode).after(node);
      else target.insertBefore(node, before);
      node.inert = true;
      const ms = run(node);
      if (ms > 0) setTimeout(() => node.remove(), ms);
      else node.remove();
    }
  }
}
