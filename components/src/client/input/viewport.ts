import type { Binder } from "../bindings.js";

// Scrolling tells more than a view needs to hear.
const intervalMs = 500;

/**
 * Tells elements with a `live-viewport-top` or `live-viewport-bottom` when the user scrolls up to their first child,
 * or down to their last one, which the payload's `id` names.
 */
export class Viewport {
  readonly #binder: Binder;
  /** Where areas were scrolled to last. */
  readonly #offsets = new WeakMap<Element, number>();
  readonly #toldAtMs = new WeakMap<Element, number>();
  readonly #waiting = new WeakSet<Element>();

  constructor(binder: Binder) {
    this.#binder = binder;
  }

  handle(e: Event): void {
    if (e.type !== "scroll") return;
    const page = document.scrollingElement ?? document.documentElement;
    const area = e.target instanceof Element ? e.target : page;
    const before = this.#offsets.get(area) ?? 0;
    const now = area.scrollTop;
    this.#offsets.set(area, now);
    if (now === before) return;
    const edge = now < before ? "top" : "bottom";
    for (const element of this.#binder.all(`viewport-${edge}`)) {
      if (areaOf(element, page) === area) this.#reach(element, edge, area === page ? undefined : area, e);
    }
  }

  #reach(element: HTMLElement, edge: "top" | "bottom", area: Element | undefined, e: Event): void {
    const child = edge === "top" ? element.firstElementChild : element.lastElementChild;
    if (!child || this.#waiting.has(element) || !isInSight(child, edge, area)) return;
    if (e.timeStamp - (this.#toldAtMs.get(element) ?? -intervalMs) < intervalMs) return;
    this.#toldAtMs.set(element, e.timeStamp);
    const value = { id: child.id, ...this.#binder.valuesOf(element) };
    const begin = (): (() => void) => {
      this.#waiting.add(element);
      return () => {
        this.#waiting.delete(element);
        if (edge === "bottom") return;
        // What is put above it must not push away what the user is looking at.
        requestAnimationFrame(() => {
          if (child.isConnected && !isInSight(child, "top", area)) child.scrollIntoView({ block: "start" });
        });
      };
    };
    this.#binder.fire(element, `viewport-${edge}`, e, { type: "viewport", value, begin });
  }
}

/** What an element is scrolled in. */
function areaOf(element: HTMLElement, page: Element): Element {
  for (let area: Element | null = element; area && area !== document.body; area = area.parentElement) {
    if (area !== page && /auto|scroll/.test(getComputedStyle(area).overflowY)) return area;
  }
  return page;
}

function isInSight(child: Element, edge: "top" | "bottom", area: Element | undefined): boolean {
  const place = child.getBoundingClientRect()[edge];
  const { top, bottom } = area?.getBoundingClientRect() ?? { top: 0, bottom: innerHeight };
  return Math.ceil(place) >= top && Math.floor(place) <= bottom;
}
