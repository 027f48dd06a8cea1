import { fileTypeFromBuffer, fileTypeFromFile, supportedMimeTypes } from "file-type";
import { lookup } from "mime-types";
import type { Accept } from "./accept.js";

/** The number of bytes that most formats need to be detected. */
export const sniffedBytes = 4100;

/** Formats that other formats are built on. Only the end of a file shows whether it has one of those other formats. */
const containers = new Set(["application/zip", "application/x-cfb", "application/xml"]);

/** The name and the type of a file as the browser has sent them, which its content may contradict. */
interface FileClaim {
  readonly name: string;
  readonly type: string;
}

/**
 * Returns the type of a complete file, or `undefined` if its content is not of an accepted type. A format that cannot be
 * detected, such as plain text, has the type that the browser has sent.
 *
 * @param file its path, or its first bytes if it is not stored here
 */
export async function checkedType(
  file: string | Uint8Array,
  claim: FileClaim,
  accept: Accept,
): Promise<string | undefined> {
  const detected = await (typeof file === "string"
    ? fileTypeFromFile(file)
    : fileTypeFromBuffer(file));
  const claimed = claimedType(claim);
  if (!detected)
    return accept.isAny || !supportedMimeTypes.has(claimed as never) ? claimed : undefined;
  if (isBuiltOn(claimed, detected.mime)) return claimed;
  if (accept.includesType(detected.mime)) return detected.mime;
  return undefined;
}

/** Whether the first bytes of a file already show that it is not of an accepted type. */
export async function isRefusedEarly(
  head: Uint8Array,
  claim: FileClaim,
  accept: Accept,
): Promise<boolean> {
  if (accept.isAny) return false;
  const detected = await fileTypeFromBuffer(head);
  if (!detected || containers.has(detected.mime)) return false;
  return (await checkedType(head, claim, accept)) === undefined;
}

const claimedType = ({ name, type }: FileClaim): string =>
  lookup(name) || type || "application/octet-stream";

/** Whether a format can be detected only as the one that it is built on, as SVG is detected as XML. */
function isBuiltOn(claimed: string, detected: string): boolean {
  return detected === "application/xml" && /[+/]xml$/.test(claimed);
}
