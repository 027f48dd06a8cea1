// biome-ignore-all lint/suspicious/noExplicitAny: this code reads all forms of wire values

/** The template strings that a connection has received. */
export type KnownTemplates = Record<string, readonly string[]>;

/** Returns the HTML of a wire tree without escaping, so that tests can search it. */
export function toText(value: any, templates: KnownTemplates): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "object") return String(value);
  if ("n" in value) return "";
  if ("j" in value) return JSON.stringify(value.j);
  if ("x" in value) return toText(value.v.at(-1), templates);
  if ("l" in value) return value.l.map((item: any) => toText(item, templates)).join("");
  const strings = templates[value.t] ?? [];
  return strings
    .map((text, i) => text + (i < value.v.length ? toText(value.v[i], templates) : ""))
    .join("");
}

/** Returns the text of a join reply that contains all of its templates. */
export const joinedText = ({ rendered, templates }: any): string =>
  toText(rendered, templates ?? {});
