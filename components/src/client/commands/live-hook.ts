/** What the callbacks of a hook have as `this`, besides the hook's own members. */
export interface LiveHookContext {
  /** The element with the `live-hook`. */
  readonly element: HTMLElement;
  /** Sends an event to the view and resolves with the handler's reply; see `LiveSessionHandle.push`. */
  pushEvent(event: string, payload?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /**
   * Sends an event to the views that elements stand in: those that a selector finds in the page, or one element.
   * Resolves with a reply of each; rejects if one fails, or there is none.
   */
  pushEventTo(
    target: string | Element,
    event: string,
    payload?: Readonly<Record<string, unknown>>,
  ): Promise<unknown[]>;
  /** Hears an event that the view pushes (`socket.pushEvent`), until the hook is destroyed. */
  handleEvent(event: string, handler: (payload: unknown) => void): void;
  /** Runs commands that the server made with `js`, for the element. */
  exec(commands: string): void;
}

/**
 * Script for the elements that name it in `live-hook`. A callback that throws is told by `live-error`; the page
 * and other hooks go on.
 */
export interface LiveHook {
  /** The element has come into the page. */
  mounted?(): unknown;
  /** An update of the server is about to be shown; it may change the element. */
  beforeUpdate?(): unknown;
  /** The server has changed the element, or something in it. */
  updated?(): unknown;
  /** The element has left the page for good; being moved does not count. */
  destroyed?(): unknown;
  /** The view is out of reach. */
  disconnected?(): unknown;
  /** The view is joined again. */
  reconnected?(): unknown;
}

/** Hooks by name. */
export type LiveHooks = Readonly<
  Record<string, LiveHook & ThisType<LiveHookContext & Record<string, unknown>>>
>;
