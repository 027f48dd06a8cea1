// When this many frames or characters wait for the browser's acknowledgement, the browser counts as a slow reader.
const maxFrames = 256;
const maxLength = 256 * 1024;

/** The beginning of a frame, with its number. */
const numbered = /^\[(?:null|"\d*"),"(\d+)"/;

/** Counts the frames of a connection, and keeps those that the browser may not have received. */
export class FrameLog {
  #received = 0;
  /** The number in the last frame of the browser. */
  #lastRef = Number.NaN;
  #sent = 0;
  /** The frames that the browser has not acknowledged, oldest first; `undefined` until frames are kept. */
  #kept: string[] | undefined;
  #length = 0;

  /** Whether frames are kept, because the browser can continue the connection on another carrier. */
  get isKeeping(): boolean {
    return this.#kept !== undefined;
  }

  /** The number of frames of the browser. */
  get received(): number {
    return this.#received;
  }

  /** The frames that the browser has not acknowledged, oldest first. */
  get unacknowledged(): readonly string[] {
    return this.#kept ?? [];
  }

  /** The total length of the kept frames, in characters. */
  get length(): number {
    return this.#length;
  }

  get isFull(): boolean {
    return (this.#kept?.length ?? 0) >= maxFrames || this.#length >= maxLength;
  }

  /** Keeps the frames from now on. */
  keep(): void {
    this.#kept ??= [];
  }

  /**
   * Counts a frame of the browser.
   *
   * @returns false, without counting it, if a frame before it is missing: a browser that can continue the connection numbers
   *   its frames
   */
  receive(text: string): boolean {
    const ref = Number(numbered.exec(text)?.[1]);
    if (this.#kept && ref > this.#lastRef + 1) return false;
    this.#lastRef = ref;
    this.#received++;
    return true;
  }

  /** Counts a frame of the server. */
  add(text: string): void {
    this.#sent++;
    if (!this.#kept) return;
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
    const kept = this.#kept ?? [];
    const count = (received as number) - (this.#sent - kept.length);
    if (count < 0 || count > kept.length) return false;
    for (let i = 0; i < count; i++) this.#length -= (kept[i] as string).length;
    if (count > 0) this.#kept = kept.slice(count);
    return true;
  }
}
