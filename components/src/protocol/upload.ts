/** The event of a binary frame that contains a chunk of a file. */
export const chunkEvent = "upload_chunk";

/** The name of the event that registers files for an upload, or asks at which offset the server is. */
export const uploadEvent = "lv:upload";

/** The name of the event that reports the progress of a file that is sent to a signed URL. */
export const uploadProgressEvent = "lv:upload-progress";

/** The name of the event that removes a file from an upload. */
export const uploadCancelEvent = "lv:upload-cancel";

/** The name of the event that the server pushes when a file has left an upload, because it was consumed or cancelled. */
export const uploadRemovedEvent = "lv:upload-removed";

/** A file as the browser describes it. */
export interface UploadFile {
  /** Identifies the entry; chosen by the browser, unique within its view. */
  readonly ref: string;
  readonly name: string;
  readonly size: number;
  readonly type: string;
}

/** The payload of {@link uploadEvent}. */
export interface UploadRequest {
  /** The name of the upload. */
  readonly upload: string;
  readonly files: readonly UploadFile[];
}

/** The request with which the browser sends a file that the view's server does not receive. */
export interface UploadDestination {
  readonly url: string;
  /** `PUT` by default; with `fields` always `POST`. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The fields of a form with the file as its last field, `file`. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** The state of a file on the server. */
export interface UploadOffset {
  /** The number of bytes that the server has stored. */
  readonly offset: number;
  /** Whether the file is complete. */
  readonly done: boolean;
  /** Whether the file is refused. */
  readonly refused: boolean;
  readonly destination?: UploadDestination;
}

/** The reply to {@link uploadEvent}. */
export interface UploadReply {
  /** The id of the view. The topic of its parts is `lv:` and the id. */
  readonly id: string;
  /** The size of a chunk in bytes. */
  readonly chunkSize: number;
  /** Whether files are sent as soon as they are chosen. */
  readonly autoUpload: boolean;
  readonly files: Readonly<Record<string, UploadOffset>>;
}

/** A part of a file: the payload of a binary frame. */
export interface UploadChunk {
  readonly ref: string;
  /** The position of the first byte in the file. */
  readonly offset: number;
  readonly data: Uint8Array;
}

const offsetBytes = 8;

/** Encodes a chunk: one byte with the length of the ref, the ref, the offset as a 64-bit integer, and the bytes. */
export function encodeChunk({ ref, offset, data }: UploadChunk): Uint8Array<ArrayBuffer> {
  const name = new TextEncoder().encode(ref);
  const start = 1 + name.byteLength + offsetBytes;
  const bytes = new Uint8Array(start + data.byteLength);
  bytes[0] = name.byteLength;
  bytes.set(name, 1);
  new DataView(bytes.buffer).setBigUint64(1 + name.byteLength, BigInt(offset));
  bytes.set(data, start);
  return bytes;
}

/** Decodes a chunk. Returns `undefined` if the bytes are too short. */
export function decodeChunk(bytes: Uint8Array): UploadChunk | undefined {
  const nameEnd = 1 + (bytes[0] ?? 0);
  const start = nameEnd + offsetBytes;
  if (bytes.byteLength < start) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    ref: new TextDecoder().decode(bytes.subarray(1, nameEnd)),
    offset: Number(view.getBigUint64(nameEnd)),
    data: bytes.subarray(start),
  };
}
