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
  const known = new Set(container.querySelectorAll("[autofocus]"));
  return () => {
    const { activeElement } = root;
    const isFree = !activeElement || activeElement === ownMember(document, "body");
    if (isFree || !isTextField(activeElement)) {
      const added = [...container.querySelectorAll<HTMLElement>("[autofocus]")];
      if (added.some((element) => !known.has(element) && takesFocus(element))) return;
    }
    if (isFree && focused && !focused.isConnected) {
      findNear(path).some((element) => takesFocus(element as HTMLElement));
    }
  };
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
