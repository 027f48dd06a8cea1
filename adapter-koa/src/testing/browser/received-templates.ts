import type {
  TemplateStrings,
  Templates,
  WireDirective,
  WireValue,
} from "@live-session/components/protocol";
import { nothing, type TemplateResult } from "lit";
import { type ClassInfo, classMap } from "lit/directives/class-map.js";
import { keyed } from "lit/directives/keyed.js";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import { type StyleInfo, styleMap } from "lit/directives/style-map.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { LiveError } from "../live/live-error.js";

/**
 * Turns wire values back into templates, as the client in the browser does. It uses only the strings that were sent. The
 * test kit renders the views of a page with it.
 */
export class WireTemplates {
  readonly #templates = new Map<string, TemplateResult>();

  /** Adds the strings of a frame. The strings of a known key do not change. */
  add(templates: Templates = {}): void {
    for (const [key, sent] of Object.entries(templates)) {
      if (!this.#templates.has(key)) this.#templates.set(key, toTemplate(sent));
    }
  }

  /**
   * Returns the value that Lit renders for a wire value.
   *
   * @throws LiveError `LIVE_ERR_TEMPLATE` when the strings of a template have not been sent
   */
  toLit(value: WireValue): unknown {
    if (typeof value !== "object" || value === null) return value;
    const toLit = (child: WireValue) => this.toLit(child);
    if ("t" in value) return { ...this.#template(value.t), values: value.v.map(toLit) };
    if ("k" in value) return repeat(value.l, (_, i) => value.k[i], toLit);
    if ("l" in value) return value.l.map(toLit);
    if ("x" in value) return toDirective(value, toLit);
    return "j" in value ? value.j : nothing;
  }

  #template(key: string): TemplateResult {
    const template = this.#templates.get(key);
    if (!template)
      throw new LiveError("LIVE_ERR_TEMPLATE", `the strings of the template ${key} were not sent`);
    return template;
  }
}

/** The type of SVG and MathML is cast, because Lit's `TemplateResult` declares only that of HTML. */
function toTemplate(sent: TemplateStrings): TemplateResult {
  const [strings, type] =
    "svg" in sent ? [sent.svg, 2] : "mathml" in sent ? [sent.mathml, 3] : [sent, 1];
  return {
    _$litType$: type as 1,
    strings: Object.assign([...strings], { raw: strings }),
    values: [],
  };
}

function toDirective(
  { x, v: [first = null, second = null] }: WireDirective,
  toLit: (value: WireValue) => unknown,
): unknown {
  const value = toLit(first);
  switch (x) {
    case "keyed":
      return keyed(value, toLit(second));
    case "unsafeHTML":
      return unsafeHTML(String(value ?? ""));
    case "live":
      return live(value);
    case "classMap":
      return classMap(value as ClassInfo);
    case "styleMap":
      return styleMap(value as StyleInfo);
  }
}
