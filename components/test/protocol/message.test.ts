import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  CloseCode,
  decodeMessage,
  encodeMessage,
  type Message,
  ProtocolError,
} from "../../src/protocol/index.js";
import { json } from "../support/json.js";

const ref = fc.option(fc.string(), { nil: null });

describe("decodeMessage", () => {
  it("decodes the output of encodeMessage", () => {
    const message = fc.tuple(ref, ref, fc.string(), fc.string(), json());
    fc.assert(
      fc.property(message, (given) => {
        assert.deepEqual(decodeMessage(encodeMessage(given as Message)), given);
      }),
    );
  });

  it("uses the given parser", () => {
    const parse = () => [null, null, "topic", "event", "parsed"];
    assert.equal(decodeMessage("text", parse)[4], "parsed");
  });

  for (const text of [
    "no JSON",
    "null",
    "{}",
    "[]",
    '[null,null,"topic","event"]',
    '[null,null,"topic","event",{},1]',
    '[1,null,"topic","event",{}]',
    '[null,1,"topic","event",{}]',
    '[null,null,null,"event",{}]',
    '[null,null,"topic",1,{}]',
  ]) {
    it(`refuses ${text}`, () => {
      assert.throws(
        () => decodeMessage(text),
        (error) =>
          error instanceof ProtocolError &&
          error.code === "LIVE_ERR_BAD_FRAME" &&
          error.closeCode === CloseCode.unsupportedData,
      );
    });
  }
});
