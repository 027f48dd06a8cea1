// When so many frames or characters wait for the browser's acknowledgement, it counts as a slow reader.
const maxFrames = 256;
const maxLength = 256 * 1024;

/** Counts the frames of a connection, and keeps those that the browser may not have received. */
export class FrameLog {
  /** The number of frames that the browser has sent. */
  received = 0;
  #sent = 0;
  #isKeeping = false;
  #kept: string[] = [];
  #length = 0;

  /** Whether frames are kept, because the browser can continue the connection on another carrier. */
  get isKeeping(): boolean {
    return this.#isKeeping;
  }

  /** The frames that the browser has not acknowledged, oldest first. */
  get unacknowledged(): readonly string[] {
    return this.#kept;
  }

  /** The total length of the kept frames, in characters. */
  get length(): number {
    return this.#length;
  }

  get isFull(): boolean {
    return this.#kept.length >= maxFrames || this.#length >= maxLength;
  }

  /** Keeps the frames from now on. */
  keep(): void {
    this.#isKeeping = true;
  }

  /** Counts a frame of the server. */
  add(text: string): void {
    this.#sent++;
    if (!this.#isKeeping) return;
    this.#kept.push(text);
    this.#length += text.length;
  }

  /**
   * Drops the frames that the browser has received.
   *
   * @param received the number of frames that the browser has received
   * @returns false if that number is impossible, or frames are missing that the browser has not received
   */
  acknowledge(received: unknown): boolean {
    if (!Number.isSafeInteger(received)) return false;
    const count = (received as number) - (this.#sent - this.#kept.length);
    if (count < 0 || count > this.#kept.length) return false;
    for (let i = 0; i < count; i++) this.#length -= (this.#kept[i] as string).length;
    if (count === this.#kept.length) this.#kept = [];
    else if (count > 0) this.#kept.splice(0, count);
    return true;
  }
}
