import { randomUUID } from "node:crypto";
import {
  encodeChunk,
  type UploadReply,
  uploadEvent,
} from "@live-session/components/protocol/uploads";
import type { Tab } from "../browser/tab.js";
import { failure } from "../failure.js";
import { describeElement } from "../html/page-html.js";
import { nestedViewOf } from "../html/view-target.js";

/** A file that a test chooses. */
export interface ChosenFile {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** The MIME type that the browser sends; empty by default, as for an unknown type. */
  readonly type?: string;
}

/** A file with its ref and its bytes. */
interface PreparedFile {
  readonly ref: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** Files that a test chooses for an upload, and sends in parts. */
export class LiveFiles {
  readonly #tab: Tab;
  readonly #selector: string;
  readonly #upload: string;
  readonly #files: readonly PreparedFile[];

  /** Created by `page.file`. */
  constructor(tab: Tab, selector: string, upload: string, files: readonly ChosenFile[]) {
    this.#tab = tab;
    this.#selector = selector;
    this.#upload = upload;
    this.#files = files.map(({ name, content, type = "" }) => ({
      ref: randomUUID(),
      name,
      type,
      bytes: typeof content === "string" ? new TextEncoder().encode(content) : content,
    }));
  }

  /** The refs of the files, which `uploads.avatar.cancel(ref)` takes. */
  get refs(): readonly string[] {
    return this.#files.map(({ ref }) => ref);
  }

  /**
   * Registers the files with the view, as choosing them does. After a reconnect, continues their uploads.
   *
   * @returns the page's HTML afterwards
   * @throws AssertionError when the page has no file input for the upload
   */
  async choose(): Promise<string> {
    await this.#register();
    return this.#tab.html.toHtml();
  }

  /**
   * Sends each file up to a percentage of its size, beginning where the view has the file so far. The view refuses files that
   * exceed a limit; their entries then have errors.
   *
   * @returns the page's HTML afterwards
   */
  async upload(percentage: `${number}%` = "100%"): Promise<string> {
    const { files, chunkSize } = await this.#register();
    for (const file of this.#files) {
      const known = files[file.ref];
      if (!known || known.refused || known.destination) continue;
      const end = Math.floor((file.bytes.byteLength * Number.parseFloat(percentage)) / 100);
      await this.#send(file, known.offset, end, chunkSize);
    }
    await this.#tab.settle(false);
    return this.#tab.html.toHtml();
  }

  async #send(file: PreparedFile, start: number, end: number, chunkSize: number): Promise<void> {
    for (let offset = start; offset < end; offset += chunkSize) {
      const data = file.bytes.subarray(offset, Math.min(end, offset + chunkSize));
      const refusal = await this.#tab.chunk(
        encodeChunk({ ref: file.ref, offset, data }),
        this.#view,
      );
      if (refusal !== undefined) return;
    }
  }

  async #register(): Promise<UploadReply> {
    this.#assertInput();
    const { lastReply } = this.#tab;
    const files = this.#files.map(({ ref, name, type, bytes }) => ({
      ref,
      name,
      type,
      size: bytes.byteLength,
    }));
    await this.#tab.push("upload", uploadEvent, { upload: this.#upload, files }, this.#view);
    const reply = this.#tab.lastReply as UploadReply | undefined;
    this.#tab.lastReply = lastReply;
    if (reply) return reply;
    throw failure(`the view has no upload named "${this.#upload}"`);
  }

  /** The nested view that has the upload. */
  get #view(): string | undefined {
    return nestedViewOf(this.#tab.html.one(this.#selector));
  }

  #assertInput(): void {
    const { html } = this.#tab;
    const element = html.one(this.#selector);
    const isFor = `[live-upload="${this.#upload}"]`;
    const inputs = [
      ...html.all(`${this.#selector}${isFor}`),
      ...html.all(`${this.#selector} ${isFor}`),
    ];
    if (
      inputs.length > 0 ||
      element.name === "live-file-input" ||
      html.all(`${this.#selector} live-file-input`).length > 0
    )
      return;
    throw failure(`there is no file input for the upload "${this.#upload}"`, {
      expected: `<input type="file" live-upload="${this.#upload}">, or <live-file-input>`,
      got: describeElement(element),
    });
  }
}
