import { LiveBeforeNavigateEvent, LiveNavigateEvent, type NavigationDetail } from "../../events.js";
import type { EventReply, NavigationTarget, RedirectTarget } from "../../protocol/index.js";
import { useLazyModule } from "../bindings/lazy-module.js";
import { markLoading } from "../bindings/loading-class.js";
import type { PushError } from "../connection/channel.js";
import type { MainPage } from "../page/main-page.js";
import type { HistoryEntries } from "./history-entries.js";
import type { LoadingEvents } from "./loading-events.js";
import { isSamePage, loadPage } from "./page-load.js";
import type { Visit, VisitOptions } from "./visit.js";

const maxRedirects = 10;

/** What navigation needs of the view it moves. */
export interface NavigatingView {
  readonly element: HTMLElement;
  readonly loading: LoadingEvents;
  /** Whether the view takes messages. */
  readonly isJoined: boolean;
  /** Whether the connection is up, so that a join would be answered. */
  readonly isOnline: boolean;
  /** Leaves the view shown and joins the one at {@link Navigation.pending}, whose URL it is. */
  joinAnew(href: string): void;
  /** Sends `live_patch`; the reply is applied by `handleReply`. Rejects with a {@link PushError}. */
  sendPatch(url: string, handleReply: (reply: EventReply) => void): Promise<unknown>;
  handleUpdate(update: EventReply): void;
}

/** Where the server leads: to a page, or, with a `kind`, to another view. */
type ServerTarget = RedirectTarget & Partial<Pick<NavigationTarget, "kind">>;

/** Where navigation begins, and how far it goes without a page load. */
export interface NavigationOptions {
  /** The absolute URL of the view. */
  readonly url: string;
  /** Which paths the live session has, as the source of a regular expression. */
  readonly routes?: string | undefined;
}

/**
 * Moves a view between URLs. At most one visit is under way; a later one takes its place.
 *
 * The main view of the page owns the address bar (`history` is given); any other has a URL of its own.
 */
export class Navigation {
  /** What is done for the page around the main view, once it is loaded. */
  page: MainPage | undefined;
  readonly #view: NavigatingView;
  readonly #history: HistoryEntries | undefined;
  readonly #routes: RegExp | undefined;
  #url: string;
  #visit: Visit | undefined;
  #redirects = 0;
  /** A live navigation that was made before the part was there. */
  #early: NavigationDetail | undefined;
  #isClosed = false;

