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
  /** A value, of which only the shape is printed. */
  readonly got?: unknown;
  /** In place of `got`: printed as it is, such as a name that is {@link quote}d. */
  readonly gotText?: string;
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
    if (details.gotText !== undefined) lines.push(`Got: ${details.gotText}`);
    else if ("got" in details) lines.push(`Got: ${describe(details.got)}`);
    super(lines.join("\n"), "cause" in details ? { cause: details.cause } : undefined);
    this.code = code;
  }
}

/** The shape of a value for an error message: never what a text or an object holds, which may be secret. */
export function describe(value: unknown): string {
  if (typeof value === "string")
    return value === "" ? "an empty text" : `a text of length ${value.length}`;
  if (typeof value === "function") return `function ${nameOf(value)}`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
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

/** A name for an error message, cut and on one line; the shape of what is no text. No data is quoted. */
export function quote(value: unknown): string {
  return typeof value === "string" ? escaped(JSON.stringify(cut(value, 60))) : describe(value);
}

/** A key of an object for an error message. Keys may come from a browser, and be of any length and form. */
export function toPrintedKey(key: string): string {
  return /^[\w$-]{1,40}$/.test(key) ? key : escaped(JSON.stringify(cut(key, 40)));
}

const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length)}…` : text;

/** Nothing that a terminal or a log takes for the end of a line, or for a command. */
const escaped = (text: string): string =>
  text.replace(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );

/** The name of a class or function; one may have a property of that name, with anything in it. */
const nameOf = ({ name }: { readonly name?: unknown }): string =>
  typeof name === "string" && name !== "" ? toPrintedKey(name) : "(anonymous)";

/** The class of an object, `undefined` if it has none: a property `constructor` of its own tells nothing. */
function classOf(value: object): string | undefined {
  const prototype: { readonly constructor?: unknown } | null = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return undefined;
  const { constructor: made } = prototype;
  const name = nameOf(typeof made === "function" ? made : {});
  return name === "Object" ? undefined : name;
}
