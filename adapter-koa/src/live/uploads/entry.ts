import type { UploadDestination, UploadFile } from "@live-session/components/protocol/uploads";
import type { UploadEntry, UploadError } from "../upload-state.js";
import { cleanFileName } from "./file-name.js";
import type { Transfer } from "./transfer.js";

/** A file of an upload: what the view shows of it, and where its bytes are. */
export class Entry {
  readonly ref: string;
  readonly name: string;
  /** In bytes. The size of a posted file grows until its end. */
  size: number;
  /** Whether the size is known: a posted file does not announce it. */
  hasSize = true;
  /** Identifies the transfer in the store. */
  key = "";
  /** `undefined` if the browser sends the file elsewhere, or if it is refused. */
  transfer: Transfer | undefined;
  destination: UploadDestination | undefined;
  type: string;
  isDone = false;
  /** Whether the file's last bytes are being written and checked. */
  isCompleting = false;
  /** Whether the first bytes were checked. */
  isSniffed = false;
  progress = 0;
  errors: readonly UploadError[] = [];

  constructor({ ref, name, size, type }: UploadFile) {
    this.ref = ref;
    this.name = cleanFileName(name);
    this.size = size;
    this.type = type;
  }

  get isRefused(): boolean {
    return this.errors.length > 0;
  }

  /** Updates the progress to a number of received bytes. Returns whether its percentage has changed. */
  receive(bytes: number): boolean {
    const progress = this.size === 0 ? 0 : Math.min(99, Math.floor((bytes / this.size) * 100));
    if (progress === this.progress) return false;
    this.progress = progress;
    return true;
  }

  complete(type: string): void {
    this.type = type;
    this.progress = 100;
    this.isDone = true;
  }

  refuse(error: UploadError): void {
    this.isDone = false;
    if (!this.errors.includes(error)) this.errors = [...this.errors, error];
  }

  /** Returns what the view shows. */
  toState(): UploadEntry {
    const { ref, name, size, type, progress, isDone, errors } = this;
    return Object.freeze({ ref, name, size, type, progress, done: isDone, errors });
  }
}
