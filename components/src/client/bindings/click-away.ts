import type { Binder } from "./binder.js";

/**
 * Fires `live-click-away` of elements for clicks elsewhere. A click counts if it begins and ends outside of the
 * element, and the element is visible in the viewport.
 */
export class ClickAway {
  readonly #binder: Binder;
  // An earlier click that had to wait for this module may itself have opened an element, which it must not close again.
  readonly #createdAt = performance.now();
  #mousedownTarget: EventTarget | null | undefined;

  constructor(binder: Binder) {
    this.#binder = binder;
  }

  handle(e: Event): void {
    if (e.type === "mousedown") this.#mousedownTarget = e.target;
    else if (e.type === "click") this.#handleClick(e as MouseEvent);
  }

  #handleClick(e: MouseEvent): void {
    if (e.timeStamp < this.#createdAt) return;
    const end = e.target as Node;
    // A click by the keyboard or a script has no mousedown: it begins where it ends.
    const start = e.detail === 0 ? end : (this.#mousedownTarget ?? end);
    this.#mousedownTarget = undefined;
    // Scripts also click invisible buttons. These are not clicks of the user.
    if (!(start instanceof Element) || !isVisible(start)) return;
    for (const element of this.#binder.all("click-away")) {
      if (contains(element, start) || contains(element, end)) continue;
      if (!isVisible(element) || !isInViewport(element)) continue;
      const value = this.#binder.valueOf(element);
      this.#binder.fire(element, "click-away", e, { type: "click", value });
    }
  }
}

/** Whether an element contains a node, even if it is a form with a field named `contains`. */
const contains = (element: Element, node: Node): boolean =>
  Node.prototype.contains.call(element, node);

const isVisible = (element: Element): boolean => element.getClientRects().length > 0;

function isInViewport(element: Element): boolean {
  const { top, bottom, left, right } = element.getBoundingClientRect();
  return bottom >= 0 && right >= 0 && top <= innerHeight && left <= innerWidth;
}
