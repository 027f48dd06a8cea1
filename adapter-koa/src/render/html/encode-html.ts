import { digestForTemplateResult } from "@lit-labs/ssr-client";
import type {
  WireDirective,
  WireNode,
  WireTemplate,
  WireValue,
} from "@live-session/components/protocol";
import type { TemplateResult } from "lit";
import {
  type AttributeStep,
  type ChildStep,
  type ElementStep,
  partEnd,
  partStart,
  type Step,
} from "../compile-template.js";
import { shapeOfKey } from "../template-shape.js";
import {
  isTrue,
  reflect,
  toAttributeText,
  toProperty,
  toText,
  withoutLive,
} from "./attribute-value.js";
import { CustomElements } from "./custom-elements.js";
import { escapeHtml } from "./escape-html.js";
import { SelectContent } from "./select-content.js";

/** Takes the tree of a nested view's element, and returns the HTML inside that element; `undefined` for other templates. */
export type NestedContent = (element: WireTemplate) => string | undefined;

/**
 * Encodes a wire tree as the HTML of a page, with the markers by which Lit's hydration finds each value.
 * It is the same tree that a join sends, so that the first HTML and the updates agree.
 */
export function encodeHtml(tree: WireValue, content?: NestedContent): string {
  const html = new HtmlEncoder(content).encode(tree);
  return content ? html.replaceAll(hiddenComment, "<!--") : html;
}

/**
 * Encodes the tree of a nested view, for the HTML of its parent. The names of the markers get one `~` for each view
 * around them, so that the hydration of those views does not find the markers; the client restores the names before the
 * view is hydrated.
 */
export function encodeNestedHtml(tree: WireValue, content: NestedContent): string {
  return new HtmlEncoder(content, true).encode(tree).replaceAll(/<!--(~*\/?lit-)/g, "<!--~$1");
}

/** How comments of shadow roots begin until the page is complete: their elements hydrate them, so they keep their names. */
const hiddenComment = "<!\0--";

class HtmlEncoder {
  #html = "";
  readonly #content: NestedContent | undefined;
  readonly #isNested: boolean;
  #elements: CustomElements | undefined;
  readonly #selects: (SelectContent | undefined)[] = [];

  constructor(content?: NestedContent, isNested = false) {
    this.#content = content;
    this.#isNested = isNested;
  }

  encode(tree: WireValue): string {
    this.#child(tree);
    return this.#html + partEnd;
  }

