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
  /** The socket as it was last. Its `connected` is `false`. */
  readonly socket: Socket<Assigns>;
}
