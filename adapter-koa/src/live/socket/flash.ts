import type { FlashMessages } from "@live-session/components/protocol";
import { LiveError } from "../live-error.js";

/** No messages. */
export const noFlash: FlashMessages = Object.freeze({});

/** How long a flash may travel through the browser, in milliseconds. */
export const flashLifetime = 60_000;

/**
 * Messages with one more under its kind, which it replaces.
 *
 * @throws LiveError `LIVE_ERR_PAYLOAD` when kind or message is no text
 */
export function putFlash(flash: FlashMessages, kind: string, message: string): FlashMessages {
  if (typeof kind !== "string" || kind === "" || typeof message !== "string") {
    throw new LiveError("LIVE_ERR_PAYLOAD", "putFlash expects a kind and a message", {
      expected: 'putFlash("info", "Saved.")',
      got: typeof kind === "string" ? message : kind,
    });
  }
  return { ...flash, [kind]: message };
}

/** Messages without those of one kind, or without any. */
export function clearFlash(flash: FlashMessages, kind?: string): FlashMessages {
  if (kind === undefined) return noFlash;
  if (!Object.hasOwn(flash, kind)) return flash;
  const { [kind]: _cleared, ...rest } = flash;
  return rest;
}

/** Whether both hold the same messages. */
export function isSameFlash(one: FlashMessages, other: FlashMessages): boolean {
  const kinds = Object.keys(one);
  return (
    kinds.length === Object.keys(other).length && kinds.every((kind) => one[kind] === other[kind])
  );
}

/** Messages that came from outside: everything that is not text by kind is left out. */
export function toFlash(value: unknown): FlashMessages {
  if (typeof value !== "object" || value === null) return noFlash;
  const entries = Object.entries(value).filter(([, message]) => typeof message === "string");
  return entries.length === 0 ? noFlash : (Object.fromEntries(entries) as FlashMessages);
}
