import type { NavigationDetail } from "../../events.js";
import type { Visit } from "../navigation/visit.js";
import { Announcer } from "./announcer.js";
import { closePopovers } from "./close-popovers.js";
import { focusPage } from "./focus-page.js";
import { ProgressBar } from "./progress-bar.js";
import { type ShownVisit, startViewTransition } from "./view-transition.js";

/** Where a navigation has led, and where that is to be scrolled to if not where it says. */
type ShownPage = Pick<NavigationDetail, "href" | "patch"> & Pick<Partial<Visit>, "scroll">;

// A page takes no clicks during a view transition, so that is short unless the page's own styles say otherwise.
const styles = new CSSStyleSheet();
styles.replaceSync(":where(:root)::view-transition-group(*){animation-duration:.15s}");

/**
 * What a browser does for its user when it loads a page, done for navigations of the page's main view: it
 * shows that it is loading, says the title, begins to read at the top, scrolls there or to where it was, and leaves no
 * popover open.
 *
 * A part: the script begins without it. It hears from the view by events, and is told where navigations have led.
 */
export class MainPage {
  readonly #session: Element;
  readonly #announcer = new Announcer();
  readonly #bar: ProgressBar;
  readonly #aborter = new AbortController();
  #waits = 0;
  #left: Element | null = null;

  /** @param waits how many things are being waited for already. */
  constructor(session: Element, waits: number) {
    this.#session = session;
    document.adoptedStyleSheets.push(styles);
    this.#bar = new ProgressBar(session);
    this.#listen("live-page-loading-start", () => this.#wait());
    this.#listen("live-page-loading-stop", () => this.#waits-- === 1 && this.#bar.hide());
    // The browser may keep the page, and show it again.
    addEventListener("pagehide", closePopovers, { signal: this.#aborter.signal });
    for (let i = 0; i < waits; i++) this.#wait();
  }

  /** To be told of each navigation when the page has its URL. */
  arrive(visit: ShownPage): void {
    if (!visit.patch) {
      this.#announcer.clear();
      this.#closePopovers();
    }
    // Elements of the view render a moment after it.
    requestAnimationFrame(() => {
      if (this.#aborter.signal.aborted) return;
      if (!visit.patch) focusPage(this.#left, fragmentTarget(visit.href));
      this.#announcer.announce();
      scroll(visit);
    });
  }

  /** Shows a change of the page in a transition, if there is to be one. */
  transition(update: () => void, visit: ShownVisit): boolean {
    return startViewTransition(this.#session, update, visit);
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
    this.#session.addEventListener(type, (e) => e.target === this.#session && listener(e), {
      signal,
    });
  }

  /** A popover that is closed hands the focus back: nobody took it to there. */
  #closePopovers(): void {
    const isLeft = this.#left === document.activeElement;
    closePopovers();
    if (isLeft) this.#left = document.activeElement;
  }

  #wait(): void {
    this.#left = document.activeElement;
    if (this.#waits++ === 0) this.#bar.show();
  }
}

function scroll({ href, patch, scroll }: ShownPage): void {
  const target = fragmentTarget(href);
  if (scroll !== undefined) scrollTo(0, scroll);
  else if (target) target.scrollIntoView();
  else if (!patch) scrollTo(0, 0);
}

/** The element that the fragment of an absolute URL names. */
function fragmentTarget(href: string): HTMLElement | null {
  const id = new URL(href).hash.slice(1);
  try {
    return document.getElementById(decodeURIComponent(id));
  } catch {
    return document.getElementById(id);
  }
}
