import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  decodeBinaryMessage,
  decodeChunk,
  encodeBinaryMessage,
  encodeChunk,
} from "../../src/protocol/uploads.js";

const text = fc.string({ unit: "grapheme", maxLength: 5 });
const bytes = fc.uint8Array({ maxLength: 100 });

describe("a binary frame", () => {
  it("decodes to the encoded values", () => {
    fc.assert(
      fc.property(
        fc.record(
          { joinRef: text, ref: text, topic: text, event: text, payload: bytes },
          { noNullPrototype: true },
        ),
        (message) => assert.deepEqual(decodeBinaryMessage(encodeBinaryMessage(message)), message),
      ),
    );
  });

  it("is not decoded if it is of another kind or cut off", () => {
    const message = {
      joinRef: "1",
      ref: "2",
      topic: "lv:1",
      event: "e",
      payload: new Uint8Array(),
    };
    const frame = encodeBinaryMessage(message);
    assert.equal(decodeBinaryMessage(frame.subarray(0, -1)), undefined);
    assert.equal(decodeBinaryMessage(frame.subarray(0, 3)), undefined);
    assert.equal(decodeBinaryMessage(Uint8Array.of(1, ...frame.subarray(1))), undefined);
  });

  it("cannot have a string of more than 255 bytes", () => {
    const event = "x".repeat(256);
    const message = { joinRef: "1", ref: "2", topic: "t", event, payload: new Uint8Array() };
    assert.throws(() => encodeBinaryMessage(message), RangeError);
  });
});

describe("a part of a file", () => {
  it("decodes to the encoded values", () => {
    const chunk = fc.record(
      { ref: text, offset: fc.maxSafeNat(), data: bytes },
      { noNullPrototype: true },
    );
    fc.assert(fc.property(chunk, (each) => assert.deepEqual(decodeChunk(encodeChunk(each)), each)));
  });

  it("is not decoded if it is cut off", () => {
    const encoded = encodeChunk({ ref: "a", offset: 0, data: new Uint8Array() });
    assert.equal(decodeChunk(encoded.subarray(0, -1)), undefined);
    assert.equal(decodeChunk(new Uint8Array()), undefined);
  });
});
