import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { partMark, toParts } from "../../src/protocol/index.js";

/** Puts parts together as the client does, after they have passed a network that encodes each of them. */
const join = (parts: readonly string[]): string =>
  parts
    .map((part) => Buffer.from(part).toString())
    .map((part, i) => (i < parts.length - 1 ? part.slice(partMark.length) : part))
    .join("");

describe("toParts", () => {
  it("leaves a frame of up to 16 KiB as it is", () => {
    const frame = JSON.stringify(["x".repeat(16 * 1024 - 4)]);
    assert.equal(frame.length, 16 * 1024);
    assert.deepEqual(toParts(frame), [frame]);
  });

  it("marks all parts but the last one", () => {
    const parts = toParts(JSON.stringify(["x".repeat(40_000)]));
    assert.deepEqual(
      parts.map((part) => part.startsWith(partMark)),
      [true, true, false],
    );
  });

  it("loses nothing, not even characters of two UTF-16 units", () => {
    const unit = fc.constantFrom("a", "é", "😀", "\n");
    fc.assert(
      fc.property(fc.array(unit, { minLength: 1, maxLength: 7 }), (units) => {
        const frame = JSON.stringify([units.join("").repeat(8000)]);
        assert.equal(join(toParts(frame)), frame);
      }),
      { numRuns: 50 },
    );
  });
});
