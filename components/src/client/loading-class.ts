const counts = new WeakMap<Element, Map<string, number>>();

/**
 * Marks elements with a class while something is pending; of several pending ones until the last is done.
 *
 * @returns to be called once, when it is done.
 */
export function markLoading(elements: readonly Element[], name: string): () => void {
  const count = (step: 1 | -1): void => {
    for (const element of elements) {
      const byName = counts.get(element) ?? new Map<string, number>();
      const pending = (byName.get(name) ?? 0) + step;
      counts.set(element, byName.set(name, pending));
      element.classList.toggle(name, pending > 0);
    }
  };
  count(1);
  return () => count(-1);
}
