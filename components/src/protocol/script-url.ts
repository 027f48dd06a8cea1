// Browsers ignore spaces and control characters before the scheme, and line breaks and tabs in it.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that browsers ignore
const ignoredCharacters = /[\u0000-\u0020]/g;

/**
 * Returns the scheme of a URL if a browser runs such URLs as script: `javascript`, `vbscript` or `data`; otherwise
 * `undefined`.
 */
export function scriptScheme(url: string): string | undefined {
  const [, scheme] = /^(javascript|vbscript|data):/i.exec(url.replace(ignoredCharacters, "")) ?? [];
  return scheme?.toLowerCase();
}
