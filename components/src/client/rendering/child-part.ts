const isMarker = (node: Node, prefix: string): boolean =>
  node instanceof Comment && node.data.startsWith(prefix);

/** Whether a node is the comment by which the server's renderer starts a child part. */
export const isPartStart = (node: Node): boolean => isMarker(node, "lit-part");

/** Whether a node is the comment by which the server's renderer ends a child part. */
export const isPartEnd = (node: Node): boolean => isMarker(node, "/lit-part");

/** Returns the nodes of a child part, up to its end marker, and how many parts are directly among them. */
export function contentOf(start: Comment): { nodes: ChildNode[]; parts: number } {
  const nodes: ChildNode[] = [];
  let parts = 0;
  let depth = 0;
  for (let node = start.nextSibling; node; node = node.nextSibling) {
    if (isPartStart(node)) {
      if (depth === 0) parts++;
      depth++;
    } else if (isPartEnd(node)) {
      if (depth === 0) break;
      depth--;
    }
    nodes.push(node);
  }
  return { nodes, parts };
}

/** Removes the markers of the server's renderer below and among nodes, so that Lit no longer sees parts there. */
export function removeMarkers(nodes: readonly Node[]): void {
  for (const node of nodes) {
    removeMarkers([...node.childNodes]);
    if (node instanceof Comment && /^\/?lit-/.test(node.data)) node.remove();
  }
}
