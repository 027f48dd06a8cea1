import {
  type AttributePart,
  type ChildPart,
  Directive,
  directive,
  type Part,
  PartType,
} from "lit/directive.js";
import { isTemplateResult } from "lit/directive-helpers.js";
import { nothing } from "lit/html.js";
import { contentOf, depthStep } from "./child-part.js";
import { countFoundPlace, expectPlaces } from "./value-places.js";

/**
 * The content that the page must have at the place of a value so that it can be adopted: a template with this digest, a
 * list with this many items, or plain text (`null`).
 */
export type Expected = string | number | null;

/** A value that differs from everything the page shows, so that the next render writes its own value. */
export const mismatch = {};

class Adopt extends Directive {
  render(value: unknown, _expected?: Expected): unknown {
    return value;
  }

  override update(part: Part, [value, expected]: [unknown, Expected?]): unknown {
    if (expected === undefined) return value;
    countFoundPlace();
    switch (part.type) {
      case PartType.CHILD:
        return adoptChild(part, value, expected);
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
 * Wraps a value for hydration. Lit assumes that the page shows the same values: it would keep different text, and
 * throw at a different template. This directive compares the value with the page:
 *
 * - An equal value is adopted.
 * - For different text or a different attribute, Lit receives what the page shows.
 * - A different structure is removed from the page.
 *
 * The next render, with the real values, corrects only what differs. Without `expected` the value is passed through.
 */
export const adopt = directive(Adopt);

function adoptChild(part: ChildPart, value: unknown, expected: Expected): unknown {
  const start = part.startNode as Comment;
  if (typeof expected === "string") return adoptTemplate(start, value, expected);
  return expected === null ? adoptText(start, value) : adoptList(start, value, expected);
}

function adoptTemplate(start: Comment, value: unknown, digest: string): unknown {
  if (start.data !== `lit-part ${digest}`) return removeContent(start);
  if (isTemplateResult(value)) expectPlaces(value.values.length);
  return value;
}

function adoptList(start: Comment, value: unknown, length: number): unknown {
  const { nodes, parts } = contentOf(start);
  const hasItems = length === 0 ? nodes.length === 0 : parts === length;
  if (!isPlainPart(start) || !hasItems) return removeContent(start);
  expectPlaces(length);
  return value;
}

function adoptText(start: Comment, value: unknown): unknown {
  const text = start.nextSibling;
  if (!isPlainPart(start) || !(text instanceof Text)) return removeContent(start);
  // The HTML parser splits long text, but Lit expects one node.
  for (let next = text.nextSibling; next && depthStep(next) >= 0; next = text.nextSibling) {
    text.data += (next as Text).data;
    next.remove();
  }
  return String(value) === text.data ? value : text.data;
}

/** Whether a part contains text or a list, not a template. */
const isPlainPart = (start: Comment): boolean => start.data === "lit-part";

function removeContent(start: Comment): typeof nothing {
  for (const node of contentOf(start).nodes) node.remove();
  return nothing;
}

// Lit hydrates the expressions of one attribute one after the other. The attribute is compared after the last.
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
