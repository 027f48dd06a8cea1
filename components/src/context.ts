import { type Context, createContext } from "@lit/context";
import type { AnyEvents, EventTypes, Push } from "./push.js";

/** The state of a live session's connection, reflected in `<live-session status>`. */
export type LiveSessionStatus = "connecting" | "connected" | "disconnected" | "error";

/** How an element below `<live-session>` talks to its view. `Events` is what the view hears. */
export interface LiveSessionHandle<Events extends EventTypes<Events> = AnyEvents> {
  /**
   * Sends an event to the view and resolves with the handler's reply (`{}` when it gave none).
   * Rejects when the view is not connected, refuses, crashes or does not answer in time.
   */
  readonly push: Push<Events>;
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

/** The type of {@link liveSessionContext} where the events of the view are known. */
export type LiveSessionContext<Events extends EventTypes<Events>> = Context<
  symbol,
  LiveSessionHandle<Events> | undefined
>;

/** The type of {@link mountDataContext} where the data is known. Before the view is joined there is none. */
export type MountDataContext<Data extends object> = Context<symbol, Readonly<Partial<Data>>>;

/**
 * The live session an element stands in. Keyed by a registered symbol, so that two copies of this
 * module in one page share it.
 */
export const liveSessionContext = createContext<LiveSessionHandle | undefined>(
  Symbol.for("live-session:session"),
);

/** The view's provided assigns. The reference changes only when something in it changed. */
export const mountDataContext = createContext<MountData>(Symbol.for("live-session:mount-data"));
