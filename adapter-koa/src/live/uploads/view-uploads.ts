import {
  decodeChunk,
  type UploadFile,
  type UploadOffset,
  type UploadReply,
  uploadCancelEvent,
  uploadEvent,
  uploadProgressEvent,
  uploadRemovedEvent,
} from "@live-session/components/protocol/uploads";
import type { MaybePromise } from "../maybe-promise.js";
import { Reply } from "../socket/outcome.js";
import type { Socket } from "../socket/socket.js";
import type { UploadError, UploadState } from "../upload-state.js";
import { checkedType, isRefusedEarly } from "./content-type.js";
import type { Entry } from "./entry.js";
import { Transfer } from "./transfer.js";
import type { Upload, UploadContext, Uploads } from "./upload.js";
import { UploadEntries } from "./upload-entries.js";
import { fileBytes, type UploadStore } from "./upload-store.js";

/** The operations that the uploads of a view need from the view. */
export interface UploadOwner {
  readonly id: string;
  /** Shows changed states. */
  showUploads(states: Readonly<Record<string, UploadState>>): void;
  /** Runs a function as a message of the view. */
  runLater(key: string, run: () => MaybePromise<void>): void;
}

/** The storage for the files of a view. */
export interface UploadHost {
  readonly store: UploadStore;
  /** Identifies the visitor's HTTP session; empty without one. */
  readonly visitor: string;
  /** Receives the errors of targets. */
  readonly onError: (error: unknown) => void;
}

/** Why a chunk is refused. The browser asks for the offset, or forgets the file. */
export type ChunkRefusal = "unknown" | "offset" | "refused";

/**
 * The uploads of one view: registers files, receives their chunks, and shows their states. When the view loses its
 * connection, its files wait for the next view with the same id.
 */
export class ViewUploads {
  readonly #uploads: ReadonlyMap<string, UploadEntries>;
  readonly #owner: UploadOwner & Socket;
  readonly #host: UploadHost;
  #states: Readonly<Record<string, UploadState>>;
  #waitingBytes = 0;
  #isClosed = false;
  /** Whether the browser may continue the uploads of the closed view. */
  #mayContinue = false;

