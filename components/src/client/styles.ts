import { type AttributePart, Directive, directive } from "lit/directive.js";
import { setCommittedValue } from "lit/directive-helpers.js";
import type { StyleInfo } from "lit/directives/style-map.js";
import { noChange } from "lit/html.js";

class Styles extends Directive {
  #names: string[] | undefined;

  render(_styles: StyleInfo): unknown {
    return noChange;
  }

  override update(part: AttributePart, [styles]: [StyleInfo]): unknown {
    const { style } = part.element as HTMLElement;
    const { strings } = part;
    if (!this.#names) {
      // Lit holds this for the attribute's text already, and so never writes it.
      setCommittedValue(part, strings ? [""] : "");
      style.cssText = strings ? strings.join("") : "";
    }
    for (const name of this.#names ?? []) style.removeProperty(name);
    this.#names = Object.keys(styles).map((key) => {
      const name = key.includes("-")
        ? key
        : key.replace(/(?:^(webkit|moz|ms|o)|)(?=[A-Z])/g, "-$&").toLowerCase();
      const [value, important] = String(styles[key] ?? "").split(" !important");
      style.setProperty(name, value ?? "", important === undefined ? "" : "important");
      return name;
    });
    return noChange;
  }
}

/**
 * Lit's `styleMap` without the `style` attribute: it sets the properties through the CSSOM, also on the
 * first render, so that a Content-Security-Policy without `unsafe-inline` lets it.
 */
export const styles = directive(Styles);
