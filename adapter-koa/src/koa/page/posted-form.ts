// Streams the files, limits each kind of part, has types, and is maintained. formidable would write the files itself.
import {
  Busboy,
  type BusboyFileStream,
  type BusboyHeaders,
  type BusboyInstance,
} from "@fastify/busboy";
import type { Context } from "koa";
import { nanoid } from "nanoid";
import { type Params, parseQuery } from "../../live/parse-query.js";
import type { ViewUploads } from "../../live/uploads/view-uploads.js";
import { dropRestOfBody } from "../session/rest-of-body.js";

/** The limits of a posted form, in bytes. */
export interface PostedFormLimits {
  /** All fields together. */
  readonly fieldBytes: number;
  /** The whole form. */
  readonly bytes: number;
}

/** The maximum number of fields and files together. */
const maxParts = 1000;

/**
 * Reads a multipart form. Its files become entries of the view's uploads while they arrive, one after another; the name of
 * the file input is that of the upload.
 *
 * @returns the fields, decoded as in the event of a form
 * @throws an HTTP error with the status 400 or 413
 */
export async function readPostedForm(
  ctx: Context,
  uploads: ViewUploads,
  limits: PostedFormLimits,
): Promise<Params> {
  const form = new FormReader(ctx, uploads, limits.fieldBytes);
  let bytes = 0;
  dropRestOfBody(ctx);
  try {
    // Does not destroy the request at an error, because it could not be answered then.
    for await (const chunk of ctx.req.iterator({ destroyOnReturn: false })) {
      bytes += chunk.byteLength;
      if (bytes > limits.bytes) ctx.throw(413, "the form is too large");
      await form.write(chunk);
    }
    return await form.end();
  } catch (error) {
    form.abort();
    throw ctx.req.errored ? new BrowserLeft() : error;
  }
}

/** The browser no longer waits for the answer. Apps do not log an error with this status. */
export class BrowserLeft extends Error {
  override readonly message = "the browser has left";
  readonly status = 400;
  readonly expose = true;
}

/** Stores the files of a form and collects its fields. */
class FormReader {
  readonly #ctx: Context;
  readonly #uploads: ViewUploads;
  readonly #parser: BusboyInstance;
  readonly #fields = new URLSearchParams();
  #fieldBytes: number;
  /** The files that have begun and are not stored yet. */
  readonly #files = new Set<BusboyFileStream>();
  #stored: Promise<void> = Promise.resolve();
  /** Throws the error that prevents the form from being handled. */
  #failure: (() => never) | undefined;
  /** Ends the wait of {@link #next}. */
  #wake: () => void = () => {};

  /** @param fieldBytes the size that all fields may have together */
  constructor(ctx: Context, uploads: ViewUploads, fieldBytes: number) {
    this.#ctx = ctx;
    this.#uploads = uploads;
    this.#fieldBytes = fieldBytes;
    this.#parser = this.#createParser(fieldBytes);
    const tooMany = () => this.#refuse(413, "the form has too many fields");
    this.#parser
      .on("field", (name, value) => this.#addField(name, value))
      .on("file", (name, content, file, _encoding, type) =>
        this.#addFile(name, content, { name: file, type }),
      )
      .on("partsLimit", tooMany)
      .on("error", () => this.#refuse(400, "the form is incomplete"));
  }

  /** Parses the next bytes. Resolves when the parser accepts more, which depends on how fast the files are stored. */
  async write(bytes: Uint8Array): Promise<void> {
    if (!this.#parser.write(bytes)) await this.#next("drain");
    this.#check();
  }

  /** Waits until the files are stored, and returns the fields. */
  async end(): Promise<Params> {
    const finished = this.#next("finish");
    this.#parser.end();
    await finished;
    this.#check();
    await this.#stored;
    this.#check();
    return parseQuery(this.#fields.toString());
  }

  /** Ends the files that are being stored. */
  abort(): void {
    for (const file of this.#files) file.destroy(new Error("the form has ended"));
  }

  #createParser(fieldSize: number): BusboyInstance {
    const headers = this.#ctx.req.headers as BusboyHeaders;
    const limits = { fieldSize, parts: maxParts, headerPairs: 20, headerSize: 8192 };
    try {
      return new Busboy({ headers, limits });
    } catch {
      return this.#ctx.throw(400, "the form has no boundary");
    }
  }

  #addField(name: string, value: string): void {
    this.#fieldBytes -= Buffer.byteLength(name) + Buffer.byteLength(value);
    if (this.#fieldBytes < 0) this.#refuse(413, "the fields of the form are too large");
    else this.#fields.append(name, value);
  }

  #addFile(upload: string, content: BusboyFileStream, file: PostedFile): void {
    content.on("error", () => {}); // The loop that reads the file receives it too, if it has begun.
    // A file input without a file sends an empty name.
    if (!file.name || this.#failure) {
      content.resume();
      return;
    }
    this.#files.add(content);
    this.#stored = this.#stored.then(() => this.#store(upload, content, file));
  }

  async #store(upload: string, content: BusboyFileStream, { name, type }: PostedFile) {
    try {
      const file = { ref: nanoid(), name: decodeFileName(name), type };
      await this.#uploads.receivePosted(upload, file, this.#contentOf(content));
    } catch (error) {
      this.#fail(() => {
        throw error;
      });
    }
    this.#files.delete(content);
  }

  /** The content of a file. Throws if the form ended within it, which the file alone reports only while it is read. */
  async *#contentOf(content: BusboyFileStream): AsyncGenerator<Uint8Array, void> {
    yield* content;
    this.#check();
  }

  /** Resolves at the next event of the parser, which never comes after a failure, or at the failure. */
  #next(event: "drain" | "finish"): Promise<void> {
    return new Promise((resolve) => {
      this.#parser.once(event, resolve);
      this.#wake = resolve;
      if (this.#failure) resolve();
    });
  }

  #refuse(status: number, message: string): void {
    this.#fail(() => this.#ctx.throw(status, message));
  }

  #fail(failure: () => never): void {
    this.#failure ??= failure;
    this.#wake();
  }

  #check(): void {
    this.#failure?.();
  }
}

/** A file as its part describes it. */
interface PostedFile {
  readonly name: string;
  readonly type: string;
}

/** Browsers encode these characters of a name, and no others. */
const decodeFileName = (name: string): string =>
  name.replace(/%(22|0A|0D)/gi, (encoded) => decodeURIComponent(encoded));
