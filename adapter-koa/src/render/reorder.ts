type Id = string | number;

/** A step that brings a list closer to another one. Positions are those of the list when the step runs. */
export type ReorderStep =
  | { readonly type: "remove"; readonly at: number }
  | { readonly type: "move"; readonly from: number; readonly to: number }
  | { readonly type: "add"; readonly at: number; readonly id: Id };

/**
 * Returns the steps that turn one list of ids into another. Ids in each list are different. As few items as
 * possible move: those outside the longest run that is in order already. Takes `n log n` time.
 */
export function reorder(old: readonly Id[], next: readonly Id[]): ReorderStep[] {
  const nextIds = new Set(next);
  const steps: ReorderStep[] = [];
  for (let i = old.length - 1; i >= 0; i--) {
    if (!nextIds.has(old[i] as Id)) steps.push({ type: "remove", at: i });
  }
  const kept = old.filter((id) => nextIds.has(id));
  const oldPositions = new Map(kept.map((id, i) => [id, i]));
  const staying = longestIncreasing(next.flatMap((id) => oldPositions.get(id) ?? []));
  const slots = new Slots(kept, next, staying, oldPositions);
  for (const id of next) {
    const position = oldPositions.get(id);
    if (position !== undefined && staying.has(position)) continue;
    if (position === undefined) steps.push({ type: "add", at: slots.fill(id), id });
    else steps.push({ type: "move", from: slots.empty(position), to: slots.fill(id) });
  }
  return steps;
}

/** The positions of items while they move, in a Fenwick tree over all places where an item can be. */
class Slots {
  readonly #counts: number[];
  /** The place of an old position. */
  readonly #oldSlots: number[] = [];
  /** The final place of an item that is moved or added. */
  readonly #newSlots = new Map<Id, number>();

  constructor(
    kept: readonly Id[],
    next: readonly Id[],
    staying: ReadonlySet<number>,
    oldPositions: ReadonlyMap<Id, number>,
  ) {
    this.#counts = new Array(kept.length + next.length + 1).fill(0);
    let slot = 0;
    let passed = 0;
    const passUntil = (position: number): void => {
      for (; passed < position; passed++) this.#oldSlots[passed] = slot++;
    };
    for (const id of next) {
      const position = oldPositions.get(id);
      if (position !== undefined && staying.has(position)) passUntil(position + 1);
      else this.#newSlots.set(id, slot++);
    }
    passUntil(kept.length);
    for (const oldSlot of this.#oldSlots) this.#add(oldSlot, 1);
  }

  /** Takes an item away from its old position. Returns the position that it has now. */
  empty(oldPosition: number): number {
    const slot = this.#oldSlots[oldPosition] ?? 0;
    this.#add(slot, -1);
    return this.#countBefore(slot);
  }

  /** Puts an item at its final place. Returns the position that it has then. */
  fill(id: Id): number {
    const slot = this.#newSlots.get(id) ?? 0;
    this.#add(slot, 1);
    return this.#countBefore(slot);
  }

  #add(slot: number, change: number): void {
    for (let i = slot + 1; i < this.#counts.length; i += i & -i) {
      this.#counts[i] = (this.#counts[i] ?? 0) + change;
    }
  }

  #countBefore(slot: number): number {
    let count = 0;
    for (let i = slot; i > 0; i -= i & -i) count += this.#counts[i] ?? 0;
    return count;
  }
}

/** Returns the numbers of the longest increasing subsequence. */
function longestIncreasing(numbers: readonly number[]): Set<number> {
  /** The index of the smallest number that ends a run of each length. */
  const ends: number[] = [];
  const before: number[] = [];
  for (const [i, number] of numbers.entries()) {
    const length = firstIndex(ends.length, (at) => (numbers[ends[at] ?? 0] ?? 0) >= number);
    before[i] = ends[length - 1] ?? -1;
    ends[length] = i;
  }
  const longest = new Set<number>();
  for (let i = ends.at(-1) ?? -1; i !== -1; i = before[i] ?? -1) longest.add(numbers[i] ?? 0);
  return longest;
}

/** Returns the first index that a condition accepts, or `end`. The condition must accept every later index too. */
function firstIndex(end: number, accepts: (index: number) => boolean): number {
  let low = 0;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (accepts(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
