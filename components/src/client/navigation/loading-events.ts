import {
  LivePageLoadingStartEvent,
  LivePageLoadingStopEvent,
  type PageLoadingKind,
} from "../../events.js";

/** Tells the page what it is waiting for; each start gets its stop, what began within another before it. */
export class LoadingEvents {
  readonly #target: EventTarget;
  #open: (readonly [PageLoadingKind, string, Element?])[] = [];

  constructor(target: EventTarget) {
    this.#target = target;
  }

  /** How many starts have had no stop yet. */
  get waits(): number {
    return this.#open.length;
  }

  /** @returns ends this waiting, if nothing has before. */
  start(...begun: readonly [kind: PageLoadingKind, href: string, element?: Element]): () => void {
    this.#open.unshift(begun);
    this.#target.dispatchEvent(new LivePageLoadingStartEvent(...begun));
    return () => this.stop(begun);
  }

  /** Ends all waiting, or some. */
  stop(only?: unknown): void {
    const ended = this.#open.filter((open) => !only || open === only);
    this.#open = this.#open.filter((open) => !ended.includes(open));
    for (const open of ended) this.#target.dispatchEvent(new LivePageLoadingStopEvent(...open));
  }
}
