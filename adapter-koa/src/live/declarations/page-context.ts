/**
 * The context of an HTTP request, for options and middleware of a live session. The HTTP layer merges its own
 * context type into this interface, so that this layer does not depend on it.
 */
// biome-ignore lint/suspicious/noEmptyInterface: its members come from the HTTP layer
export interface PageContext {}

/** Declared as a method, so that middleware for a more specific context is accepted, as `app.use` accepts it. */
interface TypedMiddleware {
  run(ctx: PageContext, next: () => Promise<unknown>): unknown;
}

/** Middleware that runs before the disconnected mount of a live session's routes. */
export type PageMiddleware = TypedMiddleware["run"];
