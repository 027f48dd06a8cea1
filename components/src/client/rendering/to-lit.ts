import { digestForTemplateResult } from "@lit-labs/ssr-client";
import { keyed } from "lit/directives/keyed.js";
import { nothing } from "lit/html.js";
import type {
  WireDirective,
  WireKeyedList,
  WireList,
  WireNode,
  WireTemplate,
  WireValue,
} from "../../protocol/index.js";
import { adopt, mismatch } from "./adopt.js";
import { type AttributeMapInfo, attributeMap } from "./attribute-map.js";
import { bind } from "./bound-values.js";
import { ignorable } from "./ignorable.js";
import { live } from "./live.js";
import { rawHtml } from "./raw-html.js";
import { repeat } from "./repeat.js";
import { findTemplate, prepareTemplate } from "./templates.js";

// A diff shares all nodes that it does not change, so each node is converted once.
const converted = new WeakMap<WireNode, unknown>();

/**
 * Converts a wire value to a value that Lit renders. The same node always gives the same result.
 *
 * @throws ProtocolError `LIVE_ERR_UNKNOWN_TEMPLATE` if a template has not been sent.
 */
export function toLit(value: WireValue): unknown {
  if (typeof value !== "object" || value === null) return value;
  let result = converted.get(value);
  if (result === undefined) {
    result = convertNode(value, forRendering);
    converted.set(value, result);
  }
  return result;
}

/**
 * Converts a wire value to a value that Lit hydrates: like {@link toLit}, but {@link adopt} compares each value with
 * what the page shows. Rendering the view right afterwards corrects the differences.
 *
 * @throws ProtocolError `LIVE_ERR_UNKNOWN_TEMPLATE` if a template has not been sent.
 */
export function toHydratable(value: WireValue): unknown {
  if (typeof value !== "object" || value === null) return adopt(value, null);
  return convertNode(value, forHydration);
}

/** The way in which nodes are converted: for rendering or for hydration. */
interface Conversion {
  readonly isHydrating: boolean;
  /** Converts the values in a node. */
  readonly convert: (value: WireValue) => unknown;
}

const forRendering: Conversion = { isHydrating: false, convert: toLit };
const forHydration: Conversion = { isHydrating: true, convert: toHydratable };

function convertNode(node: WireNode, conversion: Conversion): unknown {
  if ("t" in node) return convertTemplate(node, conversion);
  if ("l" in node) return convertList(node, conversion);
  if ("x" in node) return convertDirective(node, conversion);
  const leaf = "j" in node ? node.j : nothing;
  return conversion.isHydrating ? adopt(leaf, null) : leaf;
}

function convertTemplate(
  { t: key, v: values }: WireTemplate,
  { isHydrating, convert }: Conversion,
): unknown {
  const template = findTemplate(key);
  const { ignored, bound } = template;
  const toValue = (value: WireValue, i: number): unknown => {
    const plain = convert(value);
    const converted = bound[i] ? convertBound(value, plain, isHydrating) : plain;
    return ignored ? ignorable(converted, ignored, isHydrating) : converted;
  };
  const result = { ...template, values: values.map(toValue) };
  return isHydrating ? adopt(result, digestForTemplateResult(result)) : result;
}

/** Converts a value that may be the content of a form control. */
function convertBound(value: WireValue, converted: unknown, isHydrating: boolean): unknown {
  const isLive = typeof value === "object" && value !== null && "x" in value;
  const plain = toLit(isLive ? (value.v[0] ?? null) : value);
  return bind(converted, plain === nothing ? undefined : plain, isLive, isHydrating);
}

function convertList(
  list: WireKeyedList | WireList,
  { isHydrating, convert }: Conversion,
): unknown {
  const { l: items } = list;
  const rows = repeat(items, "k" in list ? (_, i) => list.k[i] : undefined, convert);
  // `repeat` keeps its keys only if the same directives surround it in every render.
  return adopt(rows, isHydrating ? items.length : undefined);
}

function convertDirective(
  { x: name, v: [first = null, second = null] }: WireDirective,
  { isHydrating, convert }: Conversion,
): unknown {
  const value = toLit(first);
  switch (name) {
    case "keyed":
      return keyed(value, convert(second));
    case "unsafeHTML": {
      const html = String(value ?? "");
      const expected = isHydrating ? digestForTemplateResult(prepareTemplate([html])) : undefined;
      return adopt(rawHtml(html), expected);
    }
    case "live":
      return isHydrating ? adopt(value, null) : live(value);
    default:
      // The page shows the classes or styles of the first render; the next render writes all of them.
      return isHydrating ? adopt(mismatch, null) : attributeMap(value as AttributeMapInfo);
  }
}
