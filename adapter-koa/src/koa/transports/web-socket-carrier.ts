import type { Duplex } from "node:stream";
import type { CloseCode } from "@live-session/components/protocol";
import type { WebSocket } from "ws";
import type { Carrier, CarrierEnd, CarrierListener } from "../connection/carrier.js";

/** The codes with which a browser closes a WebSocket: when it leaves the page, or by a script, with or without a code. */
const ends: ReadonlyMap<number, CarrierEnd> = new Map([
  [1001, "leaving"],
  [1000, "closed"],
  [1005, "closed"],
]);

// Properties, because a closure for each listener would take memory in every connection.
const carrier = Symbol("carrier");

interface Carried {
  [carrier]?: WebSocketCarrier | undefined;
}

/** Carries frames over a WebSocket. */
export class WebSocketCarrier implements Carrier {
  readonly #webSocket: WebSocket;
  readonly #stream: Duplex;
  /** Receives the events. */
  listener: CarrierListener | undefined;
  /** The kind of the WebSocket's end, if its close code does not show it. */
  end: CarrierEnd = "lost";

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
    const isFirst = this.listener === undefined;
    this.listener = listener;
    if (isFirst) this.#forwardEvents();
  }

  #forwardEvents(): void {
    const webSocket: WebSocket & Carried = this.#webSocket;
    const stream: Duplex & Carried = this.#stream;
    webSocket[carrier] = this;
    stream[carrier] = this;
    webSocket.on("message", onMessage);
    webSocket.on("ping", onPing);
    webSocket.on("pong", onPong);
    webSocket.on("error", onError);
    webSocket.on("close", onClose);
    stream.on("drain", onDrain);
  }

  /** Is called when the WebSocket is closed. */
  handleClose(code: number): void {
    // Node keeps a closed stream for a while, and with it everything that it refers to.
    const stream: Duplex & Carried = this.#stream;
    stream[carrier] = undefined;
    this.listener?.handleEnd(ends.get(code) ?? this.end);
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

  discard(): void {
    this.listener = undefined;
    this.terminate();
  }
}

function onMessage(this: WebSocket & Carried, data: Buffer, isBinary: boolean): void {
  const listener = this[carrier]?.listener;
  if (isBinary) listener?.handleBinary(data);
  else listener?.handleText(data.toString(), data.length);
}

function onPing(this: WebSocket & Carried, data: Buffer): void {
  this[carrier]?.listener?.handlePing(() => this.pong(data));
}

function onPong(this: WebSocket & Carried): void {
  this[carrier]?.listener?.handlePong();
}

/** The event "close" follows. The browser has sent a frame that is not accepted, and would send it again. */
function onError(this: WebSocket & Carried): void {
  const carried = this[carrier];
  if (carried) carried.end = "closed";
}

function onClose(this: WebSocket & Carried, code: number): void {
  this[carrier]?.handleClose(code);
}

function onDrain(this: Carried): void {
  this[carrier]?.listener?.handleDrain();
}
