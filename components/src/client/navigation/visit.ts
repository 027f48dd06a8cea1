import type { NavigationDetail } from "../../events.js";

/** Options of a navigation that starts in the browser. */
export interface VisitOptions {
  readonly kind?: "push" | "replace";
  /** Whether the view stays and only its params change. */
  readonly patch?: boolean;
  /** The clicked link. It has a loading class until the visit ends. A second click on it loads the page. */
  readonly link?: Element;
}

/** The destination of a visit and how to get there. */
export interface VisitDetail extends NavigationDetail {
  readonly kind: "push" | "replace";
  /** The signed flash for the view. */
  readonly flash?: string | undefined;
  readonly link?: Element | undefined;
  /** The scroll position of a history entry that the user returned to. */
  readonly scroll?: number | undefined;
  /** Whether the browser animates the change of the page itself. */
  readonly isAnimated?: boolean;
}

/**
 * A navigation in progress. `Navigation` starts it and hands it to the view, which performs it and reports each step
 * by one of the methods.
 */
export interface Visit extends VisitDetail {
  /** Whether no later visit has replaced this one. */
  isCurrent(): boolean;
  /** Changes the URL. Called when the view has been joined or has accepted the patch. */
  arrive(): void;
  /** Ends the visit. Called when its page is shown. */
  finish(): void;
  /** Turns a patch into a live navigation, which the next join of the view performs. */
  joinLater(): void;
  /** Loads the URL of the visit in full. */
  load(): void;
  /**
   * Starts a View Transition, which calls `update` when the browser has captured the page.
   *
   * @returns false if there is no transition; then `update` is not called.
   */
  startTransition(update: () => void): boolean;
}
