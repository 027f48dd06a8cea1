import type { FlashMessages } from "@live-session/components/protocol";
import { LiveError } from "../live-error.js";

/** No messages. */
export const noFlash: FlashMessages = Object.freeze({});

/** The time for which a signed flash is valid in the browser, in milliseconds. */
export const flashLifetime = 60_000;

/**
 * Returns the messages with one more. It replaces a message of the same kind.
 *
 * @throws LiveError `LIVE_ERR_PAYLOAD` when `kind` or `message` is not a string
 */
export function putFlash(flash: FlashMessages, kind: string, message: string): FlashMessages {
  if (typeof kind !== "string" || kind === "" || typeof message !== "string") {
    throw new LiveError("LIVE_ERR_PAYLOAD", "kind or message passed to putFlash is invalid", {
      expected: 'two strings, such as putFlash("info", "Saved.")',
      got: typeof kind === "string" ? message : kind,
    });
  }
  return { ...flash, [kind]: message };
}

/** Returns the messages without the one of a kind, or no messages if no kind is given. */
export function clearFlash(flash: FlashMessages, kind?: string): FlashMessages {
  if (kind === undefined) return noFlash;
  if (!Object.hasOwn(flash, kind)) return flash;
  const { [kind]: _cleared, ...rest } = flash;
  return rest;
}

/** Whether both objects contain the same messages. */
export function isSameFlash(one: FlashMessages, other: FlashMessages): boolean {
  const kinds = Object.keys(one);
  return (
    kinds.length === Object.keys(other).length && kinds.every((kind) => one[kind] === other[kind])
  );
}

/** Converts untrusted data to messages. Entries that are not strings are omitted. */
export function toFlash(value: unknown): FlashMessages {
  if (typeof value !== "object" || value === null) return noFlash;
  const entries = Object.entries(value).filter(([, message]) => typeof message === "string");
  return entries.length === 0 ? noFlash : (Object.fromEntries(entries) as FlashMessages);
}
