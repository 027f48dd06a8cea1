/** The delayed messages of one view. */
export class Timers {
  readonly #running = new Set<NodeJS.Timeout>();

  /** The number of messages that wait. */
  get size(): number {
    return this.#running.size;
  }

  /** Calls a function after some milliseconds, unless {@link end} is called before. */
  start(ms: number, call: () => void): void {
    const timer = setTimeout(() => {
      this.#running.delete(timer);
      call();
    }, ms).unref();
    this.#running.add(timer);
  }

  /** Cancels all timers. */
  end(): void {
    for (const timer of this.#running) clearTimeout(timer);
    this.#running.clear();
  }
}
