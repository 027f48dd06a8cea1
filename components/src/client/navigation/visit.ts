import type { NavigationDetail } from "../../events.js";

/** How to get to a URL. */
export interface VisitOptions {
  readonly kind?: "push" | "replace";
  /** Stay in the view. */
  readonly patch?: boolean;
  /** The link that was clicked; it is marked until the visit ends, and not followed twice. */
  readonly link?: Element;
}

/** A navigation under way. */
export interface Visit extends NavigationDetail {
  readonly kind: "push" | "replace";
  /** Signed flash for the view. */
  readonly flash?: string | undefined;
  readonly link?: Element | undefined;
  /** Where to scroll: of an entry gone back or forward to. */
  readonly scroll?: number | undefined;
  /** The browser itself shows how the page changes. */
  readonly isAnimated?: boolean;
  /** Called when the visit has ended, well or not. */
  end(): void;
}
