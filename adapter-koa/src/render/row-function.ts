/** A function of a `repeat`: its key function or its row function. */
export type RowFunction = (item: unknown, index: number) => unknown;

const sourceOf = (row: RowFunction): string => Function.prototype.toString.call(row);

const positional = new WeakMap<RowFunction, boolean>();

/** Whether a function may use the position of its item: as its second parameter, or hidden in other ones. */
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

const maxSources = 1000;
const selfContained = new Map<string, boolean>();

/**
 * Whether two functions have the same source, and it shows that they use nothing but their item. Closures that
 * `render` creates may use everything that it computes from the list, and may change it from row to row. Their source is
 * the only thing that shows that they do not. Functions whose source is more than a simple expression return `false`.
 */
export function areSelfContained(row: RowFunction, other: RowFunction): boolean {
  const source = sourceOf(row);
  if (source !== sourceOf(other)) return false;
  let result = selfContained.get(source);
  if (result === undefined) {
    result = isSelfContained(source);
    if (selfContained.size >= maxSources) selfContained.clear();
    selfContained.set(source, result);
  }
  return result;
}

/** `(item) => …` or `({ id, name }) => …`: one parameter, without default values, new names or a rest. */
const arrow = /^(?:\(?\s*([\w$]+)\s*\)?|\(\s*\{([\w$\s,]*)\}\s*\))\s*=>/;

function isSelfContained(source: string): boolean {
  const match = arrow.exec(source);
  if (!match) return false;
  const names = (match[1] ?? match[2] ?? "").split(",").map((name) => name.trim());
  const end = readExpressions(source, match[0].length, new Set(names));
  return end === source.length;
}

const token =
  /\s+|(\??\.\s*[A-Za-z_$][\w$]*)|((?:html|svg|mathml)\s*(?=`))|([A-Za-z_$][\w$]*)|\d[\w.]*|"[^"\\\n]*"|'[^'\\\n]*'|[=!]==?|[<>]=?|&&|\|\||\?\?|[?:,()[\]*%!]|[+-](?![+-])|(`)|[{}]/y;

/** How a token changes the number of open braces. */
const nesting: ReadonlyMap<string, number> = new Map([
  ["{", 1],
  ["}", -1],
]);
const constants = new Set(["true", "false", "null", "undefined", "nothing", "typeof"]);

/**
 * Reads code from a position on. Stops before anything that is not known to be harmless, and before a `}` that closes
 * what is around.
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
