import { isThenable, type MaybePromise, then } from "../maybe-promise.js";

/** What a mailbox drives. */
export interface MailboxOwner<Item> {
  /** Handles one item; the next one waits for it. */
  handle(item: Item): MaybePromise<void>;
  /** Runs when the items that were waiting have been handled. */
  settle(): MaybePromise<void>;
  /** Takes what the two others threw. Nothing further is handled. */
  fail(error: unknown): void;
}

/**
 * Items handled one at a time, in order. An item that finds the mailbox idle is handled within the
 * call, so that an event costs no turn of the event loop; items that wait are handled together, and
 * each such batch lets other work of the process run first.
 */
export class Mailbox<Item> {
  readonly #owner: MailboxOwner<Item>;
  readonly #limit: number;
  #queue: Item[] = [];
  #busy = true;
  #scheduled = false;
  #woken = false;
  #closed = false;

  /** @param limit items that may wait; see {@link push} */
  constructor(owner: MailboxOwner<Item>, limit: number) {
    this.#owner = owner;
    this.#limit = limit;
  }

  /** Whether nothing is being handled and nothing waits. */
  get isIdle(): boolean {
    return this.#closed || !(this.#busy || this.#scheduled);
  }

  /** Begins to handle items; those put in before are first. */
  open(): void {
    this.#busy = false;
    this.#schedule();
  }

  /** Handles an item now, or when its turn comes. @returns `false` when too many wait already */
  push(item: Item): boolean {
    if (this.#closed) return true;
    if (this.#busy || this.#queue.length > 0) return this.defer(item);
    this.#run([item]);
    return true;
  }

  /** Handles an item when its turn comes, never within the call. */
  defer(item: Item): boolean {
    if (this.#closed) return true;
    if (this.#queue.length >= this.#limit) return false;
    this.#queue.push(item);
    this.#schedule();
    return true;
  }

  /** Settles soon, also when nothing waits: something outside makes it worthwhile. */
  wake(): void {
    this.#woken = true;
    this.#schedule();
  }

  /** Drops what waits and handles nothing further. */
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
