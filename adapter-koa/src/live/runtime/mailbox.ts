import { isThenable, type MaybePromise, then } from "../maybe-promise.js";
import { type Deferred, runLater } from "../run-later.js";

/** The object whose items a mailbox schedules. */
export interface MailboxOwner<Item> {
  /** Handles one item. The next item waits until this one is handled. */
  handle(item: Item): MaybePromise<void>;
  /** Runs after all items of a batch have been handled, and in between if that takes long. */
  settle(): MaybePromise<void>;
  /** Is called before each item that follows others which have not been settled. */
  mark(): void;
  /** Settles the items before the last mark while the item after it is still being handled. */
  settleMarked(): void;
  /** Receives an error of the other methods. The mailbox handles no more items. */
  fail(error: unknown): void;
}

/** How long a handled item may wait for the other items of its batch, in milliseconds. */
const maxWait = 50;
/** How long the items of a batch are handled before other work of the process has its turn, in milliseconds. */
const turnMs = 8;

/**
 * Handles items one at a time and in order. If the mailbox is idle, an item is handled immediately, so that an event
 * does not wait for the event loop. Items that wait are handled as one batch, after other work of the process.
 */
export class Mailbox<Item> implements Deferred {
  readonly #owner: MailboxOwner<Item>;
  readonly #limit: number;
  #queue: Item[] = [];
  #busy = true;
  #scheduled = false;
  #woken = false;
  #closed = false;
  /** Called when the items that wait are being handled. */
  readonly #roomListeners: (() => void)[] = [];
  /** When the batch began, or when other work of the process has last had its turn. */
  #turnStart = 0;
  /** The number of items of the batch that follow the current one. */
  #batchRest = 0;

  /** @param limit the number of items that may wait; see {@link push} */
  constructor(owner: MailboxOwner<Item>, limit: number) {
    this.#owner = owner;
    this.#limit = limit;
  }

  /** Whether no item is being handled and no item waits. */
  get isIdle(): boolean {
    return this.#closed || !(this.#busy || this.#scheduled);
  }

  /** Whether items wait that do not belong to the current batch. */
  get hasItems(): boolean {
    return this.#queue.length > 0;
  }

  /** The number of items that wait, those of the current batch included. */
  get waiting(): number {
    return this.#queue.length + this.#batchRest;
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
    this.#handleBatch([item]);
    return true;
  }

  /** Handles an item later, never during this call. @returns `false` when too many items wait */
  defer(item: Item): boolean {
    if (this.#closed) return true;
    if (this.#queue.length >= this.#limit) return false;
    if (this.#queue.length > 0) this.#queue.push(item);
    else this.#queue = [item]; // a push to an empty array reserves room for 16 more
    this.#schedule();
    return true;
  }

  /** Returns a promise while half of the allowed items wait. It resolves when these are being handled. */
  whenRoom(): Promise<void> | undefined {
    if (this.#closed || this.#queue.length * 2 < this.#limit) return undefined;
    return new Promise((resolve) => this.#roomListeners.push(resolve));
  }

  /** Calls `settle` soon, even if no item waits. */
  wake(): void {
    this.#woken = true;
    this.#schedule();
  }

  /** Calls `settle` soon, unless items are being handled, which are settled anyway. */
  wakeIdle(): void {
    if (!this.#busy) this.wake();
  }

  /** Discards the items that wait and handles no more. */
  close(): void {
    this.#closed = true;
    this.#queue = [];
    this.#batchRest = 0;
    this.#notifyRoom();
  }

  #schedule(): void {
    if (this.#scheduled || this.#busy || this.#closed || !(this.#woken || this.#queue.length > 0))
      return;
    this.#scheduled = true;
    runLater(this);
  }

  /** Handles the items that wait. Only {@link runLater} calls it. */
  run(): void {
    this.#scheduled = false;
    if (this.#busy || this.#closed) return;
    this.#woken = false;
    const batch = this.#queue;
    this.#queue = [];
    this.#notifyRoom();
    this.#handleBatch(batch);
  }

  #notifyRoom(): void {
    if (this.#roomListeners.length === 0) return;
    for (const listener of this.#roomListeners.splice(0)) listener();
  }

  #handleBatch(batch: readonly Item[]): void {
    this.#busy = true;
    if (batch.length > 1) this.#turnStart = performance.now();
    try {
      const handled = this.#handleFrom(batch, 0);
      const done = isThenable(handled) ? handled.then(() => this.#settle()) : this.#settle();
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

  #settle(): MaybePromise<void> {
    if (!this.#closed) return this.#owner.settle();
  }

  /** @param since when the first item that has not been settled was handled; 0 if there is none */
  #handleFrom(batch: readonly Item[], start: number, since = 0): MaybePromise<void> {
    let first = since;
    for (let i = start; i < batch.length && !this.#closed; i++) {
      if (waitsTooLong(first)) return then(this.#owner.settle(), () => this.#handleFrom(batch, i));
      if (this.#endsTurn(i)) return this.#continueLater(batch, i, first);
      if (first > 0) this.#owner.mark();
      this.#batchRest = batch.length - i - 1;
      const handled = this.#owner.handle(batch[i] as Item);
      if (isThenable(handled)) return this.#continueAfter(handled, batch, i + 1, first);
      if (first === 0 && batch.length > 1) first = performance.now();
    }
  }

  /** Whether other work has its turn before an item. The first one is always handled within the call of `push`. */
  #endsTurn(index: number): boolean {
    return index > 0 && performance.now() - this.#turnStart > turnMs;
  }

  /** Continues when other work of the process has had its turn. */
  async #continueLater(batch: readonly Item[], next: number, since: number): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#turnStart = performance.now();
    return this.#handleFrom(batch, next, since);
  }

  /** Waits for an async item. If that takes long, settles the items before it meanwhile. */
  #continueAfter(
    handled: PromiseLike<void>,
    batch: readonly Item[],
    next: number,
    since: number,
  ): PromiseLike<void> {
    if (since === 0) return handled.then(() => this.#handleFrom(batch, next, performance.now()));
    let first = since;
    const settle = () => {
      first = 0;
      if (!this.#closed) this.#settleMarked();
    };
    const timer = setTimeout(settle, maxWait - (performance.now() - since));
    return handled.then(
      () => {
        clearTimeout(timer);
        return this.#handleFrom(batch, next, first || performance.now());
      },
      (error) => {
        clearTimeout(timer);
        throw error;
      },
    );
  }

  #settleMarked(): void {
    try {
      this.#owner.settleMarked();
    } catch (error) {
      this.#owner.fail(error);
    }
  }
}

const waitsTooLong = (since: number): boolean => since > 0 && performance.now() - since > maxWait;
