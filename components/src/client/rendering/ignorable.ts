import {
  type AttributePart,
  type ChildPart,
  Directive,
  directive,
  type Part,
  PartType,
} from "lit/directive.js";
import { noChange, nothing } from "lit/html.js";
import { membersOf } from "../forms/form-members.js";
import { contentOf, removeMarkers } from "./child-part.js";
import { countFoundPlace } from "./value-places.js";

class Ignorable extends Directive {
  #isIgnored: boolean | undefined;

  render(value: unknown, _selector: string, _isHydrating: boolean): unknown {
    return value;
  }

  override update(part: Part, [value, selector, isHydrating]: [unknown, string, boolean]): unknown {
    if (this.#isIgnored) return noChange;
    this.#isIgnored ??= isIgnored(part, selector);
    if (!this.#isIgnored || !isHydrating || part.type !== PartType.CHILD) return value;
    // The page's nodes stay, but Lit must not hydrate them.
    countFoundPlace();
    removeMarkers(contentOf(part.startNode as Comment).nodes);
    return nothing;
  }
}

/**
 * Wraps a value that may be in an element with `live-ignore`, which `selector` matches. There the value is rendered
 * once, or not at all if the server has rendered it, so that other scripts can change the element.
 */
export const ignorable = directive(Ignorable);

/**
 * Whether a value is in an element that belongs to other scripts. This includes the element's own attributes, except
 * those that start with `data-`.
 */
function isIgnored(part: Part, selector: string): boolean {
  if (part.type === PartType.CHILD)
    return !!membersOf((part as ChildPart).parentNode as Element).closest?.(selector);
  const { element, name } = part as AttributePart;
  const outermost = name?.startsWith("data-") ? membersOf(element).parentElement : element;
  return !!outermost && !!membersOf(outermost).closest(selector);
}

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
