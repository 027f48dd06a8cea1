import {
  LivePageLoadingStartEvent,
  LivePageLoadingStopEvent,
  type PageLoadingKind,
} from "../../events.js";

/**
 * Dispatches `live-page-loading-start` and `live-page-loading-stop`. Each start gets one stop; waits that started
 * within another one stop before it.
 */
export class LoadingEvents {
  readonly #target: EventTarget;
  #open: (readonly [PageLoadingKind, string, Element?])[] = [];

  constructor(target: EventTarget) {
    this.#target = target;
  }

  /** The number of starts that have had no stop yet. */
  get waits(): number {
    return this.#open.length;
  }

  /** @returns a function that stops this wait, unless it has been stopped before */
  start(...detail: readonly [kind: PageLoadingKind, href: string, element?: Element]): () => void {
    this.#open.unshift(detail);
    this.#target.dispatchEvent(new LivePageLoadingStartEvent(...detail));
    return () => this.stop(detail);
  }

  /** Stops all waits, or only one. */
  stop(only?: unknown): void {
    const stopped = this.#open.filter((open) => !only || open === only);
    this.#open = this.#open.filter((open) => !stopped.includes(open));
    for (const detail of stopped) {
      this.#target.dispatchEvent(new LivePageLoadingStopEvent(...detail));
    }
  }
}
