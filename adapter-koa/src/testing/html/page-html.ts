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
 * The HTML of a page as a tree, parsed by the rules of browsers and without Lit's markers. The declarative shadow root of
 * an element is treated as its content, so selectors also match inside it.
 */
export class PageHtml {
  readonly #root: Document;

  /** Parses a document or, with `isPart`, a part of one. */
  constructor(html: string, isPart = false) {
    this.#root = (isPart ? parseFragment : parse)(html, { treeAdapter: adapter });
    removeComments(this.#root);
  }

  /** Returns the elements that a CSS selector matches. With `text`, returns only those whose text contains it. */
  all(selector: string, text?: string | RegExp): Element[] {
    const found = elementsIn(this.#root.children, selector);
    return text === undefined ? found : found.filter((element) => hasText(element, text));
  }

  /**
   * Returns the only element that a selector matches.
   *
   * @throws AssertionError with the candidates, when there is no such element or more than one
   */
  one(selector: string, text?: string | RegExp): Element {
    const found = this.all(selector, text);
    const [element] = found;
    if (element && found.length === 1) return element;
    const what = `"${selector}"${text === undefined ? "" : ` with the text ${quote(text)}`}`;
    if (element) {
      throw failure(`several elements match ${what}`, {
        expected: "one element: use a more specific selector, or add the text",
        got: `${found.length} elements`,
        candidates: found.map(describeElement),
      });
    }
    throw failure(`no element matches ${what}`, {
      candidates: this.#candidates(selector).map(describeElement),
    });
  }

  /** Returns the HTML of an element, or of the whole document. */
  toHtml(element: AnyNode = this.#root): string {
    return getOuterHTML(element, { encodeEntities: "utf8" });
  }

  /** Returns candidates for a failed search: the elements of the selector without the text, or else of its tag. */
  #candidates(selector: string): Element[] {
    const bySelector = this.all(selector);
    if (bySelector.length > 0) return bySelector;
    const [tag = "*"] =
      /[a-z][\w-]*(?=[^\s>+~]*$)/i.exec(selector.replaceAll(/[[(][^\])]*[\])]/g, "")) ?? [];
    const byTag = this.all(tag);
    return byTag.length > 0 ? byTag : this.all("button, a, form, input, select, textarea, [id]");
  }
}

/** Returns the elements in a list of nodes, and inside them, that a CSS selector matches. */
export const elementsIn = (nodes: AnyNode[], selector: string): Element[] =>
  // Not `selectAll`, which does not search inside templates.
  findAll(compile<AnyNode, Element>(selector), nodes);

/** Returns the nodes at the top of the page that contains an element. */
export function topNodesOf(element: Element): AnyNode[] {
  let top: AnyNode = element;
  while (top.parent) top = top.parent;
  return "children" in top ? top.children : [top];
}

/** Returns whether no `hidden` or `style` attribute hides an element. Style sheets are not considered. */
export const isShown = (element: Element): boolean =>
  !closest(
    element,
    ({ attribs }) =>
      "hidden" in attribs || /(^|;)\s*display\s*:\s*none\b/i.test(attribs.style ?? ""),
  );

/** Returns the text of an element, with white space collapsed as in a browser. */
export const textOf = (element: AnyNode): string =>
  textContent(element).replaceAll(/\s+/g, " ").trim();

/** Describes an element in a message: its tag and the beginning of its text. */
export function describeElement(element: Element): string {
  const attributes = Object.entries(element.attribs)
    .filter(([name]) => name !== "token" && name !== "csrf-token")
    .map(([name, value]) => (value === "" ? ` ${name}` : ` ${name}="${shorten(value, 40)}"`));
  const text = shorten(textOf(element), 40);
  return `<${element.name}${attributes.join("")}>${text}`;
}

/** Returns the first accepted element among this element and its ancestors. */
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

/** Removes comments, which are Lit's markers, and prepares shadow roots for selectors. */
function removeComments(parent: ParentNode): void {
  for (const child of [...parent.children]) {
    if (isComment(child)) removeElement(child);
    else if (isTag(child)) {
      unwrapShadowRoot(child);
      removeComments(child);
    }
  }
}

/** Moves the content of a declarative shadow root out of the parser's content document, which selectors do not search. */
function unwrapShadowRoot(element: Element): void {
  const [content] = element.children;
  if (element.name !== "template" || !("shadowrootmode" in element.attribs)) return;
  if (!content || !("children" in content) || isTag(content)) return;
  element.children = content.children;
  for (const child of element.children) child.parent = element;
}
