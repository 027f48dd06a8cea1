/**
 * Returns the text of a `style` attribute for Lit's `styleMap`, with one declaration for each entry. Leaves out an
 * entry that would become several declarations, such as a value with a semicolon, because the browser's
 * `style.setProperty` ignores it too.
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

/** Converts names such as `backgroundColor` and `webkitAppearance` to CSS. Keeps names that contain a hyphen. */
function toPropertyName(key: string): string {
  if (key.includes("-")) return key;
  return key.replaceAll(/(?:^(webkit|moz|ms|o)|)(?=[A-Z])/g, "-$&").toLowerCase();
}

const closers: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };
const tokens =
  /\\[\s\S]|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'|\/\*[\s\S]*?\*\/|[\s\S]/g;

/** Returns whether a string is one CSS value: its quotes, comments and brackets are closed, and no semicolon ends it. */
function isOneValue(text: string): boolean {
  const open: string[] = [];
  for (const [token] of text.matchAll(tokens)) {
    if (token in closers) open.push(closers[token] ?? "");
    else if (/^[)\]}]$/.test(token) && open.pop() !== token) return false;
    else if (/^["'\\]$/.test(token) || (token === ";" && open.length === 0)) return false;
  }
  return open.length === 0 && !/\/\*(?![\s\S]*\*\/)/.test(text);
}
