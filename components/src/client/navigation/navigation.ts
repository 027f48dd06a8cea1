import { LiveBeforeNavigateEvent, LiveNavigateEvent, type NavigationDetail } from "../../events.js";
import type { NavigationTarget, RedirectTarget } from "../../protocol/index.js";
import { markLoading } from "../bindings/loading-class.js";
import { LazyModule } from "../lazy-module.js";
import type { MainPage } from "../page/main-page.js";
import { setFocusKeeper } from "../rendering/input-keeper.js";
import type { HistoryEntries } from "./history-entries.js";
import { isSamePage, loadPage, publicHref } from "./load-page.js";
import type { LoadingEvents } from "./loading-events.js";
import type { Visit, VisitDetail, VisitOptions } from "./visit.js";

const maxRedirects = 10;
const doubleClickMs = 500;

/** The view that performs visits. */
export interface VisitedView {
  readonly element: HTMLElement;
  readonly loading: Pick<LoadingEvents, "waits">;
  /** Whether the view takes messages. */
  readonly isJoined: boolean;
  /** Whether the connection is up, so that a join would be answered. */
  readonly isOnline: boolean;
  /** Called when the browser starts to load another page. */
  unload(): void;
  /** Patches the view, or joins the view at the URL of the visit, and reports the progress to the visit. */
  perform(visit: Visit): void;
}

/** A navigation that the server starts: to another view if it has a `kind`, else to any page. */
type ServerTarget = RedirectTarget & Partial<Pick<NavigationTarget, "kind">>;

/** The URL where navigation starts, and the URLs that need no page load. */
export interface NavigationOptions {
  /** The absolute URL of the view. */
  readonly url: string;
  /** The paths of the live session, as the source of a regular expression. */
  readonly routes?: string | undefined;
}

/**
 * Decides how a view gets to a URL, and passes the visit to the view. At most one visit is in progress; a later one
 * replaces it.
 *
 * The main view of the page owns the address bar (`history` is given); any other view has a URL of its own.
 */
export class Navigation {
  readonly #view: VisitedView;
  readonly #history: HistoryEntries | undefined;
  readonly #routes: RegExp | undefined;
  /** Performs the page's part of a navigation. Its module is loaded lazily. */
  #page: MainPage | undefined;
  #url: string;
  #visit: Visit | undefined;
  #startedAt = 0;
  #redirects = 0;
  /** A live navigation that has finished before the module of the main page was loaded. */
  #early: VisitDetail | undefined;
  /** Removes the loading class from the link of the visit in progress. */
  #unmarkLink = (): void => {};
  #isClosed = false;

