const scrollSettledMs = 100;

/** Our data in `history.state.liveSession`, next to the data of other scripts. */
interface Entry {
  /** The same number for all entries of one view, which only patches have added. */
  readonly view: number;
  /** Grows by one with each entry, so that back can be distinguished from forward. */
  readonly position: number;
  readonly scroll?: number;
}

/** A step back or forward in the history. */
export interface Step {
  /** Whether the entry belongs to the view that is shown. */
  readonly patch: boolean;
  readonly direction: "forward" | "backward";
  /** The scroll position of the entry, if it has been current before. */
  readonly scroll: number | undefined;
  /** The argument of `history.go` that undoes the step. */
  readonly back: number;
  /** Makes the entry the current one. */
  accept(): void;
}

const entryOf = (state: unknown): Entry | undefined =>
  (state as { liveSession?: Entry } | null | undefined)?.liveSession;

/**
 * Keeps in the browser's history which entries belong to the view that is shown, their order and their scroll
 * positions. Only the main view of a page has it.
 */
export class HistoryEntries {
  #view = Math.random();
  #position = 0;
  #scrollTimer: ReturnType<typeof setTimeout> | undefined;

  /** Marks the current entry and takes control of scrolling from the browser. Can be called again. */
  start(): void {
    this.stamp(this.#position);
    history.scrollRestoration = "manual";
    addEventListener("scroll", this.#handleScroll, { passive: true });
    addEventListener("pagehide", this.stop);
  }

  /** Gives control of scrolling back to the browser. */
  readonly stop = (): void => {
    clearTimeout(this.#scrollTimer);
    history.scrollRestoration = "auto";
    removeEventListener("scroll", this.#handleScroll);
    removeEventListener("pagehide", this.stop);
  };

  /** Adds or replaces the entry for a URL. The current URL never gets a second entry. */
  visit(href: string, kind: "push" | "replace", patch: boolean): void {
    this.#replace(location.href);
    if (!patch) this.#view = Math.random();
    if (kind === "replace" || href === location.href) {
      this.#replace(href);
    } else {
      this.#position++;
      history.pushState(this.#state(), "", href);
    }
  }

  /** Compares the entry that the browser has gone to with the current one. */
  stepTo(state: unknown): Step {
    const entry = entryOf(state) ?? { view: Math.random(), position: this.#position - 1 };
    const distance = entry.position - this.#position;
    return {
      patch: entry.view === this.#view,
      direction: distance > 0 ? "forward" : "backward",
      scroll: entry.scroll,
      back: -distance,
      accept: () => this.#adopt(entry),
    };
  }

  /** Marks an entry that the browser added for a link within the page. */
  stamp(position = this.#position + 1): void {
    this.#adopt(entryOf(history.state) ?? { view: this.#view, position });
    this.#replace(location.href);
  }

  #adopt({ view, position }: Entry): void {
    // The scroll position that is not saved yet belongs to the previous entry.
    clearTimeout(this.#scrollTimer);
    this.#view = view;
    this.#position = position;
  }

  #replace(href: string): void {
    clearTimeout(this.#scrollTimer);
    history.replaceState({ ...history.state, ...this.#state() }, "", href);
  }

  #state(): { liveSession: Entry } {
    return { liveSession: { view: this.#view, position: this.#position, scroll: scrollY } };
  }

  readonly #handleScroll = (): void => {
    clearTimeout(this.#scrollTimer);
    this.#scrollTimer = setTimeout(() => this.#replace(location.href), scrollSettledMs);
  };
}
