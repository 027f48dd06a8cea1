import type { WireKey, WireKeyedList, WireValue } from "@live-session/components/protocol";
import { getDirectiveClass } from "lit/directive-helpers.js";
import { repeat } from "lit/directives/repeat.js";
import { describe } from "../live/live-error.js";
import { KeyIndex } from "./key-index.js";
import { areSelfContained, isPositional, type RowFunction } from "./row-function.js";
import type { RowBuilder } from "./wire-builder.js";

/** The arguments of `repeat` from which a keyed list was rendered. They are not part of its wire form. */
interface Source {
  readonly items: readonly unknown[];
  readonly key: RowFunction;
  readonly row: RowFunction;
}

const repeatClass = getDirectiveClass(repeat([], () => ""));
const sources = new WeakMap<WireKeyedList, Source>();

/**
 * Returns the wire form of a `repeat`; `undefined` for another directive. A `repeat` without a key function becomes a
 * plain list.
 *
 * A row is reused if it would certainly be the same: its item is the same object, and its function is the same object or
 * uses nothing but its item. Rows of other functions are reused if all items are the same and no assign has changed that
 * the templates have read.
 */
export function toKeyedList(
  builder: RowBuilder,
  directive: object,
  previous: WireKeyedList | undefined,
): WireValue | undefined {
  if (getDirectiveClass(directive) !== repeatClass) return undefined;
  const [list, keyOrRow, row] = (directive as { values: unknown[] }).values as [
    Iterable<unknown>,
    RowFunction,
    RowFunction | undefined,
  ];
  builder.hasKeyedLists = true;
  const items = Array.from(list);
  if (row === undefined)
    return { l: items.map((item, i) => builder.child(keyOrRow(item, i), undefined)) };
  return new Rows(builder, previous ?? emptyList, { items, key: keyOrRow, row }).render();
}

/** Renders the rows of one keyed list and reuses those of the previous tree. */
class Rows {
  readonly #builder: RowBuilder;
  readonly #previous: WireKeyedList;
  readonly #source: Source;
  readonly #index: KeyIndex;
  /** Marks the old positions whose key has been found. To find a key a second time means that it is not unique. */
  readonly #taken: Uint8Array;
  readonly #added = new Set<WireKey>();
  /** The old items whose rows may be reused; empty if none may. */
  #reusable: readonly unknown[] = [];
  /** Whether the old key of a reusable item may be reused too. */
  #reusesKeys = false;

  constructor(builder: RowBuilder, previous: WireKeyedList, source: Source) {
    this.#builder = builder;
    this.#previous = previous;
    this.#source = source;
    this.#index = new KeyIndex(previous.k);
    this.#taken = new Uint8Array(previous.k.length);
  }

  render(): WireKeyedList {
    const former = sources.get(this.#previous);
    if (former && this.#isUnchanged(former)) return this.#previous;
    if (former) this.#findReusable(former);
    const wire = this.#renderRows();
    sources.set(wire, this.#source);
    return wire;
  }

  #renderRows(): WireKeyedList {
    const { items } = this.#source;
    const previous = this.#previous;
    const k: WireKey[] = new Array(items.length);
    const l: WireValue[] = new Array(items.length);
    let expected = 0;
    let isSameOrder = items.length === previous.k.length;
    for (let i = 0; i < items.length; i++) {
      const canReuse = this.#reusesKeys && this.#isReusable(items[i], expected);
      const key = canReuse ? (previous.k[expected] as WireKey) : this.#keyOf(items[i], i);
      const old = canReuse ? expected : this.#index.positionOf(key, expected);
      this.#assertDistinct(key, old);
      k[i] = key;
      l[i] = this.#rowOf(items[i], i, old);
      if (old !== i) isSameOrder = false;
      if (old !== -1) expected = old + 1;
    }
    return { k: isSameOrder ? previous.k : k, l };
  }

  /** Whether the list has the same items, and everything else is the same that the templates have read. */
  #isUnchanged({ items: old }: Source): boolean {
    const { items } = this.#source;
    return (
      items.length === old.length &&
      items.every((item, i) => item === old[i]) &&
      this.#builder.mayReuse()
    );
  }

  #findReusable(former: Source): void {
    const { key, row } = this.#source;
    if (givesSameResult(former.row, row)) this.#reusable = former.items;
    this.#reusesKeys = givesSameResult(former.key, key);
  }

  #isReusable(item: unknown, old: number): boolean {
    return (
      old !== -1 && old < this.#reusable.length && this.#reusable[old] === item && isObject(item)
    );
  }

  /** @param old the position of the item in the previous list, or -1 */
  #rowOf(item: unknown, i: number, old: number): WireValue {
    const previous = old === -1 ? undefined : this.#previous.l[old];
    if (this.#isReusable(item, old)) return previous as WireValue;
    return this.#builder.child(this.#source.row(item, i), previous);
  }

  #keyOf(item: unknown, i: number): WireKey {
    const key = this.#source.key(item, i);
    if (typeof key === "string" || (typeof key === "number" && Number.isFinite(key))) return key;
    throw this.#builder.refuse(
      `a repeat with the key ${describe(key)}`,
      "a string or a number as key",
    );
  }

  #assertDistinct(key: WireKey, old: number): void {
    if (old === -1 ? !this.#added.has(key) : this.#taken[old] === 0) {
      if (old === -1) this.#added.add(key);
      else this.#taken[old] = 1;
      return;
    }
    throw this.#builder.refuse("a repeat with the same key twice", "a different key for each item");
  }
}

/** Returns whether a function returns the same as before for the same item, at any position. */
const givesSameResult = (former: RowFunction, current: RowFunction): boolean =>
  former === current ? !isPositional(current) : areSelfContained(former, current);

const emptyList: WireKeyedList = { k: [], l: [] };
const isObject = (item: unknown): boolean => typeof item === "object" && item !== null;
