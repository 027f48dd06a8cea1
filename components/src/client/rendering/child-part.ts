/** The `nodeType` of comments. Reading it is faster than `instanceof`. */
const commentType = 8;

/**
 * Returns by how much a node changes the depth of child parts: 1 for the comment by which the server's renderer starts a
 * part, -1 for the comment that ends it, and 0 for any other node.
 */
export function depthStep(node: Node): number {
  if (node.nodeType !== commentType) return 0;
  const { data } = node as Comment;
  if (data.startsWith("lit-part")) return 1;
  return data.startsWith("/lit-part") ? -1 : 0;
}

/** Returns the nodes of a child part, up to its end marker, and how many parts are directly among them. */
export function contentOf(start: Comment): { nodes: ChildNode[]; parts: number } {
  const nodes: ChildNode[] = [];
  let parts = 0;
  let depth = 0;
  for (let node = start.nextSibling; node; node = node.nextSibling) {
    const step = depthStep(node);
    if (depth === 0 && step > 0) parts++;
    depth += step;
    if (depth < 0) break;
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
