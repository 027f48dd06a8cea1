/** The result of a callback that may be async. */
export type MaybePromise<T> = T | PromiseLike<T>;

/** Whether a value is a promise. */
export const isThenable = <T>(value: MaybePromise<T>): value is PromiseLike<T> =>
  typeof value === "object" &&
  value !== null &&
  "then" in value &&
  typeof (value as { then: unknown }).then === "function";

/**
 * Calls `next` with a value, or with the result of a promise. A plain value is passed on immediately, so that a
 * synchronous callback of a view does not wait for the event loop.
 */
export function then<T, R>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<R>,
): MaybePromise<R> {
  return isThenable(value) ? value.then(next) : next(value);
}
