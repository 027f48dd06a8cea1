import type { MaybePromise } from "./maybe-promise.js";

/**
 * Why a file is refused:
 *
 * - `too-large`: it is larger than `maxFileSize`, or larger than the browser has announced
 * - `too-many-files`: the upload already has `maxEntries` other files
 * - `not-accepted`: neither its name nor its content is of an accepted type
 * - `no-space`: the files of this visitor, or of this process, take too much disk space
 * - `failed`: it could not be written, or the browser could not read or send it
 */
export type UploadError = "too-large" | "too-many-files" | "not-accepted" | "no-space" | "failed";

/** A file that a browser uploads. */
export interface UploadEntry {
  readonly ref: string;
  /** The name without folders and control characters, for display. Do not use it as the name of a stored file. */
  readonly name: string;
  /** The size in bytes. */
  readonly size: number;
  /** The MIME type: that of the content if it can be detected, otherwise the one that the browser has sent. */
  readonly type: string;
  /** How much has been received, in percent. */
  readonly progress: number;
  /** Whether the file is complete. */
  readonly done: boolean;
  readonly errors: readonly UploadError[];
}

/** A complete file with its entry. */
export type Uploaded<File extends object> = Readonly<File> & { readonly entry: UploadEntry };

/**
 * The state of an upload, as JSON for templates and elements, and the operations for handlers. Each change creates another
 * object.
 */
export interface UploadState<File extends object = object> {
  readonly name: string;
  /** The value of the attribute `accept` of a file input; empty if every file is accepted. */
  readonly accept: string;
  readonly maxEntries: number;
  readonly maxFileSize: number;
  readonly autoUpload: boolean;
  readonly entries: readonly UploadEntry[];
  /** The progress of all accepted files together, in percent. */
  readonly progress: number;

  /**
   * Calls a function for each complete file, one after another, and removes the file afterwards. The function moves or reads
   * the file. Files that are still being received are left out.
   *
   * @returns the results of the function
   */
  consume<Result>(
    use: (uploaded: Uploaded<File>) => MaybePromise<Result>,
  ): Promise<readonly Result[]>;
  /** Removes a file, whether complete or not. */
  cancel(ref: string): void;
  /** Calls a function when a file is complete, as a message of the view. Call it in `mount`. */
  onComplete(listener: (completed: { readonly entry: UploadEntry }) => MaybePromise<void>): void;
}

/** The uploads of a view by name, from the type of its assigns. */
export type UploadsIn<Assigns> = Assigns extends { readonly uploads: infer Uploads }
  ? Uploads
  : Readonly<Record<never, never>>;
