import { reflectedAttributeName } from "@lit-labs/ssr/lib/reflected-attributes.js";

/** How a property is written as an attribute. */
export interface ReflectedAttribute {
  readonly name: string;
  /** A boolean attribute is present or not; others have a text. */
  readonly isBoolean: boolean;
}

const booleanAttributes: ReadonlySet<string> = new Set([
  "allowfullscreen",
  "async",
  "autofocus",
  "autoplay",
  "checked",
  "controls",
  "default",
  "defer",
  "disabled",
  "formnovalidate",
  "hidden",
  "inert",
  "ismap",
  "loop",
  "multiple",
  "muted",
  "novalidate",
  "open",
  "playsinline",
  "readonly",
  "required",
  "reversed",
  "selected",
]);

/** Properties that Lit's table of reflected attributes does not have, by name. */
const furtherProperties: Readonly<Record<string, string>> = {
  allowFullscreen: "allowfullscreen",
  defaultChecked: "checked",
  defaultSelected: "selected",
  enterKeyHint: "enterkeyhint",
  htmlFor: "for",
  inert: "inert",
  inputMode: "inputmode",
  playsInline: "playsinline",
  popover: "popover",
  role: "role",
};

/**
 * The attribute that reflects a property of an element, if there is one. The first HTML has attributes
 * only: they show what the property will be once the page has its script.
 */
export function reflectedAttribute(
  tagName: string,
  property: string,
): ReflectedAttribute | undefined {
  const name = attributeName(tagName, property);
  return name === undefined ? undefined : { name, isBoolean: booleanAttributes.has(name) };
}

function attributeName(tagName: string, property: string): string | undefined {
  // A textarea and a select show their value in their content.
  if (contentProperty(tagName, property) || (tagName === "select" && property === "value"))
    return undefined;
  if (property === "defaultValue" && tagName === "input") return "value";
  if (/^aria[A-Z]\w*$/.test(property)) return `aria-${property.slice(4).toLowerCase()}`;
  return (
    reflectedAttributeName(tagName.toUpperCase(), property) ??
    (Object.hasOwn(furtherProperties, property) ? furtherProperties[property] : undefined)
  );
}

/** How a property is written as the content of its element. A parser drops the first line break of a textarea. */
export type ContentFormat = "text" | "html" | "textarea";

/** The format of a property that is the content of its element. */
export function contentProperty(tagName: string, property: string): ContentFormat | undefined {
  if (tagName === "textarea") {
    return property === "value" || property === "defaultValue" ? "textarea" : undefined;
  }
  if (property === "textContent" || property === "innerText") return "text";
  return property === "innerHTML" ? "html" : undefined;
}
