import { scriptScheme } from "@live-session/components/protocol";
import type { UrlBinding } from "./binding.js";

/** A URL that is written as it is; created by {@link unsafeUrl}. */
class UnsafeUrl {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  toString(): string {
    return this.#url;
  }
}

/**
 * Allows a URL with a scheme that runs script, such as `javascript:`, in a server template. Use it only for URLs that
 * your own code creates: with data of a visitor it lets the visitor run script in the pages of others.
 *
 * @example
 * html`<a href=${unsafeUrl("javascript:history.back()")}>Back</a>`
 */
export const unsafeUrl = (url: string): { toString(): string } => new UnsafeUrl(url);

const urlNames: ReadonlySet<string> = new Set([
  "action",
  "formaction",
  "href",
  "live-navigate",
  "live-patch",
  "src",
  "xlink:href",
]);

/** The attributes of SVG animations, which can set the `href` of a link. `values` is a list of them. */
const animatedNames: ReadonlySet<string> = new Set(["by", "from", "to", "values"]);
const animations: ReadonlySet<string> = new Set(["animate", "set"]);

/**
 * Returns whether an attribute or a property of an element is a URL that a browser can run as script.
 *
 * @param tagName the element; without it, returns whether the name is such a URL on any element
 */
export function isUrlName(name: string, tagName?: string): boolean {
  const lowerCase = name.toLowerCase();
  if (animatedNames.has(lowerCase)) return tagName === undefined || animations.has(tagName);
  if (lowerCase === "data") return tagName === undefined || tagName === "object";
  return urlNames.has(lowerCase);
}

const mediaElements: ReadonlySet<string> = new Set([
  "audio",
  "feimage",
  "image",
  "img",
  "input",
  "source",
  "video",
]);

/**
 * Returns the scheme of a URL that would run script; `undefined` if it is safe, or allowed by {@link unsafeUrl}.
 *
 * @param all the values of the template
 */
export function findScriptScheme(
  { tagName, strings, index }: UrlBinding,
  all: readonly unknown[],
): string | undefined {
  const values = all.slice(index, index + strings.length - 1);
  if (values.some((value) => value instanceof UnsafeUrl)) return undefined;
  const parts = strings.slice(1).map((string, i) => textOf(values[i]) + string);
  const url = `${strings[0] ?? ""}${parts.join("")}`;
  const urls = animations.has(tagName) ? url.split(";") : [url];
  const scheme = urls.map(scriptScheme).find((found) => found !== undefined);
  const isMedia =
    mediaElements.has(tagName.toLowerCase()) && /^\s*data:(image|audio|video)\//i.test(url);
  return scheme === "data" && isMedia ? undefined : scheme;
}

/** The string of a value; `live(url)` has it as its argument. */
function textOf(value: unknown): string {
  if (typeof value === "object" && value !== null && "_$litDirective$" in value) {
    return textOf((value as unknown as { values: unknown[] }).values[0]);
  }
  return value === null || value === undefined || typeof value === "symbol" ? "" : String(value);
}
