const bubbling: EventInit = { bubbles: true, composed: true };

/**
 * An event that the view pushed to the page (`socket.pushEvent`). It is dispatched on `<live-session>`
 * after the page shows the update it came with; `window` gets the same as `live:NAME`, the payload in
 * `detail`.
 */
export class LiveServerEvent extends Event {
  readonly name: string;
  readonly payload: unknown;

  constructor(name: string, payload: unknown) {
    super("live-event", bubbling);
    this.name = name;
    this.payload = payload;
  }
}

/** Something went wrong that the page cannot mend by itself. The one exit for errors in the browser. */
export class LiveErrorEvent extends Event {
  /** Stable, `LIVE_ERR_…`. */
  readonly code: string;
  readonly message: string;

  constructor(code: string, message: string) {
    super("live-error", bubbling);
    this.code = code;
    this.message = message;
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

abstract class NavigationEvent extends Event implements NavigationDetail {
  readonly href: string;
  readonly patch: boolean;
  readonly pop: boolean;
  readonly direction: "forward" | "backward";

  constructor(type: string, { href, patch, pop, direction }: NavigationDetail, init: EventInit) {
    super(type, init);
    this.href = href;
    this.patch = patch;
    this.pop = pop;
    this.direction = direction;
  }
}

/**
 * Asks before a navigation that starts in the browser: a link, back or forward, or the page's own call.
 * Cancelling it sends nothing and leaves the URL, or for back and forward restores it.
 */
export class LiveBeforeNavigateEvent extends NavigationEvent {
  constructor(detail: NavigationDetail) {
    super("live-before-navigate", detail, { ...bubbling, cancelable: true });
  }
}

/** Tells that the page's URL has changed, whoever started it. */
export class LiveNavigateEvent extends NavigationEvent {
  constructor(detail: NavigationDetail) {
    super("live-navigate", detail, bubbling);
  }
}

/** What is being waited for: the first join, another view, other params, or the way out of an error. */
export type PageLoadingKind = "initial" | "redirect" | "patch" | "error";

abstract class PageLoadingEvent extends Event {
  readonly kind: PageLoadingKind;
  /** The absolute URL being loaded. */
  readonly href: string;

  constructor(type: string, kind: PageLoadingKind, href: string) {
    super(type, bubbling);
    this.kind = kind;
    this.href = href;
  }
}

/** Waiting begins. A stop of the same kind follows unless the page itself is loaded anew. */
export class LivePageLoadingStartEvent extends PageLoadingEvent {
  constructor(kind: PageLoadingKind, href: string) {
    super("live-page-loading-start", kind, href);
  }
}

/** Waiting ended, well or not. */
export class LivePageLoadingStopEvent extends PageLoadingEvent {
  constructor(kind: PageLoadingKind, href: string) {
    super("live-page-loading-stop", kind, href);
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
  interface WindowEventMap extends LiveEventMap {}
}
