import type { UploadFile } from "@live-session/components/protocol/uploads";
import type { MaybePromise } from "../maybe-promise.js";
import type { UploadEntry, Uploaded, UploadState } from "../upload-state.js";
import { Entry } from "./entry.js";
import type { Upload } from "./upload.js";

/** The operations that the entries of an upload need from the view's uploads. */
export interface EntryOperations {
  /** Removes the file of an entry. */
  remove(entry: Entry): Promise<void>;
  /** Is called when the state must be shown. */
  changed(): void;
}

type CompleteListener = Parameters<UploadState["onComplete"]>[0];

/** How many refused files an upload shows besides its `maxEntries`. */
const maxRefused = 20;

/** The files of one upload of a view, and its state for templates and handlers. */
export class UploadEntries {
  readonly name: string;
  readonly declared: Upload;
  readonly #operations: EntryOperations;
  readonly #listeners: CompleteListener[] = [];
  #entries: readonly Entry[] = [];
  #state: UploadState;

  constructor(name: string, declared: Upload, operations: EntryOperations) {
    this.name = name;
    this.declared = declared;
    this.#operations = operations;
    this.#state = this.#toState();
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** The state that templates and handlers receive. */
  get state(): UploadState {
    return this.#state;
  }

  find(ref: string): Entry | undefined {
    return this.#entries.find((entry) => entry.ref === ref);
  }

  /**
   * Adds a file, with errors if it exceeds a limit. In an upload of one file it replaces the other one, unless it is refused itself.
   * Returns `undefined` if too many files were refused already.
   */
  add(file: UploadFile): Entry | undefined {
    const { accept, maxEntries, maxFileSize } = this.declared;
    const entry = new Entry(file);
    if (entry.size > maxFileSize) entry.refuse("too-large");
    if (!accept.includes(entry.name, entry.type)) entry.refuse("not-accepted");
    const replaced = this.#entries.filter((other) => other.isRefused || !entry.isRefused);
    if (maxEntries === 1) for (const other of replaced) this.#remove(other);
    const accepted = this.#entries.filter(({ isRefused }) => !isRefused).length;
    if (this.#entries.length >= maxEntries + maxRefused) return undefined;
    if (accepted >= maxEntries && !entry.isRefused) entry.refuse("too-many-files");
    this.#entries = [...this.#entries, entry];
    return entry;
  }

  /** Removes an entry from the list, but not its file. */
  delete(entry: Entry): void {
    this.#entries = this.#entries.filter((each) => each !== entry);
  }

  /** Removes an entry and its file. */
  cancel(ref: string): void {
    const entry = this.find(ref);
    if (!entry) return;
    this.#remove(entry);
    this.#operations.changed();
  }

  /** Calls the listeners of a complete file, unless it has been removed. */
  async notify(entry: Entry): Promise<void> {
    for (const listener of this.#listeners) {
      if (this.#entries.includes(entry) && entry.isDone) await listener({ entry: entry.toState() });
    }
  }

  /** Creates the state again if an entry has changed. */
  refresh(): void {
    const next = this.#toState();
    if (JSON.stringify(next) !== JSON.stringify(this.#state)) this.#state = next;
  }

  #remove(entry: Entry): void {
    this.delete(entry);
    void this.#operations.remove(entry);
  }

  async #consume<Result>(
    use: (uploaded: Uploaded<object>) => MaybePromise<Result>,
  ): Promise<readonly Result[]> {
    const results: Result[] = [];
    for (const entry of this.#entries.filter(({ isDone }) => isDone)) {
      const { transfer, destination } = entry;
      const file = transfer ? transfer.target : { destination };
      results.push(await use({ ...file, entry: entry.toState() }));
      this.delete(entry);
      await this.#operations.remove(entry);
      this.#operations.changed();
    }
    return results;
  }

  #toState(): UploadState {
    const { accept, maxEntries, maxFileSize, autoUpload } = this.declared;
    const entries: readonly UploadEntry[] = this.#entries.map((entry) => entry.toState());
    const data = {
      name: this.name,
      accept: accept.toString(),
      maxEntries,
      maxFileSize,
      autoUpload,
      entries,
      progress: totalProgress(entries),
    };
    const operations: Pick<UploadState, "consume" | "cancel" | "onComplete"> = {
      consume: (use) => this.#consume(use),
      cancel: (ref) => this.cancel(ref),
      onComplete: (listener) => void this.#listeners.push(listener),
    };
    // Not enumerable, because templates send the state to elements as JSON.
    for (const [name, value] of Object.entries(operations))
      Object.defineProperty(data, name, { value });
    return Object.freeze(data) as UploadState;
  }
}

/** Returns the progress of the accepted files, weighted by their sizes, in percent. */
function totalProgress(entries: readonly UploadEntry[]): number {
  const accepted = entries.filter(({ errors }) => errors.length === 0);
  const size = accepted.reduce((sum, entry) => sum + Math.max(1, entry.size), 0);
  if (size === 0) return 0;
  const received = accepted.reduce(
    (sum, { progress, size }) => sum + (progress / 100) * Math.max(1, size),
    0,
  );
  return Math.floor((received / size) * 100);
}
