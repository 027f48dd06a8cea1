import type { WireKey, WireKeyedList, WireValue } from "@live-session/components/protocol";
import { getDirectiveClass } from "lit/directive-helpers.js";
import { repeat } from "lit/directives/repeat.js";
import { describe } from "../live/live-error.js";
import { KeyIndex } from "./key-index.js";
import type { TreeBuilder } from "./tree-builder.js";

type KeyFunction = (item: unknown, index: number) => unknown;
type RowFunction = (item: unknown, index: number) => unknown;

/** What a keyed list was rendered from, kept beside its wire form, which JSON does not show. */
interface Source {
  readonly items: readonly unknown[];
  readonly key: KeyFunction;
  readonly row: RowFunction;
}

const repeatClass = getDirectiveClass(repeat([], () => ""));
const sources = new WeakMap<WireKeyedList, Source>();

/**
 * The wire form of a `repeat`, or `undefined` for another directive. Without a key function it is a
 * plain list.
 *
 * A row is rendered again only if its item is another object, or if the row function, being a new
 * closure, may see something else that changed.
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
  builder.hasKeyedLists = true;
  const items = Array.from(list);
  if (row === undefined)
    return { l: items.map((item, i) => builder.child(keyOrRow(item, i), undefined)) };
  return new Rows(builder, previous ?? emptyList, items, keyOrRow, row).render(list);
}

class Rows {
  readonly #builder: TreeBuilder;
  readonly #previous: WireKeyedList;
  readonly #items: readonly unknown[];
  readonly #key: KeyFunction;
  readonly #row: RowFunction;
  readonly #index: KeyIndex;
  /** Old positions that a key has been found at; to find one there again is to find it twice. */
  readonly #taken: Uint8Array;
  readonly #added = new Set<WireKey>();

  constructor(
    builder: TreeBuilder,
    previous: WireKeyedList,
    items: readonly unknown[],
    key: KeyFunction,
    row: RowFunction,
  ) {
    this.#builder = builder;
    this.#previous = previous;
    this.#items = items;
    this.#key = key;
    this.#row = row;
    this.#index = new KeyIndex(previous.k);
    this.#taken = new Uint8Array(previous.k.length);
  }

  render(list: unknown): WireKeyedList {
    const items = this.#items;
    const previous = this.#previous;
    const source = sources.get(previous);
    const lent = source && this.#mayLend(source.row, this.#row, list) ? source.items : nothingLent;
    const lendsKeys = source !== undefined && this.#mayLend(source.key, this.#key, list);
    const k: WireKey[] = new Array(items.length);
    const l: WireValue[] = new Array(items.length);
    let expected = 0;
    let isSameOrder = items.length === previous.k.length;
    for (let i = 0; i < items.length; i++) {
      const item = items[i];
      const isLent =
        lendsKeys && expected < lent.length && lent[expected] === item && isObject(item);
      const key = isLent ? (previous.k[expected] as WireKey) : this.#keyOf(item, i);
      const old = isLent ? expected : this.#index.positionOf(key, expected);
      this.#assertDistinct(key, old);
      k[i] = key;
      l[i] =
        old !== -1 && lent[old] === item && isObject(item)
          ? (previous.l[old] as WireValue)
          : this.#builder.child(this.#row(item, i), old === -1 ? undefined : previous.l[old]);
      if (old !== i) isSameOrder = false;
      if (old !== -1) expected = old + 1;
    }
    const wire = { k: isSameOrder ? previous.k : k, l };
    sources.set(wire, { items, key: this.#key, row: this.#row });
    return wire;
  }

  /** Whether a function would give the same for an item as before, at whatever position. */
  #mayLend<Of extends RowFunction>(former: Of, current: Of, list: unknown): boolean {
    return current.length <= 1 && (former === current || this.#builder.mayLend(list));
  }

  #keyOf(item: unknown, i: number): WireKey {
    const key = this.#key(item, i);
    if (typeof key === "string" || (typeof key === "number" && Number.isFinite(key))) return key;
    throw this.#builder.refuse(
      `a repeat with the key ${describe(key)}`,
      "a text or a number as key",
    );
  }

  #assertDistinct(key: WireKey, old: number): void {
    if (old === -1 ? !this.#added.has(key) : this.#taken[old] === 0) {
      if (old === -1) this.#added.add(key);
      else this.#taken[old] = 1;
      return;
    }
    throw this.#builder.refuse(
      "a repeat with the same key twice",
      "a key of its own for each item",
    );
  }
}

const emptyList: WireKeyedList = { k: [], l: [] };
const nothingLent: readonly unknown[] = [];
const isObject = (item: unknown): boolean => typeof item === "object" && item !== null;
