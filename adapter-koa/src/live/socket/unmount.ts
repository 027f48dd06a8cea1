import { isThenable, type MaybePromise } from "../maybe-promise.js";
import type { Socket } from "./socket.js";

/**
 * Why a view has ended:
 *
 * - `"leave"`: the browser has left the view for another one, removed its element, or joined it again.
 * - `"navigate"`: the view itself has sent the browser to another view or page.
 * - `"disconnect"`: the connection has ended, or no join has adopted the view of a page.
 * - `"crash"`: a callback or hook has thrown an error.
 */
export type UnmountReason = "leave" | "navigate" | "disconnect" | "crash";

/** The argument of `unmount`. */
export interface UnmountContext<Assigns extends object = object> {
  readonly reason: UnmountReason;
  /** The socket in its last state. Its `connected` is `false`. */
  readonly socket: Socket<Assigns>;
}

/** A callback `unmount` of a view or hook, with its socket. */
export type UnmountCallback = (reason: UnmountReason) => MaybePromise<void>;

/** The callbacks `unmount` of a view and of its hooks. Each runs once, even if another one throws. */
export class Unmounts {
  #callbacks: UnmountCallback[] = [];
  #end: ((callbacks: UnmountCallback[]) => void) | undefined;

  /** Adds a callback. If the view has already ended, which happens during an async mount, it runs immediately. */
  add(callback: UnmountCallback): void {
    if (this.#end) this.#end([callback]);
    else this.#callbacks.push(callback);
  }

  /** Runs the callbacks: the last one first, because it may use what an earlier one releases. */
  run(reason: UnmountReason, report: (error: unknown) => void): void {
    this.#end = (callbacks) => runLastFirst(callbacks, reason, report);
    this.#end(this.#callbacks);
    this.#callbacks = [];
  }
}

function runLastFirst(
  callbacks: UnmountCallback[],
  reason: UnmountReason,
  report: (error: unknown) => void,
): void {
  for (let i = callbacks.length - 1; i >= 0; i--) {
    try {
      const result = (callbacks[i] as UnmountCallback)(reason);
      if (!isThenable(result)) continue;
      const others = callbacks.slice(0, i);
      result.then(undefined, report).then(() => runLastFirst(others, reason, report));
      return;
    } catch (error) {
      report(error);
    }
  }
}
