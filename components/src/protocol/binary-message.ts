/** One binary frame: a message whose payload is bytes. It has the form of Phoenix's binary pushes. */
export interface BinaryMessage {
  readonly joinRef: string;
  readonly ref: string;
  readonly topic: string;
  readonly event: string;
  readonly payload: Uint8Array;
}

const pushKind = 0;
const headerBytes = 5;

/**
 * Encodes one binary frame: the byte 0, one byte each with the length of `joinRef`, `ref`, `topic` and `event`, these four
 * strings, and the payload.
 *
 * @throws RangeError when a string is longer than 255 bytes
 */
export function encodeBinaryMessage(message: BinaryMessage): Uint8Array<ArrayBuffer> {
  const { joinRef, ref, topic, event, payload } = message;
  const strings = [joinRef, ref, topic, event].map((text) => new TextEncoder().encode(text));
  const length = strings.reduce((sum, { byteLength }) => sum + byteLength, headerBytes);
  const frame = new Uint8Array(length + payload.byteLength);
  frame[0] = pushKind;
  let offset = headerBytes;
  for (const [i, bytes] of strings.entries()) {
    if (bytes.byteLength > 255) throw new RangeError("a string of a binary frame is too long");
    frame[i + 1] = bytes.byteLength;
    frame.set(bytes, offset);
    offset += bytes.byteLength;
  }
  frame.set(payload, offset);
  return frame;
}

/** Decodes one binary frame. Returns `undefined` if it does not have the form of a binary push. */
export function decodeBinaryMessage(frame: Uint8Array): BinaryMessage | undefined {
  if (frame.byteLength < headerBytes || frame[0] !== pushKind) return undefined;
  let offset = headerBytes;
  const [joinRef = "", ref = "", topic = "", event = ""] = Array.from(
    frame.subarray(1, headerBytes),
    (length) => {
      const bytes = frame.subarray(offset, offset + length);
      offset += length;
      return new TextDecoder().decode(bytes);
    },
  );
  if (offset > frame.byteLength) return undefined;
  return { joinRef, ref, topic, event, payload: frame.subarray(offset) };
}
