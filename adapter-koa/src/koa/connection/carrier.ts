import type { CloseCode } from "@live-session/components/protocol";

/** The transport of a connection's frames: a WebSocket, or long polling where no WebSocket can be opened. */
export interface Carrier {
  readonly isOpen: boolean;
  /** False while the browser reads more slowly than the server writes; `handleDrain` follows. */
  readonly writable: boolean;
  /** Sets the listener that receives all later frames and events. */
  listen(listener: CarrierListener): void;
  send(text: string): void;
  /** Stops reading from the browser until `resume` is called. */
  pause(): void;
  resume(): void;
  close(code: CloseCode, reason: string): void;
  /** Ends the connection without waiting for the other side. */
  terminate(): void;
}

/** Receives the frames and events of a carrier. */
export interface CarrierListener {
  /** @param bytes the size of the frame as it was received */
  handleText(text: string, bytes: number): void;
  handleBinary(): void;
  /** @param sendPong answers the ping */
  handlePing(sendPong: () => void): void;
  handlePong(): void;
  /** Called when the browser has read what was written. */
  handleDrain(): void;
  /** Called when the connection has ended; no other call follows. */
  handleEnd(): void;
}
