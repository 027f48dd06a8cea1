import type { MaybePromise } from "../maybe-promise.js";
import type { AsyncOutcome } from "../socket/hook.js";

/** A task that has ended. */
export interface EndedTask {
  readonly key: string;
  readonly id: object;
  readonly outcome: AsyncOutcome;
  /** Takes the outcome in place of `handleAsync`. */
  readonly done: ((outcome: AsyncOutcome) => void) | undefined;
}

/** The tasks of one view. A task replaced by a newer one of its key has no effect when it ends. */
export class Tasks {
  readonly #current = new Map<string, object>();

  start(
    key: string,
    run: () => MaybePromise<unknown>,
    done: EndedTask["done"],
    ended: (task: EndedTask) => void,
  ): void {
    const id = {};
    this.#current.set(key, id);
    new Promise((resolve) => resolve(run())).then(
      (value) => ended({ key, id, done, outcome: { ok: true, value } }),
      (error: unknown) => ended({ key, id, done, outcome: { ok: false, error } }),
    );
  }

  /** The keys of the tasks whose outcome is still to come. */
  get keys(): readonly string[] {
    return [...this.#current.keys()];
  }

  /** Whether an ended task's outcome still counts; it does once. */
  take({ key, id }: EndedTask): boolean {
    return this.#current.get(key) === id && this.#current.delete(key);
  }
}
