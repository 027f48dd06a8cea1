import type { WireKey } from "@live-session/components/protocol";

/** After this many misses, building an index of all keys is cheaper than further searches. */
const missesBeforeIndex = 4;

/** Finds the positions of keys, most of which are at the expected position. */
export class KeyIndex {
  readonly #keys: readonly WireKey[];
  #misses = 0;
  #index: Map<WireKey, number> | undefined;

  constructor(keys: readonly WireKey[]) {
    this.#keys = keys;
  }

  /** Returns the position of a key, or -1. Looks at the expected position first. */
  positionOf(key: WireKey, expected: number): number {
    if (this.#keys[expected] === key) return expected;
    if (this.#misses < missesBeforeIndex) {
      this.#misses++;
      return this.#keys.indexOf(key);
    }
    this.#index ??= new Map(this.#keys.map((other, position) => [other, position]));
    return this.#index.get(key) ?? -1;
  }
}
