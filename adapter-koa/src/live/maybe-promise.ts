/** What a callback may return: callbacks may be async, and most are not. */
export type MaybePromise<T> = T | PromiseLike<T>;

/** Whether a value has to be awaited. */
export const isThenable = <T>(value: MaybePromise<T>): value is PromiseLike<T> =>
  typeof value === "object" &&
  value !== null &&
  "then" in value &&
  typeof (value as { then: unknown }).then === "function";

/**
 * Goes on with a value now if it is there, later if it is a promise. A view's callbacks run through
 * this so that one without `await` costs no turn of the event loop.
 */
export function then<T, R>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<R>,
): MaybePromise<R> {
  return isThenable(value) ? value.then(next) : next(value);
}
