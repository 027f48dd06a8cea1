import type { MaybePromise } from "../maybe-promise.js";

/**
 * Handles the messages that a hook has subscribed to or has sent to itself. Neither the view nor other hooks receive them.
 *
 * @param topic the topic of the message; `undefined` for a message that the hook has sent to itself
 */
export type Receiver = (message: unknown, topic: string | undefined) => MaybePromise<void>;
