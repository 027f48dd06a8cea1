import type { NavigationDetail } from "../events.js";

/**
 * Shows a view that replaces another in a View Transition of the browser, unless it has none, the user
 * wants little motion, or `no-view-transitions` stands on the live session or around it.
 *
 * The browser first takes a picture of the page as it is. Whatever needs the new view meanwhile calls
 * {@link ViewTransition.flush} and has it at once.
 */
export class ViewTransition {
  readonly #owner: Element;
  #show: (() => void) | undefined;

  constructor(owner: Element) {
    this.#owner = owner;
  }

  /** Whether a view is still to be shown. */
  get isPending(): boolean {
    return !!this.#show;
  }

  start(
    show: () => void,
    { direction, isAnimated }: Pick<NavigationDetail, "direction"> & { readonly isAnimated?: boolean },
  ): void {
    this.#show = show;
    if (
      isAnimated ||
      !document.startViewTransition ||
      matchMedia("(prefers-reduced-motion: reduce)").matches ||
      this.#owner.closest("[no-view-transitions]")
    ) {
      this.flush();
      return;
    }
    const transition = document.startViewTransition(() => this.flush());
    transition.types?.add(direction);
    // It is skipped where the page is hidden or the next one begins.
    transition.ready.catch(() => {});
  }

  flush(): void {
    const show = this.#show;
    this.#show = undefined;
    show?.();
  }
}
