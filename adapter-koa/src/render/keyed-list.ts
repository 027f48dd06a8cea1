import type { WireKey, WireKeyedList, WireValue } from "@live-session/components/protocol";
import { getDirectiveClass } from "lit/directive-helpers.js";
import { repeat } from "lit/directives/repeat.js";
import { describe } from "../live/live-error.js";
import { KeyIndex } from "./key-index.js";
import type { RowBuilder } from "./wire-builder.js";

type KeyFunction = (item: unknown, index: number) => unknown;
type RowFunction = (item: unknown, index: number) => unknown;

/** The arguments of `repeat` from which a keyed list was rendered. They are not part of its wire form. */
interface Source {
  readonly items: readonly unknown[];
  readonly key: KeyFunction;
  readonly row: RowFunction;
}

const repeatClass = getDirectiveClass(repeat([], () => ""));
const sources = new WeakMap<WireKeyedList, Source>();

/**
 * Returns the wire form of a `repeat`; `undefined` for another directive. A `repeat` without a key function becomes a
 * plain list.
 *
 * A row is rendered again only if its item is another object, or if the row function is a new closure that may see
 * another value that has changed.
 */
export function toKeyedList(
  builder: RowBuilder,
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
  return new Rows(builder, previous ?? emptyList, { items, key: keyOrRow, row }).render(list);
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

  render(list: unknown): WireKeyedList {
    this.#findReusable(list);
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
    const wire = { k: isSameOrder ? previous.k : k, l };
    sources.set(wire, this.#source);
    return wire;
  }

  #findReusable(list: unknown): void {
    const former = sources.get(this.#previous);
    if (!former) return;
    const { key, row } = this.#source;
    if (this.#givesSameResult(former.row, row, list)) this.#reusable = former.items;
    this.#reusesKeys = this.#givesSameResult(former.key, key, list);
  }

  /** Returns whether a function returns the same as before for the same item, at any position. */
  #givesSameResult(former: RowFunction, current: RowFunction, list: unknown): boolean {
    return current.length <= 1 && (former === current || this.#builder.mayReuse(list));
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

const emptyList: WireKeyedList = { k: [], l: [] };
const isObject = (item: unknown): boolean => typeof item === "object" && item !== null;
