import { ForeignMoves } from "./foreign-moves.js";

/** Nodes of a view that others have removed in one step, and what the page shows in their place. */
interface Replacement {
  readonly shown: readonly ChildNode[];
  /** Text nodes and their strings. They are back in the page, but empty. */
  readonly texts: Map<Text, string>;
  readonly elements: readonly RemovedElement[];
  /** Whether more than text was removed, so that the next update has to show the view's own nodes. */
  readonly isStructural: boolean;
}

interface RemovedElement {
  readonly element: Element;
  readonly parent: Node;
  readonly next: Node | null;
}

// A script that reacts to every change of its content would remove a node each time it is put back.
const maxReturns = 3;

/**
 * Repairs changes that scripts, extensions, translators and users make to the nodes of a view, so that Lit can
 * continue to update them. Lit keeps references to its comments and text nodes: an update of text that has been
 * replaced would change a node outside the page, and an update of a part without its comments would throw.
 *
 * - Comments and text nodes that are removed are put back at once. A text node stays empty while the page shows
 *   something else in its place, such as a translation; when the view changes the text, the translation is removed.
 * - Elements that are removed are put back by the next update, unless they have been moved elsewhere in the page.
 *   What replaced elements or comments is removed then.
 * - Elements that are moved within the view are back in their places after an update of what surrounds them.
 * - Nodes that are added stay.
 *
 * Changes in elements with `live-ignore`, in other live sessions, and in nodes that others have added are not
 * repaired.
 */
export class ForeignChanges {
  readonly #container: HTMLElement;
  readonly #boundary: string;
  readonly #observer = new MutationObserver((records) => this.#repair(records));
  /** Nodes that others have added. */
  readonly #foreign = new WeakSet<Node>();
  /** Nodes of the view that others have removed before. */
  readonly #own = new WeakSet<Node>();
  #returns = new WeakMap<Node, number>();
  #replacements: Replacement[] = [];
  readonly #moves = new ForeignMoves();

  /** @param ignored selects the elements that belong to other scripts */
  constructor(container: HTMLElement, ignored: string) {
    this.#container = container;
    this.#boundary = `${ignored},live-session`;
  }

  /** Repairs what others have changed before, and observes the view from now on. */
  start(records: readonly MutationRecord[]): void {
    this.#repair(records);
    this.#observe();
  }

  /** Renders with all nodes of the view in place, and does not repair what the render changes. */
  render(draw: () => void): void {
    this.#repair(this.#observer.takeRecords());
    this.#observer.disconnect();
    for (const replacement of this.#replacements) {
      if (replacement.isStructural) undo(replacement);
    }
    const afterDraw = this.#moves.putBack((parent) => this.#isOwn(parent));
    try {
      draw();
    } finally {
      afterDraw();
      this.#prune();
      this.#returns = new WeakMap();
      this.#observe();
    }
  }

