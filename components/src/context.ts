import { createContext } from "@lit/context";

/** The state of a live session's connection, reflected in `<live-session status>`. */
export type LiveSessionStatus = "connecting" | "connected" | "disconnected" | "error";

/** How an element below `<live-session>` talks to its view. */
export interface LiveSessionHandle {
  /**
   * Sends an event to the view and resolves with the handler's reply (`{}` when it gave none).
   * Rejects when the view is not connected, refuses, crashes or does not answer in time.
   */
  push(event: string, payload?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Goes to another view of the same live session; a page load when `to` is not in it. */
  navigate(to: string): void;
  /** Changes the URL and params of the current view. */
  patch(to: string): void;
  readonly status: LiveSessionStatus;
  /** The CSRF token of the page, for forms that post; empty on a page our server did not render. */
  readonly csrfToken: string;
  /** What the names of the binding attributes begin with. */
  readonly bindingPrefix: string;
}

/** The data that the view provides to elements: an immutable snapshot, with the flash under `flash`. */
export type MountData = Readonly<Record<string, unknown>>;

/**
 * The live session an element stands in. Keyed by a registered symbol, so that two copies of this
 * module in one page share it.
 */
export const liveSessionContext = createContext<LiveSessionHandle | undefined>(
  Symbol.for("live-session:session"),
);

/** The view's provided assigns. The reference changes only when something in it changed. */
export const mountDataContext = createContext<MountData>(Symbol.for("live-session:mount-data"));
