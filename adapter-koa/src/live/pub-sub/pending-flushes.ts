import { LiveError } from "../live-error.js";

/** Options of `flush` of a PubSub. */
export interface FlushOptions {
  /** Ends the wait; `flush` rejects with its reason, and the messages still wait. */
  readonly signal?: AbortSignal;
}

interface Waiting {
  /** The number of the last message that was broadcast before the call. */
  readonly last: number;
  readonly settle: (error?: unknown) => void;
}

/** The calls of `flush` that wait until messages are sent. Messages have increasing numbers. */
export class PendingFlushes {
  readonly #waiting = new Set<Waiting>();
  #sent = 0;
  /** The number of the first message that was lost since messages began to wait. */
  #firstLost = Number.POSITIVE_INFINITY;

  /**
   * Resolves when the messages up to a number are sent.
   *
   * @throws LiveError (as rejection) `LIVE_ERR_LOST_MESSAGES` when one of them was lost; the reason of the signal
   */
  wait(last: number, { signal }: FlushOptions = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => settle(signal?.reason);
      const settle = (error?: unknown) => {
        signal?.removeEventListener("abort", abort);
        this.#waiting.delete(waiting);
        if (error === undefined) resolve();
        else reject(error);
      };
      const waiting = { last, settle };
      this.#waiting.add(waiting);
      signal?.addEventListener("abort", abort);
      if (signal?.aborted) abort();
      else this.#settle();
    });
  }

  /** Called before {@link handleSent} when a message was lost. */
  handleLost(n: number): void {
    this.#firstLost = Math.min(this.#firstLost, n);
  }

  /** Called when no message up to a number is waiting. @param isEmpty whether no message waits at all */
  handleSent(n: number, isEmpty: boolean): void {
    this.#sent = n;
    this.#settle();
    if (isEmpty) this.#firstLost = Number.POSITIVE_INFINITY;
  }

  #settle(): void {
    for (const { last, settle } of [...this.#waiting]) {
      if (last > this.#sent) continue;
      if (this.#firstLost > last) settle();
      else
        settle(
          new LiveError("LIVE_ERR_LOST_MESSAGES", "messages did not reach other processes", {
            expected: "the server to be reachable before too many messages wait",
          }),
        );
    }
  }
}
