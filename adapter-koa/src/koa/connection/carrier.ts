import type { CloseCode } from "@live-session/components/protocol";

/** The transport of a connection's frames: a WebSocket, or long polling where no WebSocket can be opened. */
export interface Carrier {
  readonly isOpen: boolean;
  /** False while the browser reads more slowly than the server writes; `handleDrain` follows. */
  readonly writable: boolean;
  /** Sets the listener that receives all later frames and events, in place of a former one. */
  listen(listener: CarrierListener): void;
  send(text: string): void;
  /** Stops reading from the browser until `resume` is called. */
  pause(): void;
  resume(): void;
  close(code: CloseCode, reason: string): void;
  /** Ends the carrier without waiting for the other side. */
  terminate(): void;
  /** Ends the carrier without a further call of the listener. */
  discard(): void;
}

/** The carrier of a connection that waits for another one. The lost carrier would keep its socket in memory. */
export const noCarrier: Carrier = {
  isOpen: false,
  writable: false,
  listen() {},
  send() {},
  pause() {},
  resume() {},
  close() {},
  terminate() {},
  discard() {},
};

/**
 * How a carrier has ended:
 *
 * - `closed`: one side has closed it for good
 * - `leaving`: the browser has begun to load another page. Firefox then closes the sockets of the page, even if the
 *   other page turns out to be a download and this one stays.
 * - `lost`: neither side has closed it
 */
export type CarrierEnd = "closed" | "leaving" | "lost";

/** Receives the frames and events of a carrier. */
export interface CarrierListener {
  /** Whether a view has been joined on the connection. */
  readonly hasJoined: boolean;
  /** @param bytes the size of the frame as it was received */
  handleText(text: string, bytes: number): void;
  /** @param frame the bytes, which the receiver may keep */
  handleBinary(frame: Uint8Array): void;
  /** @param sendPong answers the ping */
  handlePing(sendPong: () => void): void;
  handlePong(): void;
  /** Called when a request of the carrier has no frames. It shows that the browser is there. */
  handleRequest(): void;
  /** Called when a request of the carrier violates a limit; closes the connection. */
  handleRefusal(code: CloseCode, reason: string): void;
  /** Called when the browser has read what was written. */
  handleDrain(): void;
  /** Called when the carrier has ended; no other call follows. */
  handleEnd(end: CarrierEnd): void;
}
