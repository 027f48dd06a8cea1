import { depthStep } from "./child-part.js";

/** A part whose end marker has not been found yet, or the container. */
interface OpenPart {
  readonly start: Node;
  /** How many parts are directly in it. */
  count: number;
}

/** How many parts are directly in a part, by the comment that starts it. */
export const partCounts = new WeakMap<Node, number>();

/**
 * Checks the markers of the server's HTML before Lit adopts it, and repairs what can be repaired: a script may
 * have wrapped an element in another one, so that its marker is before the wrapper. Also counts parts for {@link partCounts}.
 *
 * @returns whether the two markers of each part are in the same element. The HTML parser separates them where
 *   it moves an element, such as a `<div>` in a `<p>`.
 */
export function checkMarkers(container: Element): boolean {
  const walker = document.createTreeWalker(container, NodeFilter.SHOW_COMMENT);
  // No marker in the container closes this one, because none is beside the container.
  const open: OpenPart[] = [{ start: container, count: 0 }];
  while (walker.nextNode()) {
    const marker = walker.currentNode as Comment;
    const step = depthStep(marker);
    if (step > 0) {
      (open.at(-1) as OpenPart).count++;
      open.push({ start: marker, count: 0 });
    } else if (step === 0) moveToElement(marker);
    else {
      const part = open.pop() as OpenPart;
      if (!isPair(part, marker)) return false;
      if (part.count) partCounts.set(part.start, part.count);
    }
  }
  return open.length === 1;
}

/**
 * Whether the end marker of a part is in the same element as its start. A part that is only text does not read the element,
 * because the browser would then create an object for it.
 */
const isPair = ({ start, count }: OpenPart, end: Comment): boolean =>
  (!count && start.nextSibling?.nextSibling === end) || start.parentNode === end.parentNode;

/** Moves the marker of an element, `lit-node 3 input`, into what the element has been wrapped in. */
function moveToElement(marker: Comment): void {
  const [, tagName] = /^lit-node \d+ (\w+)$/.exec(marker.data) ?? [];
  const next = marker.nextElementSibling;
  if (!tagName || !next || next.localName === tagName) return;
  next.querySelector(tagName)?.before(marker);
}