  constructor(view: NavigatingView, { url, routes }: NavigationOptions, history?: HistoryEntries) {
    this.#view = view;
    this.#url = url;
    try {
      if (routes) this.#routes = new RegExp(routes);
    } catch {
      // Not written by our server: it is asked for every link.
    }
    this.#history = history;
    if (!history) return;
    addEventListener("popstate", this.#handlePopState);
    useLazyModule(view.element, import("../page/main-page.js"), ({ MainPage }) => {
      if (this.#isClosed) return;
      this.page = new MainPage(view.element, view.loading.waits);
      if (this.#early) this.page.arrive(this.#early);
    });
  }

  /** The absolute URL of the view. */
  get url(): string {
    return this.#history ? location.href : this.#url;
  }

  /** The live navigation under way, to be joined. */
  get pending(): Visit | undefined {
    return this.#visit?.patch ? undefined : this.#visit;
  }

  /** Starts a visit from the browser, if nobody cancels it. */
  visit(to: string, { kind = "push", patch = false, link }: VisitOptions = {}): void {
    if (link && link === this.#visit?.link) return;
    const detail = this.#detail(to, patch);
    if (this.#ask(detail)) this.#start({ ...detail, kind, link });
  }

  /** Goes where the server leads, to another view; whether that needs no page load ({@link redirect}). */
  follow({ to, kind, flash }: ServerTarget): boolean {
    const detail = this.#detail(to, false);
    if (!kind || ++this.#redirects > maxRedirects || !this.#isInside(detail.href)) return false;
    this.#start({ ...detail, kind, flash });
    return true;
  }

  /** Loads the page that the server leads to. */
  redirect({ to, kind, flash }: ServerTarget): void {
    loadPage(new URL(to, this.url).href, { flash, replace: kind === "replace" });
  }

  /** Loads the page of the live navigation under way, where it cannot be joined. */
  loadPending(): void {
    if (this.#visit) this.#load(this.#visit);
  }

  /** Shows the URL that the server has patched the view to. */
  handlePatched({ to, kind }: NavigationTarget): void {
    const visit = { ...this.#detail(to, true), kind };
    this.arrive(visit);
    this.finish(visit);
  }

  /** Changes the URL: the view has been joined or has taken the patch. */
  arrive(visit: NavigationDetail & Pick<Visit, "kind">): void {
    if (!visit.pop) this.#history?.visit(visit.href, visit.kind, visit.patch);
    this.#url = visit.href;
  }

  /** Ends a visit whose page is shown. */
  finish(visit: NavigationDetail & Partial<Visit>): void {
    this.#redirects = 0;
    if (this.#visit === visit) this.#visit = undefined;
    visit.end?.();
    this.#view.element.dispatchEvent(new LiveNavigateEvent(visit));
    if (this.page) this.page.arrive(visit);
    else if (!visit.patch) this.#early = visit;
  }

  /** Forgets the visit under way. */
  cancel(): void {
    this.#visit?.end();
    this.#visit = undefined;
  }

  /** Forgets the visit under way and the address bar. */
  close(): void {
    this.cancel();
    this.#isClosed = true;
    this.page?.close();
    this.#history?.stop();
    removeEventListener("popstate", this.#handlePopState);
  }

  #load({ href, kind, flash }: Omit<Visit, "end">): void {
    loadPage(href, { flash, replace: kind === "replace" });
  }

  /** Whether the server may let the view be joined at a URL; it alone knows for certain. */
  #isInside(href: string): boolean {
    const { origin, pathname } = new URL(href);
    return origin === new URL(this.url).origin && this.#routes?.test(pathname) !== false;
  }

  #detail(to: string, patch: boolean): NavigationDetail {
    return { href: new URL(to, this.url).href, patch, pop: false, direction: "forward" };
  }

  #ask(detail: NavigationDetail): boolean {
    return this.#view.element.dispatchEvent(new LiveBeforeNavigateEvent(detail));
  }

  #start(planned: Omit<Visit, "end">): void {
    const { link, pop, href } = planned;
    if (!this.#isInside(href) || (this.#history && !pop && !this.#view.isOnline)) {
      this.#load(planned);
      return;
    }
    this.#visit?.end();
    const end = markLoading(link ? [link] : [], "live-click-loading");
    // Without a joined view there is nothing to patch.
    const visit: Visit = { ...planned, end, patch: planned.patch && this.#view.isJoined };
    this.#visit = visit;
    const stop = this.#view.loading.start(visit.patch ? "patch" : "redirect", href);
    if (visit.patch) this.#patch(visit, stop);
    else this.#view.joinAnew(href);
  }

  #patch(visit: Visit, stopLoading: () => void): void {
    const isCurrent = (): boolean => this.#visit === visit;
    const handleReply = (reply: EventReply): void => {
      const isStaying = isCurrent() && !reply.redirect && !reply.live_redirect;
      if (isStaying) this.arrive(visit);
      this.#view.handleUpdate(reply);
      if (isStaying) this.finish(visit);
    };
    const handleFailure = ({ code }: PushError): void => {
      // The view that comes back is joined at the new URL.
      if (isCurrent() && code === "LIVE_ERR_NOT_CONNECTED")
        this.#visit = { ...visit, patch: false };
      else if (isCurrent() && this.#history) this.loadPending();
      else stopLoading();
    };
    this.#view.sendPatch(visit.href, handleReply).then(stopLoading, handleFailure);
  }

  readonly #handlePopState = ({ state, hasUAVisualTransition }: PopStateEvent): void => {
    const history = this.#history as HistoryEntries;
    const { href } = location;
    const { accept, back, ...step } = history.stepTo(state);
    if (isSamePage(href, this.#url)) {
      this.#url = href;
      this.page?.arrive({ ...step, href, patch: true });
      history.stamp();
      return;
    }
    const detail = { ...step, href, pop: true, isAnimated: hasUAVisualTransition };
    if (this.#ask(detail)) {
      // Here it is, though its view is not.
      this.#url = href;
      accept();
      this.#start({ ...detail, kind: "replace" });
    } else if (back) {
      window.history.go(back);
    }
  };
}
