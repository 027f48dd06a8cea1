import { digestForTemplateResult } from "@lit-labs/ssr-client";
import { classMap } from "lit/directives/class-map.js";
import { keyed } from "lit/directives/keyed.js";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { nothing, type TemplateResult } from "lit/html.js";
import {
  isWireData,
  isWireDirective,
  isWireKeyedList,
  isWireList,
  isWireTemplate,
  ProtocolError,
  type Templates,
  type WireDirective,
  type WireNode,
  type WireTemplate,
  type WireValue,
} from "../protocol/index.js";
import { adopt, mismatch } from "./adopt.js";
import { styles } from "./styles.js";

type Prepared = Pick<TemplateResult, "_$litType$" | "strings">;

// Lit knows a template by the identity of its strings. One table for the page, not for the connection,
// so that the nodes stay when a new connection sends the same templates again.
const templates = new Map<string, Prepared>();

// A diff shares every node it does not touch, so each is converted once.
const converted = new WeakMap<WireNode, unknown>();

/** Makes templates known to the page. A key that is known already keeps its strings. */
export function registerTemplates(added: Templates = {}): void {
  for (const [key, sent] of Object.entries(added)) {
    if (templates.has(key)) continue;
    const [type, strings] = "svg" in sent ? [2, sent.svg] : "mathml" in sent ? [3, sent.mathml] : [1, sent];
    templates.set(key, {
      _$litType$: type as 1,
      strings: Object.assign([...strings], { raw: strings }),
    });
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

function convert(node: WireNode, child: (value: WireValue) => unknown, hydrating: boolean): unknown {
  if (isWireTemplate(node)) {
    const result = { ...preparedOf(node), values: node.v.map(child) };
    return hydrating ? adopt(result, digestForTemplateResult(result)) : result;
  }
  if (isWireKeyedList(node)) {
    const list = repeat(node.l, (_, i) => node.k[i], child);
    // The directive stays around the list in every render: `repeat` keeps its keys only in place.
    return hydrating ? adopt(list, node.l.length) : adopt(list);
  }
  if (isWireList(node)) {
    const list = node.l.map(child);
    return hydrating ? adopt(list, list.length) : list;
  }
  if (isWireDirective(node)) return convertDirective(node, child, hydrating);
  const leaf = isWireData(node) ? node.j : nothing;
  return hydrating ? adopt(leaf, null) : leaf;
}

function preparedOf({ t }: WireTemplate): Prepared {
  const prepared = templates.get(t);
  if (!prepared) {
    throw new ProtocolError("LIVE_ERR_UNKNOWN_TEMPLATE", `a template was not sent: "${t}"`);
  }
  return prepared;
}

function convertDirective(
  { x, v }: WireDirective,
  child: (value: WireValue) => unknown,
  hydrating: boolean,
): unknown {
  const first = toLit(v[0] ?? null);
  if (x === "keyed") return keyed(first, child(v[1] ?? null));
  if (x === "unsafeHTML") {
    const html = unsafeHTML(first as string);
    if (!hydrating) return adopt(html);
    if (typeof first !== "string") return adopt(html, 0);
    return adopt(html, digestForTemplateResult({ strings: [first] } as unknown as TemplateResult));
  }
  if (x === "live") return hydrating ? adopt(first, null) : live(first);
  if (hydrating) return adopt(mismatch, null);
  return x === "classMap"
    ? classMap(first as Record<string, boolean>)
    : styles(first as Record<string, string>);
}
