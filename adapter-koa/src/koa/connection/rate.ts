/** Limits how often something may happen within a second of the clock. */
export class Rate {
  readonly #limit: number;
  #second = 0;
  #count = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Counts an occurrence.
   *
   * @param now in milliseconds since 1970
   * @param amount the number of occurrences that it counts as
   * @returns whether the count is within the limit
   */
  take(now: number, amount = 1): boolean {
    const second = Math.floor(now / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#count = 0;
    }
    this.#count += amount;
    return this.#count <= this.#limit;
  }
}
