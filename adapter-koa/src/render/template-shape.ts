import { createHash } from "node:crypto";
import { digestForTemplateResult } from "@lit-labs/ssr-client";
import type { TemplateStrings } from "@live-session/components/protocol";
import type { TemplateResult } from "lit";
import { LiveError } from "../live/live-error.js";
import type { Binding } from "./binding.js";
import { compileTemplate, type Step } from "./compile-template.js";

/** The fixed part of a template. It is computed once for each tagged template in the source code. */
export interface TemplateShape {
  /** Identifies the strings on the wire. */
  readonly key: string;
  readonly strings: TemplateStrings;
  readonly bindings: readonly Binding[];
  /** The steps that write the template as HTML, in order. */
  readonly steps: readonly Step[];
  /** Whether the value of a `live-target` decides what receives the events of an element. */
  readonly hasTargets: boolean;
}

const shapes = new WeakMap<TemplateStringsArray, TemplateShape>();
const shapesByKey = new Map<string, TemplateShape>();

/** Creates an error about a value and names the binding that contains it. */
export interface Refuser {
  refuse(got: string, expected: string): LiveError;
}

/**
 * Returns the shape of a template.
 *
 * @throws LiveError `LIVE_ERR_TEMPLATE` for a template that the client cannot render
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

/** Returns how many templates have been rendered so far. */
export const countShapes = (): number => shapesByKey.size;

/** Returns the shape of a template that has been rendered, by its key on the wire. */
export function shapeOfKey(key: string): TemplateShape {
  const shape = shapesByKey.get(key);
  if (!shape)
    throw new LiveError("LIVE_ERR_TEMPLATE", "a template is sent that has not been rendered");
  return shape;
}

/** Returns the strings of a template that has been rendered, by its key on the wire. */
export const stringsOf = (key: string): TemplateStrings => shapeOfKey(key).strings;

function toShape(result: TemplateResult, refuser: Refuser): TemplateShape {
  if ("_$litServerRenderMode" in result) {
    const expected = 'html from "lit"; the html of @lit-labs/ssr is for root layouts only';
    throw refuser.refuse("a server-only template", expected);
  }
  const { strings, _$litType$: type } = result as { strings: unknown; _$litType$: unknown };
  if (typeof type === "object") throw refuser.refuse("a compiled template", tags);
  const isTagged = Array.isArray(strings) && Object.hasOwn(strings, "raw");
  if (!isTagged || (type !== 1 && type !== 2 && type !== 3)) {
    throw refuser.refuse("a template that was not created by an html tag", tags);
  }
  const list = [...result.strings];
  // Not Lit's own digest, which ignores where a string ends: `<td>${n}</td>` and `<td></td>` have the same one.
  const digest = createHash("sha256").update(JSON.stringify(list)).digest("base64url").slice(0, 12);
  const hasTargets = list.some((text) => /live-target=["']?$/.test(text));
  const compiled = {
    ...compileTemplate(result.strings, type, digestForTemplateResult(result)),
    hasTargets,
  };
  if (type === 1) return { key: digest, strings: list, ...compiled };
  return type === 2
    ? { key: `${digest}.svg`, strings: { svg: list }, ...compiled }
    : { key: `${digest}.mathml`, strings: { mathml: list }, ...compiled };
}

const tags = 'the html, svg or mathml tag of "lit"';
/** Describes a binding in an error message: its kind, its name, and the template text before it. */
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
