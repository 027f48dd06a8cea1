/** A view that can release what it has rendered. */
export interface IdleView {
  /** When it was rendered last, by the clock of `performance.now()`. */
  readonly renderedAt: number;
  /** Releases what a later render can compute again. */
  hibernate(): void;
}

/** How long views are put to sleep before other work of the process has its turn, in milliseconds. */
const turnMs = 4;
/** How long the others then wait, in milliseconds, so that visitors do not notice when many views become idle at once. */
const pauseMs = 20;
/** How often views are checked at least, in milliseconds. */
const maxInterval = 15_000;

/** Puts the views of a process to sleep that have not been rendered for some time. They have one timer for all of them. */
export class IdleViews {
  readonly #ms: number;
  readonly #onError: (error: unknown) => void;
  readonly #now: () => number;
  readonly #awake = new Set<IdleView>();
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param ms how long a view is idle before it sleeps; with 0 none does
   * @param onError receives what a view throws while it is put to sleep
   * @param now the clock; `performance.now` by default
   */
  constructor(ms: number, onError: (error: unknown) => void, now = () => performance.now()) {
    this.#ms = ms;
    this.#onError = onError;
    this.#now = now;
  }

  /** The number of views that are not asleep. */
  get awake(): number {
    return this.#awake.size;
  }

  /** Adds a view that has been joined, or has been rendered after it was asleep. */
  add(view: IdleView): void {
    if (this.#ms === 0) return;
    this.#awake.add(view);
    if (!this.#timer) this.#schedule(this.#interval);
  }

  /** Removes a view that has ended. */
  delete(view: IdleView): void {
    this.#awake.delete(view);
  }

  get #interval(): number {
    return Math.min(this.#ms / 4, maxInterval);
  }

  #schedule(ms: number): void {
    this.#timer = setTimeout(() => this.#check(), ms).unref();
  }

  #check(): void {
    this.#timer = undefined;
    const isDone = this.#hibernate();
    if (this.#awake.size > 0) this.#schedule(isDone ? this.#interval : pauseMs);
  }

  /** Puts idle views to sleep. @returns whether all of them are asleep now, within the time of a turn */
  #hibernate(): boolean {
    const start = this.#now();
    for (const view of this.#awake) {
      if (start - view.renderedAt < this.#ms) continue;
      this.#awake.delete(view);
      try {
        view.hibernate();
      } catch (error) {
        this.#onError(error);
      }
      if (this.#now() - start > turnMs) return false;
    }
    return true;
  }
}
