import { isThenable, type MaybePromise } from "../maybe-promise.js";
import type { StageContexts } from "./contexts.js";

/** The result of a handler that leaves a message to the next handler of a list. */
export const unhandled: unique symbol = Symbol("unhandled");

/** A handler of messages: a callback `handleInfo`, or the result of `on`. */
export type InfoHandler<Assigns extends object = object> = (
  context: StageContexts<Assigns>["handleInfo"],
  // biome-ignore lint/suspicious/noConfusingVoidType: a callback that returns nothing is declared void
) => MaybePromise<void | typeof unhandled>;

/**
 * Handles the messages that a hook has subscribed to or has sent to itself. Neither the view nor other hooks receive them.
 *
 * @param topic the topic of the message; `undefined` for a message that the hook has sent to itself
 * @param id the id of a message of a numbered topic
 */
export type Receiver = (
  message: unknown,
  topic: string | undefined,
  id?: string,
) => MaybePromise<void>;

/**
 * Passes a message to the handlers in order, until one handles it.
 *
 * @returns the result of that handler, or {@link unhandled}
 */
export function callInfoHandlers(
  handlers: InfoHandler | readonly InfoHandler[],
  context: StageContexts["handleInfo"],
  start = 0,
): MaybePromise<unknown> {
  if (typeof handlers === "function") return handlers(context);
  for (let i = start; i < handlers.length; i++) {
    const result: MaybePromise<unknown> = (handlers[i] as InfoHandler)(context);
    if (isThenable(result)) {
      return result.then((settled) =>
        settled === unhandled ? callInfoHandlers(handlers, context, i + 1) : settled,
      );
    }
    if (result !== unhandled) return result;
  }
  return unhandled;
}

/** Whether a value can be the option `handleInfo`: a function, or a list of functions. */
export const isInfoHandler = (value: unknown): boolean =>
  typeof value === "function" ||
  (Array.isArray(value) && value.every((each) => typeof each === "function"));
