import { digestForTemplateResult } from "@lit-labs/ssr-client";
import type { TemplateStrings } from "@live-session/components/protocol";
import type { TemplateResult } from "lit";
import { _$LH } from "lit-html/private-ssr-support.js";
import { LiveError } from "../live/live-error.js";

/** Where a value of a template stands. */
export interface Binding {
  readonly kind: "child" | "attribute" | "boolean" | "property" | "event" | "element";
  /** The name of the attribute, property or event as written. */
  readonly name: string;
}

/** What is fixed about a template: computed once for each tagged template in the source. */
export interface TemplateShape {
  /** Identifies the strings on the wire. */
  readonly key: string;
  readonly strings: TemplateStrings;
  readonly bindings: readonly Binding[];
}

const shapes = new WeakMap<TemplateStringsArray, TemplateShape>();
const shapesByKey = new Map<string, TemplateShape>();

/**
 * The shape of a template.
 *
 * @throws LiveError `LIVE_ERR_TEMPLATE` for a template that a browser cannot take over
 */
export function shapeOf(result: TemplateResult): TemplateShape {
  let shape = shapes.get(result.strings);
  if (!shape) {
    shape = toShape(result);
    shapes.set(result.strings, shape);
    shapesByKey.set(shape.key, shape);
  }
  return shape;
}

/** The strings of a template that has been rendered before, by its key on the wire. */
export function stringsOf(key: string): TemplateStrings {
  const shape = shapesByKey.get(key);
  if (!shape) throw new LiveError("LIVE_ERR_TEMPLATE", "a template was sent that was never rendered");
  return shape.strings;
}

function toShape(result: TemplateResult): TemplateShape {
  if ("_$litServerRenderMode" in result) {
    throw new LiveError("LIVE_ERR_TEMPLATE", "a server-only template stands in a view", {
      expected: 'html from "lit"; the html of @lit-labs/ssr is for root layouts only',
    });
  }
  const type: unknown = result._$litType$;
  if (type !== 1 && type !== 2 && type !== 3) {
    throw new LiveError("LIVE_ERR_TEMPLATE", "a compiled template stands in a view", {
      expected: 'the html, svg or mathml tag of "lit"',
    });
  }
  const digest = digestForTemplateResult(result);
  const list = [...result.strings];
  const bindings = bindingsOf(result.strings, type);
  if (type === 1) return { key: digest, strings: list, bindings };
  return type === 2
    ? { key: `${digest}.svg`, strings: { svg: list }, bindings }
    : { key: `${digest}.mathml`, strings: { mathml: list }, bindings };
}

const kinds = { "?": "boolean", ".": "property", "@": "event" } as const;

/** Lit's own reading of the strings, so that both agree on where each value stands. */
function bindingsOf(strings: TemplateStringsArray, type: 1 | 2 | 3): Binding[] {
  const [markup, attributeNames] = _$LH.getTemplateHtml(strings, type);
  const pieces = String(markup).split(_$LH.marker);
  const names = attributeNames.values();
  let attribute: Binding | undefined;
  return pieces.slice(0, -1).map((before): Binding => {
    if (before.endsWith("<?")) {
      attribute = undefined;
      return { kind: "child", name: "" };
    }
    if (before.includes(`${_$LH.boundAttributeSuffix}=`)) {
      const written = names.next().value ?? "";
      const kind = kinds[written[0] as keyof typeof kinds];
      attribute = kind ? { kind, name: written.slice(1) } : { kind: "attribute", name: written };
      return attribute;
    }
    if (attribute && !/>|["']\s+$/.test(before)) return attribute;
    return { kind: /<[^>]*\s$/.test(before) ? "element" : "child", name: "" };
  });
}

/** Names a binding for an error: what it is, its name, and the text before it. */
export function describeBinding(shape: TemplateShape | undefined, index: number): string {
  if (!shape) return "at the top of the render";
  const { kind, name } = shape.bindings[index] as Binding;
  const lists = shape.strings;
  const strings = "svg" in lists ? lists.svg : "mathml" in lists ? lists.mathml : lists;
  const before = (strings[index] ?? "").replaceAll(/\s+/g, " ").slice(-40);
  const what = kind === "child" || kind === "element" ? `the ${kind}` : `the ${kind} "${name}"`;
  return `at ${what}, after \`${before}\``;
}
