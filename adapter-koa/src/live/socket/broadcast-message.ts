import { firstNonJson } from "../json.js";
import { LiveError, quote } from "../live-error.js";

/**
 * Checks a message before it is sent to the subscribers of a topic. A message that is not JSON would arrive differently
 * in other processes.
 *
 * @throws LiveError `LIVE_ERR_PAYLOAD` when the message is not JSON
 */
export function checkMessage(topic: string, message: unknown): void {
  const path = firstNonJson(message);
  if (path !== undefined) {
    throw new LiveError(
      "LIVE_ERR_PAYLOAD",
      `message for the topic ${quote(topic)} is not JSON at ${path}`,
      { expected: "JSON values" },
    );
  }
  if (isDevelopment() && typeof message === "object") freeze(message, new Set());
}

/**
 * Freezes a received message deeply in development, because all views of a process receive the same object: a view that
 * changes it would change the data of the others.
 */
export function freezeMessage(message: unknown): void {
  // checkMessage has already frozen the messages of `socket.broadcast` and `live.broadcast`.
  if (typeof message === "object" && !Object.isFrozen(message) && isDevelopment())
    freeze(message, new Set());
}

/** Whether the process does not run in production. */
export const isDevelopment = (): boolean => process.env.NODE_ENV !== "production";

function freeze(value: unknown, seen: Set<object>): void {
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  const prototype = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return;
  seen.add(value);
  Object.freeze(value);
  for (const member of Object.values(value)) freeze(member, seen);
}
