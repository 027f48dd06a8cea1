import { reflectedAttributeName } from "@lit-labs/ssr/lib/reflected-attributes.js";

/** How a property is written as an attribute. */
export interface ReflectedAttribute {
  readonly name: string;
  /** Whether it is a boolean attribute, which is either present or absent and has no value. */
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

/** Further properties, by name, that Lit's table of reflected attributes does not contain. */
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
 * Returns the attribute that reflects a property of an element, if there is one. The first HTML contains only
 * attributes. They show the value that the property will have after the page has loaded its script.
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

/** Returns the format of a property that is the content of its element; `undefined` for other properties. */
export function contentProperty(tagName: string, property: string): ContentFormat | undefined {
  if (tagName === "textarea") {
    return property === "value" || property === "defaultValue" ? "textarea" : undefined;
  }
  if (property === "textContent" || property === "innerText") return "text";
  return property === "innerHTML" ? "html" : undefined;
}
