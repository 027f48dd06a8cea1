/**
 * Remembers the elements that belong to other scripts.
 *
 * @param selector matches them
 * @returns a function that puts them back in place of the new elements with the same id or, without an id, the same
 *   position.
 */
export function keepIgnored(root: HTMLElement, selector: string): () => void {
  const find = (): [key: string | number, element: Element][] =>
    Array.from(root.querySelectorAll(selector), (element, i) => [element.id || i, element]);
  const kept = new Map(find());
  return () => {
    for (const [key, element] of find()) {
      const old = kept.get(key);
      if (old?.localName === element.localName) element.replaceWith(old);
    }
  };
}
