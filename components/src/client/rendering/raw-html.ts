import { Directive, directive } from "lit/directive.js";
import type { TemplateResult } from "lit/html.js";
import { prepareTemplate } from "./templates.js";

class RawHtml extends Directive {
  #html: string | undefined;
  #template: TemplateResult | undefined;

  render(html: string): unknown {
    if (html !== this.#html) this.#template = prepareTemplate([html]);
    this.#html = html;
    return this.#template;
  }
}

/** Renders like Lit's `unsafeHTML`: keeps the nodes as long as the string is the same. */
export const rawHtml = directive(RawHtml);
