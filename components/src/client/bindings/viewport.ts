import type { Binder } from "./binder.js";

// Scrolling tells more than a view needs to hear.
const intervalMs = 500;

type Edge = "top" | "bottom";

/** A list that was told a moment ago, or is not answered yet. */
interface Told {
  readonly child: Element;
  /** The user has scrolled on since, where another child is. */
  lookAgain?: () => void;
}

/**
 * Tells elements with a `live-viewport-top` or `live-viewport-bottom` when the user scrolls up to their first child,
 * or down to their last one, which the payload's `id` names. `_overran` tells that the user has scrolled past it,
 * into the space that a list keeps for children it does not have.
 */
export class Viewport {
  readonly #binder: Binder;
  /** Where areas were scrolled to last. */
  readonly #offsets = new WeakMap<Element, number>();
  readonly #told = new Map<Element, Told>();

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
      if (areaOf(element, page) === area)
        this.#look(element, edge, area === page ? undefined : area, e);
    }
  }

  #look(element: HTMLElement, edge: Edge, area: Element | undefined, e: Event): void {
    const child = edge === "top" ? element.firstElementChild : element.lastElementChild;
    const told = this.#told.get(element);
    if (!child || child === told?.child) return;
    if (told) told.lookAgain = () => this.#look(element, edge, area, e);
    else if (!isBeyond(child, edge, area)) this.#tell(element, edge, area, child, e);
  }

  #tell(
    element: HTMLElement,
    edge: Edge,
    area: Element | undefined,
    child: Element,
    e: Event,
  ): void {
    const told: Told = { child };
    this.#told.set(element, told);
    let waits = 1;
    const end = (): void => {
      waits--;
      if (waits > 0) return;
      this.#told.delete(element);
      told.lookAgain?.();
    };
    setTimeout(end, intervalMs);
    const overran = !isInSight(child, edge, area);
    const begin = (): (() => void) => {
      waits++;
      // The answer is shown by the next frame.
      return () =>
        requestAnimationFrame(() => {
          // What is put above it must not push away what the user is looking at.
          if (edge === "top" && !overran && child.isConnected && !isInSight(child, edge, area))
            child.scrollIntoView({ block: "start" });
          end();
        });
    };
    const value = {
      id: child.id,
      ...(overran && { _overran: true }),
      ...this.#binder.valuesOf(element),
    };
    this.#binder.fire(element, `viewport-${edge}`, e, { type: "viewport", value, begin });
  }
}

/** What an element is scrolled in. */
function areaOf(element: HTMLElement, page: Element): Element {
  for (
    let area: Element | null = element;
    area && area !== document.body;
    area = area.parentElement
  ) {
    if (area !== page && /auto|scroll/.test(getComputedStyle(area).overflowY)) return area;
  }
  return page;
}

const boundsOf = (area: Element | undefined) =>
  area?.getBoundingClientRect() ?? { top: 0, bottom: innerHeight };

/** Whether the user has still to scroll on to come to a child. */
function isBeyond(child: Element, edge: Edge, area: Element | undefined): boolean {
  const { top, bottom } = boundsOf(area);
  const place = child.getBoundingClientRect()[edge];
  return edge === "top" ? Math.ceil(place) < top : Math.floor(place) > bottom;
}

function isInSight(child: Element, edge: Edge, area: Element | undefined): boolean {
  const { top, bottom } = boundsOf(area);
  const place = child.getBoundingClientRect()[edge];
  return Math.ceil(place) >= top && Math.floor(place) <= bottom;
}
