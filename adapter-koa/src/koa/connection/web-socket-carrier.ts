import type { Duplex } from "node:stream";
import type { CloseCode } from "@live-session/components/protocol";
import type { WebSocket } from "ws";
import type { Carrier, CarrierListener } from "./carrier.js";

/** Carries frames over a WebSocket. */
export class WebSocketCarrier implements Carrier {
  readonly #webSocket: WebSocket;
  readonly #stream: Duplex;

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
    const webSocket = this.#webSocket;
    const onDrain = () => listener.handleDrain();
    webSocket.on("message", (data: Buffer, isBinary) => {
      if (isBinary) listener.handleBinary();
      else listener.handleText(data.toString(), data.length);
    });
    webSocket.on("ping", (data) => listener.handlePing(() => webSocket.pong(data)));
    webSocket.on("pong", () => listener.handlePong());
    webSocket.on("error", () => {}); // "close" follows
    webSocket.on("close", () => {
      // Node keeps a closed stream for a while, and with it everything that its listeners refer to.
      this.#stream.off("drain", onDrain);
      listener.handleEnd();
    });
    this.#stream.on("drain", onDrain);
  }

  send(text: string): void {
    this.#webSocket.send(text);
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
}
