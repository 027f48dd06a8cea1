import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { clearFlash, noFlash, putFlash, toFlash } from "../../src/live/flash.js";
import { liveError } from "../support/live-error.js";

describe("putFlash", () => {
  it("adds a message under its kind, which it replaces, and leaves the given messages alone", () => {
    const one = putFlash(noFlash, "info", "a");
    const two = putFlash(one, "error", "b");
    assert.deepEqual(putFlash(two, "info", "c"), { info: "c", error: "b" });
    assert.deepEqual(one, { info: "a" });
    assert.deepEqual(noFlash, {});
  });

  const bad: [kind: unknown, message: unknown][] = [
    ["", "a"],
    [undefined, "a"],
    [5, "a"],
    ["info", undefined],
    ["info", { text: "a" }],
  ];
  for (const [kind, message] of bad) {
    it(`refuses ${JSON.stringify(kind)} with ${JSON.stringify(message)}`, () => {
      assert.throws(
        () => putFlash(noFlash, kind as string, message as string),
        liveError("LIVE_ERR_PAYLOAD", "putFlash expects a kind and a message"),
      );
    });
  }
});

describe("clearFlash", () => {
  it("clears all or one kind", () => {
    const flash = { info: "a", error: "b" };
    assert.deepEqual(clearFlash(flash), {});
    assert.deepEqual(clearFlash(flash, "info"), { error: "b" });
    assert.equal(clearFlash(flash, "other"), flash);
    assert.equal(clearFlash(flash, "toString"), flash);
  });
});

describe("toFlash", () => {
  it("keeps texts by kind and nothing else", () => {
    assert.deepEqual(toFlash({ info: "a", error: 5, warning: null, deep: { info: "b" } }), { info: "a" });
    for (const value of [null, undefined, "info", 5, {}, []]) assert.deepEqual(toFlash(value), {});
    const { polluted } = toFlash(JSON.parse('{"__proto__": {"polluted": "yes"}}'));
    assert.equal(polluted, undefined);
  });
});
