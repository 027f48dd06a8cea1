import type { ShownVisit } from "../page/view-transition.js";

/** Begins a transition that calls `update` later; not `true` where there is none. */
type Begin = (update: () => void, visit: ShownVisit) => boolean | undefined;

/**
 * Shows a view that replaces another in a transition. The browser first takes a picture of the page as it
 * is. Whatever needs the new view meanwhile calls {@link ViewSwap.flush} and has it at once.
 */
export class ViewSwap {
  readonly #begin: Begin;
  #show: (() => void) | undefined;

  constructor(begin: Begin) {
    this.#begin = begin;
  }

  /** Whether a view is still to be shown. */
  get isPending(): boolean {
    return !!this.#show;
  }

  start(show: () => void, visit: ShownVisit): void {
    this.#show = show;
    if (!this.#begin(() => this.flush(), visit)) this.flush();
  }

  flush(): void {
    const show = this.#show;
    this.#show = undefined;
    show?.();
  }
}
