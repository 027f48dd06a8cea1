import { isThenable, type MaybePromise, then } from "../maybe-promise.js";

/** The object whose items a mailbox schedules. */
export interface MailboxOwner<Item> {
  /** Handles one item. The next item waits until this one is handled. */
  handle(item: Item): MaybePromise<void>;
  /** Runs after all items of a batch have been handled. */
  settle(): MaybePromise<void>;
  /** Receives an error of the other two methods. The mailbox handles no more items. */
  fail(error: unknown): void;
}

/**
 * Handles items one at a time and in order. If the mailbox is idle, an item is handled immediately, so that an event
 * does not wait for the event loop. Items that wait are handled as one batch, after other work of the process.
 */
export class Mailbox<Item> {
  readonly #owner: MailboxOwner<Item>;
  readonly #limit: number;
  #queue: Item[] = [];
  #busy = true;
  #scheduled = false;
  #woken = false;
  #closed = false;

  /** @param limit the number of items that may wait; see {@link push} */
  constructor(owner: MailboxOwner<Item>, limit: number) {
    this.#owner = owner;
    this.#limit = limit;
  }

  /** Whether no item is being handled and no item waits. */
  get isIdle(): boolean {
    return this.#closed || !(this.#busy || this.#scheduled);
  }

  /** Starts to handle items, beginning with those that already wait. */
  open(): void {
    this.#busy = false;
    this.#schedule();
  }

  /** Handles an item immediately if the mailbox is idle, otherwise later. @returns `false` when too many items wait */
  push(item: Item): boolean {
    if (this.#closed) return true;
    if (this.#busy || this.#queue.length > 0) return this.defer(item);
    this.#run([item]);
    return true;
  }

  /** Handles an item later, never during this call. @returns `false` when too many items wait */
  defer(item: Item): boolean {
    if (this.#closed) return true;
    if (this.#queue.length >= this.#limit) return false;
    this.#queue.push(item);
    this.#schedule();
    return true;
  }

  /** Calls `settle` soon, even if no item waits. */
  wake(): void {
    this.#woken = true;
    this.#schedule();
  }

  /** Discards the items that wait and handles no more. */
  close(): void {
    this.#closed = true;
    this.#queue = [];
  }

  #schedule(): void {
    if (this.#scheduled || this.#busy || this.#closed || !(this.#woken || this.#queue.length > 0))
      return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#busy || this.#closed) return;
      this.#woken = false;
      const batch = this.#queue;
      this.#queue = [];
      this.#run(batch);
    });
  }

  #run(batch: readonly Item[]): void {
    this.#busy = true;
    try {
      const done = then(this.#handleFrom(batch, 0), () =>
        this.#closed ? undefined : this.#owner.settle(),
      );
      if (isThenable(done)) {
        done.then(
          () => this.open(),
          (error) => this.#owner.fail(error),
        );
        return;
      }
    } catch (error) {
      this.#owner.fail(error);
      return;
    }
    this.open();
  }

  #handleFrom(batch: readonly Item[], start: number): MaybePromise<void> {
    for (let i = start; i < batch.length && !this.#closed; i++) {
      const handled = this.#owner.handle(batch[i] as Item);
      if (isThenable(handled)) return handled.then(() => this.#handleFrom(batch, i + 1));
    }
  }
}
