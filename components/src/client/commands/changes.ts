import { attributeOf, classListOf } from "./command.js";

/** A change of an element that can be undone. */
export interface Change {
  readonly element: HTMLElement;
  /** Class names, and whether the element has them. */
  readonly classes?: Readonly<Record<string, boolean>>;
  /** Attributes and their values; `null` removes the attribute. */
  readonly attributes?: Readonly<Record<string, string | null>>;
  readonly display?: string;
}

/**
 * Applies a change.
 *
 * @returns a function that undoes what has changed.
 */
export function apply({ element, classes = {}, attributes = {}, display }: Change): () => void {
  const undo: (() => void)[] = [];
  for (const [name, isSet] of Object.entries(classes)) {
    if (classListOf(element).contains(name) === isSet) continue;
    classListOf(element).toggle(name, isSet);
    undo.push(() => classListOf(element).toggle(name, !isSet));
  }
  for (const [name, value] of Object.entries(attributes)) {
    const old = attributeOf(element, name);
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

/** The changes that commands have made. They are applied again when the server has overwritten them. */
export class LastingChanges {
  readonly #changes = new WeakMap<Element, Change>();
  /** For each element the attributes that the server does not change. */
  readonly #ignored = new WeakMap<Element, readonly string[]>();

  /** Applies a change and keeps it. */
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

  /** Keeps the server from changing attributes of an element. A name may end in `*`, which matches any rest. */
  ignore(element: Element, names: readonly string[]): void {
    this.#ignored.set(element, [...(this.#ignored.get(element) ?? []), ...names]);
  }

  /** Corrects what a render has overwritten. */
  restore(records: readonly MutationRecord[]): void {
    // In reverse, because the first record of an attribute has the value from before the render.
    for (const { target, attributeName, oldValue } of [...records].reverse()) {
      const element = target as HTMLElement;
      if (attributeName === null) continue;
      if (this.#isIgnored(element, attributeName)) setAttribute(element, attributeName, oldValue);
      const change = this.#changes.get(element);
      if (change) apply(change);
    }
  }

  #isIgnored(element: Element, attribute: string): boolean {
    const names = this.#ignored.get(element) ?? [];
    return names.some((name) =>
      name.endsWith("*") ? attribute.startsWith(name.slice(0, -1)) : attribute === name,
    );
  }
}

/** Changes that are shown before the server has answered, and undone when it has. */
export class OptimisticChanges {
  #pending: readonly Pending[] = [];

  /**
   * Applies changes.
   *
   * @returns a function that undoes them. Other pending changes of the same elements stay.
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
   * Undoes all changes during a render, so that each change starts from what the server has rendered, and undoing it
   * restores exactly that.
   *
   * @returns a function that applies them again.
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
