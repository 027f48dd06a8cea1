import { ownMember } from "./own-member.js";
import { takesFocus } from "./takes-focus.js";

/** An element on the path from the focused one to the container, with the children of its parent. */
interface Step {
  readonly element: Element;
  readonly parent: Element;
  readonly siblings: readonly Element[];
}

/**
 * Remembers where the focus is below an element.
 *
 * @returns a function that is called after a render. If the focused element has been removed, the first of these gets
 *   the focus: the same control in the next or previous row, a control that is shown instead, the closest ancestor that
 *   is focusable or contains a heading. An element with `autofocus` that has been added comes before all of these; it
 *   takes the focus from other elements too, but not from a text field. A control that has lost the focus because its form
 *   is being sent counts as focused.
 */
export function keepFocus(container: Element): () => void {
  const root = container.getRootNode() as Document | ShadowRoot;
  const focused = container.contains(root.activeElement)
    ? root.activeElement
    : container.querySelector("[data-live-had-focus]");
  const path = pathTo(focused, container);
  const additions = new Additions(container);
  return () => {
    const { activeElement } = root;
    const isFree = !activeElement || activeElement === ownMember(document, "body");
    const added = additions.end();
    if ((isFree || !isTextField(activeElement)) && added.some(takesFocus)) return;
    if (isFree && focused && !focused.isConnected) {
      findNear(path).some((element) => takesFocus(element as HTMLElement));
    }
  };
}

/**
 * Observes which elements with `autofocus` are added during a render. Most updates add no element, and then the page, which may
 * be large, is not searched.
 */
class Additions {
  readonly #container: Element;
  readonly #observer = new MutationObserver(() => {});

  constructor(container: Element) {
    this.#container = container;
    this.#observer.observe(container, {
      attributeFilter: ["autofocus"],
      attributeOldValue: true,
      childList: true,
      subtree: true,
    });
  }

  /** Returns the elements that have been added. Moved ones are not among them. */
  end(): HTMLElement[] {
    const records = this.#observer.takeRecords();
    this.#observer.disconnect();
    if (records.length === 0) return [];
    const found = [...findAll(this.#container, "[autofocus]")] as HTMLElement[];
    // Reading thousands of records takes longer than the search, which mostly finds nothing.
    if (found.length === 0) return [];
    const added = new Set<Node>();
    const removed = new Set<Node>();
    for (const record of records) {
      const [gained, lost] = changesOf(record);
      for (const node of gained) added.add(node);
      // A node that was added before has no earlier place in the page.
      for (const node of lost) if (!added.has(node)) removed.add(node);
    }
    return found.filter((element) => isIn(element, added) && !isIn(element, removed));
  }
}

/** Returns the nodes that a record adds or that get `autofocus`, and those that it removes or that had `autofocus`. */
function changesOf({
  type,
  target,
  oldValue,
  addedNodes,
  removedNodes,
}: MutationRecord): [gained: Iterable<Node>, lost: Iterable<Node>] {
  if (type === "childList") return [addedNodes, removedNodes];
  return oldValue === null ? [[target], []] : [[], [target]];
}

/** Returns whether an element or one of its ancestors is in a set. */
function isIn(element: Element, nodes: ReadonlySet<Node>): boolean {
  for (let each: Element | null = element; each; each = parentOf(each))
    if (nodes.has(each)) return true;
  return false;
}

const parentOf = (element: Element): Element | null => ownMember(element, "parentElement");

const childrenOf = (element: Element): HTMLCollection => ownMember(element, "children");

const matches = (element: Element, selector: string): boolean =>
  Element.prototype.matches.call(element, selector);

const findAll = (element: Element, selector: string): NodeListOf<Element> =>
  Element.prototype.querySelectorAll.call(element, selector);

function isTextField(element: Element): boolean {
  const { isContentEditable } = element as HTMLElement;
  // Only fields with text have a selection; `selectionStart` is null for others, such as checkboxes.
  return isContentEditable || typeof (element as HTMLInputElement).selectionStart === "number";
}

/** Returns the path from an element to its container, the element first. */
function pathTo(element: Element | null, container: Element): Step[] {
  const path: Step[] = [];
  for (let each = element; each && each !== container; each = parentOf(each)) {
    const parent = parentOf(each) ?? container;
    path.push({ element: each, parent, siblings: [...childrenOf(parent)] });
  }
  return path;
}

/** Finds the elements near a removed one that may get the focus, the best first. */
function findNear(path: readonly Step[]): Element[] {
  const depth = path.findIndex(({ parent }) => ownMember(parent, "isConnected"));
  const removed = path[depth];
  if (!removed) return [];
  const { element, parent, siblings } = removed;
  const position = siblings.indexOf(element);
  const others = [...siblings.slice(position + 1), ...siblings.slice(0, position).reverse()];
  const rows = others.filter(
    (other) => parentOf(other) === parent && other.localName === element.localName,
  );
  const inside = path.slice(0, depth).reverse();
  const instead = childrenOf(parent)[position];
  return [
    ...rows.flatMap((row) => findSame(row, inside) ?? []),
    ...(instead && !siblings.includes(instead) ? focusableIn(instead) : []),
    ...findAround(parent, others.find((other) => parentOf(other) === parent) ?? parent),
  ];
}

/** Finds the control in a row that is at the same place as the removed control was in the removed row. */
function findSame(row: Element, inside: readonly Step[]): Element | undefined {
  let found: Element = row;
  for (const { element, siblings } of inside) {
    const same: Element | undefined = childrenOf(found)[siblings.indexOf(element)];
    if (same?.localName !== element.localName) return undefined;
    found = same;
  }
  return matches(found, focusable) || found.localName.includes("-") ? found : undefined;
}

const focusable = "a[href],button,input,select,textarea,summary,[tabindex],[contenteditable]";

const focusableIn = (element: Element): Element[] =>
  [element, ...findAll(element, focusable)].filter((each) => matches(each, focusable));

/** Returns the closest ancestors that are focusable, and their headings. */
function findAround(parent: Element, place: Element): Element[] {
  const found: Element[] = [];
  for (let each: Element | null = parent; each; each = parentOf(each)) {
    if (matches(each, `dialog,${focusable}`)) found.push(each);
    const headings = [...findAll(each, "h1,h2,h3,h4,h5,h6")];
    const before = headings.filter(
      (heading) => place.compareDocumentPosition(heading) & Node.DOCUMENT_POSITION_PRECEDING,
    );
    found.push(...before.reverse(), ...headings);
  }
  return found;
}
