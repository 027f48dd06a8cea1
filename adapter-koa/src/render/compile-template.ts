import { _$LH } from "lit-html/private-ssr-support.js";
import { type DefaultTreeAdapterTypes, html, parseFragment } from "parse5";
import type { Binding, BindingKind } from "./binding.js";
import {
  type ContentFormat,
  contentProperty,
  type ReflectedAttribute,
  reflectedAttribute,
} from "./reflected-attribute.js";
import { isUrlName } from "./unsafe-url.js";

type Node = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;
type Attribute = Element["attrs"][number];

/** One step that writes HTML. Fixed HTML is a string; every other step depends on the template's values. */
export type Step = string | ValueStep | ElementStep;

/** Writes a value, or an attribute that consists of several values. `index` is the index of the first value. */
export type ValueStep =
  | ChildStep
  | AttributeStep
  | { readonly type: "content"; readonly index: number; readonly format: ContentFormat };

/**
 * Writes a value between tags. The next fixed HTML begins with the marker that ends the part of the value, except in a
 * table.
 */
export interface ChildStep {
  readonly type: "child";
  /** The fixed HTML before it. */
  readonly before: string;
  /** The same with the start of a part that contains text. */
  readonly beforeText: string;
  readonly index: number;
  /** The table element around it, in which a parser adds missing rows and sections. */
  readonly table: "table" | "section" | undefined;
}

/** Writes an attribute, a boolean attribute, or the attribute that reflects a property. */
export interface AttributeStep {
  readonly type: "attribute";
  readonly kind: "attribute" | "boolean" | "property";
  readonly name: string;
  readonly index: number;
  /** The fixed parts of an attribute: one more than it has values. */
  readonly strings: readonly string[];
  /** Whether it belongs to a defined custom element, which decides itself which attributes it shows. */
  readonly isCustom: boolean;
  /** How a property is written; `undefined` if no attribute reflects it. */
  readonly reflected: ReflectedAttribute | undefined;
}

/** Marks the start and the end of elements that need more than their own markup. */
export type ElementStep =
  | CustomElementStep
  | { readonly type: "custom-element-attributes" }
  | { readonly type: "custom-element-content" }
  | { readonly type: "custom-element-end" }
  | { readonly type: "slotted-start"; readonly slot: string | undefined }
  | { readonly type: "slotted-end" }
  | { readonly type: "select-start"; readonly index: number }
  | { readonly type: "select-end" }
  | { readonly type: "option-start" }
  | OptionTagStep
  | { readonly type: "option-end" };

/** Starts a defined custom element. */
export interface CustomElementStep {
  readonly type: "custom-element-start";
  readonly tagName: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** Ends the start tag of an `<option>`. */
export interface OptionTagStep {
  readonly type: "option-tag-end";
  /** The static `value` attribute. */
  readonly value: string | undefined;
  /** Whether the template has a static `selected` attribute. */
  readonly isSelected: boolean;
}

/** The result of compiling a template, which happens once. */
export interface CompiledTemplate {
  readonly bindings: readonly Binding[];
  readonly steps: readonly Step[];
}

/**
 * Compiles a template's strings into a list of steps that write its HTML with the markers that Lit's hydration expects.
 * parse5 parses the strings, so the positions of bindings are the same as in a browser.
 *
 * @param digest Lit's digest of the strings
 */
export function compileTemplate(
  strings: TemplateStringsArray,
  type: 1 | 2 | 3,
  digest: string,
): CompiledTemplate {
  const [markup] = _$LH.getTemplateHtml(strings, type);
  // Lit appends an empty comment to a template that ends with a value. It is not needed.
  const text = String(markup).replace(/<\?>(<\/(?:svg|math)>)?$/, "$1");
  return new Compiler(text, strings.length - 1, type, digest).compile();
}

/** The comment from which Lit's hydration reads a value between tags that is not a template. */
export const partStart = "<!--lit-part-->";
/** The comment at the end of every value between tags. */
export const partEnd = "<!--/lit-part-->";

const valueMarker = _$LH.markerMatch;
const wrapperLengths = { 1: 0, 2: "<svg>".length, 3: "<math>".length } as const;
const prefixes: Readonly<Record<string, BindingKind>> = {
  "?": "boolean",
  ".": "property",
  "@": "event",
};

const tables: Readonly<Record<string, ChildStep["table"]>> = {
  table: "table",
  tbody: "section",
  thead: "section",
  tfoot: "section",
};
const voidElements: ReadonlySet<string> = new Set(
  "area base br col embed hr img input link meta param source track wbr".split(" "),
);
/** Elements that scripts wrap in other elements. Their marker contains the tag name of its element. */
const wrappedElements: ReadonlySet<string> = new Set(
  "button canvas form img input select table textarea video".split(" "),
);
const optionalEndTags: ReadonlySet<string> = new Set(
  "caption colgroup dd dt li optgroup option p rp rt tbody td tfoot th thead tr".split(" "),
);

class Compiler {
  readonly #html: string;
  readonly #type: 1 | 2 | 3;
  /** The offset of each value's marker in the HTML. */
  readonly #offsets: readonly number[];
  readonly #bindings: Binding[];
  readonly #steps: Step[] = [];
  #written: number;
  #nodeIndex = 0;
  #nextValue = 0;

