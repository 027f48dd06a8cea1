import type { MaybePromise } from "../maybe-promise.js";
import type { AsyncOutcome } from "../socket/async-result.js";

/** A task that has ended. */
export interface EndedTask {
  readonly key: string;
  readonly id: object;
  readonly outcome: AsyncOutcome;
  /** Receives the outcome instead of `handleAsync`. */
  readonly done: ((outcome: AsyncOutcome) => void) | undefined;
}

/** The tasks of one view. The outcome of a task is discarded if a newer task of the same key was started. */
export class Tasks {
  readonly #current = new Map<string, object>();

  start(
    key: string,
    run: () => MaybePromise<unknown>,
    done: EndedTask["done"],
    onEnd: (task: EndedTask) => void,
  ): void {
    const id = {};
    this.#current.set(key, id);
    new Promise((resolve) => resolve(run())).then(
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
}
