import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { after, before, describe, it } from "node:test";
import { WebSocket, WebSocketServer } from "ws";
import { writeTextFrame } from "../../../src/koa/connection/text-frame.js";

describe("a text frame", () => {
  const server = createServer();
  const webSocketServer = new WebSocketServer({ server });
  let client: WebSocket;
  let stream: Duplex;

  before(async () => {
    server.on("upgrade", (_request, raw) => {
      stream = raw;
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await once(client, "open");
  });
  after(() => {
    client.terminate();
    webSocketServer.close();
    server.close();
  });

  /** What a WebSocket client reads out of a frame. */
  async function read(text: string): Promise<unknown> {
    const message = once(client, "message");
    writeTextFrame(stream, text);
    const [data, isBinary] = await message;
    return { text: String(data), isBinary };
  }

  for (const length of [0, 1, 125, 126, 127, 65_535, 65_536, 200_000]) {
    it(`of ${length} bytes is read as it was written`, async () => {
      const text = "x".repeat(length);
      assert.deepEqual(await read(text), { text, isBinary: false });
    });
  }

  it("counts bytes, not characters", async () => {
    for (const text of ["ä".repeat(63), "\u{1f600}".repeat(32), "€".repeat(30_000), "\0"]) {
      assert.deepEqual(await read(text), { text, isBinary: false });
    }
  });
});
