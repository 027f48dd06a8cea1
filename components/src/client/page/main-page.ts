import type { VisitDetail } from "../navigation/visit.js";
import { Announcer } from "./announcer.js";
import { closePopovers } from "./close-popovers.js";
import { focusPage } from "./focus-page.js";
import { ownMember } from "./own-member.js";
import { ProgressBar } from "./progress-bar.js";
import { type ShownVisit, startViewTransition } from "./view-transition.js";

export { keepFocus } from "./keep-focus.js";

/** A navigation that has finished, with the scroll position if it returned to a history entry. */
type ShownPage = Pick<VisitDetail, "href" | "patch"> & Pick<Partial<VisitDetail>, "scroll">;

// The page takes no clicks during a view transition, so the transition is short. The page's own styles can change that.
const styles = new CSSStyleSheet();
styles.replaceSync(":where(:root)::view-transition-group(*){animation-duration:.15s}");

/**
 * Does for navigations of the main view what a browser does when it loads a page: it shows a progress bar, announces the
 * title, moves the focus, scrolls, and closes popovers.
 *
 * Its module is loaded lazily. It listens to the loading events of the view and is notified of finished navigations.
 */
export class MainPage {
  readonly #session: Element;
  readonly #announcer = new Announcer();
  readonly #bar: ProgressBar;
  readonly #aborter = new AbortController();
  #waits = 0;
  #left: Element | null = null;

  /** @param waits the number of page loads that are in progress */
  constructor(session: Element, waits: number) {
    this.#session = session;
    document.adoptedStyleSheets.push(styles);
    this.#bar = new ProgressBar(session);
    this.#listen("live-page-loading-start", () => this.#wait());
    this.#listen("live-page-loading-stop", () => this.#waits-- === 1 && this.#bar.hide());
    // The back-forward cache may restore the page later.
    addEventListener("pagehide", closePopovers, { signal: this.#aborter.signal });
    for (let i = 0; i < waits; i++) this.#wait();
  }

  /** Called when a navigation has finished and the page has its URL. */
  arrive(visit: ShownPage): void {
    if (!visit.patch) {
      this.#announcer.clear();
      this.#closePopovers();
    }
    // Waits for the elements of the view, which render after it.
    requestAnimationFrame(() => {
      if (this.#aborter.signal.aborted) return;
      if (!visit.patch) focusPage(this.#left, fragmentTarget(visit.href));
      this.#announcer.announce();
      scroll(visit);
    });
  }

  /** Starts a View Transition for a visit; see {@link startViewTransition}. */
  startTransition(update: () => void, visit: ShownVisit): boolean {
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
    // Ignores events of nested live sessions.
    this.#session.addEventListener(type, (e) => e.target === this.#session && listener(e), {
      signal,
    });
  }

  /** Closing a popover moves the focus; that does not count as a move by the user. */
  #closePopovers(): void {
    const isLeft = this.#left === ownMember(document, "activeElement");
    closePopovers();
    if (isLeft) this.#left = ownMember(document, "activeElement");
  }

  #wait(): void {
    this.#left = ownMember(document, "activeElement");
    if (this.#waits++ === 0) this.#bar.show();
  }
}

function scroll({ href, patch, scroll }: ShownPage): void {
  const target = fragmentTarget(href);
  if (scroll !== undefined) scrollTo(0, scroll);
  else if (target) target.scrollIntoView();
  else if (!patch) scrollTo(0, 0);
}

/** Finds the element that the fragment of an absolute URL names. */
function fragmentTarget(href: string): HTMLElement | null {
  const id = new URL(href).hash.slice(1);
  try {
    return document.getElementById(decodeURIComponent(id));
  } catch {
    return document.getElementById(id);
  }
}
