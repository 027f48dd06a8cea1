/**
 * The context of an HTTP request, for options and middleware of a live session. The HTTP layer merges its own
 * context type into this interface, so that this layer does not depend on it.
 */
export interface PageContext {
  /** Data of the request. `socket.assignNew` reuses its values on the disconnected mount. */
  state: object;
}

/** Middleware that runs before the disconnected mount of a live session's routes. */
export type PageMiddleware = (ctx: PageContext, next: () => Promise<unknown>) => unknown;
