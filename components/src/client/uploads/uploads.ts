import {
  type UploadOffset,
  type UploadReply,
  uploadCancelEvent,
  uploadEvent,
  uploadProgressEvent,
  uploadRemovedEvent,
} from "../../protocol/upload.js";
import type { BindingElement } from "../bindings/binder.js";
import { ChunkChannel } from "./chunk-channel.js";
import { sendFile, sendTo } from "./sending.js";

/** A file that the user has chosen. */
interface Chosen {
  readonly ref: string;
  readonly upload: string;
  readonly file: File;
  /** The form that sends the file with its submit. */
  readonly form: HTMLFormElement | null;
  readonly input: HTMLInputElement | undefined;
  /** Aborted when the file is removed. */
  readonly removal: AbortController;
  /** Whether the file is sent, or waits until its form is sent. */
  isStarted: boolean;
  /** The server's last answer about the file; `undefined` until it has answered. */
  known: UploadOffset | undefined;
  chunkSize: number;
}

const all = new WeakMap<BindingElement, Uploads>();

/** Returns the uploads of a `<live-session>`. */
export function uploadsOf(element: BindingElement): Uploads {
  const uploads = all.get(element) ?? new Uploads(element);
  all.set(element, uploads);
  return uploads;
}

/**
 * The files that the user has chosen in a live session. Registers them with the view, sends them one after another, and
 * continues after the connection was lost. A form with files is sent after its files have been sent.
 */
export class Uploads {
  readonly #element: BindingElement;
  readonly #files = new Map<string, Chosen>();
  /** Aborted when the connection is lost. */
  #connection = new AbortController();
  #channel: ChunkChannel | undefined;
  /** Whether files are being sent. */
  #isSending = false;
  /** Functions that are called when a file is sent, refused or removed. */
  readonly #listeners = new Set<() => void>();

  constructor(element: BindingElement) {
    this.#element = element;
    element.addEventListener("submit", (e) => this.#handleSubmit(e), { capture: true });
    element.addEventListener("live-event", (e) => this.#handlePushed(e as LivePushed));
    new MutationObserver(() => this.#isConnected && this.#continue()).observe(element, {
      attributeFilter: ["status"],
    });
  }

  /**
   * Adds files to an upload, in order.
   *
   * @param upload the name of the upload
   * @param form the form that sends the files, unless they are sent at once
   * @param input the control that is emptied when its files are removed
   */
  async add(
    upload: string,
    files: Iterable<File>,
    form: HTMLFormElement | null,
    input?: HTMLInputElement,
  ): Promise<void> {
    const added = Array.from(files, (file): Chosen => {
      const removal = new AbortController();
      const state = { isStarted: false, known: undefined, chunkSize: 0 };
      return { ref: newRef(), upload, file, form, input, removal, ...state };
    });
    for (const chosen of added) this.#files.set(chosen.ref, chosen);
    await this.#register(upload, added);
  }

  /** Returns a file that was chosen in this page, for a preview. */
  fileOf(ref: string): File | undefined {
    return this.#files.get(ref)?.file;
  }

  /** Removes a file. */
  cancel(ref: string): void {
    this.#forget(ref);
    this.#push(uploadCancelEvent, { ref });
  }

  /** Registers files with the view, and sends those that need not wait for their form. */
  async #register(upload: string, chosen: readonly Chosen[]): Promise<void> {
    const files = chosen.map(({ ref, file: { name, size, type } }) => ({ ref, name, size, type }));
    const reply = await this.#push(uploadEvent, { upload, files });
    // Without a reply the view is not connected. The files are registered when it is.
    if (!reply?.files) return;
    this.#openChannel(reply.id);
    for (const each of chosen) {
      each.known = reply.files[each.ref] ?? { offset: 0, done: false, refused: true };
      each.chunkSize = reply.chunkSize;
      each.isStarted ||= reply.autoUpload;
    }
    this.#notify();
    void this.#sendAll();
  }

  /** Sends an event of the library to the view. Resolves with `undefined` if the view does not answer. */
  async #push(event: string, value: object): Promise<UploadReply | undefined> {
    try {
      return (await this.#element.view?.pushEvent("upload", event, value)) as UploadReply;
    } catch {
      return undefined;
    }
  }

