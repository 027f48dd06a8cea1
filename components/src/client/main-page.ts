import type { LiveNavigateEvent } from "../events.js";
import { Announcer } from "./announcer.js";
import { type ShownVisit, startBrowserTransition } from "./browser-transition.js";
import { focusPage } from "./page-focus.js";
import { ProgressBar } from "./progress-bar.js";

/** What the part is given of the client, and how things stand when it is there. */
export interface MainPageState {
  /** How many things are being waited for. */
  readonly waits: number;
  /** A live navigation has been made already. */
  readonly hasNavigated: boolean;
  /** The element that the fragment of an absolute URL names. */
  fragmentTarget(href: string): HTMLElement | null;
}

// A page takes no clicks during a view transition, so that is short unless the page's own styles say otherwise.
const styles = new CSSStyleSheet();
styles.replaceSync(":where(:root)::view-transition-group(*){animation-duration:.15s}");

/**
 * What a browser does for its user when it loads a page, done for navigations of the page's main view: it
 * shows that it is loading, says the title, and begins to read at the top.
 *
 * A part: the script begins without it, and it hears from the view by events.
 */
export class MainPage {
  readonly #session: Element;
  readonly #announcer = new Announcer();
  readonly #bar: ProgressBar;
  readonly #aborter = new AbortController();
  readonly #fragmentTarget: MainPageState["fragmentTarget"];
  #waits = 0;
  #left: Element | null = null;

  constructor(session: Element, { waits, hasNavigated, fragmentTarget }: MainPageState) {
    this.#session = session;
    document.adoptedStyleSheets.push(styles);
    this.#fragmentTarget = fragmentTarget;
    this.#bar = new ProgressBar(session);
    this.#listen("live-page-loading-start", () => this.#wait());
    this.#listen("live-page-loading-stop", () => this.#waits-- === 1 && this.#bar.hide());
    this.#listen("live-navigate", (e) => this.#arrive(e as LiveNavigateEvent));
    for (let i = 0; i < waits; i++) this.#wait();
    if (hasNavigated) this.#arrive({ href: location.href, patch: false });
  }

  /** Shows a change of the page in a transition, if there is to be one. */
  transition(update: () => void, visit: ShownVisit): boolean {
    return startBrowserTransition(this.#session, update, visit);
  }

  close(): void {
    this.#aborter.abort();
    const { adoptedStyleSheets } = document;
    adoptedStyleSheets.splice(adoptedStyleSheets.lastIndexOf(styles), 1);
    this.#bar.hide();
    this.#announcer.close();
  }

  #listen(type: string, listener: (e: Event) => void): void {
    const { signal } = this.#aborter;
    // Sessions inside of this one have no page of their own.
    this.#session.addEventListener(type, (e) => e.target === this.#session && listener(e), { signal });
  }

  #wait(): void {
    this.#left = document.activeElement;
    if (this.#waits++ === 0) this.#bar.show();
  }

  #arrive({ href, patch }: Pick<LiveNavigateEvent, "href" | "patch">): void {
    if (!patch) this.#announcer.clear();
    // Elements of the view render a moment after it.
    requestAnimationFrame(() => {
      if (this.#aborter.signal.aborted) return;
      if (!patch) focusPage(this.#left, this.#fragmentTarget(href));
      this.#announcer.announce();
    });
  }
}
