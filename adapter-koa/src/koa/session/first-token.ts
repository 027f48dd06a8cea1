import type { Readable } from "node:stream";

/** The first part of a form as browsers write it. Fields other than `_csrf_token` are not considered. */
const firstField =
  /^--[^\r\n]+\r\nContent-Disposition: form-data; name="_csrf_token"\r\n(?:[^\r\n]+\r\n)*\r\n([^\r\n]*)\r\n/i;

/** The size within which the first part ends, in bytes. */
const maxBytes = 2048;

/**
 * Returns the value of `_csrf_token` if it is the first field of a multipart form. The body can be read from its beginning
 * afterwards, so that no byte of a file is stored before the token is checked.
 */
export async function firstToken(body: Readable): Promise<string | undefined> {
  if (body.destroyed || body.readableEnded || body.readableFlowing) return undefined;
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const finish = (token: string | undefined) => {
      body.off("readable", read).off("end", giveUp).off("close", giveUp);
      resolve(token);
    };
    const giveUp = () => finish(undefined);
    const read = () => {
      const chunk: Buffer | null = body.read();
      if (chunk === null) return;
      chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      const token = firstField.exec(bytes.toString("latin1", 0, maxBytes))?.[1];
      if (token === undefined && bytes.byteLength < maxBytes) return;
      // Done at once, because a stream whose last bytes have been read would emit `end` in the next tick.
      body.unshift(bytes);
      finish(token);
    };
    body.on("readable", read).on("end", giveUp).on("close", giveUp);
  });
}
