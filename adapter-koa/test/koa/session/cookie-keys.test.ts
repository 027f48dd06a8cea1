import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CookieKeys } from "@live-session/adapter-koa";
import fc from "fast-check";
import Keygrip from "keygrip";

const older = "the secret of the year before, 2025";
const newer = "the secret of this year, it is 2026";

describe("CookieKeys", () => {
  it("sign and verify as Keygrip does", () => {
    const keys = new CookieKeys([older]);
    const keygrip = new Keygrip([older], "sha256", "base64");
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        assert.equal(keys.sign(text), keygrip.sign(text));
        assert.equal(keys.verify(text, keygrip.sign(text)), true);
        assert.equal(keygrip.verify(text, keys.sign(text)), true);
      }),
    );
  });

  it("sign with the first secret and verify with any, telling which it was", () => {
    const rotated = new CookieKeys([newer, older]);
    assert.equal(rotated.index("text", new CookieKeys([older]).sign("text")), 1);
    assert.equal(rotated.index("text", rotated.sign("text")), 0);
    assert.equal(new CookieKeys([older]).index("text", rotated.sign("text")), -1);
  });

  it("refuse a signature that was changed, shortened, lengthened or is of another text", () => {
    const keys = new CookieKeys([newer, older]);
    const signature = keys.sign("text");
    const wrong = [
      "",
      signature.slice(1),
      `${signature}A`,
      `é${signature.slice(1)}`,
      signature.toLowerCase(),
      keys.sign("Text"),
    ];
    for (const digest of wrong) assert.equal(keys.verify("text", digest), false);
  });

  it("want a secret", () => {
    assert.throws(() => new CookieKeys([]), /Keys must be provided/);
  });

  it("do not change with the list they were made of", () => {
    const secrets = [older];
    const keys = new CookieKeys(secrets);
    const signature = keys.sign("text");
    secrets[0] = newer;
    assert.equal(keys.verify("text", signature), true);
    assert.equal(keys.sign("text"), signature);
  });
});
