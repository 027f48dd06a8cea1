import { depthStep } from "./child-part.js";

/**
 * Checks the markers of the server's HTML before Lit adopts it, and repairs what can be repaired: a script may
 * have wrapped an element in another one, so that its marker is before the wrapper.
 *
 * @returns whether the two markers of each part are in the same element. The HTML parser separates them where
 *   it moves an element, such as a `<div>` in a `<p>`.
 */
export function checkMarkers(container: Element): boolean {
  const walker = document.createTreeWalker(container, NodeFilter.SHOW_COMMENT);
  const open: Node[] = [];
  while (walker.nextNode()) {
    const marker = walker.currentNode as Comment;
    const step = depthStep(marker);
    if (step > 0) open.push(marker);
    else if (step === 0) moveToElement(marker);
    else if (!isPair(open.pop(), marker)) return false;
  }
  return open.length === 0;
}

/**
 * Whether two markers are in the same element. Does not read the element of a part with only one node, such as text, because the
 * browser would create an object for it.
 */
const isPair = (start: Node | undefined, end: Node): boolean =>
  start?.nextSibling?.nextSibling === end || start?.parentNode === end.parentNode;

/** Moves the marker of an element, `lit-node 3 input`, into what the element has been wrapped in. */
function moveToElement(marker: Comment): void {
  const [, tagName] = /^lit-node \d+ (\w+)$/.exec(marker.data) ?? [];
  const next = marker.nextElementSibling;
  if (!tagName || !next || next.localName === tagName) return;
  next.querySelector(tagName)?.before(marker);
}