  constructor(declared: Uploads, owner: UploadOwner & Socket, host: UploadHost) {
    this.#owner = owner;
    this.#host = host;
    const operations = {
      remove: (entry: Entry) => {
        this.#pushRemoved(entry.ref);
        return this.#remove(entry);
      },
      changed: () => this.#show(),
    };
    this.#uploads = new Map(
      Object.entries(declared).map(([name, upload]) => [
        name,
        new UploadEntries(name, upload, operations),
      ]),
    );
    this.#states = this.#toStates();
  }

  /** The states by name. */
  get states(): Readonly<Record<string, UploadState>> {
    return this.#states;
  }

  /** Whether files are being received, or are complete and not consumed. */
  get hasFiles(): boolean {
    for (const { entries } of this.#uploads.values())
      if (entries.some(({ transfer }) => transfer !== undefined)) return true;
    return false;
  }

  /** The size of the chunks that are being written, in bytes. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Handles an event of the browser's part of uploads. */
  handleEvent(event: string, payload: unknown): MaybePromise<Reply | undefined> {
    const request = Object(payload) as Readonly<Record<string, unknown>>;
    switch (event) {
      case uploadEvent:
        return this.#register(request);
      case uploadCancelEvent:
        this.cancel(String(request.ref));
        return undefined;
      case uploadProgressEvent:
        this.#handleProgress(request);
        return undefined;
    }
    return undefined;
  }

  /** Removes a file. */
  cancel(ref: string): void {
    this.#find(ref)?.upload.cancel(ref);
  }

  /** Accepts a part of a file. Resolves when it is written, with the reason if it is refused. */
  async receive(payload: Uint8Array): Promise<ChunkRefusal | undefined> {
    const chunk = decodeChunk(payload);
    const found = chunk && this.#find(chunk.ref);
    if (!chunk || !found?.entry.transfer) return found?.entry.isRefused ? "refused" : "unknown";
    const { entry, upload } = found;
    const { transfer } = found.entry;
    if (chunk.offset !== transfer.accepted || entry.isCompleting) return "offset";
    return this.#write(entry, upload, transfer, chunk.data);
  }

  /**
   * Receives a file of a posted form. Resolves when it is complete or refused, and its content has been read.
   *
   * @param name the name of the upload
   * @param file `ref` must be unused
   * @throws the error of the content
   */
  async receivePosted(
    name: string,
    file: Omit<UploadFile, "size">,
    content: AsyncIterable<Uint8Array>,
  ): Promise<void> {
    const upload = this.#uploads.get(name);
    const entry = upload && (await this.#addPosted(upload, file));
    const { store } = this.#host;
    try {
      for await (const data of content) {
        if (upload && entry?.transfer) await this.#write(entry, upload, entry.transfer, data);
        else await store.pace(this.#visitor, data.byteLength);
      }
    } finally {
      store.release(this.#visitor, 0);
    }
    if (!upload || !entry?.transfer) return;
    entry.hasSize = true;
    await this.#run(entry, entry.transfer, (transfer) => this.#received(entry, upload, transfer));
  }

  async #addPosted(
    upload: UploadEntries,
    file: Omit<UploadFile, "size">,
  ): Promise<Entry | undefined> {
    const posted = { ...file, size: 0 };
    if (!upload.declared.external) return this.#add(upload, posted, false);
    // Only the script of the page can send the file to a signed URL.
    const entry = upload.add(posted);
    if (entry && !entry.isRefused) this.#refuse(entry, "failed");
    return entry;
  }

  /** Writes the next bytes of a file within its limits. */
  async #write(
    entry: Entry,
    upload: UploadEntries,
    transfer: Transfer,
    data: Uint8Array,
  ): Promise<ChunkRefusal | undefined> {
    const size = transfer.accepted + data.byteLength;
    if (size > (entry.hasSize ? entry.size : upload.declared.maxFileSize))
      return this.#refuse(entry, "too-large");
    if (!transfer.reserve(data.byteLength)) return this.#refuse(entry, "no-space");
    if (!entry.hasSize) entry.size = size;
    this.#waitingBytes += data.byteLength;
    try {
      return await this.#run(entry, transfer, async () => {
        const paced = this.#host.store.pace(this.#visitor, data.byteLength);
        await transfer.write(data);
        await paced;
        return this.#received(entry, upload, transfer);
      });
    } finally {
      this.#waitingBytes -= data.byteLength;
    }
  }

  /** Runs a step of a transfer. If its target fails, the file is refused. */
  async #run(
    entry: Entry,
    transfer: Transfer,
    step: (transfer: Transfer) => Promise<ChunkRefusal | undefined>,
  ): Promise<ChunkRefusal | undefined> {
    try {
      return await step(transfer);
    } catch (error) {
      // Cancelled meanwhile, or the view has ended: the stream was destroyed during the step.
      if (entry.transfer !== transfer || transfer.isDiscarded) return "unknown";
      this.#host.onError(error);
      return this.#refuse(entry, refusalOf(error));
    }
  }

  /** Ends the uploads of a view. @param mayContinue whether the browser may continue them in another view */
  close(mayContinue: boolean): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#mayContinue = mayContinue;
    for (const { entries } of this.#uploads.values()) {
      for (const entry of entries) if (entry.transfer) this.#leave(entry, entry.transfer);
    }
  }

  /** Keeps or removes the file of a view that has ended. */
  #leave({ key, isRefused }: Entry, transfer: Transfer): void {
    const { store, onError } = this.#host;
    if (this.#mayContinue && !isRefused) store.park(key, transfer);
    else void store.drop(key, transfer).catch(onError);
  }

  get #visitor(): string {
    return this.#host.visitor || this.#owner.id;
  }

  #find(ref: string): { readonly upload: UploadEntries; readonly entry: Entry } | undefined {
    for (const upload of this.#uploads.values()) {
      const entry = upload.find(ref);
      if (entry) return { upload, entry };
    }
    return undefined;
  }

  async #register(request: Readonly<Record<string, unknown>>): Promise<Reply | undefined> {
    const upload = this.#uploads.get(String(request.upload));
    if (!upload) return undefined;
    const files: Record<string, UploadOffset> = {};
    for (const file of this.#withoutReplaced(upload, toFiles(request.files))) {
      const known = this.#find(file.ref);
      const entry = known?.entry ?? (await this.#add(upload, file));
      if (!entry) continue;
      await entry.transfer?.settled();
      files[file.ref] = {
        offset: entry.transfer?.written ?? 0,
        done: entry.isDone,
        refused: entry.isRefused,
        ...(entry.destination && { destination: entry.destination }),
      };
    }
    this.#show();
    const { chunkSize, autoUpload } = upload.declared;
    const reply: UploadReply = { id: this.#owner.id, chunkSize, autoUpload, files };
    return new Reply({ ...reply });
  }

  /** Leaves out the files that a later one of the same request replaces, so that no file is created for them. */
  #withoutReplaced({ declared }: UploadEntries, files: readonly UploadFile[]) {
    const first = declared.maxEntries === 1 ? Math.max(0, files.length - 1) : 0;
    for (const { ref } of files.slice(0, first)) this.#pushRemoved(ref);
    return files.slice(first);
  }

  #pushRemoved(ref: string): void {
    this.#owner.pushEvent(uploadRemovedEvent, { ref });
  }

  /** Adds a file, with what was received of it before the connection was lost. */
  async #add(upload: UploadEntries, file: UploadFile, hasSize = true): Promise<Entry | undefined> {
    const entry = upload.add(file);
    if (!entry || entry.isRefused) return entry;
    entry.hasSize = hasSize;
    try {
      await this.#prepare(upload, entry);
    } catch (error) {
      // Otherwise the view would end, and the browser would choose the same file again in the next view.
      this.#host.onError(error);
      this.#refuse(entry, refusalOf(error));
    }
    return entry;
  }

  /** Finds out where the content of a file is sent or written to. */
  async #prepare(upload: UploadEntries, entry: Entry): Promise<void> {
    const { external, writer } = upload.declared;
    const context = { entry: entry.toState(), socket: this.#owner };
    if (external) {
      entry.destination = await external(context);
      return;
    }
    entry.key = JSON.stringify([this.#visitor, this.#owner.id, upload.name, entry.ref]);
    const former = await this.#takeFormer(entry);
    const transfer = former ?? (await this.#createTransfer(writer, context));
    if (!upload.entries.includes(entry)) {
      await transfer.discard(); // cancelled meanwhile
      return;
    }
    entry.transfer = transfer;
    this.#claim(upload, entry, transfer);
    if (former || transfer.reserve(fileBytes)) await this.#received(entry, upload, transfer);
    else this.#refuse(entry, "no-space");
  }

  /** Takes what a view with the same id has received of a file. */
  async #takeFormer(entry: Entry): Promise<Transfer | undefined> {
    const former = this.#host.store.take(entry.key);
    await former?.settled();
    if (!former || former.written <= entry.size) return former;
    await former.discard();
    return undefined;
  }

  async #createTransfer(writer: Upload["writer"], context: UploadContext): Promise<Transfer> {
    const { store } = this.#host;
    const target = writer ? { writer: await writer(context) } : { path: store.newPath() };
    return new Transfer(target, this.#visitor, store);
  }

  #claim(upload: UploadEntries, entry: Entry, transfer: Transfer): void {
    if (this.#isClosed) this.#leave(entry, transfer);
    else
      this.#host.store.claim(entry.key, transfer, () => {
        entry.transfer = undefined;
        upload.delete(entry);
        this.#show();
      });
  }

  /** Checks and shows what has been received of a file. */
  async #received(
    entry: Entry,
    upload: UploadEntries,
    transfer: Transfer,
  ): Promise<ChunkRefusal | undefined> {
    const { accept } = upload.declared;
    if (transfer.hasHead && !entry.isSniffed) {
      entry.isSniffed = true;
      if (await isRefusedEarly(transfer.head, entry, accept))
        return this.#refuse(entry, "not-accepted");
    }
    if (entry.isRefused) return "refused";
    if (!entry.hasSize || transfer.written < entry.size) {
      if (entry.receive(transfer.written)) this.#show();
      return undefined;
    }
    if (entry.isCompleting || entry.isDone) return undefined;
    entry.isCompleting = true;
    await transfer.complete();
    const { target } = transfer;
    const type = await checkedType("path" in target ? target.path : transfer.head, entry, accept);
    if (type === undefined) return this.#refuse(entry, "not-accepted");
    this.#complete(entry, upload, type);
    return undefined;
  }

  #complete(entry: Entry, upload: UploadEntries, type: string): void {
    entry.complete(type);
    this.#show();
    if (this.#isClosed) return;
    this.#owner.runLater(`upload:${entry.ref}`, () => upload.notify(entry));
  }

  /** Shows the progress of a file that the browser sends elsewhere. */
  #handleProgress({ ref, progress }: Readonly<Record<string, unknown>>): void {
    const found = this.#find(String(ref));
    if (!found?.entry.destination || found.entry.isDone || found.entry.isRefused) return;
    const { entry, upload } = found;
    if (typeof progress !== "number") this.#refuse(entry, "failed");
    else if (progress >= 100) this.#complete(entry, upload, entry.type);
    else if (entry.receive((Math.max(0, progress) / 100) * entry.size)) this.#show();
  }

  #refuse(entry: Entry, error: UploadError): "refused" {
    entry.refuse(error);
    void this.#remove(entry);
    this.#show();
    return "refused";
  }

  /** Removes the file of an entry, which is consumed, cancelled or refused. */
  async #remove(entry: Entry): Promise<void> {
    const { transfer } = entry;
    entry.transfer = undefined;
    if (!transfer) return;
    await this.#host.store.drop(entry.key, transfer).catch(this.#host.onError);
  }

  #toStates(): Readonly<Record<string, UploadState>> {
    const states = [...this.#uploads].map(([name, upload]) => [name, upload.state]);
    return Object.freeze(Object.fromEntries(states));
  }

  #show(): void {
    if (this.#isClosed) return;
    for (const upload of this.#uploads.values()) upload.refresh();
    this.#states = this.#toStates();
    this.#owner.showUploads(this.#states);
  }
}

/** Returns what the entry shows after its target has failed. */
const refusalOf = (error: unknown): UploadError =>
  ["ENOSPC", "EDQUOT"].includes((Object(error) as NodeJS.ErrnoException).code ?? "")
    ? "no-space"
    : "failed";

/** The most files that one request registers. */
const maxFiles = 1000;

function toFiles(value: unknown): UploadFile[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, maxFiles).filter((file): file is UploadFile => {
    const { ref, name, size, type } = Object(file) as Partial<UploadFile>;
    return (
      typeof ref === "string" &&
      /^[\w-]{1,64}$/.test(ref) &&
      typeof name === "string" &&
      typeof type === "string" &&
      Number.isSafeInteger(size) &&
      Number(size) >= 0
    );
  });
}
