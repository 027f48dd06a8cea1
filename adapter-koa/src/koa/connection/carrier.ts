import type { CloseCode } from "@live-session/components/protocol";

/** What carries the frames of a connection: a WebSocket, or long polling where none gets through. */
export interface Carrier {
  readonly isOpen: boolean;
  /** Whether the browser reads as fast as it is written to; if not, `handleDrain` follows. */
  readonly writable: boolean;
  /** Tells a listener of what happens from now on. */
  listen(listener: CarrierListener): void;
  send(text: string): void;
  /** Reads nothing from the browser until `resume`. */
  pause(): void;
  resume(): void;
  close(code: CloseCode, reason: string): void;
  /** Ends without waiting for the other side. */
  terminate(): void;
}

/** Who hears what a carrier brings. */
export interface CarrierListener {
  /** @param bytes its size as it came */
  handleText(text: string, bytes: number): void;
  handleBinary(): void;
  /** @param answer sends the pong */
  handlePing(answer: () => void): void;
  /** The browser has read what was written. */
  handleDrain(): void;
  /** Nothing comes or goes any more. */
  handleEnd(): void;
}