  /** Writes a value with the marker of its start. The caller writes that of its end, mostly with the HTML after it. */
  #child(value: WireValue): void {
    if (typeof value === "string") {
      this.#html += partStart + escapeHtml(value);
    } else if (typeof value !== "object") {
      this.#html += partStart + value;
    } else if (value === null) {
      this.#html += partStart;
    } else {
      this.#node(value);
    }
  }

  #node(node: WireNode): void {
    if ("t" in node) {
      this.#template(node);
    } else if ("x" in node) {
      this.#directive(node);
    } else {
      this.#html += partStart;
      if (!("l" in node)) return;
      for (const item of node.l) {
        this.#child(item);
        this.#html += partEnd;
      }
    }
  }

  #directive({ x, v: [first = null, second = null] }: WireDirective): void {
    if (x === "keyed") {
      this.#child(second);
    } else {
      const html = toText(first);
      this.#html += `<!--lit-part ${digestOfHtml(html)}-->${html}`;
    }
  }

  #template(template: WireTemplate): void {
    const { t, v } = template;
    for (const step of shapeOfKey(t).steps) this.#step(step, v);
    const content = this.#content?.(template);
    if (content === undefined) return;
    const end = this.#html.lastIndexOf("</");
    this.#html = this.#html.slice(0, end) + content + this.#html.slice(end);
  }

  #step(step: Step, values: readonly WireValue[]): void {
    if (typeof step === "string") {
      this.#html += step;
      return;
    }
    switch (step.type) {
      case "child":
        this.#childStep(step, values[step.index] ?? null);
        return;
      case "attribute":
        this.#attribute(step, values);
        return;
      case "content": {
        const content = toText(values[step.index] ?? null);
        if (step.format === "textarea" && content.startsWith("\n")) this.#html += "\n";
        this.#html += step.format === "html" ? content : escapeHtml(content);
        return;
      }
      case "select-start":
        this.#selects.push(SelectContent.of(values[step.index] ?? null));
        return;
      case "select-end":
        this.#selects.pop();
        return;
      default:
        this.#element(step);
    }
  }

  #childStep({ before, beforeText, table }: ChildStep, value: WireValue): void {
    if (table) {
      this.#html += before;
      this.#inTable(table, value);
    } else if (typeof value === "string" || typeof value === "number") {
      // Few long strings are joined faster than many short ones.
      this.#html += beforeText;
      this.#html += typeof value === "string" ? escapeHtml(value) : value;
    } else {
      this.#html += before;
      this.#child(value);
    }
  }

  /** Writes the elements that a parser would add around rows and cells, so that they enclose the markers too. */
  #inTable(table: "table" | "section", value: WireValue): void {
    // A parser moves text out of a table. The browser's script shows it in its place.
    const content = typeof value === "object" ? value : null;
    const added = addedElements[table][firstTagOf(content) ?? ""] ?? [];
    for (const name of added) this.#html += `<${name}>`;
    this.#child(content);
    this.#html += partEnd;
    for (const name of added.toReversed()) this.#html += `</${name}>`;
  }

  #element(step: Exclude<ElementStep, { type: "select-start" | "select-end" }>): void {
    const select = this.#selects.at(-1);
    switch (step.type) {
      case "option-start":
        if (select) this.#html = select.startOption(this.#html);
        return;
      case "option-tag-end":
        if (select) this.#html = select.endTag(step, this.#html);
        else if (step.isSelected) this.#html += " selected";
        return;
      case "option-end":
        if (select) this.#html = select.endOption(this.#html);
        return;
      default:
        this.#customElement(step);
    }
  }

  #customElement(
    step: Extract<ElementStep, { type: `custom-element-${string}` | `slotted-${string}` }>,
  ): void {
    this.#elements ??= new CustomElements();
    const elements = this.#elements;
    switch (step.type) {
      case "custom-element-start":
        elements.start(step);
        return;
      case "custom-element-attributes":
        this.#html += elements.attributes();
        return;
      case "custom-element-content": {
        const root = elements.shadowRoot();
        this.#html += this.#isNested ? root.replaceAll("<!--", hiddenComment) : root;
        return;
      }
      case "custom-element-end":
        elements.end();
        return;
      case "slotted-start":
        elements.startSlotted(step.slot);
        return;
      case "slotted-end":
        elements.endSlotted();
        return;
    }
  }

  #attribute(step: AttributeStep, values: readonly WireValue[]): void {
    const { kind, index, isCustom } = step;
    const value = withoutLive(values[index] ?? null);
    const element = isCustom ? this.#elements?.current : undefined;
    if (kind === "property") {
      element?.setProperty(step.name, toProperty(value));
      if (step.reflected) this.#write(reflect(step.reflected, value), step.reflected.name);
      return;
    }
    const text = kind === "boolean" ? (isTrue(value) ? "" : undefined) : this.#text(step, values);
    if (text === undefined) return;
    if (element) element.setAttribute(step.name, text);
    else this.#write(text, step.name);
  }

  #write(text: string | undefined, name: string): void {
    if (text === undefined) return;
    // The value of a select decides which of its options is selected.
    if (this.#selects.at(-1)?.takeAttribute(name, text)) return;
    this.#html += text === "" ? ` ${name}` : ` ${name}="${escapeHtml(text)}"`;
  }

  /** The text of an attribute; `undefined` when one of its values is `nothing`. */
  #text({ strings, index }: AttributeStep, values: readonly WireValue[]): string | undefined {
    let text = strings[0] ?? "";
    for (let i = 1; i < strings.length; i++) {
      const value = values[index + i - 1] ?? null;
      const part = toAttributeText(value);
      if (part === undefined) return undefined;
      text += part + (strings[i] ?? "");
    }
    return text;
  }
}

const addedElements: Readonly<
  Record<"table" | "section", Readonly<Record<string, readonly string[]>>>
> = {
  table: { tr: ["tbody"], td: ["tbody", "tr"], th: ["tbody", "tr"], col: ["colgroup"] },
  section: { td: ["tr"], th: ["tr"] },
};

/** Returns the name of the first tag in a value; an empty string if text comes first, and `undefined` if it is empty. */
function firstTagOf(value: WireValue): string | undefined {
  if (value === null || typeof value !== "object") return firstTagIn(toText(value));
  if ("t" in value) return firstTagOfSteps(shapeOfKey(value.t).steps, value.v);
  if ("x" in value) {
    const [first = null, second = null] = value.v;
    return value.x === "keyed" ? firstTagOf(second) : firstTagIn(toText(first));
  }
  return "l" in value ? firstDefined(value.l, firstTagOf) : undefined;
}

const firstTagOfSteps = (
  steps: readonly Step[],
  values: readonly WireValue[],
): string | undefined =>
  firstDefined(steps, (step) => {
    if (typeof step === "string") return firstTagIn(step);
    if (step.type !== "child") return undefined;
    return firstTagIn(step.before) ?? firstTagOf(values[step.index] ?? null);
  });

function firstTagIn(html: string): string | undefined {
  const [matched, name] = /^(?:<!--[^>]*-->|\s)*(?:<([a-z]+))?/.exec(html) ?? [""];
  return name ?? (matched.length < html.length ? "" : undefined);
}

function firstDefined<Item>(
  items: readonly Item[],
  find: (item: Item) => string | undefined,
): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The digest that Lit's `unsafeHTML` has for a string of HTML. */
function digestOfHtml(html: string): string {
  const strings = Object.assign([html], { raw: [html] });
  return digestForTemplateResult({ _$litType$: 1, strings, values: [] } satisfies TemplateResult);
}
