/** A function of a `repeat`: its key function or its row function. */
export type RowFunction = (item: unknown, index: number) => unknown;

const sourceOf = (row: RowFunction): string => Function.prototype.toString.call(row);

const positional = new WeakMap<RowFunction, boolean>();

/**
 * Whether a function may use the position of its item: by a second parameter, or by rest or default parameters or
 * `arguments`.
 */
export function isPositional(row: RowFunction): boolean {
  let result = positional.get(row);
  if (result === undefined) {
    const source = sourceOf(row);
    const [parameters = ""] = source.split(/=>|\)\s*\{/, 1);
    const isHidden = /\barguments\b|\[native code\]/.test(source) || /=|\.\.\./.test(parameters);
    result = row.length > 1 || isHidden;
    positional.set(row, result);
  }
  return result;
}

/** The source of a function. */
interface Code {
  readonly source: string;
  /**
   * Whether the source shows that the function uses nothing but its item. Closures that `render` creates may use everything
   * that it computes from the list, and may change it from row to row. Their source is the only thing that shows that they
   * do not. It is `false` if the source is more than a simple expression.
   */
  readonly isSelfContained: boolean;
}

const maxCodes = 1000;
const codes = new Map<string, Code>();

/**
 * Returns the code of a function.
 *
 * @param former the code of an earlier function, which is returned if the sources are equal
 */
export function codeOf(row: RowFunction, former?: Code): Code {
  const source = sourceOf(row);
  // Comparing two strings is cheaper than a look-up, which computes the hash of a new string.
  if (source === former?.source) return former;
  let code = codes.get(source);
  if (!code) {
    code = { source, isSelfContained: isSelfContained(source) };
    if (codes.size >= maxCodes) codes.clear();
    codes.set(source, code);
  }
  return code;
}

/** A function that a `repeat` has received. A closure is a new function in each render, but its code stays the same. */
export class ReceivedFunction {
  readonly run: RowFunction;
  #code: Code | undefined;

  constructor(run: RowFunction) {
    this.run = run;
  }

  /** Returns whether the function returns the same as an earlier one for the same item, at any position. */
  isLike(former: ReceivedFunction): boolean {
    if (this.run === former.run) return !isPositional(this.run);
    former.#code ??= codeOf(former.run);
    this.#code = codeOf(this.run, former.#code);
    return this.#code === former.#code && this.#code.isSelfContained;
  }
}

/** `(item) => …` or `({ id, name: title }) => …`: one parameter, without default values or a rest. */
const arrow = /^(?:\(?\s*([\w$]+)\s*\)?|\(\s*\{([\w$\s,:]*)\}\s*\))\s*=>/;

function isSelfContained(source: string): boolean {
  const match = arrow.exec(source);
  if (!match) return false;
  const names = (match[1] ?? match[2] ?? "")
    .split(",")
    .map((name) => name.slice(name.indexOf(":") + 1).trim());
  const end = readExpressions(source, match[0].length, new Set(names));
  return end === source.length;
}

/** A bundler adds a number to the name of a template tag when several modules import it: `html2` or `html$1`. */
const token =
  /\s+|(\??\.\s*[A-Za-z_$][\w$]*)|((?:html|svg|mathml)(?:\$?\d+)?\s*(?=`))|([A-Za-z_$][\w$]*)|\d[\w.]*|"[^"\\\n]*"|'[^'\\\n]*'|[=!]==?|[<>]=?|&&|\|\||\?\?|[?:,()[\]*%!]|[+-](?![+-])|(`)|[{}]/y;

/** How a token changes the number of open braces. */
const nesting: ReadonlyMap<string, number> = new Map([
  ["{", 1],
  ["}", -1],
]);
const constants = new Set(["true", "false", "null", "undefined", "nothing", "typeof"]);

/**
 * Reads code from a position on. Returns the position of the first token that is not known to be harmless, or of the
 * `}` that closes the block around the position; -1 if it contains a template literal that is not harmless.
 *
 * @param names the names that the code may use
 */
function readExpressions(source: string, start: number, names: ReadonlySet<string>): number {
  let at = start;
  let depth = 0;
  for (;;) {
    token.lastIndex = at;
    const match = token.exec(source);
    if (!match) return at;
    const [text, , , name, backtick] = match;
    const isKnown = name === undefined || names.has(name) || constants.has(name);
    if (!isKnown || (text === "}" && depth === 0)) return at;
    depth += nesting.get(text) ?? 0;
    at = backtick ? readTemplate(source, at + 1, names) : at + text.length;
    if (at === -1) return -1;
  }
}

/** Reads a template literal after its first backtick. Returns the position after it; -1 if it is not harmless. */
function readTemplate(source: string, start: number, names: ReadonlySet<string>): number {
  for (let at = start; at < source.length; at++) {
    if (source[at] === "`") return at + 1;
    if (source[at] === "\\") at++;
    else if (source.startsWith("${", at)) {
      at = readExpressions(source, at + 2, names);
      if (source[at] !== "}") return -1;
    }
  }
  return -1;
}
