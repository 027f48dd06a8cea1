import { publicHref } from "./load-page.js";

const scrollSettledMs = 100;

/** How long to wait after the browser has refused to change the history. Its limits apply to spans of 10 s. */
const retryMs = 1000;

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

/** Returns the number of the view that the current entry of the history belongs to; `undefined` if it has none. */
export const currentViewNumber = (): number | undefined => entryOf(history.state)?.view;

/**
 * Keeps in the browser's history which entries belong to the view that is shown, their order and their scroll
 * positions. Only the main view of a page has it.
 *
 * Browsers limit how often a page changes its history: 100 times in 10 s in WebKit, 200 times in other engines. WebKit
 * and Firefox throw, Chromium ignores the call. An entry that was refused is written later; until then the address bar
 * shows an earlier URL.
 */
export class HistoryEntries {
  /** Differs from that of the same page before a reload: the view of its entries no longer exists. */
  #view = Math.random();
  #position = 0;
  #isStarted = false;
  #scrollTimer: ReturnType<typeof setTimeout> | undefined;
  /** The kind of change of the history that the browser has refused. */
  #refused: "push" | "replace" | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;

  /** Whether the address bar shows an earlier URL until the browser allows the next change. */
  get isBehind(): boolean {
    return !!this.#refused;
  }

  /** Marks the current entry and takes control of scrolling from the browser. Can be called again. */
  start(): void {
    if (!this.#isStarted) {
      this.#isStarted = true;
      this.#position = entryOf(history.state)?.position ?? 0;
      this.#write(location.href);
    }
    history.scrollRestoration = "manual";
    addEventListener("scroll", this.#handleScroll, { passive: true });
    addEventListener("pagehide", this.stop);
  }

  /** Gives control of scrolling back to the browser. */
  readonly stop = (): void => {
    clearTimeout(this.#scrollTimer);
    clearTimeout(this.#retryTimer);
    history.scrollRestoration = "auto";
    removeEventListener("scroll", this.#handleScroll);
    removeEventListener("pagehide", this.stop);
  };

  /** Adds or replaces the entry for a URL. The current URL never gets a second entry. */
  visit(href: string, kind: "push" | "replace", patch: boolean): void {
    // Browsers count each call, so the entry that is left is written only if the user has scrolled.
    if (entryOf(history.state)?.scroll !== scrollY) this.#saveScroll();
    if (!patch) this.#view = Math.random();
    const isCurrent = !this.#refused && publicHref(href) === publicHref(location.href);
    this.#write(href, isCurrent ? "replace" : kind);
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
  stamp(): void {
    const entry = entryOf(history.state);
    this.#adopt(entry ?? { view: this.#view, position: this.#position + 1 });
    if (!entry) this.#write(location.href);
  }

  #adopt({ view, position }: Entry): void {
    // The scroll position that is not saved yet belongs to the previous entry.
    clearTimeout(this.#scrollTimer);
    // The user has left the entry that was refused.
    this.#refused = undefined;
    this.#view = view;
    this.#position = position;
  }

  /** Writes an entry, or does so later if the browser refuses. */
  #write(href: string, kind: "push" | "replace" = "replace"): void {
    clearTimeout(this.#scrollTimer);
    clearTimeout(this.#retryTimer);
    // If the browser had accepted the entry that it refused, that entry would be the current one.
    const isPush = kind === "push" || this.#refused === "push";
    this.#refused = undefined;
    const position = this.#position + (isPush ? 1 : 0);
    const state = { liveSession: { view: this.#view, position, scroll: scrollY } };
    // A page cannot leave out the credentials of its URL. Chromium removes them from `location`.
    const { username, password } = new URL(document.URL);
    const url = Object.assign(new URL(href), { username, password });
    try {
      if (isPush) history.pushState(state, "", url);
      else history.replaceState({ ...history.state, ...state }, "", url);
    } catch {
      // The check below detects this refusal too.
    }
    const written = entryOf(history.state);
    const isWritten = written?.position === position && written.view === this.#view;
    if (isWritten && publicHref(location.href) === publicHref(href)) {
      this.#position = position;
    } else {
      this.#refused = isPush ? "push" : "replace";
      this.#retryTimer = setTimeout(() => this.#write(href), retryMs);
    }
  }

  #saveScroll(): void {
    // Otherwise the position belongs to an entry that does not exist yet.
    if (!this.#refused) this.#write(location.href);
  }

  readonly #handleScroll = (): void => {
    clearTimeout(this.#scrollTimer);
    this.#scrollTimer = setTimeout(() => this.#saveScroll(), scrollSettledMs);
  };
}
