import { rm } from "node:fs/promises";
import path from "node:path";
import type { Writable } from "node:stream";
import { nanoid } from "nanoid";
import { Pace } from "./pace.js";
import { TemporaryFolder } from "./temporary-folder.js";
import type { Transfer } from "./transfer.js";

/** The limits of all uploads of a process. */
export interface UploadStoreOptions {
  /** The folder for temporary files; that of the system by default. */
  readonly directory?: string | undefined;
  /** The disk space for the files of all visitors, and of one visitor, in bytes. */
  readonly uploadBytes: number;
  readonly uploadVisitorBytes: number;
  /** How fast one visitor's files are received, in bytes per second. */
  readonly uploadRate: number;
  /** How long an upload without a view can be continued, in milliseconds. */
  readonly uploadResumeTime: number;
}

/** The disk space that counts for each file besides its bytes. It limits the number of empty files. */
export const fileBytes = 4096;

/** A transfer that a view has, or that waits for a view to continue it. */
interface ClaimedTransfer {
  readonly transfer: Transfer;
  /** Called when another view takes the transfer. */
  readonly handleTaken: () => void;
  /** Ends the wait for a view. */
  readonly timer?: NodeJS.Timeout;
}

/** The disk space and the speed of one visitor. */
interface Visitor {
  bytes: number;
  readonly pace: Pace;
}

/**
 * The temporary files of all uploads of a process, in a folder of its own. It counts disk space, keeps the transfers of
 * views that have lost their connection, and removes the files that killed processes have left.
 */
export class UploadStore {
  readonly #options: UploadStoreOptions;
  readonly #claimed = new Map<string, ClaimedTransfer>();
  readonly #visitors = new Map<string, Visitor>();
  readonly #folder: TemporaryFolder;
  #bytes = 0;

  constructor(options: UploadStoreOptions) {
    this.#options = options;
    this.#folder = new TemporaryFolder(options.directory);
  }

  /** Returns the path of a new temporary file, with a name of its own. */
  newPath(): string {
    return path.join(this.#folder.path, nanoid());
  }

  /** Removes the files of processes that have ended without removing them. */
  sweep(): Promise<void> {
    return this.#folder.sweep();
  }

  /** Counts disk space. Returns false if the visitor or the process has no more. */
  reserve(visitor: string, bytes: number): boolean {
    const of = this.#visitor(visitor);
    const { uploadBytes, uploadVisitorBytes } = this.#options;
    if (this.#bytes + bytes > uploadBytes || of.bytes + bytes > uploadVisitorBytes) {
      this.#forget(visitor, of);
      return false;
    }
    this.#bytes += bytes;
    of.bytes += bytes;
    return true;
  }

  release(visitor: string, bytes: number): void {
    const of = this.#visitor(visitor);
    this.#bytes -= bytes;
    of.bytes -= bytes;
    this.#forget(visitor, of);
  }

  /** Waits until the visitor may send more. Stores the visitor until {@link release} is called. */
  pace(visitor: string, bytes: number): Promise<void> | undefined {
    return this.#visitor(visitor).pace.take(bytes);
  }

  /** Registers the transfer of a view. @param handleTaken called when another view takes it */
  claim(key: string, transfer: Transfer, handleTaken: () => void): void {
    this.#claimed.set(key, { transfer, handleTaken });
  }

  /** Takes a transfer from the view that has it, or that has had it before it lost its connection. */
  take(key: string): Transfer | undefined {
    const claimed = this.#claimed.get(key);
    if (!claimed) return undefined;
    clearTimeout(claimed.timer);
    this.#claimed.delete(key);
    claimed.handleTaken();
    return claimed.transfer;
  }

  /** Keeps a transfer for a while, for a view that continues it. */
  park(key: string, transfer: Transfer): void {
    const timer = setTimeout(() => {
      this.#claimed.delete(key);
      void transfer.discard();
    }, this.#options.uploadResumeTime).unref();
    this.#claimed.set(key, { transfer, handleTaken: () => {}, timer });
  }

  /** Removes a transfer and its file. */
  drop(key: string, transfer: Transfer): Promise<void> {
    if (this.#claimed.get(key)?.transfer === transfer) this.#claimed.delete(key);
    return transfer.discard();
  }

  /** Removes a file after its stream is closed, because a stream that is being opened would create it again. */
  async remove(file: string, stream: Writable): Promise<void> {
    if (!stream.closed) await new Promise<void>((resolve) => stream.once("close", resolve));
    await rm(file, { force: true });
  }

  /** Removes all files. */
  async close(): Promise<void> {
    const all = [...this.#claimed.values()];
    this.#claimed.clear();
    for (const { timer } of all) clearTimeout(timer);
    await Promise.all(all.map(({ transfer }) => transfer.discard()));
    await this.#folder.remove();
  }

  /** Forgets a visitor without files. */
  #forget(id: string, { bytes }: Visitor): void {
    if (bytes <= 0) this.#visitors.delete(id);
  }

  #visitor(id: string): Visitor {
    const visitor = this.#visitors.get(id) ?? {
      bytes: 0,
      pace: new Pace(this.#options.uploadRate),
    };
    this.#visitors.set(id, visitor);
    return visitor;
  }
}
