import { type AttributePart, Directive, directive } from "lit/directive.js";
import { setCommittedValue } from "lit/directive-helpers.js";
import { noChange } from "lit/html.js";
import { noteLiveValue } from "./live.js";

/** Classes and whether the element has them, or style properties and their values, by name. */
export type AttributeMapInfo = Readonly<Record<string, unknown>>;

class AttributeMap extends Directive {
  /** The names of the last render; `undefined` before the first. */
  #names: string[] | undefined;

  render(_info: AttributeMapInfo): unknown {
    return noChange;
  }

  override update(part: AttributePart, [info]: [AttributeMapInfo]): unknown {
    noteLiveValue();
    const { element, name } = part;
    const { classList, style } = element as HTMLElement;
    if (!this.#names) writeStaticText(part);
    const names = Object.keys(info);
    const removed = this.#names?.filter((key) => !(key in info)) ?? [];
    for (const key of [...removed, ...names]) {
      if (name === "class") classList.toggle(key, !!info[key]);
      else setProperty(style, key, info[key]);
    }
    this.#names = names;
    return noChange;
  }
}

/** Writes the strings that the template has around the directive. */
function writeStaticText(part: AttributePart): void {
  const { element, name, strings } = part;
  const { classList, style } = element as HTMLElement;
  // Lit believes that the attribute has this value already, so it never writes the attribute.
  setCommittedValue(part, strings ? [""] : "");
  const text = strings?.join("") ?? "";
  if (name === "class") classList.value = text;
  else style.cssText = text;
}

function setProperty(style: CSSStyleDeclaration, key: string, value: unknown): void {
  const [text = "", important] = String(value ?? "").split(" !important");
  style.setProperty(propertyOf(key), text, important === undefined ? "" : "important");
}

/** Converts a name in camel case, such as `webkitLineClamp`, to a CSS property. */
function propertyOf(key: string): string {
  if (key.includes("-")) return key;
  return key.replace(/(?:^(webkit|moz|ms|o)|)(?=[A-Z])/g, "-$&").toLowerCase();
}

/**
 * Renders like Lit's `classMap` and `styleMap`, in one directive. Unlike them it uses `classList` and the CSSOM in
 * the first render too and never writes the attribute: classes that other scripts add stay, and a
 * Content-Security-Policy without `unsafe-inline` allows styles.
 */
export const attributeMap = directive(AttributeMap);
