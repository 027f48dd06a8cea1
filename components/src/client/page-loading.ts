import { LivePageLoadingStartEvent, LivePageLoadingStopEvent, type PageLoadingKind } from "../events.js";

/** Tells the page what it is waiting for; each start gets its stop, what began within another before it. */
export class PageLoading {
  readonly #target: EventTarget;
  #open: [PageLoadingKind, string][] = [];

  constructor(target: EventTarget) {
    this.#target = target;
  }

  /** How many starts have had no stop yet. */
  get waits(): number {
    return this.#open.length;
  }

  start(kind: PageLoadingKind, href: string): void {
    this.#open.unshift([kind, href]);
    this.#target.dispatchEvent(new LivePageLoadingStartEvent(kind, href));
  }

  /** Ends all waiting, or that of one kind. */
  stop(only?: PageLoadingKind): void {
    const ended = this.#open.filter(([kind]) => !only || kind === only);
    this.#open = this.#open.filter((open) => !ended.includes(open));
    for (const [kind, href] of ended) this.#target.dispatchEvent(new LivePageLoadingStopEvent(kind, href));
  }
}
