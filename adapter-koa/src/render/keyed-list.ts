import type {
  WireKey,
  WireKeyedList,
  WireNode,
  WireValue,
} from "@live-session/components/protocol";
import { getDirectiveClass } from "lit/directive-helpers.js";
import { repeat } from "lit/directives/repeat.js";
import { describe, type LiveError } from "../live/live-error.js";
import { KeyIndex } from "./key-index.js";
import { ReceivedFunction, type RowFunction } from "./row-function.js";
import { areOverlapping, isSameOrder, type RowRun } from "./row-runs.js";
import type { RowBuilder } from "./wire-builder.js";

/** The arguments of `repeat` from which a keyed list was rendered. They are not part of its wire form. */
interface Source {
  readonly items: readonly unknown[];
  readonly key: ReceivedFunction;
  readonly row: ReceivedFunction;
  /** Whether all items are objects. Rows of other items are rendered each time. */
  areObjects: boolean;
}

const repeatClass = getDirectiveClass(repeat([], () => ""));
/**
 * The property of a list that contains its source. It is not enumerable, so it is not sent. A `WeakMap` with an entry for each
 * render would make each garbage collection several times slower.
 */
const source = Symbol("source");

const sourceOf = (list: WireNode): Source | undefined =>
  (list as { readonly [source]?: Source })[source];

const setSource = (list: WireNode, value: Source): void => {
  Object.defineProperty(list, source, { value });
};

/** Lets the rows of a keyed list be reused after the list was copied. */
export function moveSource(from: WireNode, to: WireNode): void {
  const former = sourceOf(from);
  if (former) setSource(to, former);
}

/**
 * Returns the wire form of a `repeat`; `undefined` for another directive. A `repeat` without a key function becomes a
 * plain list.
 *
 * A row is reused if it would certainly be the same: its item is the same object, and its function is the same object
 * or uses nothing but its item. Rows of other functions are reused if all items are the same and no assign that the
 * templates have read has changed.
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
  // A copy, because the view might change its array. `slice` copies it as a block.
  const items = Array.isArray(list) ? list.slice() : Array.from(list);
  if (row === undefined)
    return { l: items.map((item, i) => builder.child(keyOrRow(item, i), undefined)) };
  return new Rows(builder, previous ?? noRows, {
    items,
    key: new ReceivedFunction(keyOrRow),
    row: new ReceivedFunction(row),
    areObjects: true,
  }).render();
}

/** Renders the rows of one keyed list and reuses those of the previous tree. */
class Rows {
  readonly #builder: RowBuilder;
  readonly #previous: WireKeyedList;
  readonly #source: Source;
  readonly #index: KeyIndex;
  readonly #added = new Set<WireKey>();
  readonly #runs: RowRun[] = [];
  /** The keys and wire values of the rows that are not the same objects as before, in the order of the new list. */
  readonly #newKeys: WireKey[] = [];
  readonly #newRows: WireValue[] = [];
  /** The old items whose rows may be reused; empty if none may. */
  #reusable: readonly unknown[] = [];
  /** Whether the old keys of reusable items may be reused too. */
  #reusesKeys = false;

  constructor(builder: RowBuilder, previous: WireKeyedList, source: Source) {
    this.#builder = builder;
    this.#previous = previous;
    this.#source = source;
    this.#index = new KeyIndex(previous.k);
  }

