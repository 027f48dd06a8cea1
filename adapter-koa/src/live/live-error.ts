/** What an author's mistake is about; every code stands in the package's README. */
export type LiveErrorCode =
  | "LIVE_ERR_SESSION_OPTION"
  | "LIVE_ERR_SESSION_NAME"
  | "LIVE_ERR_SESSION_DATA"
  | "LIVE_ERR_LAYOUT"
  | "LIVE_ERR_ROUTE"
  | "LIVE_ERR_VIEW"
  | "LIVE_ERR_ON_MOUNT"
  | "LIVE_ERR_HOOK_STAGE"
  | "LIVE_ERR_HOOK_ID"
  | "LIVE_ERR_HOOK_FUNCTION"
  | "LIVE_ERR_HOOK_RETURN"
  | "LIVE_ERR_HALT"
  | "LIVE_ERR_CALLBACK_RETURN"
  | "LIVE_ERR_UNKNOWN_EVENT"
  | "LIVE_ERR_RESERVED_ASSIGN"
  | "LIVE_ERR_NAVIGATION"
  | "LIVE_ERR_PATCH"
  | "LIVE_ERR_MOUNT_ONLY"
  | "LIVE_ERR_PROVIDE"
  | "LIVE_ERR_TEMPLATE"
  | "LIVE_ERR_COMMAND"
  | "LIVE_ERR_OPTION"
  | "LIVE_ERR_PAYLOAD";

/** What was wanted and what was got, printed below an error's first line. */
export interface LiveErrorDetails {
  readonly expected?: string;
  readonly got?: unknown;
  readonly cause?: unknown;
}

/**
 * A mistake of the application's author: a bad option, hook, return value or template. Thrown at
 * declaration where possible, otherwise where it happens, which ends the view. The message says what
 * is wrong and where, then `Expected:` and `Got:`; data never stands in it, only its shape.
 */
export class LiveError extends Error {
  override readonly name = "LiveError";
  readonly code: LiveErrorCode;

  constructor(code: LiveErrorCode, message: string, details: LiveErrorDetails = {}) {
    const lines = [message];
    if (details.expected !== undefined) lines.push(`Expected: ${details.expected}`);
    if ("got" in details) lines.push(`Got: ${describe(details.got)}`);
    super(lines.join("\n"), "cause" in details ? { cause: details.cause } : undefined);
    this.code = code;
  }
}

/** The shape of a value for an error message: never the contents of objects, which may be secret. */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === "function") return `function ${value.name || "(anonymous)"}`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object" && value !== null) {
    const name = value.constructor?.name;
    if (name !== undefined && name !== "Object") return `an object of class ${name}`;
    const keys = Object.keys(value);
    return keys.length === 0 ? "an empty object" : `an object with the keys ${keys.slice(0, 8).join(", ")}`;
  }
  return String(value);
}
