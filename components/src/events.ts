/** An event of the library. It bubbles, crosses shadow roots, and has the members of its detail. */
abstract class LiveEvent<Detail extends object> extends Event {
  constructor(type: string, detail: Detail, cancelable = false) {
    super(type, { bubbles: true, composed: true, cancelable });
    Object.assign(this, detail);
  }
}

/**
 * An event that the view has pushed to the page with `socket.pushEvent`. It is dispatched on `<live-session>` after the
 * page shows the update in the same frame, or before if the view has requested that. `window` receives a `CustomEvent`
 * named `live:NAME` with the payload in `detail`.
 */
export class LiveServerEvent extends LiveEvent<Pick<LiveServerEvent, "name" | "payload">> {
  declare readonly name: string;
  declare readonly payload: unknown;

  constructor(name: string, payload: unknown) {
    super("live-event", { name, payload });
  }
}

/** Reports an error that the page cannot recover from by itself. All errors in the browser are reported by it. */
export class LiveErrorEvent extends LiveEvent<Pick<LiveErrorEvent, "code" | "message">> {
  /** One of the stable `LIVE_ERR_…` codes. */
  declare readonly code: string;
  declare readonly message: string;

  constructor(code: string, message: string) {
    super("live-error", { code, message });
  }
}

/** The target of a navigation and how it was started. */
export interface NavigationDetail {
  /** The absolute URL of the target. */
  readonly href: string;
  /** Whether the view stays and only its params change. */
  readonly patch: boolean;
  /** Whether the browser's back or forward button started the navigation. */
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
 * Dispatched before a navigation that starts in the browser: by a link, by back or forward, or by a call of the page. If
 * a listener cancels it, nothing is sent and the URL stays; after back or forward the URL is restored.
 */
export class LiveBeforeNavigateEvent extends NavigationEvent {
  constructor(detail: NavigationDetail) {
    super("live-before-navigate", detail, true);
  }
}

/** Dispatched when the URL of the page has changed, by the browser or by the server. */
export class LiveNavigateEvent extends NavigationEvent {
  constructor(detail: NavigationDetail) {
    super("live-navigate", detail);
  }
}

/**
 * The reason for waiting: the first join, another view, other params, the recovery from an error, or the answer to an
 * event that was pushed with `pageLoading`.
 */
export type PageLoadingKind = "initial" | "redirect" | "patch" | "error" | "element";

abstract class PageLoadingEvent extends LiveEvent<
  Pick<PageLoadingEvent, "kind" | "href" | "element">
> {
  declare readonly kind: PageLoadingKind;
  /** The absolute URL that is loaded; for the kind `element` the URL of the view. */
  declare readonly href: string;
  /** The element that pushed the event, for the kind `element`. */
  declare readonly element: Element | undefined;
}

/** Dispatched when the page starts to wait. A stop of the same kind follows, unless the page itself is reloaded. */
export class LivePageLoadingStartEvent extends PageLoadingEvent {
  constructor(kind: PageLoadingKind, href: string, element?: Element) {
    super("live-page-loading-start", { kind, href, element });
  }
}

/** Dispatched when the page no longer waits, after success or failure. */
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
