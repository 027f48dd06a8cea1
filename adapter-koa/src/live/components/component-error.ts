import { LiveError } from "../live-error.js";
import { isThenable, type MaybePromise } from "../maybe-promise.js";

/**
 * Runs a callback of a component. Its errors name the component and its id; errors with an HTTP status and those of an
 * aborted signal pass unchanged, because other code handles them.
 */
export function runCallback<Result>(
  label: string,
  callback: string,
  run: () => MaybePromise<Result>,
): MaybePromise<Result> {
  const fail = (error: unknown): never => {
    throw isHandledElsewhere(error) ? error : failure(label, callback, error);
  };
  try {
    const result = run();
    return isThenable(result) ? result.then(undefined, fail) : result;
  } catch (error) {
    return fail(error);
  }
}

/** Runs a callback that must be synchronous, because it runs while its view is rendered. */
export function runSyncCallback<Result>(
  label: string,
  callback: string,
  run: () => Result,
): Result {
  const result = runCallback(label, callback, run);
  if (!isThenable(result)) return result as Result;
  throw new LiveError(
    "LIVE_ERR_CALLBACK_RETURN",
    `result of ${callback} of ${label} is a promise`,
    {
      expected: "a synchronous function; load data in the view, or with socket.assignAsync",
    },
  );
}

function isHandledElsewhere(error: unknown): boolean {
  if (error instanceof LiveError) return true;
  const { name, status } = Object(error) as { name?: unknown; status?: unknown };
  return name === "AbortError" || typeof status === "number";
}

const failure = (label: string, callback: string, cause: unknown): LiveError =>
  new LiveError("LIVE_ERR_COMPONENT", `${callback} of ${label} has thrown an error`, { cause });
