import { connect, type Socket } from "node:net";

/**
 * A WebSocket client with only the features that a load generator needs: text frames, masked with zeros. It is fast
 * enough to keep a server on another core busy.
 */
export class RawSocket {
  readonly #socket: Socket;
  #buffered: Buffer = Buffer.alloc(0);
  #onFrame: (payload: Buffer) => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk) => this.#read(chunk));
  }

  static open(port: number, path: string, cookie = ""): Promise<RawSocket> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: "127.0.0.1", port, noDelay: true });
      socket.on("error", reject);
      // The answer to a handshake is one short packet. A frame that comes with it is ignored.
      socket.once("data", (answer) => {
        const [status = ""] = answer.toString("latin1").split("\r\n", 1);
        if (status.startsWith("HTTP/1.1 101 ")) resolve(new RawSocket(socket));
        else reject(new Error(`the handshake was refused: ${status}`));
      });
      socket.write(
        [
          `GET ${path} HTTP/1.1`,
          `Host: 127.0.0.1:${port}`,
          "Connection: Upgrade",
          "Upgrade: websocket",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: bGl2ZSBzZXNzaW9ucyBiZQ==",
          ...(cookie && [`Cookie: ${cookie}`]),
          "\r\n",
        ].join("\r\n"),
      );
    });
  }

  /** Encodes a frame, which can be sent repeatedly. */
  static frame(text: string): Buffer {
    const payload = Buffer.from(text);
    const short = payload.length < 126;
    const header = Buffer.alloc(short ? 6 : 8);
    header[0] = 0x81;
    header[1] = 0x80 | (short ? payload.length : 126);
    if (!short) header.writeUInt16BE(payload.length, 2);
    return Buffer.concat([header, payload]);
  }

  set onFrame(listener: (payload: Buffer) => void) {
    this.#onFrame = listener;
  }

  /** Resolves with the text of the next frame. */
  next(): Promise<string> {
    return new Promise((resolve) => {
      this.#onFrame = (payload) => resolve(payload.toString());
    });
  }

  send(frame: Buffer): void {
    this.#socket.write(frame);
  }

  terminate(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    let buffer = this.#buffered.length === 0 ? chunk : Buffer.concat([this.#buffered, chunk]);
    for (;;) {
      const end = frameEnd(buffer);
      if (end === undefined || end.to > buffer.length) break;
      this.#onFrame(buffer.subarray(end.from, end.to));
      buffer = buffer.subarray(end.to);
    }
    this.#buffered = buffer;
  }
}

/** Returns the start and end of the first frame's payload; `undefined` until its header is complete. */
function frameEnd(buffer: Buffer): { from: number; to: number } | undefined {
  if (buffer.length < 2) return undefined;
  const length = (buffer[1] as number) & 0x7f;
  if (length < 126) return { from: 2, to: 2 + length };
  if (length === 126)
    return buffer.length < 4 ? undefined : { from: 4, to: 4 + buffer.readUInt16BE(2) };
  return buffer.length < 10 ? undefined : { from: 10, to: 10 + Number(buffer.readBigUInt64BE(2)) };
}
