import { createWriteStream } from "node:fs";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { sniffedBytes } from "./content-type.js";
import type { UploadStore } from "./upload-store.js";

/** The target that a file is written to: a temporary file with its path, or a stream of the app. */
export type TransferTarget = { readonly path: string } | { readonly writer: Writable };

/** The content of one file that a browser sends. It can outlive the view, so that an upload can continue. */
export class Transfer {
  readonly target: TransferTarget;
  readonly #store: UploadStore;
  readonly #visitor: string;
  readonly #stream: Writable;
  #accepted = 0;
  #written = 0;
  /** The disk space that is counted for the file, in bytes. */
  #reserved = 0;
  #head: Uint8Array[] = [];
  #headLength = 0;
  #last: Promise<void> = Promise.resolve();
  #completion: Promise<void> | undefined;
  #isComplete = false;
  #isDiscarded = false;

  /** @param visitor whose files take the disk space */
  constructor(target: TransferTarget, visitor: string, store: UploadStore) {
    this.target = target;
    this.#store = store;
    this.#visitor = visitor;
    this.#stream =
      "path" in target
        ? createWriteStream(target.path, { flags: "wx", mode: 0o600 })
        : target.writer;
    this.#stream.on("error", () => {}); // The callback of the write receives it too.
  }

  /** The number of bytes that were accepted, including those that are still being written. */
  get accepted(): number {
    return this.#accepted;
  }

  /** The number of bytes that were written. */
  get written(): number {
    return this.#written;
  }

  /** The first bytes of the file, as many as are needed to detect its type. */
  get head(): Uint8Array {
    return Buffer.concat(this.#head);
  }

  /** Whether the bytes were discarded, or are being discarded. */
  get isDiscarded(): boolean {
    return this.#isDiscarded;
  }

  /** Whether {@link head} is complete. At the end of a small file it can still grow. */
  get hasHead(): boolean {
    return this.#headLength >= sniffedBytes;
  }

  /**
   * Counts disk space for bytes that follow. Returns false if there is none. Of a stream of the app, only the first call
   * counts, which limits the number of transfers.
   */
  reserve(bytes: number): boolean {
    if (!("path" in this.target) && this.#reserved > 0) return true;
    if (!this.#store.reserve(this.#visitor, bytes)) return false;
    this.#reserved += bytes;
    return true;
  }

  /** Writes the next bytes. Resolves when they are written, which is later if the target is slow. */
  write(data: Uint8Array): Promise<void> {
    this.#accepted += data.byteLength;
    if (!this.hasHead) {
      this.#head.push(data.slice(0, sniffedBytes - this.#headLength));
      this.#headLength += data.byteLength;
    }
    const written = new Promise<void>((resolve, reject) => {
      if (this.#stream.destroyed) {
        reject(new Error("the stream of an upload is closed"));
        return;
      }
      this.#stream.write(data, (error) => {
        if (error) reject(error);
        else {
          this.#written += data.byteLength;
          resolve();
        }
      });
    });
    this.#last = written.catch(() => {});
    return written;
  }

  /** Ends the stream after the last byte, and waits until everything is written. */
  complete(): Promise<void> {
    this.#completion ??= this.#complete();
    return this.#completion;
  }

  async #complete(): Promise<void> {
    this.#stream.end();
    await finished(this.#stream, { readable: false });
    this.#isComplete = true;
  }

  /** Resolves when no bytes are being written. */
  settled(): Promise<void> {
    return this.#last;
  }

  /** Removes the file, or destroys the stream of the app if the file is incomplete. */
  async discard(): Promise<void> {
    if (this.#isDiscarded) return;
    this.#isDiscarded = true;
    if (!this.#isComplete) this.#stream.destroy();
    try {
      if ("path" in this.target) await this.#store.remove(this.target.path, this.#stream);
    } finally {
      this.#store.release(this.#visitor, this.#reserved);
    }
  }
}
