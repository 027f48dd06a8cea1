import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LiveError, describe as shapeOf } from "../../src/live/live-error.js";

describe("a LiveError", () => {
  it("says what is wrong, what was expected and what was got, one a line", () => {
    const error = new LiveError("LIVE_ERR_VIEW", "no view", { expected: "a view", got: undefined, cause: 1 });
    assert.equal(error.message, "no view\nExpected: a view\nGot: undefined");
    assert.equal(error.name, "LiveError");
    assert.equal(error.cause, 1);
    assert.equal(new LiveError("LIVE_ERR_VIEW", "no view").message, "no view");
    assert.ok(!("cause" in new LiveError("LIVE_ERR_VIEW", "no view")));
  });
});

describe("the shape of a value", () => {
  const shapes: [value: unknown, shape: string][] = [
    ["text", '"text"'],
    ["x".repeat(100), `"${"x".repeat(60)}…"`],
    [5, "5"],
    [null, "null"],
    [Symbol("s"), "Symbol(s)"],
    [1n, "1"],
    [function named() {}, "function named"],
    [() => {}, "function (anonymous)"],
    [[1, 2], "an array of 2"],
    [{}, "an empty object"],
    [{ password: "secret", user: 1 }, "an object with the keys password, user"],
    [new Map(), "an object of class Map"],
    [Object.create(null), "an empty object"],
  ];
  for (const [value, shape] of shapes) {
    it(`is ${shape}`, () => assert.equal(shapeOf(value), shape));
  }
});
