/** The members of `this` in the callbacks of a hook, besides the hook's own. */
export interface LiveHookContext {
  /** The element with the `live-hook`. */
  readonly element: HTMLElement;
  /** Sends an event to the view and resolves with the handler's reply; see `LiveSessionHandle.push`. */
  pushEvent(event: string, payload?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /**
   * Sends an event to the views that contain the given elements: all elements that match a selector, or one element.
   * Resolves with one reply per view; rejects if an event fails, or no view is found.
   */
  pushEventTo(
    target: string | Element,
    event: string,
    payload?: Readonly<Record<string, unknown>>,
  ): Promise<unknown[]>;
  /**
   * Calls the handler for each event that the view pushes (`socket.pushEvent`), until the hook is destroyed or the returned
   * function is called.
   */
  handleEvent(event: string, handler: (payload: unknown) => void): () => void;
  /** Runs commands that the server has created with `js`, for the element. */
  exec(commands: string): void;
}

/**
 * Script for elements that name it in `live-hook`. An error in a callback is reported by `live-error`; the page and
 * other hooks continue to work.
 */
export interface LiveHook {
  /** Called when the element has been added to the page. */
  mounted?(): unknown;
  /** Called before the page shows an update of the server, which may change the element. */
  beforeUpdate?(): unknown;
  /** Called when the server has changed the element, or something in it. */
  updated?(): unknown;
  /** Called when the element has been removed from the page. Moving it does not count. */
  destroyed?(): unknown;
  /** Called when the connection to the view is lost. */
  disconnected?(): unknown;
  /** Called when the view has been joined again. */
  reconnected?(): unknown;
}

/** Hooks by name. */
export type LiveHooks = Readonly<
  Record<string, LiveHook & ThisType<LiveHookContext & Record<string, unknown>>>
>;