  constructor(markup: string, values: number, type: 1 | 2 | 3, digest: string) {
    this.#html = markup;
    this.#writeText(`<!--lit-part ${digest}-->`);
    this.#type = type;
    this.#offsets = [...markup.matchAll(markers)].map(({ index }) => index);
    // A value whose marker the parser drops or treats as text has no position in the page.
    this.#bindings = new Array(values).fill({ kind: "raw", name: "" });
    this.#written = wrapperLengths[type];
  }

  compile(): CompiledTemplate {
    const { childNodes } = parseFragment(this.#html, { sourceCodeLocationInfo: true });
    const [wrapper] = childNodes;
    const nodes =
      this.#type === 1 ? childNodes : ((wrapper as Element | undefined)?.childNodes ?? []);
    this.#visitAll(nodes, undefined);
    const wrapperLength = wrapperLengths[this.#type];
    const end = this.#html.length - (wrapperLength === 0 ? 0 : wrapperLength + 1);
    this.#writeTo(end);
    return { bindings: this.#bindings, steps: this.#steps };
  }

  #visitAll(nodes: readonly Node[], parent: Element | undefined): void {
    for (const node of nodes) this.#visit(node, parent);
  }

  #visit(node: Node, parent: Element | undefined): void {
    if (node.nodeName === "#comment")
      this.#visitComment(node as DefaultTreeAdapterTypes.CommentNode, parent);
    else if ("tagName" in node) this.#visitElement(node, parent);
  }

  #visitComment(node: DefaultTreeAdapterTypes.CommentNode, parent: Element | undefined): void {
    const location = node.sourceCodeLocation;
    if (node.data === valueMarker && location) {
      this.#writeTo(location.startOffset);
      const [index] = this.#take(location.startOffset, location.endOffset, {
        kind: "child",
        name: "",
      });
      if (index !== undefined) {
        this.#pushChild(index, tables[parent?.tagName ?? ""]);
      }
      this.#written = location.endOffset;
    }
    this.#nodeIndex++;
  }

  #visitElement(node: Element, parent: Element | undefined): void {
    const location = node.sourceCodeLocation;
    const startTag = location?.startTag;
    // An element that the parser adds, such as a tbody, is not in the template's own HTML.
    if (!location || !startTag) {
      this.#nodeIndex++;
      this.#visitAll(node.childNodes, node);
      return;
    }
    const isOpen = this.#isLeftOpen(node, startTag.startOffset);
    const isSlotted = parent !== undefined && isDefinedCustomElement(parent);
    if (isSlotted) this.#steps.push({ type: "slotted-start", slot: attributeOf(node, "slot") });
    const end = this.#writeStartTag(node, startTag.startOffset, startTag.endOffset);
    this.#writeTo(startTag.endOffset);
    this.#nodeIndex++;
    this.#visitContent(node, location.endTag?.startOffset ?? location.endOffset);
    if (end || isSlotted || isOpen) this.#writeTo(location.endOffset);
    if (isOpen) this.#writeText(`</${node.tagName}>`);
    if (end) this.#steps.push(end);
    if (isSlotted) this.#steps.push({ type: "slotted-end" });
  }

  #visitContent(node: Element, end: number): void {
    const content = isDefinedCustomElement(node) ? undefined : this.#contentStep(node);
    if (content) {
      this.#steps.push(content);
      this.#written = end;
    } else if (node.tagName !== "template") {
      this.#visitAll(node.childNodes, node);
    }
  }

  /**
   * Returns whether an element has no end tag although the parser expects one. The end tag is then written, because the
   * markers that follow would otherwise become part of the element.
   */
  #isLeftOpen(node: Element, start: number): boolean {
    const location = node.sourceCodeLocation;
    // The parser repeats formatting elements such as <b> where they are nested wrongly.
    if (!location || location.endTag || start < this.#written) return false;
    if (node.namespaceURI !== html.NS.HTML || voidElements.has(node.tagName)) return false;
    return optionalEndTags.has(node.tagName) || location.endOffset >= this.#html.length;
  }

  /** Writes the start tag with its attributes. Returns the step for the end of the element, if it needs one. */
  #writeStartTag(node: Element, start: number, end: number): Step | undefined {
    this.#beginStartTag(node, start);
    this.#writeAttributes(node);
    const close = this.#html.endsWith("/>", end) ? end - 2 : end - 1;
    if (isDefinedCustomElement(node)) {
      this.#push(close, { type: "custom-element-attributes" });
      this.#push(end, { type: "custom-element-content" });
      return { type: "custom-element-end" };
    }
    if (node.tagName === "option") {
      const value = attributeOf(node, "value");
      const isSelected = attributeOf(node, "selected") !== undefined;
      this.#push(close, { type: "option-tag-end", value, isSelected });
      return { type: "option-end" };
    }
    return this.#startSelect(node, end);
  }

  /** Writes the marker of an element with bindings, and the step that begins an option or a custom element. */
  #beginStartTag(node: Element, start: number): void {
    if (node.attrs.some(isBound)) {
      this.#writeTo(start);
      const tag = wrappedElements.has(node.tagName) ? ` ${node.tagName}` : "";
      this.#writeText(`<!--lit-node ${this.#nodeIndex}${tag}-->`);
    }
    if (node.tagName === "option") this.#push(start, { type: "option-start" });
    if (isDefinedCustomElement(node)) {
      const fixed = node.attrs.filter((attr) => !isBound(attr));
      const attributes = new Map(fixed.map(({ name, value }) => [name, value]));
      this.#push(start, { type: "custom-element-start", tagName: node.tagName, attributes });
    }
  }

  /** Writes a step for each bound attribute, and leaves out the static attributes that steps replace. */
  #writeAttributes(node: Element): void {
    const bound = node.attrs.filter(isBound);
    const replaced = new Set(bound.map((attr) => this.#attributeFor(node, attr)));
    if (node.tagName === "option") replaced.add("selected");
    const isCustom = isDefinedCustomElement(node);
    for (const attr of node.attrs) {
      const location = node.sourceCodeLocation?.attrs?.[attr.name];
      if (!location || !(isBound(attr) || isCustom || replaced.has(attr.name))) continue;
      // The step writes the space before the attribute.
      this.#writeTo(location.startOffset);
      this.#trimSpace();
      if (isBound(attr)) this.#bind(node, attr, location.startOffset, location.endOffset);
      this.#written = location.endOffset;
    }
  }

  #startSelect(node: Element, end: number): Step | undefined {
    if (node.tagName !== "select") return undefined;
    const index = this.#propertyOf(node, "value");
    if (index === undefined) return undefined;
    this.#push(end, { type: "select-start", index });
    return { type: "select-end" };
  }

  /** Returns the step that writes an element's content, if a property determines it. */
  #contentStep(node: Element): Step | undefined {
    for (const attr of node.attrs) {
      const name = this.#nameOf(node, attr);
      const format = name.startsWith(".")
        ? contentProperty(node.tagName, name.slice(1))
        : undefined;
      if (!format) continue;
      const index = this.#propertyOf(node, name.slice(1));
      if (index !== undefined) return { type: "content", index, format };
    }
    return undefined;
  }

  #propertyOf(node: Element, name: string): number | undefined {
    const attr = node.attrs.find((each) => this.#nameOf(node, each) === `.${name}`);
    const location = attr && node.sourceCodeLocation?.attrs?.[attr.name];
    return location && this.#valuesIn(location.startOffset, location.endOffset)[0];
  }

  #bind(node: Element, attr: Attribute, start: number, end: number): void {
    if (attr.name.startsWith(_$LH.marker)) {
      this.#take(start, end, { kind: "element", name: "" });
      return;
    }
    const written = this.#nameOf(node, attr);
    const kind = prefixes[written[0] ?? ""] ?? "attribute";
    const name = kind === "attribute" ? written : written.slice(1);
    const strings = attr.value.split(_$LH.marker);
    const [index] = this.#valuesIn(start, end);
    if (index === undefined) return;
    const url = isUrlName(name, node.tagName) && { url: { tagName: node.tagName, strings, index } };
    this.#take(start, end, { kind, name, ...url });
    if (kind === "event") return;
    const reflected = kind === "property" ? reflectedAttribute(node.tagName, name) : undefined;
    this.#steps.push({
      type: "attribute",
      kind: kind as AttributeStep["kind"],
      name,
      index,
      strings,
      isCustom: isDefinedCustomElement(node),
      reflected,
    });
  }

  /** Returns the name of the attribute that a binding writes. It replaces a static attribute of the same name. */
  #attributeFor(node: Element, attr: Attribute): string | undefined {
    const written = this.#nameOf(node, attr);
    const kind = prefixes[written[0] ?? ""];
    if (kind === "property") return reflectedAttribute(node.tagName, written.slice(1))?.name;
    return (kind ? written.slice(1) : written).toLowerCase();
  }

  /** Returns an attribute's name as the template spells it, because parse5 converts it to lower case. */
  #nameOf(node: Element, attr: Attribute): string {
    const start = node.sourceCodeLocation?.attrs?.[attr.name]?.startOffset ?? 0;
    const written = this.#html.slice(start, start + attr.name.length);
    return isBound(attr) ? written.slice(0, -_$LH.boundAttributeSuffix.length) : written;
  }

  #valuesIn(start: number, end: number): number[] {
    return this.#offsets.flatMap((offset, i) => (offset >= start && offset < end ? [i] : []));
  }

  /** Records the binding of the values in a range. Lit needs the values in the order of the template. */
  #take(start: number, end: number, binding: Binding): number[] {
    const indices = this.#valuesIn(start, end);
    for (const index of indices) {
      const isInOrder = index === this.#nextValue;
      this.#bindings[index] = isInOrder ? binding : { kind: "moved", name: binding.name };
      this.#nextValue = index + 1;
    }
    return indices;
  }

  #push(offset: number, step: Step): void {
    this.#writeTo(offset);
    this.#steps.push(step);
  }

  #pushChild(index: number, table: ChildStep["table"]): void {
    const last = this.#steps.at(-1);
    const before = typeof last === "string" ? last : "";
    if (before) this.#steps.pop();
    this.#steps.push({ type: "child", before, beforeText: before + partStart, index, table });
    if (!table) this.#writeText(partEnd);
  }

  #writeTo(offset: number): void {
    if (offset <= this.#written) return;
    this.#writeText(this.#html.slice(this.#written, offset));
    this.#written = offset;
  }

  #writeText(text: string): void {
    const last = this.#steps.at(-1);
    if (typeof last === "string") this.#steps[this.#steps.length - 1] = last + text;
    else if (text) this.#steps.push(text);
  }

  #trimSpace(): void {
    const last = this.#steps.at(-1);
    if (typeof last === "string") this.#steps[this.#steps.length - 1] = last.trimEnd();
  }
}

const markers = new RegExp(_$LH.marker.replaceAll("$", "\\$"), "g");

const isBound = ({ name }: Attribute): boolean =>
  name.endsWith(_$LH.boundAttributeSuffix) || name.startsWith(_$LH.marker);

const isDefinedCustomElement = ({ tagName }: Element): boolean =>
  tagName.includes("-") && customElements.get(tagName) !== undefined;

const attributeOf = (node: Element, name: string): string | undefined =>
  node.attrs.find((attr) => attr.name === name)?.value;
