/** The place where the view has rendered an element that others have moved. */
interface Home {
  readonly parent: Node;
  readonly previous: Node | null;
  readonly next: Node | null;
}

/**
 * Elements of a view that scripts have moved within it, for example to sort rows by drag and drop. Lit only knows the
 * places where it has rendered elements. So the elements are put back there before each render, which then moves rows
 * to their new places. If the render changes nothing around the elements, they return to where the scripts have moved
 * them.
 */
export class ForeignMoves {
  readonly #homes = new Map<Element, Home>();

  /**
   * Notes the places of elements that others have removed, perhaps to insert them elsewhere.
   *
   * @param isOwn whether the view has rendered a node
   */
  note(record: MutationRecord, isOwn: (node: Node) => boolean): void {
    const { target, removedNodes, previousSibling, nextSibling } = record;
    for (const [i, node] of [...removedNodes].entries()) {
      // An element that is moved again is still expected at its first place.
      if (!(node instanceof Element) || this.#homes.has(node) || !isOwn(node)) continue;
      const previous = removedNodes[i - 1] ?? previousSibling;
      const next = removedNodes[i + 1] ?? nextSibling;
      this.#homes.set(node, { parent: target, previous, next });
    }
  }

  /**
   * Puts the elements back before a render.
   *
   * @param isInside whether the view has rendered the content of an element
   * @returns a function that is called after the render
   */
  putBack(isInside: (parent: Node) => boolean): () => void {
    const moved = this.#findMoved(isInside);
    if (moved.length === 0) return () => {};
    const { activeElement } = document;
    const parents = new Set(moved.flatMap(([element, { parent }]) => [parentOf(element), parent]));
    const orders = [...parents].map((parent) => [parent, [...childrenOf(parent)]] as const);
    // From the last to the first, so that the neighbour that a place names is back before.
    for (const [element, home] of moved.reverse()) goHome(element, home);
    const observer = new MutationObserver(() => {});
    const changes = { childList: true, attributes: true, characterData: true, subtree: true };
    for (const parent of parents) observer.observe(parent, changes);
    return () => {
      const hasChanged = observer.takeRecords().length > 0;
      observer.disconnect();
      for (const [element] of moved) if (hasChanged) this.#homes.delete(element);
      const elements = new Set<Node>(moved.map(([element]) => element));
      if (!hasChanged) for (const [parent, order] of orders) arrange(parent, order, elements);
      restoreFocus(activeElement);
    };
  }

  /** Lists the elements that are elsewhere in the view, in the order in which they were moved first. */
  #findMoved(isInside: (parent: Node) => boolean): (readonly [element: Element, home: Home])[] {
    const moved: (readonly [Element, Home])[] = [];
    for (const [element, home] of this.#homes) {
      const isGone = !element.isConnected || !home.parent.isConnected;
      if (isGone || isAtHome(element, home)) this.#homes.delete(element);
      else if (isInside(parentOf(element))) moved.push([element, home]);
    }
    return moved;
  }
}

// In a form, controls named `parentNode` or `childNodes` hide these members.
const parentOf = (node: Node): Node => Reflect.get(Node.prototype, "parentNode", node) as Node;

const childrenOf = (node: Node): NodeListOf<ChildNode> =>
  Reflect.get(Node.prototype, "childNodes", node);

const isAtHome = (element: Element, { parent, previous, next }: Home): boolean =>
  parentOf(element) === parent &&
  (element.previousSibling === previous || element.nextSibling === next);

function goHome(element: Element, { parent, previous, next }: Home): void {
  if (next && parentOf(next) === parent) move(parent, element, next);
  else if (previous && parentOf(previous) === parent) move(parent, element, previous.nextSibling);
  else if (!next) move(parent, element, null);
}

/** Moves some children of an element so that all are in an order. The others are in this order already. */
function arrange(parent: Node, order: readonly Node[], moved: ReadonlySet<Node>): void {
  let next: Node | null = null;
  for (const node of [...order].reverse()) {
    if (moved.has(node)) move(parent, node, next);
    next = node;
  }
}

/** Moves a node so that it keeps its state where the browser can. */
function move(parent: Node, node: Node, next: Node | null): void {
  const { prototype } = Element;
  if ("moveBefore" in prototype) prototype.moveBefore.call(parent, node, next);
  else Node.prototype.insertBefore.call(parent, node, next);
}

function restoreFocus(element: Element | null): void {
  if (element instanceof HTMLElement && element.isConnected && document.activeElement !== element)
    element.focus({ preventScroll: true });
}
