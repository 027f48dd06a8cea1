import { createHash } from "node:crypto";
import type { TemplateStrings } from "@live-session/components/protocol";
import type { TemplateResult } from "lit";
import { _$LH } from "lit-html/private-ssr-support.js";
import { LiveError } from "../live/live-error.js";

/** Where a value of a template stands; `raw` is inside a comment, `<textarea>`, `<title>` or `<style>`. */
export interface Binding {
  readonly kind: "child" | "attribute" | "boolean" | "property" | "event" | "element" | "raw";
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

/** Makes an error that names the place of what it refuses. */
export interface Refuser {
  refuse(got: string, expected: string): LiveError;
}

/**
 * The shape of a template.
 *
 * @throws LiveError `LIVE_ERR_TEMPLATE` for a template that a browser cannot take over
 */
export function shapeOf(result: TemplateResult, refuser: Refuser): TemplateShape {
  let shape = shapes.get(result.strings);
  if (!shape) {
    shape = toShape(result, refuser);
    shapes.set(result.strings, shape);
    shapesByKey.set(shape.key, shape);
  }
  return shape;
}

/** The strings of a template that has been rendered before, by its key on the wire. */
export function stringsOf(key: string): TemplateStrings {
  const shape = shapesByKey.get(key);
  if (!shape)
    throw new LiveError("LIVE_ERR_TEMPLATE", "a template was sent that was never rendered");
  return shape.strings;
}

function toShape(result: TemplateResult, refuser: Refuser): TemplateShape {
  if ("_$litServerRenderMode" in result) {
    const expected = 'html from "lit"; the html of @lit-labs/ssr is for root layouts only';
    throw refuser.refuse("a server-only template", expected);
  }
  const { strings, _$litType$: type } = result as { strings: unknown; _$litType$: unknown };
  if (typeof type === "object") throw refuser.refuse("a compiled template", tags);
  const isTagged = Array.isArray(strings) && Object.hasOwn(strings, "raw");
  if (!isTagged || (type !== 1 && type !== 2 && type !== 3)) {
    throw refuser.refuse("a template that no html tag made", tags);
  }
  const list = [...result.strings];
  // Lit's own digest does not always tell where one string ends: `<td>${n}</td>` has that of `<td></td>`.
  const digest = createHash("sha256").update(JSON.stringify(list)).digest("base64url").slice(0, 12);
  const bindings = bindingsOf(result.strings, type);
  if (type === 1) return { key: digest, strings: list, bindings };
  return type === 2
    ? { key: `${digest}.svg`, strings: { svg: list }, bindings }
    : { key: `${digest}.mathml`, strings: { mathml: list }, bindings };
}

const tags = 'the html, svg or mathml tag of "lit"';
const kinds = { "?": "boolean", ".": "property", "@": "event" } as const;

/** Lit's own reading of the strings, so that both agree on where each value stands. */
function bindingsOf(strings: TemplateStringsArray, type: 1 | 2 | 3): Binding[] {
  const [markup, attributeNames] = _$LH.getTemplateHtml(strings, type);
  const pieces = String(markup).split(_$LH.marker);
  const names = attributeNames.values();
  let attribute: OpenAttribute | undefined;
  return pieces.slice(0, -1).map((before, i): Binding => {
    if (before.includes(_$LH.boundAttributeSuffix)) {
      attribute = toAttribute(names.next().value ?? "", before);
      return attribute.binding;
    }
    if (attribute && !attribute.end.test(before)) return attribute.binding;
    attribute = undefined;
    if (before.endsWith("<?")) return { kind: "child", name: "" };
    // Lit writes the value's number behind the marker of an element alone.
    const after = (pieces[i + 1] as string).replace(_$LH.boundAttributeSuffix, "");
    return { kind: after.startsWith(`${i}${strings[i + 1]}`) ? "element" : "raw", name: "" };
  });
}

/** An attribute that may hold further values, until its end. */
interface OpenAttribute {
  readonly binding: Binding;
  readonly end: RegExp;
}

function toAttribute(written: string, before: string): OpenAttribute {
  const kind = kinds[written[0] as keyof typeof kinds];
  const binding: Binding = kind
    ? { kind, name: written.slice(1) }
    : { kind: "attribute", name: written };
  const [, quote] =
    /\s*=\s*(["']?)/.exec(before.slice(before.lastIndexOf(_$LH.boundAttributeSuffix))) ?? [];
  return { binding, end: quote ? new RegExp(quote) : /[\s>]/ };
}

/** Names a binding for an error: what it is, its name, and the text before it. */
export function describeBinding(shape: TemplateShape | undefined, index: number): string {
  if (!shape) return "at the top of the render";
  const { kind, name } = shape.bindings[index] as Binding;
  const lists = shape.strings;
  const strings = "svg" in lists ? lists.svg : "mathml" in lists ? lists.mathml : lists;
  const before = (strings[index] ?? "").replaceAll(/\s+/g, " ").slice(-40);
  const what =
    kind === "raw" ? "the raw text" : name === "" ? `the ${kind}` : `the ${kind} "${name}"`;
  return `at ${what}, after \`${before}\``;
}