  render(): WireKeyedList {
    const previous = this.#previous;
    const former = sourceOf(previous);
    if (former && this.#isUnchanged(former)) return previous;
    if (former) this.#findReusable(former);
    const wire = previous === noRows ? this.#renderFirst() : this.#renderAgain();
    setSource(wire, this.#source);
    return wire;
  }

  /** Renders the rows of a list that the previous tree does not contain, so that none can be reused. */
  #renderFirst(): WireKeyedList {
    const { items } = this.#source;
    const keys = new Set<WireKey>();
    const l: WireValue[] = [];
    for (let i = 0; i < items.length; i++) {
      keys.add(this.#keyOf(items[i], i));
      // A key that the set already contains does not make it larger.
      if (keys.size === i) throw this.#refuseSameKey();
      l.push(this.#renderRow(i, undefined));
    }
    return { k: [...keys], l };
  }

  #renderAgain(): WireKeyedList {
    const previous = this.#previous;
    this.#renderRows();
    if (areOverlapping(this.#runs, previous.k.length)) throw this.#refuseSameKey();
    const wire = this.#toWire();
    this.#builder.setOrigin(wire, { previous, runs: this.#runs });
    return wire;
  }

  /** Copies the keys and wire values of reused rows as blocks, and the keys only if the order has changed. */
  #toWire(): WireKeyedList {
    const { k, l } = this.#previous;
    const keepsOrder = this.#source.items.length === k.length && isSameOrder(this.#runs);
    return keepsOrder
      ? { k, l: this.#replaceRows(l) }
      : { k: this.#join(k, this.#newKeys), l: this.#join(l, this.#newRows) };
  }

  #replaceRows(former: readonly WireValue[]): WireValue[] {
    const rows = former.slice();
    let next = 0;
    for (const { start, isSame } of this.#runs)
      if (!isSame) rows[start] = this.#newRows[next++] as WireValue;
    return rows;
  }

  /** @param former the values of the previous list  @param added the values of the rows that are not reused */
  #join<Value>(former: readonly Value[], added: readonly Value[]): Value[] {
    const blocks = new Blocks<Value>();
    let next = 0;
    for (const { old, length, isSame } of this.#runs) {
      if (isSame) blocks.addRange(former, old, length);
      else blocks.add(added[next++] as Value);
    }
    return blocks.join();
  }

  #renderRows(): void {
    const { length } = this.#source.items;
    let expected = 0;
    for (let i = 0; i < length; ) {
      const run = this.#reusedRun(i, expected) ?? this.#nextRun(i, expected);
      this.#runs.push(run);
      i += run.length;
      if (run.old !== -1) expected = run.old + run.length;
    }
  }

  /** Returns the run of reused rows that begins with the expected one; `undefined` if it does not begin with that. */
  #reusedRun(start: number, old: number): RowRun | undefined {
    const length = this.#reusesKeys ? this.#countReusable(start, old) : 0;
    return length > 0 ? { start, length, old, isSame: true } : undefined;
  }

  /** Finds the row of an item by its key, and reuses or renders it. */
  #nextRun(start: number, expected: number): RowRun {
    const key = this.#keyOf(this.#source.items[start], start);
    const old = this.#index.positionOf(key, expected);
    if (old === -1) {
      if (this.#added.has(key)) throw this.#refuseSameKey();
      this.#added.add(key);
    }
    return this.#reusedRun(start, old) ?? this.#single(start, old, key);
  }

  /** Counts how many items from a position on are the reusable items from an old position on. */
  #countReusable(start: number, old: number): number {
    if (old === -1) return 0;
    const { items } = this.#source;
    const reusable = this.#reusable;
    const max = Math.min(items.length - start, reusable.length - old);
    let length = 0;
    // Compares nothing but pointers; `===` would also read from each object to learn its type.
    while (length < max && Object.is(items[start + length], reusable[old + length])) length++;
    return length;
  }

  #single(start: number, old: number, key: WireKey): RowRun {
    const item = this.#source.items[start];
    const previous = old === -1 ? undefined : this.#previous.l[old];
    const isReusable = old !== -1 && old < this.#reusable.length && this.#reusable[old] === item;
    const row = isReusable ? (previous as WireValue) : this.#renderRow(start, previous);
    const isSame = old !== -1 && row === previous;
    if (!isSame) {
      this.#newKeys.push(key);
      this.#newRows.push(row);
    }
    return { start, length: 1, old, isSame };
  }

  #renderRow(i: number, previous: WireValue | undefined): WireValue {
    const { items, row } = this.#source;
    const item = items[i];
    this.#source.areObjects &&= isObject(item);
    return this.#builder.child(row.run(item, i), previous);
  }

  /** Whether the list has the same items, and everything else that the templates have read is the same too. */
  #isUnchanged({ items: old }: Source): boolean {
    const { items } = this.#source;
    return (
      items.length === old.length &&
      this.#builder.mayReuse() &&
      items.every((item, i) => item === old[i])
    );
  }

  #findReusable(former: Source): void {
    const { key, row } = this.#source;
    if (former.areObjects && row.isLike(former.row)) this.#reusable = former.items;
    this.#reusesKeys = key.isLike(former.key);
  }

  #keyOf(item: unknown, i: number): WireKey {
    const key = this.#source.key.run(item, i);
    if (typeof key === "string" || (typeof key === "number" && Number.isFinite(key))) return key;
    throw this.#builder.refuse(
      `a repeat with the key ${describe(key)}`,
      "a string or a number as key",
    );
  }

  #refuseSameKey(): LiveError {
    return this.#builder.refuse(
      "a repeat with the same key twice",
      "a different key for each item",
    );
  }
}

/** Ranges of this length or longer are copied as a block. */
const minBlock = 16;
/** More blocks than this are not joined by one call, whose arguments the stack limits. */
const maxBlocks = 1000;

/** An array that is put together from single values and from ranges of other arrays. */
class Blocks<Value> {
  readonly #blocks: Value[][] = [];
  /** The last block, if single values may be added to it. */
  #open: Value[] | undefined;

  add(value: Value): void {
    if (!this.#open) {
      this.#open = [];
      this.#blocks.push(this.#open);
    }
    this.#open.push(value);
  }

  addRange(values: readonly Value[], start: number, length: number): void {
    if (length < minBlock) {
      for (let i = start; i < start + length; i++) this.add(values[i] as Value);
      return;
    }
    this.#blocks.push(values.slice(start, start + length));
    this.#open = undefined;
  }

  join(): Value[] {
    const [first = [], ...others] = this.#blocks;
    if (others.length === 0) return first;
    return others.length < maxBlocks ? first.concat(...others) : (this.#blocks.flat() as Value[]);
  }
}

const noRows: WireKeyedList = { k: [], l: [] };
const isObject = (item: unknown): boolean => typeof item === "object" && item !== null;
