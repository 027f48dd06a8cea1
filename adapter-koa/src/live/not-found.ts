/** The error of {@link notFound}. HTTP middleware reads its `status` and `expose`, as it does for errors of `ctx.throw`. */
export class NotFoundError extends Error {
  static {
    Object.defineProperty(NotFoundError.prototype, "name", { value: "NotFoundError" });
  }

  readonly status = 404;
  /** Whether the visitor may see the message. */
  readonly expose = true;
}

/**
 * Returns an error for a page that does not exist, to be thrown by `mount`, `handleParams` or a hook. A GET is answered
 * with 404. A connected view ends, and the browser loads the page, which is answered with 404.
 *
 * @example
 * const room = await rooms.find(params.id);
 * if (!room) throw notFound();
 *
 * @param message is shown to the visitor, unless the app has an error page
 */
export const notFound = (message = "Not Found"): NotFoundError => new NotFoundError(message);