  #observe(): void {
    this.#observer.observe(this.#container, { childList: true, subtree: true });
  }

  /** Changes nodes in the view. The change is not repaired. */
  allow(change: () => void): void {
    this.#repair(this.#observer.takeRecords());
    change();
    this.#observer.takeRecords();
  }

  #repair(records: readonly MutationRecord[]): void {
    const removed = new Set(records.flatMap(({ removedNodes }) => [...removedNodes]));
    for (const node of records.flatMap(({ addedNodes }) => [...addedNodes])) {
      if (!removed.has(node) && !this.#own.has(node)) this.#foreign.add(node);
    }
    const removals = records.filter(
      ({ removedNodes, target }) => removedNodes.length > 0 && this.#isOwn(target),
    );
    for (const record of removals) this.#moves.note(record, (node) => !this.#foreign.has(node));
    // In reverse order, so that the neighbour that a record names is back in its place.
    for (const record of removals.reverse()) this.#putBack(record);
    this.#prune();
    this.#observer.takeRecords();
  }

  #putBack({ target, addedNodes, removedNodes, nextSibling }: MutationRecord): void {
    const shown = [...addedNodes] as ChildNode[];
    // Lit writes to the node behind a comment, so what is shown instead comes after both.
    const [next = null] = [...shown, nextSibling].filter(
      (node) => node && parentOf(node) === target,
    );
    const removed = [...removedNodes].filter(
      (node) => !node.isConnected && !this.#foreign.has(node),
    );
    for (const node of removed) this.#own.add(node);
    const elements = [...removedNodes].flatMap((node, i) =>
      node instanceof Element && removed.includes(node)
        ? [{ element: node, parent: target, next: removedNodes[i + 1] ?? nextSibling }]
        : [],
    );
    const returned = removed.filter((node) => !(node instanceof Element) && this.#mayReturn(node));
    for (const node of returned) target.insertBefore(node, next);
    const replaced = shown.length > 0 ? returned.filter((node) => node instanceof Text) : [];
    const texts = new Map(replaced.map((text) => [text, this.#forget(text)]));
    const isStructural = removed.some((node) => !(node instanceof Text));
    this.#add({ shown, texts, elements, isStructural });
  }

  #add(replacement: Replacement): void {
    const { texts, isStructural } = replacement;
    if (texts.size === 0 && !isStructural) return;
    for (const text of texts.keys()) empty(text, () => undo(replacement));
    this.#replacements.push(replacement);
  }

  #mayReturn(node: Node): boolean {
    const returns = (this.#returns.get(node) ?? 0) + 1;
    this.#returns.set(node, returns);
    return returns <= maxReturns;
  }

  /** Returns the string of a text node, which an earlier replacement may have. */
  #forget(text: Text): string {
    for (const { texts } of this.#replacements) {
      const data = texts.get(text);
      texts.delete(text);
      if (data !== undefined) return data;
    }
    return text.data;
  }

  /** Whether the view has rendered the nodes in an element. */
  #isOwn(target: Node): boolean {
    const container = this.#container;
    const closest = Element.prototype.closest.call(target, this.#boundary);
    if (closest !== container.closest(this.#boundary)) return false;
    for (let node: Node | null = target; node !== container; node = parentOf(node)) {
      // Lit elements without a shadow root render their own children.
      if (!node || this.#foreign.has(node) || "_$litPart$" in node) return false;
    }
    return true;
  }

  /** Ends replacements whose nodes have been removed, by others or by the view. */
  #prune(): void {
    this.#replacements = this.#replacements.filter((replacement) => {
      const { shown, texts, elements } = replacement;
      const isShown = shown.some((node) => node.isConnected);
      const isRemoved = [...texts.keys()].some((text) => !text.isConnected);
      if (isRemoved || (shown.length > 0 && !isShown)) undo(replacement);
      return isShown || elements.some(({ element }) => !element.isConnected);
    });
  }
}

/** Returns the parent of a node. In a form, a field named `parentNode` hides it. */
const parentOf = (node: Node): ParentNode | null => Reflect.get(Node.prototype, "parentNode", node);

/** Empties a text node until something is written to it. */
function empty(text: Text, handleWrite: () => void): void {
  delete (text as Partial<Text>).data;
  text.data = "";
  Object.defineProperty(text, "data", {
    configurable: true,
    get: () => "",
    set: (data: string) => {
      delete (text as Partial<Text>).data;
      handleWrite();
      text.data = data;
    },
  });
}

/** Shows the view's own nodes again. */
function undo({ shown, texts, elements }: Replacement): void {
  for (const node of shown) node.remove();
  for (const [text, data] of texts) {
    delete (text as Partial<Text>).data;
    text.data = data;
  }
  texts.clear();
  for (const { element, parent, next } of [...elements].reverse()) {
    if (!element.isConnected && parent.isConnected) {
      parent.insertBefore(element, next && parentOf(next) === parent ? next : null);
    }
  }
}
