import { type AttributePart, type ChildPart, type Part, PartType } from "lit/directive.js";

/**
 * Whether a value stands in an element that belongs to other scripts. The element's own attributes do too, but for
 * those that begin with `data-`.
 */
export function isIgnored(part: Part, selector: string): boolean {
  if (part.type === PartType.CHILD)
    return !!((part as ChildPart).parentNode as Element).closest?.(selector);
  const { element, name } = part as AttributePart;
  const from = name?.startsWith("data-") ? element.parentElement : element;
  return !!from?.closest(selector);
}

/** Takes the marks of the server's renderer from nodes, which are then like any others. */
export function unmark(nodes: readonly Node[]): void {
  for (const node of nodes) {
    unmark([...node.childNodes]);
    if (node instanceof Comment && /^\/?lit-/.test(node.data)) node.remove();
  }
}

/**
 * Remembers the elements that belong to other scripts.
 *
 * @returns puts them in the place of those that then have the same id or, without one, the same position.
 */
export function keepIgnored(root: HTMLElement, selector: string): () => void {
  const find = (): [string | number, Element][] =>
    Array.from(root.querySelectorAll(selector), (element, i) => [element.id || i, element]);
  const kept = new Map(find());
  return () => {
    for (const [key, element] of find()) {
      const old = kept.get(key);
      if (old?.localName === element.localName) element.replaceWith(old);
    }
  };
}
