import type { CloseCode } from "@live-session/components/protocol";
import type { Carrier, CarrierEnd, CarrierListener } from "../connection/carrier.js";

/** When more characters wait for the browser's next request, the browser counts as slow. */
const highWater = 64 * 1024;

/** Carries frames over HTTP requests: the browser's GETs wait for our frames, its POSTs contain its own. */
export class LongPollCarrier implements Carrier {
  readonly #onEnd: () => void;
  #listener: CarrierListener | undefined;
  #frames: string[] = [];
  #size = 0;
  #wake: (() => void) | undefined;
  #resumed: (() => void) | undefined;
  #isPaused = false;
  isOpen = true;

  /** @param onEnd called when either side closes the carrier */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  /** Whether a view has been joined on the connection. */
  get isUsed(): boolean {
    return this.#listener?.hasJoined === true;
  }

  get writable(): boolean {
    return this.#size < highWater;
  }

  listen(listener: CarrierListener): void {
    this.#listener = listener;
  }

  send(text: string): void {
    this.#frames.push(text);
    this.#size += text.length;
    this.#wake?.();
  }

  /** Removes and returns the frames that wait for the browser. */
  take(): readonly string[] {
    const frames = this.#frames;
    const wasFull = !this.writable;
    this.#frames = [];
    this.#size = 0;
    if (wasFull) this.#listener?.handleDrain();
    return frames;
  }

  /**
   * Resolves when there are frames to take, when the carrier is closed, or after `ms` milliseconds. A second call
   * resolves the first one.
   */
  async wait(ms: number): Promise<void> {
    this.#wake?.();
    if (this.#frames.length > 0 || !this.isOpen) return;
    await new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.#wake = wake;
    });
  }

  /**
   * Passes frames of the browser to the listener in order, and waits between two frames while paused. As in Phoenix, a frame
   * that is not JSON is a binary frame in Base64.
   */
  async receive(frames: readonly string[]): Promise<void> {
    for (const frame of frames) {
      if (this.#isPaused) {
        await new Promise<void>((resolve) => {
          this.#resumed = resolve;
        });
      }
      if (!this.isOpen) return;
      if (frame.startsWith("[")) this.#listener?.handleText(frame, Buffer.byteLength(frame));
      else this.#listener?.handleBinary(Buffer.from(frame, "base64"));
    }
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#resumed?.();
  }

  close(): void {
    this.#end("closed");
  }

  /** Ends the carrier because the browser sends no requests or has cut one off. */
  lose(): void {
    this.#end("lost");
  }

  /** Closes the connection because of a request. */
  refuse(code: CloseCode, reason: string): void {
    this.#listener?.handleRefusal(code, reason);
  }

  /** Called when a request of the browser has arrived. */
  touch(): void {
    this.#listener?.handleRequest();
  }

  #end(end: CarrierEnd): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#onEnd();
    this.#wake?.();
    this.resume();
    this.#listener?.handleEnd(end);
  }

  discard(): void {
    this.#listener = undefined;
    this.close();
  }

  terminate(): void {
    this.close();
  }
}
