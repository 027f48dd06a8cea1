import type { Binder } from "./binder.js";

// Scrolling causes more events than a view needs.
const intervalMs = 500;

type Edge = "top" | "bottom";

/** A list whose edge the user has scrolled to. */
interface ScrolledList {
  readonly element: HTMLElement;
  readonly edge: Edge;
  /** The element that scrolls the list; `undefined` if the page does. */
  readonly area: Element | undefined;
}

/** An event that was sent less than an interval ago, or is not answered yet. */
interface Pending {
  readonly child: Element;
  /** The number of waits that have not ended: the interval and, once the event is sent, its reply. */
  waits: number;
  /** Checks the list again: the user has scrolled on to another child meanwhile. */
  checkAgain?: () => void;
}

/**
 * Fires `live-viewport-top` and `live-viewport-bottom` of lists when the user scrolls up to the first child, or down
 * to the last one. The payload contains the child's `id`, and `_overran` if the user has scrolled past the child into
 * the space that the list reserves for children that it does not contain.
 */
export class Viewport {
  readonly #binder: Binder;
  /** The last scroll offsets of scrolling areas. */
  readonly #offsets = new WeakMap<Element, number>();
  readonly #pending = new Map<Element, Pending>();

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
      if (areaOf(element, page) !== area) continue;
      this.#check({ element, edge, area: area === page ? undefined : area }, e);
    }
  }

  /** Fires the binding of a list if the user has reached the child at the edge. */
  #check(list: ScrolledList, e: Event): void {
    const { element, edge } = list;
    const child = edge === "top" ? element.firstElementChild : element.lastElementChild;
    const pending = this.#pending.get(element);
    if (!child || child === pending?.child) return;
    if (pending) pending.checkAgain = () => this.#check(list, e);
    else if (!isBeyond(child, list)) this.#fire(list, child, e);
  }

  #fire(list: ScrolledList, child: Element, e: Event): void {
    const { element, edge } = list;
    const pending: Pending = { child, waits: 1 };
    this.#pending.set(element, pending);
    setTimeout(() => this.#end(element, pending), intervalMs);
    const hasOverrun = !isVisible(child, list);
    const begin = (): (() => void) => {
      pending.waits++;
      // The answer is shown before the next frame.
      return () =>
        requestAnimationFrame(() => {
          if (edge === "top" && !hasOverrun) keepVisible(child, list);
          this.#end(element, pending);
        });
    };
    const value = {
      id: child.id,
      ...(hasOverrun && { _overran: true }),
      ...this.#binder.valuesOf(element),
    };
    this.#binder.fire(element, `viewport-${edge}`, e, { type: "viewport", value, begin });
  }

  #end(element: HTMLElement, pending: Pending): void {
    pending.waits--;
    if (pending.waits > 0) return;
    this.#pending.delete(element);
    pending.checkAgain?.();
  }
}

/** Finds the element that scrolls another one: itself, an ancestor, or the page. */
function areaOf(element: HTMLElement, page: Element): Element {
  let area: Element | null = element;
  while (area && area !== document.body) {
    if (area !== page && /auto|scroll/.test(getComputedStyle(area).overflowY)) return area;
    // A field of a form may hide this property.
    area = Reflect.get(Node.prototype, "parentElement", area);
  }
  return page;
}

const boundsOf = ({ area }: ScrolledList) =>
  area?.getBoundingClientRect() ?? { top: 0, bottom: innerHeight };

/** Whether the user must scroll on to reach a child at the edge. */
function isBeyond(child: Element, list: ScrolledList): boolean {
  const { top, bottom } = boundsOf(list);
  const position = child.getBoundingClientRect()[list.edge];
  return list.edge === "top" ? Math.ceil(position) < top : Math.floor(position) > bottom;
}

/** Whether the edge of a child is inside of the area. */
function isVisible(child: Element, list: ScrolledList): boolean {
  const { top, bottom } = boundsOf(list);
  const position = child.getBoundingClientRect()[list.edge];
  return Math.ceil(position) >= top && Math.floor(position) <= bottom;
}

/** Scrolls back to the first child if new children above it have pushed it out of the area. */
function keepVisible(child: Element, list: ScrolledList): void {
  if (child.isConnected && !isVisible(child, list)) child.scrollIntoView({ block: "start" });
}
