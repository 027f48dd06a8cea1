// Not imported from the index, because the main script contains the other modules of the index.
import { encodeChunk, type UploadDestination } from "../../protocol/upload.js";
import type { ChunkChannel } from "./chunk-channel.js";

/** How many parts may wait for their replies. The server replies when a part is stored, so a slow disk slows the sending. */
const maxWaiting = 3;

/**
 * How the sending of a file has ended:
 *
 * - `sent`: the server has the whole file
 * - `refused`: the server does not accept it
 * - `unknown`: the server no longer has the file among its uploads
 * - `offset`: the server is at a different offset than this page assumed
 * - `interrupted`: the connection was lost
 * - `unreadable`: the browser cannot read the file, for example because it was changed
 */
export type SendResult = "sent" | "refused" | "unknown" | "offset" | "interrupted" | "unreadable";

/** A file that is sent in parts over the connection of a view. */
export interface SentFile {
  readonly ref: string;
  readonly file: File;
  readonly chunkSize: number;
  /** Aborted when the connection is lost, or the file is removed. */
  readonly signal: AbortSignal;
}

/** Sends a file from an offset on. Resolves when the server has stored it, or when that fails. */
export async function sendFile(
  channel: ChunkChannel,
  { ref, file, chunkSize, signal }: SentFile,
  start: number,
): Promise<SendResult> {
  const aborted = new Promise<"interrupted">((resolve) => {
    signal.addEventListener("abort", () => resolve("interrupted"));
  });
  const replies: Promise<string | undefined>[] = [];
  for (let offset = start; offset < file.size; offset += chunkSize) {
    const data = await read(file, offset, chunkSize);
    if (!data) return "unreadable";
    const payload = encodeChunk({ ref, offset, data });
    const reply = signal.aborted ? undefined : channel.send(payload);
    if (!reply) return "interrupted";
    replies.push(Promise.race([reply, aborted]));
    const refusal = replies.length < maxWaiting ? undefined : await replies.shift();
    if (refusal) return toResult(refusal);
  }
  const refusal = (await Promise.all(replies)).find((each) => each !== undefined);
  return refusal ? toResult(refusal) : "sent";
}

async function read(file: File, start: number, length: number): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await file.slice(start, start + length).arrayBuffer());
  } catch {
    return undefined;
  }
}

function toResult(reason: string): SendResult {
  return reason === "unknown" || reason === "offset" || reason === "interrupted"
    ? reason
    : "refused";
}

/**
 * Sends a whole file to a signed URL.
 *
 * @param onProgress receives the percentage that was sent
 * @returns whether the server of the URL has accepted it
 */
export function sendTo(
  { url, method = "PUT", headers = {}, fields }: UploadDestination,
  file: File,
  signal: AbortSignal,
  onProgress: (percentage: number) => void,
): Promise<boolean> {
  // `fetch` does not report how much was sent.
  const request = new XMLHttpRequest();
  return new Promise((resolve) => {
    request.upload.onprogress = ({ loaded, total }) =>
      onProgress(Math.min(99, Math.floor((loaded / total) * 100)));
    request.onload = () => resolve(request.status >= 200 && request.status < 300);
    request.onerror = request.onabort = () => resolve(false);
    signal.addEventListener("abort", () => request.abort());
    request.open(fields ? "POST" : method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.send(fields ? toForm(fields, file) : file);
  });
}

function toForm(fields: Readonly<Record<string, string>>, file: File): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file);
  return form;
}
