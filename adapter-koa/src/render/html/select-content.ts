import { isWireData, type WireValue } from "@live-session/components/protocol";
import { type DefaultTreeAdapterTypes, parseFragment } from "parse5";
import type { OptionTagStep } from "../compile-template.js";
import { toText } from "./attribute-value.js";

/**
 * Marks the selected options of a `<select>` with a bound value while its content is written. HTML has no attribute for
 * that value. The value of an option may be its text, which is known only at the end of the option.
 */
export class SelectContent {
  readonly #values: Set<string>;
  readonly #isMultiple: boolean;
  #before = "";
  #tag: string | undefined;
  #value: string | undefined;
  #isInTag = false;

  /** Creates the content of a select with this value; `undefined` without a value, when the options themselves decide. */
  static of(value: WireValue): SelectContent | undefined {
    const isList = isWireData(value) && Array.isArray(value.j);
    if (isList) return new SelectContent((value.j as unknown[]).map(String), true);
    return value === null || typeof value === "object"
      ? undefined
      : new SelectContent([toText(value)], false);
  }

  private constructor(values: readonly string[], isMultiple: boolean) {
    this.#values = new Set(values);
    this.#isMultiple = isMultiple;
  }

  /** @returns the HTML to which the option is written */
  startOption(html: string): string {
    this.#before = html;
    this.#value = undefined;
    this.#isInTag = true;
    return "";
  }

  /** Receives an attribute of an option. Returns true if the attribute must not be written. */
  takeAttribute(name: string, text: string): boolean {
    if (!this.#isInTag) return false;
    if (name === "value") this.#value = text;
    return name === "selected";
  }

  endTag({ value }: OptionTagStep, tag: string): string {
    this.#isInTag = false;
    this.#tag = tag;
    this.#value ??= value;
    return "";
  }

  /** @param content begins with the end of the start tag */
  endOption(content: string): string {
    const value = this.#value ?? textOf(content.slice(content.indexOf(">") + 1));
    const isSelected = this.#values.has(value);
    if (isSelected && !this.#isMultiple) this.#values.clear();
    return `${this.#before}${this.#tag}${isSelected ? " selected" : ""}${content}`;
  }
}

/** Returns the text of an option as the browser reads it: without markup, and with single spaces. */
function textOf(html: string): string {
  let text = "";
  const visit = ({ childNodes }: { childNodes: DefaultTreeAdapterTypes.ChildNode[] }): void => {
    for (const node of childNodes) {
      if (node.nodeName === "#text") text += (node as DefaultTreeAdapterTypes.TextNode).value;
      else if ("childNodes" in node) visit(node);
    }
  };
  visit(parseFragment(html));
  return text.replaceAll(/[\t\n\f\r ]+/g, " ").trim();
}
