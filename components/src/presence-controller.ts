import type { ReactiveController, ReactiveControllerHost } from "lit";

/** An item as it stands in the page: present, or gone from the data and on its way out. */
export interface Presence<T> {
  /** The id of the element in the host's shadow root that shows the item. */
  readonly id: string;
  readonly item: T;
  readonly leaving: boolean;
}

/**
 * Keeps the items that left a list in the page until the animation of their element has ended; without
 * one (reduced motion, none in the styles) they go at once. Focus inside of such an element moves to the
 * button of a neighbour that stays.
 *
 * The host renders what {@link present} returns, each element with its id, the leaving ones `inert`.
 */
export class PresenceController<T> implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  readonly #idOf: (item: T) => string;
  #presences: readonly Presence<T>[] = [];
  #newlyLeaving: readonly Presence<T>[] = [];

  constructor(host: ReactiveControllerHost & Element, idOf: (item: T) => string) {
    this.#host = host;
    this.#idOf = idOf;
    host.addController(this);
  }

  /** The items and, each after the item it stood behind, those that are leaving. To be called once a render. */
  present(items: readonly T[]): readonly Presence<T>[] {
    const ids = new Set(items.map(this.#idOf));
    const presences: Presence<T>[] = items.map((item) => ({ id: this.#idOf(item), item, leaving: false }));
    const newlyLeaving: Presence<T>[] = [];
    let previous: string | undefined;
    for (const old of this.#presences) {
      if (!ids.has(old.id)) {
        const leaving = old.leaving ? old : { ...old, leaving: true };
        presences.splice(presences.findIndex(({ id }) => id === previous) + 1, 0, leaving);
        if (leaving !== old) newlyLeaving.push(leaving);
      }
      previous = old.id;
    }
    this.#presences = presences;
    this.#newlyLeaving = newlyLeaving;
    return presences;
  }

  hostUpdated(): void {
    for (const presence of this.#newlyLeaving) void this.#leave(presence);
    this.#newlyLeaving = [];
  }

  async #leave(presence: Presence<T>): Promise<void> {
    const element = this.#elementOf(presence);
    if (element?.contains(this.#host.shadowRoot?.activeElement ?? null)) this.#moveFocus(presence);
    const animations = element?.getAnimations() ?? [];
    await Promise.allSettled(animations.map(({ finished }) => finished));
    // Whatever came back meanwhile has a presence of its own.
    this.#presences = this.#presences.filter((other) => other !== presence);
    this.#host.requestUpdate();
  }

  #moveFocus(from: Presence<T>): void {
    const at = this.#presences.indexOf(from);
    const byNearness = [...this.#presences.slice(at), ...this.#presences.slice(0, at).reverse()];
    const next = byNearness.find(({ leaving }) => !leaving);
    if (next) this.#elementOf(next)?.querySelector("button")?.focus();
  }

  #elementOf({ id }: Presence<T>): HTMLElement | null {
    return this.#host.shadowRoot?.getElementById(id) ?? null;
  }
}
