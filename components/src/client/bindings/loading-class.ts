const marks = new Set<readonly [Element, string]>();

/**
 * Marks elements with a class while something is pending; of several pending ones until the last is done.
 *
 * @returns to be called when it is done.
 */
export function markLoading(elements: readonly Element[], name: string): () => void {
  const own = elements.map((element) => [element, name] as const);
  for (const mark of own) marks.add(mark);
  remarkLoading();
  return () => {
    for (const mark of own) {
      marks.delete(mark);
      mark[0].classList.remove(name);
    }
    remarkLoading();
  };
}

/** Marks again what is pending, after elements may have been given other classes. */
export function remarkLoading(): void {
  for (const [element, name] of marks) element.classList.add(name);
}