  /** Sends the files that are waiting, one after another. */
  async #sendAll(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      for (let next = this.#next; next && this.#isConnected; next = this.#next) {
        await this.#send(next);
        this.#notify();
      }
    } finally {
      this.#isSending = false;
    }
  }

  get #next(): Chosen | undefined {
    return [...this.#files.values()].find(
      ({ isStarted, known }) => isStarted && known && !known.done && !known.refused,
    );
  }

  get #isConnected(): boolean {
    return this.#element.status === "connected";
  }

  async #send(chosen: Chosen): Promise<void> {
    const { ref, file, chunkSize, known, removal } = chosen;
    if (!known) return;
    const signal = AbortSignal.any([this.#connection.signal, removal.signal]);
    if (known.destination) {
      await this.#sendElsewhere(chosen, known);
      return;
    }
    if (!this.#channel) return;
    const result = await sendFile(this.#channel, { ref, file, chunkSize, signal }, known.offset);
    switch (result) {
      case "sent":
        chosen.known = { ...known, done: true };
        break;
      case "unknown":
        this.#forget(ref);
        break;
      case "offset":
        chosen.known = undefined;
        await this.#register(chosen.upload, [chosen]);
        break;
      case "interrupted":
        // The file is registered again when the view is connected.
        chosen.known = undefined;
        break;
      case "unreadable":
        this.cancel(ref);
        break;
      default:
        chosen.known = { ...known, refused: true };
    }
  }

  async #sendElsewhere(chosen: Chosen, known: UploadOffset): Promise<void> {
    const { ref, file, removal } = chosen;
    if (!known.destination) return;
    let last = 0;
    const report = (progress: number | "failed"): Promise<unknown> =>
      this.#push(uploadProgressEvent, { ref, progress });
    const isSent = await sendTo(known.destination, file, removal.signal, (progress) => {
      if (progress === last) return;
      last = progress;
      void report(progress);
    });
    chosen.known = { ...known, done: isSent, refused: !isSent };
    // Its reply shows the page that the file is complete before the form is sent.
    if (this.#files.has(ref)) await report(isSent ? 100 : "failed");
  }

  #forget(ref: string): void {
    const chosen = this.#files.get(ref);
    if (!chosen) return;
    this.#files.delete(ref);
    chosen.removal.abort();
    const { input } = chosen;
    const isLast = ![...this.#files.values()].some((other) => other.input === input);
    // Otherwise the user could not choose the same file again.
    if (input && isLast) input.value = "";
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Delays the submit of a form until its files are sent. If a file is refused, the form is not sent. */
  #handleSubmit(e: SubmitEvent): void {
    const form = e.target as HTMLFormElement;
    const isBound = form.hasAttribute(`${this.#element.bindingPrefix}submit`);
    if (!isBound || form.closest("live-session") !== this.#element) return;
    const files = this.#filesOf(form);
    if (files.every(({ known }) => known?.done)) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    if (files.some(({ isStarted, known }) => isStarted && !known?.done && !known?.refused)) return;
    for (const chosen of files) chosen.isStarted = true;
    void this.#submitWhenSent(form, e.submitter);
  }

  async #submitWhenSent(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
    const isPending = (): boolean =>
      this.#filesOf(form).some(({ known }) => !known?.done && !known?.refused);
    void this.#sendAll();
    while (isPending()) await this.#change();
    if (!form.isConnected || this.#filesOf(form).some(({ known }) => known?.refused)) return;
    form.requestSubmit(submitter?.isConnected ? submitter : null);
  }

  /** Resolves at the next call of {@link #notify}. */
  #change(): Promise<void> {
    return new Promise((resolve) => {
      const listener = (): void => {
        this.#listeners.delete(listener);
        resolve();
      };
      this.#listeners.add(listener);
    });
  }

  #filesOf(form: HTMLFormElement): Chosen[] {
    return [...this.#files.values()].filter((chosen) => chosen.form === form);
  }

  /** Forgets a file that the view has consumed or cancelled. */
  #handlePushed({ name, payload }: LivePushed): void {
    if (name === uploadRemovedEvent) this.#forget((payload as { readonly ref: string }).ref);
  }

  /** @param id the id of the view, which another element may have after a rejoin */
  #openChannel(id: string): void {
    if (this.#channel?.topic === `lv:${id}`) return;
    this.#channel = new ChunkChannel(this.#element, id, {
      handleLost: () => this.#connection.abort(),
      handleLeft: () => {
        for (const ref of this.#files.keys()) this.#forget(ref);
      },
      handleResumption: () => this.#continue(),
    });
  }

  /** Asks a view that is connected again at which offsets it is, and continues. */
  #continue(): void {
    if (!this.#connection.signal.aborted) return;
    this.#connection = new AbortController();
    const byUpload = new Map<string, Chosen[]>();
    for (const chosen of this.#files.values()) {
      if (chosen.known?.refused) continue;
      byUpload.set(chosen.upload, [...(byUpload.get(chosen.upload) ?? []), chosen]);
    }
    for (const [upload, chosen] of byUpload) void this.#register(upload, chosen);
  }
}

/** Returns a random ref. Pages without TLS have no `randomUUID`. */
const newRef = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(36)).join("-");

/** An event that the view has pushed. */
interface LivePushed extends Event {
  readonly name: string;
  readonly payload: unknown;
}
