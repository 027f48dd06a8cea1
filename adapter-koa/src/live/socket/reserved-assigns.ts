import { LiveError, quote } from "../live-error.js";

const reservedNames = new Set([
  "flash",
  "liveAction",
  "csrfToken",
  "content",
  "socket",
  "uploads",
  "streams",
  "myself",
]);

/** Whether the library uses the name itself. */
export const isReserved = (key: string): boolean => reservedNames.has(key);

/** Checks the name of an assign. @throws LiveError `LIVE_ERR_RESERVED_ASSIGN` when the library uses the name itself */
export function assertNotReserved(key: string): void {
  if (!reservedNames.has(key)) return;
  throw new LiveError("LIVE_ERR_RESERVED_ASSIGN", `the assign "${key}" is reserved`, {
    expected: `a name other than ${[...reservedNames].join(", ")}`,
    gotText: quote(key),
  });
}
