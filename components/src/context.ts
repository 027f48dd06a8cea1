import { type Context, createContext } from "@lit/context";
import type { AnyEvents, EventTypes, Push } from "./push.js";

/** The state of a live session's connection, reflected in `<live-session status>`. */
export type LiveSessionStatus = "connecting" | "connected" | "disconnected" | "error";

/** Connects an element below `<live-session>` to its view. `Events` are the events that the view handles. */
export interface LiveSessionHandle<Events extends EventTypes<Events> = AnyEvents> {
  /**
   * Sends an event to the view and resolves with the handler's reply, or `{}` if there is none.
   * Rejects when the view is not connected, refuses, crashes or does not answer in time.
   */
  readonly push: Push<Events>;
  /** Navigates to another view of the same live session. If `to` is outside of it, loads the page. */
  navigate(to: string): void;
  /** Changes the URL and params of the current view. */
  patch(to: string): void;
  readonly status: LiveSessionStatus;
  /** The CSRF token of the page, for forms that post. Empty in a page that the server did not render. */
  readonly csrfToken: string;
  /** The prefix of the names of binding attributes. */
  readonly bindingPrefix: string;
}

/** The data that the view provides to elements: an immutable snapshot, with the flash in `flash`. */
export type MountData = Readonly<Record<string, unknown>>;

/** The type of {@link liveSessionContext} for a view with known events. */
export type LiveSessionContext<Events extends EventTypes<Events>> = Context<
  symbol,
  LiveSessionHandle<Events> | undefined
>;

/** The type of {@link mountDataContext} for a view with known data. Each member is missing until the view is joined. */
export type MountDataContext<Data extends object> = Context<symbol, Readonly<Partial<Data>>>;

/**
 * The context of the closest live session. Its key is a registered symbol, so that two copies of this module in one page
 * share it.
 */
export const liveSessionContext = createContext<LiveSessionHandle | undefined>(
  Symbol.for("live-session:session"),
);

/** The context of the data that the view provides. The reference changes only when the data changes. */
export const mountDataContext = createContext<MountData>(Symbol.for("live-session:mount-data"));
