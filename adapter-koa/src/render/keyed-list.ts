import type { WireKey, WireKeyedList, WireValue } from "@live-session/components/protocol";
import { getDirectiveClass } from "lit/directive-helpers.js";
import { repeat } from "lit/directives/repeat.js";
import { describe } from "../live/live-error.js";
import type { TreeBuilder } from "./tree.js";

type KeyFunction = (item: unknown, index: number) => unknown;
type RowFunction = (item: unknown, index: number) => unknown;

/** What a keyed list was rendered from, kept beside its wire form, which JSON does not show. */
interface Source {
  readonly items: readonly unknown[];
  readonly row: RowFunction;
}

const repeatClass = getDirectiveClass(repeat([], () => ""));
const sources = new WeakMap<WireKeyedList, Source>();

/**
 * The wire form of a `repeat`, or `undefined` for another directive. Without a key function it is a
 * plain list.
 *
 * A row is rendered again only if its item is another object, or if the row function may see something
 * else that changed: it is a new closure, and an assign other than the list itself has changed.
 */
export function toKeyedList(
  builder: TreeBuilder,
  directive: object,
  previous: WireKeyedList | undefined,
): WireValue | undefined {
  if (getDirectiveClass(directive) !== repeatClass) return undefined;
  const [list, keyOrRow, row] = (directive as { values: unknown[] }).values as [
    Iterable<unknown>,
    KeyFunction,
    RowFunction | undefined,
  ];
  const items = Array.from(list);
  if (row === undefined) return { l: items.map((item, i) => builder.child(keyOrRow(item, i), undefined)) };
  return new Rows(builder, previous, items, keyOrRow, row).render(list);
}

class Rows {
  readonly #builder: TreeBuilder;
  readonly #previous: WireKeyedList | undefined;
  readonly #items: readonly unknown[];
  readonly #key: KeyFunction;
  readonly #row: RowFunction;

  constructor(
    builder: TreeBuilder,
    previous: WireKeyedList | undefined,
    items: readonly unknown[],
    key: KeyFunction,
    row: RowFunction,
  ) {
    this.#builder = builder;
    this.#previous = previous;
    this.#items = items;
    this.#key = key;
    this.#row = row;
  }

  render(list: unknown): WireKeyedList {
    const items = this.#items;
    const source = this.#previous && sources.get(this.#previous);
    const lent = source && this.#mayLend(source, list) ? source.items : undefined;
    const k: WireKey[] = new Array(items.length);
    const l: WireValue[] = new Array(items.length);
    let next = 0; // the old position that is expected next
    let inOrder = items.length === this.#previous?.k.length;
    for (let i = 0; i < items.length; i++) {
      const item = items[i];
      if (this.#previous && lent && next < lent.length && lent[next] === item && isObject(item)) {
        k[i] = this.#previous.k[next] as WireKey;
        l[i] = this.#previous.l[next] as WireValue;
      } else {
        const key = this.#keyOf(item, i);
        const old = this.#oldPosition(key, next, i, lent);
        k[i] = key;
        l[i] = this.#renderRow(item, i, old, lent);
        if (old === -1) next--;
        else next = old;
      }
      if (inOrder && k[i] !== this.#previous?.k[i]) inOrder = false;
      next++;
    }
    if (!inOrder) this.#assertDistinct(k);
    const wire = { k, l };
    sources.set(wire, { items, row: this.#row });
    return wire;
  }

  #mayLend(source: Source, list: unknown): boolean {
    if (this.#row.length > 1) return false;
    return source.row === this.#row || this.#builder.hasOnlyChanged(list);
  }

  /** Looks where the key is expected, then, unless the item was just put in, everywhere. */
  #oldPosition(key: WireKey, next: number, i: number, lent: readonly unknown[] | undefined): number {
    const keys = this.#previous?.k;
    if (!keys) return -1;
    if (keys[next] === key) return next;
    const isInsertion = lent !== undefined && i + 1 < this.#items.length && this.#items[i + 1] === lent[next];
    return isInsertion ? -1 : this.#indexOf(key);
  }

  #index: Map<WireKey, number> | undefined;

  #indexOf(key: WireKey): number {
    this.#index ??= new Map(this.#previous?.k.map((old, position) => [old, position]));
    return this.#index.get(key) ?? -1;
  }

  #renderRow(item: unknown, i: number, old: number, lent: readonly unknown[] | undefined): WireValue {
    if (this.#previous && lent && old !== -1 && lent[old] === item && isObject(item)) {
      return this.#previous.l[old] as WireValue;
    }
    return this.#builder.child(this.#row(item, i), old === -1 ? undefined : this.#previous?.l[old]);
  }

  #keyOf(item: unknown, i: number): WireKey {
    const key = this.#key(item, i);
    if (typeof key === "string" || (typeof key === "number" && Number.isFinite(key))) return key;
    throw this.#builder.refuse(`a repeat with the key ${describe(key)}`, "a text or a number as key");
  }

  #assertDistinct(keys: readonly WireKey[]): void {
    if (new Set(keys).size === keys.length) return;
    throw this.#builder.refuse("a repeat with the same key twice", "a key of its own for each item");
  }
}

const isObject = (item: unknown): boolean => typeof item === "object" && item !== null;
