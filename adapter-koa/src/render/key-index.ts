import type { WireKey } from "@live-session/components/protocol";

/** Misses after which an index of all keys pays for itself. */
const missesBeforeIndex = 4;

/** Finds the positions of keys that mostly stand where they are expected. */
export class KeyIndex {
  readonly #keys: readonly WireKey[];
  #misses = 0;
  #index: Map<WireKey, number> | undefined;

  constructor(keys: readonly WireKey[]) {
    this.#keys = keys;
  }

  /** The position of a key, or -1. The expected position is tried first. */
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
