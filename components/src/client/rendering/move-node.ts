/** Moves a node below its parent so that it keeps its state: scroll positions, open dialogs and popovers. */
export function moveNode(parent: Node & ParentNode, node: Node, before: Node | null): void {
  if ("moveBefore" in parent) {
    parent.moveBefore(node, before);
    return;
  }
  const restore = node instanceof Element ? keepState(node) : undefined;
  (parent as Node).insertBefore(node, before);
  restore?.();
}

/** Remembers the state that an element loses when it is removed. Returns a function that restores it. */
function keepState(root: Element): () => void {
  const elements = [root, ...root.querySelectorAll("*")];
  const restores = elements.flatMap((element) => [keepScroll(element), keepLayer(element)]);
  return () => {
    for (const restore of restores) restore?.();
  };
}

function keepScroll(element: Element): (() => void) | undefined {
  const { scrollTop: top, scrollLeft: left } = element;
  // Without `behavior`, the page's styles could scroll smoothly.
  if (top || left) return () => element.scrollTo({ top, left, behavior: "instant" });
  return undefined;
}

/** Remembers whether an element is in the top layer of the page. */
function keepLayer(element: Element): (() => void) | undefined {
  if (element.matches("dialog:modal")) {
    const dialog = element as HTMLDialogElement;
    return () => {
      // A dialog that is not modal any more is still open.
      dialog.open = false;
      dialog.showModal();
    };
  }
  if ("popover" in element && element.matches(":popover-open")) {
    return () => (element as HTMLElement).showPopover();
  }
  return undefined;
}
