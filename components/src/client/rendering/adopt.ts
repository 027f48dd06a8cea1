import {
  type AttributePart,
  type ChildPart,
  Directive,
  directive,
  type Part,
  PartType,
} from "lit/directive.js";
import { isTemplateResult, setCommittedValue } from "lit/directive-helpers.js";
import { noChange, nothing } from "lit/html.js";
import { edited, type FormControl, isEdited } from "../forms/form-control.js";
import { isIgnored, unmark } from "./ignored.js";

/**
 * What the page must show where a value belongs, for the value to take it over: a template of this
 * digest, a list of this many items, or (`null`) plain text.
 */
export type Expected = string | number | null;

/** Equal to nothing the page shows: the next render writes the value whatever it is. */
export const mismatch = {};

// How many of the values that belong into what was taken over so far have not found their place.
let missing = 0;

/** Hydrates. Returns whether every value has found its place: marks that scripts removed are not missed by Lit. */
export function adoptAll(hydrate: () => void): boolean {
  missing = 1;
  hydrate();
  return missing === 0;
}

class Adopt extends Directive {
  #isIgnored: boolean | undefined;

  render(value: unknown, _expected?: Expected, _ignored?: string): unknown {
    return value;
  }

  override update(part: Part, [value, expected, ignored]: [unknown, Expected?, string?]): unknown {
    if (ignored) {
      if (this.#isIgnored) return noChange;
      this.#isIgnored ??= isIgnored(part, ignored);
      if (!this.#isIgnored || expected === undefined || part.type !== PartType.CHILD) return value;
      missing--;
      unmark(contentOf(part.startNode as Comment).nodes);
      return nothing;
    }
    if (expected === undefined) return value;
    missing--;
    switch (part.type) {
      case PartType.CHILD:
        return adoptChild(part, value, expected);
      case PartType.PROPERTY:
        return adoptProperty(part, value);
      case PartType.BOOLEAN_ATTRIBUTE:
        return adoptAttribute(part, value, value && value !== nothing ? "" : nothing);
      case PartType.ATTRIBUTE:
        return adoptAttribute(part, value, value);
      default:
        return value;
    }
  }
}

/**
 * Wraps a value for hydration. Lit takes over what the server rendered without looking: a different text
 * would stay, a different template would throw. This looks: a value that the page shows is given to
 * Lit as shown, of a different text or attribute Lit is told what the page shows, and a different
 * structure is emptied; rendering the real value next puts right just that. Text that the user has typed
 * into a control stays.
 *
 * Without `expected` the value passes as it is.
 *
 * Where `ignored`, a selector, matches the element it stands in, a value is written once; where it is to be taken
 * over, what the page shows is left alone from the beginning.
 */
export const adopt = directive(Adopt);

function adoptChild(part: ChildPart, value: unknown, expected: Expected): unknown {
  const start = part.startNode as Comment;
  if (typeof expected === "string" && start.data === `lit-part ${expected}`) {
    if (isTemplateResult(value)) missing += value.values.length;
    return value;
  }
  const { nodes, parts } = contentOf(start);
  const [text, ...rest] = nodes;
  if (start.data === "lit-part" && typeof expected !== "string") {
    if (!text) return expected === 0 ? value : nothing;
    if (expected !== null && expected > 0 && parts === expected) {
      missing += expected;
      return value;
    }
    if (expected === null && text instanceof Text) {
      // The parser splits long text; Lit knows one node.
      for (const node of rest) {
        text.data += (node as Text).data;
        node.remove();
      }
      return String(value) === text.data ? value : text.data;
    }
  }
  for (const node of nodes) node.remove();
  return nothing;
}

/** The nodes up to the marker that ends a part, and how many parts stand directly among them. */
function contentOf(start: Comment): { nodes: ChildNode[]; parts: number } {
  const nodes: ChildNode[] = [];
  let parts = 0;
  let depth = 0;
  for (let node = start.nextSibling; node; node = node.nextSibling) {
    if (node instanceof Comment) {
      if (node.data.startsWith("lit-part") && depth++ === 0) parts++;
      if (node.data.startsWith("/lit-part") && depth-- === 0) break;
    }
    nodes.push(node);
  }
  return { nodes, parts };
}

// The values of an attribute with several expressions come one after the other, the last one decides.
const valuesSoFar = new WeakMap<AttributePart, unknown[]>();

function adoptAttribute(part: AttributePart, value: unknown, written: unknown): unknown {
  const { strings = ["", ""], element, name } = part;
  const values = [...(valuesSoFar.get(part) ?? []), written];
  valuesSoFar.set(part, values);
  if (values.length < strings.length - 1) return value;
  const text = values.includes(nothing)
    ? null
    : String.raw({ raw: strings }, ...values.map((each) => each ?? ""));
  return text === element.getAttribute(name) ? value : mismatch;
}

function adoptProperty(part: AttributePart, value: unknown): unknown {
  if (
    !["value", "checked", "selected"].includes(part.name) ||
    !isEdited(part.element as FormControl)
  ) {
    return value;
  }
  edited.add(part.element);
  setCommittedValue(part, value);
  return noChange;
}
