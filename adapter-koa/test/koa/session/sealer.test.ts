import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Sealer } from "../../../src/koa/session/sealer.js";

const secret = "a secret that only these tests know, 1";
const other = "a secret that only these tests know, 2";

describe("a sealed string", () => {
  it("contains any JSON data", () => {
    const sealer = new Sealer([secret]);
    fc.assert(
      fc.property(fc.jsonValue(), (data) => {
        assert.deepEqual(sealer.open(sealer.seal(data)), JSON.parse(JSON.stringify(data)));
      }),
    );
  });

  it("does not show its data, and differs each time", () => {
    const sealer = new Sealer([secret]);
    const sealed = sealer.seal({ draft: "Hello" });
    assert.doesNotMatch(Buffer.from(sealed, "base64url").toString("latin1"), /draft|Hello/);
    assert.notEqual(sealer.seal({ draft: "Hello" }), sealed);
  });

  it("is refused after a byte was changed, added or removed", () => {
    const sealer = new Sealer([secret]);
    const sealed = Buffer.from(sealer.seal({ draft: "Hello" }), "base64url");
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const changed = Buffer.from(sealed);
        changed[at] = (changed[at] as number) ^ bits;
        assert.equal(sealer.open(changed.toString("base64url")), undefined);
        const cut = Buffer.concat([sealed.subarray(0, at), sealed.subarray(at + 1)]);
        assert.equal(sealer.open(cut.toString("base64url")), undefined);
      }),
    );
  });

  it("is refused if it was not sealed", () => {
    const sealer = new Sealer([secret]);
    for (const text of ["", "AAAA", "a".repeat(40), "\0"])
      assert.equal(sealer.open(text), undefined);
  });

  it("is opened with a former secret, and with no other one", () => {
    const sealed = new Sealer([secret]).seal(1);
    assert.equal(new Sealer([other, secret]).open(sealed), 1);
    assert.equal(new Sealer([other]).open(sealed), undefined);
  });
});
