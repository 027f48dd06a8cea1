import type { TemplateResult } from "lit/html.js";
import { ProtocolError, type Templates } from "../../protocol/index.js";
import { bindsControl } from "./bound-values.js";

/** A template without values. */
interface Template extends TemplateResult {
  /** A selector of `live-ignore`, if the template contains the attribute. */
  readonly ignored?: string | undefined;
  /** For each value, whether it may be the content of a form control. */
  readonly bound: readonly boolean[];
}

// Lit identifies a template by its strings object. The table belongs to the page, not to a connection: when a new
// connection sends the same templates again, the nodes stay.
const templates = new Map<string, Template>();

/**
 * Whether the page has received markup that probably needs the module for input, even if it does not show that markup
 * now.
 */
export let needsInput = false;

/** Fields, and the bindings that need the module, with any prefix. */
const inputMarkup =
  /<(form|input|select|textarea)|[\w-](keydown|keyup|focus|blur|debounce|throttle|disable-with|click-away|viewport)/;

/** Sets {@link needsInput}, so that an update need not search the whole page. */
export function noteMarkup(markup: string): void {
  needsInput ||= inputMarkup.test(markup);
}

/**
 * Adds templates to the table of the page. A key that exists already keeps its strings.
 *
 * @param ignored selects the elements that belong to other scripts, by their attribute
 */
export function registerTemplates(added: Templates = {}, ignored: string): void {
  const attribute = ignored.slice(1, -1);
  for (const [key, sent] of Object.entries(added)) {
    if (templates.has(key)) continue;
    const template = prepareSent(sent);
    const hasIgnored = template.strings.join().includes(attribute);
    templates.set(key, {
      ...template,
      ignored: hasIgnored ? ignored : undefined,
      bound: template.strings.map(bindsControl),
    });
  }
}

/**
 * Returns a template of the table.
 *
 * @throws ProtocolError `LIVE_ERR_UNKNOWN_TEMPLATE` if the template has not been sent.
 */
export function findTemplate(key: string): Template {
  const template = templates.get(key);
  if (template) return template;
  throw new ProtocolError("LIVE_ERR_UNKNOWN_TEMPLATE", `a template was not sent: "${key}"`);
}

// The values of Lit's `_$litType$`.
const htmlType = 1;
const svgType = 2;
const mathmlType = 3;

function prepareSent(sent: Templates[string]): TemplateResult {
  if ("svg" in sent) return prepareTemplate(sent.svg, svgType);
  return "mathml" in sent ? prepareTemplate(sent.mathml, mathmlType) : prepareTemplate(sent);
}

/** Creates a template from its strings. */
export function prepareTemplate(
  strings: readonly string[],
  type: number = htmlType,
): TemplateResult {
  noteMarkup(strings.join());
  return {
    _$litType$: type as typeof htmlType,
    strings: Object.assign([...strings], { raw: strings }),
    values: [],
  };
}
