/** One of our events: it bubbles, crosses shadow roots, and has the members of its detail. */
abstract class LiveEvent<Detail extends object> extends Event {
  constructor(type: string, detail: Detail, cancelable = false) {
    super(type, { bubbles: true, composed: true, cancelable });
    Object.assign(this, detail);
  }
}

/**
 * An event that the view pushed to the page (`socket.pushEvent`). It is dispatched on `<live-session>`
 * after the page shows the update it came with, or before if the view says so; `window` gets the same as
 * `live:NAME`, the payload in `detail`.
 */
export class LiveServerEvent extends LiveEvent<Pick<LiveServerEvent, "name" | "payload">> {
  declare readonly name: string;
  declare readonly payload: unknown;

  constructor(name: string, payload: unknown) {
    super("live-event", { name, payload });
  }
}

/** Something went wrong that the page cannot mend by itself. The one exit for errors in the browser. */
export class LiveErrorEvent extends LiveEvent<Pick<LiveErrorEvent, "code" | "message">> {
  /** Stable, `LIVE_ERR_…`. */
  declare readonly code: string;
  declare readonly message: string;

  constructor(code: string, message: string) {
    super("live-error", { code, message });
  }
}

/** Where a navigation leads and how it was started. */
export interface NavigationDetail {
  /** The absolute URL navigated to. */
  readonly href: string;
  /** The view stays and only its params change. */
  readonly patch: boolean;
  /** Started by the browser's back or forward. */
  readonly pop: boolean;
  readonly direction: "forward" | "backward";
}

abstract class NavigationEvent extends LiveEvent<NavigationDetail> implements NavigationDetail {
  declare readonly href: string;
  declare readonly patch: boolean;
  declare readonly pop: boolean;
  declare readonly direction: "forward" | "backward";

  constructor(
    type: string,
    { href, patch, pop, direction }: NavigationDetail,
    cancelable?: boolean,
  ) {
    super(type, { href, patch, pop, direction }, cancelable);
  }
}

/**
 * Asks before a navigation that starts in the browser: a link, back or forward, or the page's own call.
 * Cancelling it sends nothing and leaves the URL, or for back and forward restores it.
 */
export class LiveBeforeNavigateEvent extends NavigationEvent {
  constructor(detail: NavigationDetail) {
    super("live-before-navigate", detail, true);
  }
}

/** Tells that the page's URL has changed, whoever started it. */
export class LiveNavigateEvent extends NavigationEvent {
  constructor(detail: NavigationDetail) {
    super("live-navigate", detail);
  }
}

/**
 * What is being waited for: the first join, another view, other params, the way out of an error, or the answer to
 * an event that was pushed so (`pageLoading`).
 */
export type PageLoadingKind = "initial" | "redirect" | "patch" | "error" | "element";

abstract class PageLoadingEvent extends LiveEvent<
  Pick<PageLoadingEvent, "kind" | "href" | "element">
> {
  declare readonly kind: PageLoadingKind;
  /** The absolute URL being loaded; of the kind `element`, that of the view. */
  declare readonly href: string;
  /** Of the kind `element`: what the event was pushed for. */
  declare readonly element: Element | undefined;
}

/** Waiting begins. A stop of the same kind follows unless the page itself is loaded anew. */
export class LivePageLoadingStartEvent extends PageLoadingEvent {
  constructor(kind: PageLoadingKind, href: string, element?: Element) {
    super("live-page-loading-start", { kind, href, element });
  }
}

/** Waiting ended, well or not. */
export class LivePageLoadingStopEvent extends PageLoadingEvent {
  constructor(kind: PageLoadingKind, href: string, element?: Element) {
    super("live-page-loading-stop", { kind, href, element });
  }
}

interface LiveEventMap {
  "live-event": LiveServerEvent;
  "live-error": LiveErrorEvent;
  "live-before-navigate": LiveBeforeNavigateEvent;
  "live-navigate": LiveNavigateEvent;
  "live-page-loading-start": LivePageLoadingStartEvent;
  "live-page-loading-stop": LivePageLoadingStopEvent;
}

declare global {
  interface HTMLElementEventMap extends LiveEventMap {}
  interface DocumentEventMap extends LiveEventMap {}
  interface WindowEventMap extends LiveEventMap {}
}
