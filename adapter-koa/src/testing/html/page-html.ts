import { compile } from "css-select";
import {
  type AnyNode,
  type Document,
  Element,
  isComment,
  isTag,
  type ParentNode,
} from "domhandler";
import { findAll, getOuterHTML, removeElement, textContent } from "domutils";
import { parse, parseFragment } from "parse5";
import { adapter } from "parse5-htmlparser2-tree-adapter";
import { failure } from "../failure.js";

/**
 * The HTML of a page as a tree, read by the rules that browsers read it by. Lit's marks are left out. The
 * declarative shadow root of an element counts as its content, so selectors look into it.
 */
export class PageHtml {
  readonly #root: Document;

  /** Reads a whole document, or a part of one. */
  constructor(html: string, isPart = false) {
    this.#root = (isPart ? parseFragment : parse)(html, { treeAdapter: adapter });
    tidy(this.#root);
  }

  /** The elements that a CSS selector matches; with `text`, those whose text contains it. */
  all(selector: string, text?: string | RegExp): Element[] {
    const found = elementsIn(this.#root.children, selector);
    return text === undefined ? found : found.filter((element) => hasText(element, text));
  }

  /**
   * The one element that a selector matches.
   *
   * @throws AssertionError that shows the candidates, when there is none or more than one
   */
  one(selector: string, text?: string | RegExp): Element {
    const found = this.all(selector, text);
    const [element] = found;
    if (element && found.length === 1) return element;
    const what = `"${selector}"${text === undefined ? "" : ` with the text ${quote(text)}`}`;
    if (element) {
      throw failure(`several elements match ${what}`, {
        expected: "one element: name a closer selector, or its text",
        got: `${found.length} elements`,
        candidates: found.map(describeElement),
      });
    }
    throw failure(`no element matches ${what}`, {
      candidates: this.#near(selector).map(describeElement),
    });
  }

  /** The HTML of an element, or of the whole document. */
  toHtml(element: AnyNode = this.#root): string {
    return getOuterHTML(element, { encodeEntities: "utf8" });
  }

  /** What stands where an element was looked for: what its selector alone matches, or else its tag's. */
  #near(selector: string): Element[] {
    const bySelector = this.all(selector);
    if (bySelector.length > 0) return bySelector;
    const [tag = "*"] =
      /[a-z][\w-]*(?=[^\s>+~]*$)/i.exec(selector.replaceAll(/[[(][^\])]*[\])]/g, "")) ?? [];
    const byTag = this.all(tag);
    return byTag.length > 0 ? byTag : this.all("button, a, form, input, select, textarea, [id]");
  }
}

/** The elements among nodes and in them that a CSS selector matches. */
export const elementsIn = (nodes: AnyNode[], selector: string): Element[] =>
  // Not `selectAll`, which looks into no template.
  findAll(compile<AnyNode, Element>(selector), nodes);

/** Whether nothing that stands in the page itself hides an element; style sheets are not looked at. */
export const isShown = (element: Element): boolean =>
  !closest(
    element,
    ({ attribs }) =>
      "hidden" in attribs || /(^|;)\s*display\s*:\s*none\b/i.test(attribs.style ?? ""),
  );

/** The text of an element, with white space as a browser shows it. */
export const textOf = (element: AnyNode): string =>
  textContent(element).replaceAll(/\s+/g, " ").trim();

/** An element for a message: its tag, and the beginning of what is in it. */
export function describeElement(element: Element): string {
  const attributes = Object.entries(element.attribs)
    .filter(([name]) => name !== "token" && name !== "csrf-token")
    .map(([name, value]) => (value === "" ? ` ${name}` : ` ${name}="${shorten(value, 40)}"`));
  const text = shorten(textOf(element), 40);
  return `<${element.name}${attributes.join("")}>${text}`;
}

/** The closest element that a test accepts, from this one upwards. */
export function closest(
  element: Element,
  accepts: (element: Element) => boolean,
): Element | undefined {
  let node: ParentNode | null = element;
  while (node && !(isTag(node) && accepts(node))) node = node.parent;
  return node instanceof Element ? node : undefined;
}

function hasText(element: Element, text: string | RegExp): boolean {
  const content = textOf(element);
  return typeof text === "string" ? content.includes(text) : text.test(content);
}

const quote = (text: string | RegExp): string =>
  typeof text === "string" ? JSON.stringify(text) : String(text);

const shorten = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length)}…` : text;

function tidy(parent: ParentNode): void {
  for (const child of [...parent.children]) {
    if (isComment(child)) removeElement(child);
    else if (isTag(child)) {
      const [content] = child.children;
      // The parser puts a template's content into a document of its own, where selectors do not look.
      if (
        child.name === "template" &&
        "shadowrootmode" in child.attribs &&
        content &&
        "children" in content
      ) {
        if (!isTag(content)) adopt(child, content);
      }
      tidy(child);
    }
  }
}

function adopt(parent: Element, content: ParentNode): void {
  parent.children = content.children;
  for (const child of parent.children) child.parent = parent;
}
