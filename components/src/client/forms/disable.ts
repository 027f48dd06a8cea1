/** A property that disables an element, or makes it read-only. */
type Property = "disabled" | "readOnly";

type Blockable = HTMLElement & Partial<Record<Property, boolean>>;

/** An element that is blocked until the view answers. */
interface Blocked {
  readonly element: Blockable;
  readonly property: Property;
  /** The value that the view has rendered. */
  rendered: boolean;
}

/** Changes nodes of a view below an element so that the main script does not repair them. */
type NodeChanger = (element: Element, change: () => void) => void;

let changeNodes: NodeChanger = (_, change) => change();

/** Sets the function of the main script. Called when the module has been loaded. */
export function setNodeChanger(changer: NodeChanger): void {
  changeNodes = changer;
}

const allBlocked = new Set<Blocked>();

/**
 * Disables an element, or makes it read-only. An element without the property stays as it is.
 *
 * @returns a function that restores the value that the view has rendered last, unless something else still blocks the
 * element
 */
export function block(element: Blockable, property: Property): () => void {
  const shown = element[property];
  if (typeof shown !== "boolean") return () => {};
  const other = findBlocked(element, property);
  const blocked: Blocked = { element, property, rendered: other?.rendered ?? shown };
  allBlocked.add(blocked);
  element[property] = true;
  return () => {
    allBlocked.delete(blocked);
    if (!findBlocked(element, property)) element[property] = blocked.rendered;
  };
}

const findBlocked = (element: Blockable, property: Property): Blocked | undefined =>
  [...allBlocked].find((each) => each.element === element && each.property === property);

/**
 * Sets all blocked elements to the state that the view has rendered, so that the next render starts from that state.
 *
 * @returns a function that blocks them again
 */
export function unblockAll(): () => void {
  for (const { element, property, rendered } of allBlocked) element[property] = rendered;
  return () => {
    for (const each of allBlocked) each.rendered = each.element[each.property] ?? false;
    for (const { element, property } of allBlocked) element[property] = true;
  };
}

/**
 * Disables a button and, if a label is given, shows it in place of the button's own.
 *
 * @returns a function that restores the state that the view has rendered last, and the label with its own nodes
 */
export function disable(
  button: HTMLElement & { disabled?: boolean },
  label: string | null,
): () => void {
  const restoreLabel = label && button.disabled === false ? relabel(button, label) : undefined;
  const unblock = block(button, "disabled");
  return () => {
    unblock();
    restoreLabel?.();
  };
}

function relabel(button: HTMLElement, label: string): () => void {
  if (button instanceof HTMLInputElement) {
    const own = button.value;
    button.value = label;
    return () => {
      // The server may have rendered another value meanwhile.
      if (button.value === label) button.value = own;
    };
  }
  // Lit can still render into the label's nodes while they are in the fragment.
  const own = new DocumentFragment();
  changeNodes(button, () => {
    own.append(...button.childNodes);
    button.append(label);
  });
  return () => changeNodes(button, () => button.replaceChildren(own));
}
