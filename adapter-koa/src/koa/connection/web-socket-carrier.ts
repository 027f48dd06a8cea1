import type { Duplex } from "node:stream";
import type { CloseCode } from "@live-session/components/protocol";
import type { WebSocket } from "ws";
import type { Carrier, CarrierEnd, CarrierListener } from "./carrier.js";

/** The codes with which a browser closes a WebSocket: when it leaves the page, or by a script, with or without a code. */
const ends: ReadonlyMap<number, CarrierEnd> = new Map([
  [1001, "leaving"],
  [1000, "closed"],
  [1005, "closed"],
]);

/** Carries frames over a WebSocket. */
export class WebSocketCarrier implements Carrier {
  readonly #webSocket: WebSocket;
  readonly #stream: Duplex;
  #listener: CarrierListener | undefined;

  /** @param stream the raw connection of the WebSocket */
  constructor(webSocket: WebSocket, stream: Duplex) {
    this.#webSocket = webSocket;
    this.#stream = stream;
  }

  get isOpen(): boolean {
    return this.#webSocket.readyState === this.#webSocket.OPEN;
  }

  get writable(): boolean {
    return !this.#stream.writableNeedDrain;
  }

  listen(listener: CarrierListener): void {
    const isFirst = this.#listener === undefined;
    this.#listener = listener;
    if (isFirst) this.#forwardEvents();
  }

  #forwardEvents(): void {
    const webSocket = this.#webSocket;
    const onDrain = () => this.#listener?.handleDrain();
    webSocket.on("message", (data: Buffer, isBinary) => {
      if (isBinary) this.#listener?.handleBinary(data);
      else this.#listener?.handleText(data.toString(), data.length);
    });
    webSocket.on("ping", (data) => this.#listener?.handlePing(() => webSocket.pong(data)));
    webSocket.on("pong", () => this.#listener?.handlePong());
    let end: CarrierEnd = "lost";
    // "close" follows. The browser has sent what is not accepted, and would send it again.
    webSocket.on("error", () => {
      end = "closed";
    });
    webSocket.on("close", (code) => {
      // Node keeps a closed stream for a while, and with it everything that its listeners refer to.
      this.#stream.off("drain", onDrain);
      this.#listener?.handleEnd(ends.get(code) ?? end);
    });
    this.#stream.on("drain", onDrain);
  }

  /** `WebSocket.send` writes the header and the text separately, which takes a fifth of the CPU time of an echo. */
  send(text: string): void {
    if (this.isOpen) this.#stream.write(encodeTextFrame(text));
  }

  pause(): void {
    this.#webSocket.pause();
  }

  resume(): void {
    this.#webSocket.resume();
  }

  close(code: CloseCode, reason: string): void {
    this.#webSocket.close(code, reason);
  }

  terminate(): void {
    this.#webSocket.terminate();
  }

  discard(): void {
    this.#listener = undefined;
    this.terminate();
  }
}

/** The first byte of a text frame that is complete. */
const textFrame = 0x81;

/** Encodes a text frame of the server, which is not masked (RFC 6455, 5.2). */
function encodeTextFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const start = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = textFrame;
  if (start === 2) frame[1] = length;
  else if (start === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, start);
  return frame;
}
