/**
 * Replaces a view with the next one in a View Transition. The browser first captures the old page, so the new view is
 * shown later; {@link ViewSwap.flush} shows it at once.
 */
export class ViewSwap {
  #show: (() => void) | undefined;

  /** Whether the new view is not shown yet. */
  get isPending(): boolean {
    return !!this.#show;
  }

  /** @param startTransition calls its argument later, or returns false if there is no transition */
  start(show: () => void, startTransition: (update: () => void) => boolean): void {
    this.#show = show;
    if (!startTransition(() => this.flush())) this.flush();
  }

  flush(): void {
    const show = this.#show;
    this.#show = undefined;
    show?.();
  }
}