  constructor(view: VisitedView, { url, routes }: NavigationOptions, history?: HistoryEntries) {
    this.#view = view;
    this.#url = publicHref(url);
    this.#routes = routes ? parseRoutes(routes) : undefined;
    this.#history = history;
    if (history) addEventListener("popstate", this.#handlePopState);
    const load = () => import("../page/main-page.js");
    const page = new LazyModule(view.element, load, ({ MainPage, keepFocus }) => {
      setFocusKeeper(keepFocus);
      if (this.#isClosed || !history) return;
      this.#page = new MainPage(view.element, view.loading.waits);
      if (this.#early) this.#page.arrive(this.#early);
    });
    void page.load();
  }

  /**
   * The absolute URL of the view: that of the address bar, which scripts of the page may have changed too. While the
   * browser refuses changes of the history, the address bar shows an earlier URL.
   */
  get url(): string {
    return this.#history && !this.#history.isBehind ? publicHref(location.href) : this.#url;
  }

  /** The live navigation in progress, which the next join performs. */
  get pending(): Visit | undefined {
    return this.#visit?.patch ? undefined : this.#visit;
  }

  /** Starts a visit from the browser, unless a listener cancels it. */
  visit(to: string, { kind = "push", patch = false, link }: VisitOptions = {}): void {
    if (link && link === this.#visit?.link) {
      // The user does not want to wait any longer, unless it was a double click.
      if (Date.now() - this.#startedAt > doubleClickMs) this.#visit?.load();
      return;
    }
    const detail = this.#detail(to, patch);
    if (this.#mayStart(detail)) this.#start({ ...detail, kind, link });
  }

  /**
   * Starts a live navigation that the server asks for.
   *
   * @param isJoin whether the redirect answers a join
   * @returns false if it needs a page load; {@link redirect} performs that.
   */
  follow({ to, kind, flash }: ServerTarget, isJoin = false): boolean {
    const detail = this.#detail(to, false);
    if (!kind || ++this.#redirects > maxRedirects || !this.isInside(detail.href)) return false;
    this.#start({ ...detail, kind: this.#isAtCurrent(isJoin) ? "replace" : kind, flash });
    return true;
  }

  /** Loads the page that the server redirects to. The parameters are those of {@link follow}. */
  redirect({ to, kind = "push", flash }: ServerTarget, isJoin = false): void {
    const { href } = this.#detail(to, false);
    this.#load({ href, kind: this.#isAtCurrent(isJoin) ? "replace" : kind, flash });
  }

  /** Shows the URL that the server has patched the view to. */
  handlePatched({ to, kind }: NavigationTarget): void {
    const detail = { ...this.#detail(to, true), kind };
    this.#arrive(detail);
    this.#finish(detail);
  }

  /** Ends the visit in progress; the page stays. */
  cancel(): void {
    this.#unmarkLink();
    this.#visit = undefined;
  }

  /** Ends the visit in progress and gives the address bar back to the browser. */
  close(): void {
    this.cancel();
    this.#isClosed = true;
    this.#page?.close();
    this.#history?.stop();
    removeEventListener("popstate", this.#handlePopState);
  }

  /** Whether the view may be joined at a URL. A path that matches `routes` can still be refused by the server. */
  isInside(href: string): boolean {
    const { origin, pathname } = new URL(href);
    return origin === new URL(this.url).origin && this.#routes?.test(pathname) !== false;
  }

  /**
   * Whether a redirect answers a request for the current entry of the history: a join without a visit, or a visit after
   * back or forward or by a replacing link. If such a redirect added an entry, each step back would lead into the
   * redirect again.
   */
  #isAtCurrent(isJoin: boolean): boolean {
    return this.#visit ? this.#visit.kind === "replace" : isJoin;
  }

  #detail(to: string, patch: boolean): NavigationDetail {
    return { href: publicHref(to, this.url), patch, pop: false, direction: "forward" };
  }

  #mayStart(detail: NavigationDetail): boolean {
    return this.#view.element.dispatchEvent(new LiveBeforeNavigateEvent(detail));
  }

  #start(detail: VisitDetail): void {
    const { link, pop, href } = detail;
    if (this.#history && !pop && !this.#view.isOnline) {
      this.#load(detail);
      return;
    }
    this.#unmarkLink();
    this.#unmarkLink = markLoading(link ? [link] : [], "live-click-loading");
    // A view that is not joined cannot be patched.
    const patch = detail.patch && this.isInside(href) && this.#view.isJoined;
    const visit = this.#toVisit({ ...detail, patch });
    this.#visit = visit;
    this.#startedAt = Date.now();
    this.#view.perform(visit);
  }

  #toVisit(detail: VisitDetail): Visit {
    const visit: Visit = {
      ...detail,
      isCurrent: () => this.#visit === visit,
      arrive: () => this.#arrive(visit),
      finish: () => this.#finish(visit),
      joinLater: () => {
        this.#visit = this.#toVisit({ ...detail, patch: false });
      },
      load: () => this.#load(visit),
      startTransition: (update) => this.#page?.startTransition(update, visit) ?? false,
    };
    return visit;
  }

  #load({ href, kind, flash }: Pick<VisitDetail, "href" | "kind" | "flash">): void {
    this.#view.unload();
    loadPage(href, { flash, replace: kind === "replace" });
  }

  #arrive({ href, kind, patch, pop }: VisitDetail): void {
    // After a step back the address bar shows the URL already, unless a patch of the server came in between.
    if (!pop || href !== this.#url) this.#history?.visit(href, kind, patch);
    this.#url = href;
  }

  #finish(visit: VisitDetail): void {
    this.#redirects = 0;
    if (this.#visit === visit) this.cancel();
    this.#view.element.dispatchEvent(new LiveNavigateEvent(visit));
    if (this.#page) this.#page.arrive(visit);
    else if (!visit.patch) this.#early = visit;
  }

  readonly #handlePopState = ({ state, hasUAVisualTransition }: PopStateEvent): void => {
    const history = this.#history as HistoryEntries;
    const href = publicHref(location.href);
    const { accept, back, ...step } = history.stepTo(state);
    if (isSamePage(href, this.#url)) {
      this.#url = href;
      this.#page?.arrive({ ...step, href, patch: true });
      history.stamp();
      return;
    }
    const detail = { ...step, href, pop: true, isAnimated: hasUAVisualTransition };
    if (this.#mayStart(detail)) {
      // The address bar already shows the URL, but the page does not show its view yet.
      this.#url = href;
      accept();
      this.#start({ ...detail, kind: "replace" });
    } else if (back) {
      window.history.go(back);
    }
  };
}

/** Returns `undefined` for an expression that is not valid: the page is not from our server. */
function parseRoutes(routes: string): RegExp | undefined {
  try {
    return new RegExp(routes);
  } catch {
    return undefined;
  }
}
