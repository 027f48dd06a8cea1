/** The code of a mistake of the app's author. The README of the package lists all codes. */
export type LiveErrorCode =
  | "LIVE_ERR_SESSION_OPTION"
  | "LIVE_ERR_SESSION_NAME"
  | "LIVE_ERR_SESSION_DATA"
  | "LIVE_ERR_LAYOUT"
  | "LIVE_ERR_ROUTE"
  | "LIVE_ERR_VIEW"
  | "LIVE_ERR_COMPONENT"
  | "LIVE_ERR_NESTED"
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
  | "LIVE_ERR_KEEP"
  | "LIVE_ERR_UPLOAD"
  | "LIVE_ERR_TEMPLATE"
  | "LIVE_ERR_COMMAND"
  | "LIVE_ERR_LEFT"
  | "LIVE_ERR_OPTION"
  | "LIVE_ERR_BODY"
  | "LIVE_ERR_TOPIC"
  | "LIVE_ERR_PAYLOAD"
  | "LIVE_ERR_LOST_MESSAGES";

/** The lines below the first line of an error message. */
export interface LiveErrorDetails {
  readonly expected?: string;
  /** A value. Only its shape is printed. */
  readonly got?: unknown;
  /** A string that is printed unchanged instead of `got`, such as the result of {@link quote}. */
  readonly gotText?: string;
  readonly cause?: unknown;
}

/**
 * A mistake of the app's author: an invalid option, hook, result or template. It is thrown at the declaration if possible,
 * otherwise when the mistake occurs, which ends the view. The message names the problem and its place, followed by
 * `Expected:` and `Got:`. It contains the shape of data, never the data itself. It is printed with its code, like the
 * errors of Node: `LiveError [LIVE_ERR_VIEW]: …`.
 */
export class LiveError extends Error {
  static {
    // On the prototype, as the names of Node's own errors, so that it is not printed with the properties.
    Object.defineProperty(LiveError.prototype, "name", { value: "LiveError", writable: true });
  }

  readonly code: LiveErrorCode;

  constructor(code: LiveErrorCode, message: string, details: LiveErrorDetails = {}) {
    const lines = [message];
    if (details.expected !== undefined) lines.push(`Expected: ${details.expected}`);
    if (details.gotText !== undefined) lines.push(`Got: ${details.gotText}`);
    else if ("got" in details) lines.push(`Got: ${describe(details.got)}`);
    super(lines.join("\n"), "cause" in details ? { cause: details.cause } : undefined);
    this.code = code;
    // Consoles and logs print the stack. Its first line contains the name that the error has when the stack is read for
    // the first time.
    Object.defineProperty(this, "name", { value: `LiveError [${code}]`, configurable: true });
    Error.captureStackTrace(this, LiveError);
    Reflect.get(this, "stack");
    Reflect.deleteProperty(this, "name");
  }

  override toString(): string {
    return `${this.name} [${this.code}]: ${this.message}`;
  }
}

/** Describes the shape of a value for an error message, without the contents of strings and objects, which may be secret. */
export function describe(value: unknown): string {
  if (typeof value === "string")
    return value === "" ? "an empty string" : `a string of length ${value.length}`;
  if (typeof value === "function") return `function ${nameOf(value)}`;
  if (Array.isArray(value)) return `an array of length ${value.length}`;
  if (typeof value === "object" && value !== null) {
    const name = classOf(value);
    if (name !== undefined) return `an object of class ${name}`;
    const keys = Object.keys(value);
    return keys.length === 0
      ? "an empty object"
      : `an object with the keys ${keys.slice(0, 8).map(toPrintedKey).join(", ")}`;
  }
  return escaped(String(value));
}

/**
 * Quotes a name for an error message, shortened and on one line. Values other than strings are described by their
 * shape.
 */
export function quote(value: unknown): string {
  return typeof value === "string" ? escaped(JSON.stringify(cut(value, 60))) : describe(value);
}

/** Formats a key for an error message. Keys may come from a browser, so they may have any length and any characters. */
export function toPrintedKey(key: string): string {
  return /^[\w$-]{1,40}$/.test(key) ? key : escaped(JSON.stringify(cut(key, 40)));
}

const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length)}…` : text;

/** Escapes characters that a terminal or a log interprets as a line break or a command. */
const escaped = (text: string): string =>
  text.replace(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );

/** The name of a class or function. A class may have its own property `name` with any value. */
const nameOf = ({ name }: { readonly name?: unknown }): string =>
  typeof name === "string" && name !== "" ? toPrintedKey(name) : "(anonymous)";

/** The class name of an object, or `undefined`. It ignores an own property `constructor`, which may be any data. */
function classOf(value: object): string | undefined {
  const prototype: { readonly constructor?: unknown } | null = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return undefined;
  const { constructor: creator } = prototype;
  const name = nameOf(typeof creator === "function" ? creator : {});
  return name === "Object" ? undefined : name;
}
