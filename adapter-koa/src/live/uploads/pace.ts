/** The bytes of this many milliseconds may be sent at once. */
const burstMs = 250;

/** Limits how many bytes are received per second. */
export class Pace {
  readonly #bytesPerMs: number;
  /** The time by which everything so far may have been sent, by the clock of `performance.now()`. */
  #dueAt = 0;

  constructor(bytesPerSecond: number) {
    this.#bytesPerMs = bytesPerSecond / 1000;
  }

  /** Counts bytes. Returns a promise that resolves when more may be sent; `undefined` for at once. */
  take(bytes: number): Promise<void> | undefined {
    const now = performance.now();
    this.#dueAt = Math.max(this.#dueAt, now) + bytes / this.#bytesPerMs;
    const wait = this.#dueAt - now - burstMs;
    return wait <= 0 ? undefined : new Promise((resolve) => setTimeout(resolve, wait).unref());
  }
}
