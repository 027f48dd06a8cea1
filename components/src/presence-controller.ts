import type { ReactiveControllerHost } from "lit";

/** An item of a list, shown by an element with the same id. */
interface Item {
  readonly id: string;
  readonly leaving?: boolean;
}

/**
 * Keeps items that have left a list in the page until the animation of their element has ended. Without an animation
 * (reduced motion, or none in the styles) they are removed at once. If such an element has the focus, the focus moves to
 * the button of a neighbour that stays.
 *
 * The host renders the result of {@link present}: each item in an element of its shadow root with the same id. Elements
 * of `leaving` items are `inert`.
 */
export class PresenceController<T extends Item> {
  readonly #host: ReactiveControllerHost & Element;
  #items: readonly T[] = [];

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
  }

  /** Returns the items, with each leaving item after the one that it followed. Must be called once per render. */
  present(items: readonly T[]): readonly T[] {
    const shown = [...items];
    let previous: string | undefined;
    for (const old of this.#items) {
      if (!items.some(({ id }) => id === old.id)) {
        const leaving = old.leaving ? old : { ...old, leaving: true };
        if (leaving !== old) void this.#leave(leaving);
        shown.splice(shown.findIndex(({ id }) => id === previous) + 1, 0, leaving);
      }
      previous = old.id;
    }
    this.#items = shown;
    return shown;
  }

  async #leave(item: T): Promise<void> {
    await this.#host.updateComplete;
    const element = this.#elementOf(item);
    if (element?.contains(this.#host.shadowRoot?.activeElement ?? null)) this.#moveFocus(item);
    const animations = element?.getAnimations() ?? [];
    await Promise.allSettled(animations.map(({ finished }) => finished));
    // An item that has returned in the meantime is a different object and stays.
    this.#items = this.#items.filter((other) => other !== item);
    this.#host.requestUpdate();
  }

  #moveFocus(from: T): void {
    const at = this.#items.indexOf(from);
    const byNearness = [...this.#items.slice(at), ...this.#items.slice(0, at).reverse()];
    const next = byNearness.find(({ leaving }) => !leaving);
    if (next) this.#elementOf(next)?.querySelector("button")?.focus();
  }

  #elementOf({ id }: T): HTMLElement | null | undefined {
    return this.#host.shadowRoot?.getElementById(id);
  }
}
