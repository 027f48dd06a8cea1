const scrollSettledMs = 100;

/** What we keep in `history.state.liveSession`, beside what others keep there. */
interface Entry {
  /** Entries of one view, that is, joined by patches only, share this number. */
  readonly view: number;
  /** Grows by one with each entry; tells back from forward. */
  readonly position: number;
  readonly scroll?: number;
}

/** What a step back or forward leads to. */
export interface Step {
  /** The entry is one of the view shown. */
  readonly patch: boolean;
  readonly direction: "forward" | "backward";
  /** Where the entry was scrolled to, if it has been the current one before. */
  readonly scroll: number | undefined;
  /** How far to go to undo the step. */
  readonly back: number;
  /** Makes the entry the current one. */
  accept(): void;
}

const entryOf = (state: unknown): Entry | undefined =>
  (state as { liveSession?: Entry } | null | undefined)?.liveSession;

/**
 * The browser's history as the main view of a page uses it: which entries belong to the view shown, in
 * which order they stand, and where each was scrolled to.
 */
export class HistoryEntries {
  #view = Math.random();
  #position = 0;
  #scrollTimer: ReturnType<typeof setTimeout> | undefined;

  /** Takes up the current entry and takes over scrolling from the browser. May be called again. */
  start(): void {
    this.stamp(this.#position);
    history.scrollRestoration = "manual";
    addEventListener("scroll", this.#handleScroll, { passive: true });
    addEventListener("pagehide", this.stop);
  }

  /** Gives scrolling back to the browser. */
  readonly stop = (): void => {
    clearTimeout(this.#scrollTimer);
    history.scrollRestoration = "auto";
    removeEventListener("scroll", this.#handleScroll);
    removeEventListener("pagehide", this.stop);
  };

  /** Goes to a URL; the one shown already gets no second entry. */
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

  /** Reads the entry that the browser has gone to. */
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

  /** Takes up an entry that the browser made itself, for a link within the page. */
  stamp(position = this.#position + 1): void {
    this.#adopt(entryOf(history.state) ?? { view: this.#view, position });
    this.#replace(location.href);
  }

  #adopt({ view, position }: Entry): void {
    // The pending position belongs to the entry that was left.
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
