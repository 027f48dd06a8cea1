const counts = new WeakMap<Element, Map<string, number>>();

/** Marks elements with a class while something is pending; of several pending ones until the last is done. */
export function markLoading(elements: readonly Element[], name: string, pending: Promise<unknown>): void {
  for (const element of elements) count(element, name, 1);
  const unmark = () => {
    for (const element of elements) count(element, name, -1);
  };
  pending.then(unmark, unmark);
}

function count(element: Element, name: string, step: 1 | -1): void {
  const byName = counts.get(element) ?? new Map<string, number>();
  counts.set(element, byName);
  const pending = (byName.get(name) ?? 0) + step;
  byName.set(name, pending);
  element.classList.toggle(name, pending > 0);
}
