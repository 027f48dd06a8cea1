/**
 * The context of an HTTP request, as options of a live session and its middleware get it. The HTTP
 * layer merges its own context type into this one, so that this layer need not know it.
 */
export interface PageContext {
  /** Data of the request; `socket.assignNew` takes values from it on the disconnected mount. */
  state: object;
}

/** Middleware that runs before the disconnected mount of a live session's routes. */
export type PageMiddleware = (ctx: PageContext, next: () => Promise<unknown>) => unknown;
