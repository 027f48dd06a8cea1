import { encodeBinaryMessage } from "../../protocol/binary-message.js";
import { chunkEvent } from "../../protocol/upload.js";
import type { BindingElement } from "../bindings/binder.js";
import type { Connection, Subscriber } from "../connection/connection.js";

/** The reply to a part of a file. */
interface ChunkReply {
  readonly status: string;
  readonly response: { readonly reason?: string };
}

/** Receives the changes of a connection. */
export interface ChunkChannelListener {
  /** The parts without a reply may be lost. */
  handleLost(): void;
  /** The page has left the view, and with it all files. */
  handleLeft(): void;
  /** The same view continues on another carrier. */
  handleResumption(): void;
}

/** Sends the parts of files to a view, beside the view's own channel, and receives their replies. */
export class ChunkChannel implements Subscriber {
  readonly topic: string;
  readonly #element: BindingElement;
  readonly #connection: Connection;
  readonly #listener: ChunkChannelListener;
  readonly #waiting = new Map<string, (refusal: string | undefined) => void>();
  #count = 0;

  /** @param id the id of the view */
  constructor(element: BindingElement, id: string, listener: ChunkChannelListener) {
    const view = element.view as unknown as {
      readonly socket: { readonly connection: Connection };
    };
    this.topic = `lv:${id}`;
    this.#element = element;
    this.#connection = view.socket.connection;
    this.#listener = listener;
    this.#connection.subscribers.add(this);
  }

  /**
   * Sends a part of a file. Returns a promise of the reply: `undefined` when the part is stored, or the reason why it is
   * refused. Returns `undefined` without a connection. There is no reply if the connection is lost.
   */
  send(payload: Uint8Array): Promise<string | undefined> | undefined {
    if (!this.#connection.isOpen) return undefined;
    // The connection numbers its own frames, so these refs are different.
    const ref = `upload-${++this.#count}`;
    const { topic } = this;
    const frame = encodeBinaryMessage({ joinRef: "", ref, topic, event: chunkEvent, payload });
    const reply = new Promise<string | undefined>((resolve) => this.#waiting.set(ref, resolve));
    this.#connection.carrier?.send(frame.buffer);
    return reply;
  }

  receive(_joinRef: string | null, ref: string | null, event: string, payload: unknown): void {
    if (event === "phx_error" || event === "phx_close") {
      this.#lose();
      if (event === "phx_close") this.#listener.handleLeft();
      return;
    }
    const resolve = this.#waiting.get(ref ?? "");
    this.#waiting.delete(ref ?? "");
    const { status, response } = payload as ChunkReply;
    resolve?.(status === "ok" ? undefined : (response.reason ?? "refused"));
  }

  /** The view's own channel joins it. */
  sendJoin(): void {}

  handleInterruption(): void {
    this.#lose();
  }

  handleResumption(): void {
    this.#listener.handleResumption();
  }

  handleEnd(): void {
    this.#lose();
    if (!this.#element.isConnected) this.#connection.subscribers.delete(this);
  }

  #lose(): void {
    this.#waiting.clear();
    this.#listener.handleLost();
  }
}
