import type { Writable } from "node:stream";
import type { UploadDestination } from "@live-session/components/protocol/uploads";
import { describe, LiveError, quote } from "../live-error.js";
import type { MaybePromise } from "../maybe-promise.js";
import type { Socket } from "../socket/socket.js";
import type { UploadEntry, UploadState } from "../upload-state.js";
import { Accept, isAcceptToken } from "./accept.js";

/** The limits of every upload. */
export interface UploadLimits {
  /** Extensions and MIME types, such as `[".pdf", "image/*"]`. The content is checked too. All files by default. */
  readonly accept?: readonly string[];
  /** How many files; 1 by default. With 1, another file replaces the first. */
  readonly maxEntries?: number;
  /** The largest size of a file in bytes; 8,000,000 by default. */
  readonly maxFileSize?: number;
  /** Whether files are sent as soon as they are chosen, rather than with their form; `false` by default. */
  readonly autoUpload?: boolean;
  /** The size of a chunk in bytes; 64,000 by default. A chunk must be smaller than `limits.frameBytes`. */
  readonly chunkSize?: number;
}

/** The argument of `writer` and `external`. */
export interface UploadContext {
  readonly entry: UploadEntry;
  readonly socket: Socket;
}

/** The options of {@link upload}. At most one of `writer` and `external`; without them files are stored temporarily. */
export interface UploadOptions<
  Target extends Writable = Writable,
  Destination extends UploadDestination = UploadDestination,
> extends UploadLimits {
  /** Returns the stream that a file is written to. It is destroyed if the upload is cancelled. */
  writer?(context: UploadContext): MaybePromise<Target>;
  /** Returns the signed URL that the browser sends a file to. */
  external?(context: UploadContext): MaybePromise<Destination>;
}

/** A file that is stored until it is consumed. */
export interface TemporaryFile {
  /** The path of the file. `consume` removes it afterwards, unless the app has moved it. */
  readonly path: string;
}

/** A declared upload, created by {@link upload}. `File` is what `consume` receives of each file. */
export interface Upload<File extends object = object> {
  readonly accept: Accept;
  readonly maxEntries: number;
  readonly maxFileSize: number;
  readonly autoUpload: boolean;
  readonly chunkSize: number;
  readonly writer: UploadOptions["writer"];
  readonly external: UploadOptions["external"];
  /** For the compiler alone. */
  readonly file?: File;
}

/** The uploads that a view declares, by name. */
export type Uploads = Readonly<Record<string, Upload>>;

/** The states of declared uploads, by name. */
export type UploadStates<Declared> = {
  readonly [Name in keyof Declared]: UploadState<
    Declared[Name] extends Upload<infer File> ? File : object
  >;
};

const defaults = {
  maxEntries: 1,
  maxFileSize: 8_000_000,
  autoUpload: false,
  chunkSize: 64_000,
};

const optionNames = [...Object.keys(defaults), "accept", "writer", "external"];

/**
 * Declares an upload of a live view: `uploads: { avatar: upload({ accept: ["image/*"] }) }`.
 *
 * @throws LiveError `LIVE_ERR_UPLOAD` when an option is invalid
 */
export function upload<Target extends Writable>(
  options: UploadLimits & { writer(context: UploadContext): MaybePromise<Target> },
): Upload<{ readonly writer: Target }>;
export function upload<Destination extends UploadDestination>(
  options: UploadLimits & { external(context: UploadContext): MaybePromise<Destination> },
): Upload<{ readonly destination: Destination }>;
export function upload(options?: UploadLimits): Upload<TemporaryFile>;
export function upload(options: UploadOptions = {}): Upload {
  const unknown = Object.keys(Object(options)).find((name) => !optionNames.includes(name));
  if (unknown !== undefined) refuse("is unknown", optionNames.join(", "), quote(unknown));
  const { accept = [], writer, external, ...given } = options;
  const limits = { ...defaults, ...given };
  for (const name of ["maxEntries", "maxFileSize", "chunkSize"] as const) {
    if (!Number.isSafeInteger(limits[name]) || limits[name] <= 0)
      refuse(`"${name}" is invalid`, "a whole number above 0", quote(String(limits[name])));
  }
  if (typeof limits.autoUpload !== "boolean")
    refuse('"autoUpload" is invalid', "true or false", describe(limits.autoUpload));
  if (!Array.isArray(accept) || !accept.every(isAcceptToken))
    refuse('"accept" is invalid', 'an array such as [".pdf", "image/*"]', describe(accept));
  const targets = [writer, external].filter((target) => target !== undefined);
  if (targets.length > 1 || !targets.every((target) => typeof target === "function"))
    refuse('"writer" or "external" is invalid', "one function", `${targets.length} values`);
  return Object.freeze({ ...limits, accept: new Accept(accept), writer, external });
}

function refuse(problem: string, expected: string, gotText: string): never {
  throw new LiveError("LIVE_ERR_UPLOAD", `option of upload ${problem}`, { expected, gotText });
}

/**
 * Checks the option `uploads` of a view.
 *
 * @throws LiveError `LIVE_ERR_UPLOAD`
 */
export function assertUploads(uploads: unknown, view: string): void {
  if (uploads === undefined) return;
  const declared: readonly Partial<Upload>[] = Object.values(Object(uploads));
  if (typeof uploads === "object" && declared.every((each) => each?.accept instanceof Accept))
    return;
  throw new LiveError("LIVE_ERR_UPLOAD", `uploads of the live view ${view} are invalid`, {
    expected: "an object of results of upload(…) by name",
    got: uploads,
  });
}
