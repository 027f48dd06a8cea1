/**
 * Remembers what an element and the elements in it lose when it is moved: scroll positions, modal dialogs and popovers.
 * Returns a function that restores what has been lost. With `moveBefore`, Firefox loses scroll positions; without it,
 * browsers lose everything.
 */
export function keepState(root: Node): () => void {
  const elements = root instanceof Element ? [root, ...root.querySelectorAll("*")] : [];
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
      if (dialog.matches(":modal")) return;
      // A dialog that is no longer modal is still open.
      dialog.open = false;
      dialog.showModal();
    };
  }
  if ("popover" in element && element.matches(":popover-open")) {
    return () => {
      if (!element.matches(":popover-open")) (element as HTMLElement).showPopover();
    };
  }
  return undefined;
}
