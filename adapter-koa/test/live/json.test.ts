import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { firstNonJson } from "../../src/live/json.js";

describe("firstNonJson", () => {
  it("returns undefined for JSON values", () => {
    const shared = { a: 1 };
    const nullPrototype = Object.assign(Object.create(null), { a: [] });
    for (const value of [
      null,
      "",
      0,
      -1.5,
      true,
      [],
      {},
      [shared, shared],
      nullPrototype,
      { a: undefined },
    ]) {
      assert.equal(firstNonJson(value), undefined);
    }
  });

  const cyclic: Record<string, unknown> = {};
  cyclic.self = { back: cyclic };
  const bad: [value: unknown, place: string][] = [
    [undefined, "the top"],
    [Number.NaN, "the top"],
    [{ a: Number.POSITIVE_INFINITY }, "a"],
    [{ a: [1, { b: () => {} }] }, "a.1.b"],
    [{ a: Symbol("s") }, "a"],
    [{ a: 1n }, "a"],
    [new Map(), "the top (an object of class Map)"],
    [{ a: new (class User {})() }, "a (an object of class User)"],
    [cyclic, "self.back"],
    [{ a: { "x\nforged": [() => {}] } }, 'a."x\\nforged".0'],
  ];
  for (const [value, place] of bad) {
    it(`returns the path ${place} for a value that is not JSON`, () => {
      assert.equal(firstNonJson(value), place);
    });
  }
});
