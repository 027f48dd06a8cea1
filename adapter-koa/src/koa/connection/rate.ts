/** Limits how often something may happen within a second of the clock. */
export class Rate {
  readonly #limit: number;
  #second = 0;
  #count = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Counts one occurrence.
   *
   * @param now in milliseconds since 1970
   * @returns whether the count is within the limit
   */
  take(now: number): boolean {
    const second = Math.floor(now / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#count = 0;
    }
    return ++this.#count <= this.#limit;
  }
}
