import { type AttributePart, Directive, directive } from "lit/directive.js";
import { setCommittedValue } from "lit/directive-helpers.js";
import { noChange } from "lit/html.js";

/** Classes that apply or not, or style properties and their values; by name. */
export type AttributeMapInfo = Readonly<Record<string, unknown>>;

class AttributeMap extends Directive {
  #names: string[] | undefined;

  render(_info: AttributeMapInfo): unknown {
    return noChange;
  }

  override update(part: AttributePart, [info]: [AttributeMapInfo]): unknown {
    const { element, name, strings } = part;
    const { classList, style } = element as HTMLElement;
    const isClass = name === "class";
    if (!this.#names) {
      // Lit holds this for the attribute's text already, and so never writes it.
      setCommittedValue(part, strings ? [""] : "");
      const text = strings?.join("") ?? "";
      if (isClass) classList.value = text;
      else style.cssText = text;
    }
    const names = Object.keys(info);
    const gone = this.#names?.filter((key) => !(key in info)) ?? [];
    for (const key of [...gone, ...names]) {
      if (isClass) classList.toggle(key, !!info[key]);
      else setProperty(style, key, info[key]);
    }
    this.#names = names;
    return noChange;
  }
}

function setProperty(style: CSSStyleDeclaration, key: string, value: unknown): void {
  const name = key.includes("-")
    ? key
    : key.replace(/(?:^(webkit|moz|ms|o)|)(?=[A-Z])/g, "-$&").toLowerCase();
  const [text = "", important] = String(value ?? "").split(" !important");
  style.setProperty(name, text, important === undefined ? "" : "important");
}

/**
 * Lit's `classMap` and `styleMap` in one. It writes through `classList` and the CSSOM and never the
 * attribute, also on the first render: classes that others add stay, and a Content-Security-Policy
 * without `unsafe-inline` lets styles be set.
 */
export const attributeMap = directive(AttributeMap);
