import { digestForTemplateResult } from "@lit-labs/ssr-client";
import { Directive, directive } from "lit/directive.js";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import { nothing, type TemplateResult } from "lit/html.js";
import {
  ProtocolError,
  type Templates,
  type WireDirective,
  type WireNode,
  type WireValue,
} from "../../protocol/index.js";
import { adopt, mismatch } from "./adopt.js";
import { type AttributeMapInfo, attributeMap } from "./attribute-map.js";
import { live } from "./live.js";

// Lit knows a template by the identity of its strings. One table for the page, not for the connection,
// so that the nodes stay when a new connection sends the same templates again.
const templates = new Map<string, Template>();

// A diff shares every node it does not touch, so each is converted once.
const converted = new WeakMap<WireNode, unknown>();

/** A template without values. */
interface Template extends TemplateResult {
  /** Selects elements that belong to other scripts, of which there are some in it. */
  readonly ignored?: string | undefined;
}

/**
 * Makes templates known to the page. A key that is known already keeps its strings.
 *
 * @param ignored selects, by their attribute, elements that belong to other scripts
 */
export function registerTemplates(added: Templates = {}, ignored = "[live-ignore]"): void {
  for (const [key, sent] of Object.entries(added)) {
    if (templates.has(key)) continue;
    const template =
      "svg" in sent
        ? prepare(sent.svg, 2)
        : "mathml" in sent
          ? prepare(sent.mathml, 3)
          : prepare(sent);
    const hasIgnored = template.strings.join().includes(ignored.slice(1, -1));
    templates.set(key, { ...template, ignored: hasIgnored ? ignored : undefined });
  }
}

/**
 * Turns a wire value into what Lit renders. The same node gives the same result.
 *
 * @throws ProtocolError `LIVE_ERR_UNKNOWN_TEMPLATE` when a template's strings never came.
 */
export function toLit(value: WireValue): unknown {
  if (typeof value !== "object" || value === null) return value;
  let result = converted.get(value);
  if (result === undefined) {
    result = convert(value, toLit, false);
    converted.set(value, result);
  }
  return result;
}

/**
 * Turns a wire value into what Lit hydrates: the same as {@link toLit}, but each value looks at what the
 * page shows in its place ({@link adopt}), so that rendering right afterwards corrects what differs.
 *
 * @throws ProtocolError `LIVE_ERR_UNKNOWN_TEMPLATE` when a template's strings never came.
 */
export function toHydratable(value: WireValue): unknown {
  if (typeof value !== "object" || value === null) return adopt(value, null);
  return convert(value, toHydratable, true);
}

function prepare(strings: readonly string[], type = 1): TemplateResult {
  return {
    _$litType$: type as 1,
    strings: Object.assign([...strings], { raw: strings }),
    values: [],
  };
}

function convert(
  node: WireNode,
  child: (value: WireValue) => unknown,
  hydrating: boolean,
): unknown {
  if ("t" in node) {
    const template = templates.get(node.t);
    if (!template) {
      throw new ProtocolError("LIVE_ERR_UNKNOWN_TEMPLATE", `a template was not sent: "${node.t}"`);
    }
    const { ignored } = template;
    const expected = hydrating ? null : undefined;
    const values = node.v.map(ignored ? (value) => adopt(child(value), expected, ignored) : child);
    const result = { ...template, values };
    return hydrating ? adopt(result, digestForTemplateResult(result)) : result;
  }
  if ("k" in node) {
    const list = repeat(node.l, (_, i) => node.k[i], child);
    // The directive stays around the list in every render: `repeat` keeps its keys only in place.
    return adopt(list, hydrating ? node.l.length : undefined);
  }
  if ("l" in node) {
    const list = node.l.map(child);
    return hydrating ? adopt(list, list.length) : list;
  }
  if ("x" in node) return convertDirective(node, child, hydrating);
  const leaf = "j" in node ? node.j : nothing;
  return hydrating ? adopt(leaf, null) : leaf;
}

function convertDirective(
  { x, v: [first = null, second = null] }: WireDirective,
  child: (value: WireValue) => unknown,
  hydrating: boolean,
): unknown {
  const value = toLit(first);
  if (x === "keyed") return keyed(value, child(second));
  if (x === "unsafeHTML") {
    const html = String(value ?? "");
    return adopt(rawHtml(html), hydrating ? digestForTemplateResult(prepare([html])) : undefined);
  }
  if (x === "live") return hydrating ? adopt(value, null) : live(value);
  return hydrating ? adopt(mismatch, null) : attributeMap(value as AttributeMapInfo);
}

/** Lit's `unsafeHTML`: keeps the nodes as long as the text is the same. */
class RawHtml extends Directive {
  #html: string | undefined;
  #template: TemplateResult | undefined;

  render(html: string): unknown {
    if (html !== this.#html) this.#template = prepare([html]);
    this.#html = html;
    return this.#template;
  }
}

const rawHtml = directive(RawHtml);
