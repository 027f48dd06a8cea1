import type { Binder } from "./binder.js";

/**
 * Tells elements with a `live-click-away` of clicks elsewhere: those that begin and end outside of an element
 * that is in sight.
 */
export class ClickAway {
  readonly #binder: Binder;
  // What happened before the part was there finds the page as it has become since, with what it has shown.
  readonly #since = performance.now();
  #start: EventTarget | null | undefined;

  constructor(binder: Binder) {
    this.#binder = binder;
  }

  handle(e: Event): void {
    const { target } = e;
    if (e.type === "mousedown") this.#start = target;
    if (e.type !== "click" || e.timeStamp < this.#since) return;
    // A click without a pointer begins where it ends.
    const start = ((e as MouseEvent).detail === 0 ? undefined : this.#start) ?? target;
    this.#start = undefined;
    // Scripts click buttons that nobody sees.
    if (!(start instanceof Element) || !isShown(start)) return;
    for (const element of this.#binder.all("click-away")) {
      if (
        element.contains(start) ||
        element.contains(target as Node) ||
        !isShown(element) ||
        !isInSight(element)
      ) {
        continue;
      }
      this.#binder.fire(element, "click-away", e, {
        type: "click",
        value: this.#binder.valueOf(element),
      });
    }
  }
}

const isShown = (element: Element): boolean => element.getClientRects().length > 0;

function isInSight(element: Element): boolean {
  const { top, bottom, left, right } = element.getBoundingClientRect();
  return bottom >= 0 && right >= 0 && top <= innerHeight && left <= innerWidth;
}
