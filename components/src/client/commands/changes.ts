/** What is to be changed of an element; all of it can be taken back. */
export interface Change {
  readonly element: HTMLElement;
  /** Classes that apply or not. */
  readonly classes?: Readonly<Record<string, boolean>>;
  /** Attributes and their values; `null` stands for none. */
  readonly attributes?: Readonly<Record<string, string | null>>;
  readonly display?: string;
}

/**
 * Makes a change.
 *
 * @returns takes it back, as far as it changed something.
 */
export function apply({ element, classes = {}, attributes = {}, display }: Change): () => void {
  const undo: (() => void)[] = [];
  for (const [name, applies] of Object.entries(classes)) {
    if (element.classList.contains(name) === applies) continue;
    element.classList.toggle(name, applies);
    undo.push(() => element.classList.toggle(name, !applies));
  }
  for (const [name, value] of Object.entries(attributes)) {
    const old = element.getAttribute(name);
    if (old === value) continue;
    setAttribute(element, name, value);
    undo.push(() => setAttribute(element, name, old));
  }
  if (display !== undefined && element.style.display !== display) {
    const old = element.style.display;
    element.style.display = display;
    undo.push(() => {
      element.style.display = old;
    });
  }
  return () => {
    for (const step of undo.reverse()) step();
  };
}

function setAttribute(element: Element, name: string, value: string | null): void {
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

/** The changes of elements that commands made, to be made again when the server has written over them. */
export class LastingChanges {
  readonly #changes = new WeakMap<Element, Change>();
  readonly #ignored = new WeakMap<Element, readonly string[]>();

  /** Makes a change that lasts. */
  make(change: Change): void {
    const old = this.#changes.get(change.element);
    this.#changes.set(change.element, {
      ...old,
      ...change,
      classes: { ...old?.classes, ...change.classes },
      attributes: { ...old?.attributes, ...change.attributes },
    });
    apply(change);
  }

  /** Leaves attributes of an element to the browser; `*` at the end of a name stands for any rest. */
  ignore(element: Element, names: readonly string[]): void {
    this.#ignored.set(element, [...(this.#ignored.get(element) ?? []), ...names]);
  }

  /** Puts right what the server wrote. */
  restore(records: readonly MutationRecord[]): void {
    // From the last on, so that of several writings the first one's old value stays.
    for (const { target, attributeName: name, oldValue } of [...records].reverse()) {
      const element = target as HTMLElement;
      if (name === null) continue;
      const isIgnored = this.#ignored
        .get(element)
        ?.some((each) => (each.endsWith("*") ? name.startsWith(each.slice(0, -1)) : name === each));
      if (isIgnored) setAttribute(element, name, oldValue);
      const change = this.#changes.get(element);
      if (change) apply(change);
    }
  }
}

/** The changes shown before the server has agreed, and taken back when it has spoken. */
export class OptimisticChanges {
  #pending: readonly Pending[] = [];

  /**
   * Makes changes.
   *
   * @returns takes them back and leaves those of others.
   */
  make(changes: readonly Change[]): () => void {
    const pending: Pending = { changes, undo: changes.map(apply) };
    this.#pending = [...this.#pending, pending];
    return () => {
      const resume = this.suspend();
      this.#pending = this.#pending.filter((other) => other !== pending);
      resume();
    };
  }

  /**
   * Takes all changes back while the server writes, so that each is made upon what the server says and, once
   * taken back, leaves just that.
   *
   * @returns makes them again.
   */
  suspend(): () => void {
    for (const { undo } of [...this.#pending].reverse())
      for (const step of [...undo].reverse()) step();
    return () => {
      for (const pending of this.#pending) pending.undo = pending.changes.map(apply);
    };
  }
}

interface Pending {
  readonly changes: readonly Change[];
  undo: readonly (() => void)[];
}
