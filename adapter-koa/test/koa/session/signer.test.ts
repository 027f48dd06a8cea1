import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Signer } from "../../../src/koa/session/signer.js";

const secret = "a secret that only these tests know, 1";
const minute = 60_000;

describe("a signed string", () => {
  it("contains any JSON data", () => {
    const signer = new Signer([secret]);
    fc.assert(
      fc.property(fc.jsonValue(), (data) => {
        const round = signer.verify("flash", signer.sign("flash", data), minute);
        assert.deepEqual(round, JSON.parse(JSON.stringify(data)));
      }),
    );
  });

  it("is valid in a URL, a cookie and an attribute without encoding", () => {
    for (let i = 0; i < 50; i++) {
      assert.match(
        new Signer([secret]).sign("join", { i, text: "ä\u{1f600}><\"'&;,=" }),
        /^[\w-]+\.[\w-]+$/,
      );
    }
  });

  it("is readable without the secret, and valid for its own purpose only", () => {
    const signer = new Signer([secret]);
    const text = signer.sign("flash", { info: "Hello" });
    assert.match(Buffer.from(text.split(".")[0] ?? "", "base64url").toString(), /Hello/);
    assert.equal(signer.verify("join", text, minute), undefined);
  });

  it("is refused after a byte was changed, added or removed", () => {
    const signer = new Signer([secret]);
    const text = signer.sign("flash", { info: "Hello" });
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom(..."AZaz09-_.= \0"), (at, character) => {
        const changed = text.slice(0, at) + character + text.slice(at + 1);
        if (changed !== text) assert.equal(signer.verify("flash", changed, minute), undefined);
        const added = text.slice(0, at) + character + text.slice(at);
        assert.equal(signer.verify("flash", added, minute), undefined);
        assert.equal(
          signer.verify("flash", text.slice(0, at) + text.slice(at + 1), minute),
          undefined,
        );
      }),
    );
  });

  it("is refused if it is not a string, malformed or huge", () => {
    const signer = new Signer([secret]);
    const huge = signer.sign("flash", "x".repeat(64 * 1024));
    for (const text of [
      undefined,
      null,
      1,
      {},
      [],
      "",
      ".",
      "..",
      "a",
      "a.",
      ".b",
      "a.b.c",
      "a.b",
      huge,
    ]) {
      assert.equal(signer.verify("flash", text, minute), undefined);
    }
  });

  it("is signed with the first secret and verified with every secret", () => {
    const older = "the secret of the year before, 2025";
    const newer = "the secret of this year, it is 2026";
    const old = new Signer([older]).sign("flash", 1);
    const rotated = new Signer([newer, older]);
    assert.equal(rotated.verify("flash", old, minute), 1);
    assert.equal(new Signer([newer]).verify("flash", rotated.sign("flash", 2), minute), 2);
    assert.equal(new Signer([newer]).verify("flash", old, minute), undefined);
    assert.equal(new Signer([older]).verify("flash", rotated.sign("flash", 2), minute), undefined);
  });

  it("is valid for its lifetime, and if the clock of its server is up to 10 seconds ahead", (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: 1_000_000_000_000 });
    const signer = new Signer([secret]);
    const text = signer.sign("flash", 1);
    const at = (time: number) => {
      t.mock.timers.setTime(1_000_000_000_000 + time);
      return signer.verify("flash", text, minute);
    };
    assert.equal(at(minute), 1);
    assert.equal(at(minute + 1), undefined);
    assert.equal(at(-10_000), 1);
    assert.equal(at(-10_001), undefined);
  });
});
