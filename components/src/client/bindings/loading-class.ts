import { membersOf } from "../forms/form-members.js";

const marks = new Set<readonly [element: Element, name: string]>();

/**
 * Gives elements a class while an answer is pending. An element that is marked several times has the class until the
 * last mark ends.
 *
 * @returns a function that ends the marks.
 */
export function markLoading(elements: readonly Element[], name: string): () => void {
  const own = elements.map((element) => [element, name] as const);
  for (const mark of own) marks.add(mark);
  remarkLoading();
  return () => {
    for (const mark of own) {
      marks.delete(mark);
      membersOf(mark[0]).classList.remove(name);
    }
    remarkLoading();
  };
}

/** Adds the classes of pending marks again, after a render may have removed them. */
export function remarkLoading(): void {
  for (const [element, name] of marks) membersOf(element).classList.add(name);
}
