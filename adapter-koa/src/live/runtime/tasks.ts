import type { MaybePromise } from "../maybe-promise.js";
import type { AsyncOutcome } from "../socket/async-result.js";

/** A task of a view. Its signal aborts when the view is left or a newer task of the same key starts. */
export type Task = (signal: AbortSignal) => MaybePromise<unknown>;

/** A task that has ended. */
export interface EndedTask {
  readonly key: string;
  readonly id: object;
  readonly outcome: AsyncOutcome;
  /** Receives the outcome instead of `handleAsync`. */
  readonly done: ((outcome: AsyncOutcome) => MaybePromise<void>) | undefined;
}

/** The tasks of one view. The outcome of a task is discarded if a newer task of the same key was started. */
export class Tasks {
  readonly #current = new Map<string, AbortController>();

  start(key: string, run: Task, done: EndedTask["done"], onEnd: (task: EndedTask) => void): void {
    const id = new AbortController();
    this.#current.get(key)?.abort();
    this.#current.set(key, id);
    new Promise((resolve) => resolve(run(id.signal))).then(
      (value) => onEnd({ key, id, done, outcome: { ok: true, value } }),
      (error: unknown) => onEnd({ key, id, done, outcome: { ok: false, error } }),
    );
  }

  /** The keys of the running tasks. */
  get keys(): readonly string[] {
    return [...this.#current.keys()];
  }

  /** Removes an ended task. @returns whether its outcome counts */
  take({ key, id }: EndedTask): boolean {
    return this.#current.get(key) === id && this.#current.delete(key);
  }

  /** Aborts the signals of all tasks. Their outcomes do not count. */
  abort(): void {
    for (const task of this.#current.values()) task.abort();
    this.#current.clear();
  }
}
