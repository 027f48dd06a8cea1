/**
 * The text of a `style` attribute for Lit's `styleMap`: one declaration for each entry. An entry that would
 * not stay one declaration, such as a value with a semicolon of its own, is left out, as the browser's
 * `style.setProperty` ignores it.
 */
export function toStyleText(styles: Readonly<Record<string, unknown>>): string {
  let text = "";
  for (const [key, value] of Object.entries(styles)) {
    if (value === null || value === undefined || value === "") continue;
    const name = toPropertyName(key);
    const declared = String(value);
    if (propertyName.test(name) && isOneValue(declared)) text += `${name}:${declared};`;
  }
  return text;
}

const propertyName = /^-{0,2}[a-z_][\w-]*$/i;

/** `backgroundColor` and `webkitAppearance` as CSS has them; names with a hyphen are written as they are. */
function toPropertyName(key: string): string {
  if (key.includes("-")) return key;
  return key.replaceAll(/(?:^(webkit|moz|ms|o)|)(?=[A-Z])/g, "-$&").toLowerCase();
}

const closers: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };
const tokens =
  /\\[\s\S]|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'|\/\*[\s\S]*?\*\/|[\s\S]/g;

/** Whether a text is one CSS value: its strings, comments and brackets end, and no semicolon ends it before. */
function isOneValue(text: string): boolean {
  const open: string[] = [];
  for (const [token] of text.matchAll(tokens)) {
    if (token in closers) open.push(closers[token] ?? "");
    else if (/^[)\]}]$/.test(token) && open.pop() !== token) return false;
    else if (/^["'\\]$/.test(token) || (token === ";" && open.length === 0)) return false;
  }
  return open.length === 0 && !/\/\*(?![\s\S]*\*\/)/.test(text);
}
