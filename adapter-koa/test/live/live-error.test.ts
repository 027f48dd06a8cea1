import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { LiveError, quote, describe as shapeOf } from "../../src/live/live-error.js";

describe("a LiveError", () => {
  it("prints the problem, the expected and the actual value on one line each", () => {
    const error = new LiveError("LIVE_ERR_VIEW", "no view", {
      expected: "a view",
      got: undefined,
      cause: 1,
    });
    assert.equal(error.message, "no view\nExpected: a view\nGot: undefined");
    assert.equal(error.name, "LiveError");
    assert.equal(error.cause, 1);
    assert.equal(new LiveError("LIVE_ERR_VIEW", "no view").message, "no view");
    assert.equal(
      new LiveError("LIVE_ERR_VIEW", "no view", { gotText: "it" }).message,
      "no view\nGot: it",
    );
    assert.ok(!("cause" in new LiveError("LIVE_ERR_VIEW", "no view")));
  });

  it("is printed with its code, like the errors of Node", () => {
    const error = new LiveError("LIVE_ERR_VIEW", "no view", { expected: "a view" });
    const printed = "LiveError [LIVE_ERR_VIEW]: no view\nExpected: a view";
    assert.equal(String(error), printed);
    assert.ok(error.stack?.startsWith(`${printed}\n    at `), error.stack);
    assert.ok(inspect(error).startsWith(`${printed}\n    at `), inspect(error));
    assert.match(inspect(error), /code: 'LIVE_ERR_VIEW'/);
    assert.deepEqual(Object.keys(error), ["code"]);
    assert.equal(error.name, "LiveError");
  });

  it("is printed with its code when it ends the process", () => {
    const module = new URL("../../src/live/live-error.ts", import.meta.url).href;
    const throwing = `import { LiveError } from ${JSON.stringify(module)}; throw new LiveError("LIVE_ERR_VIEW", "no view");`;
    const flags = ["--import", "tsx", "--input-type=module", "--eval", throwing];
    const { stderr } = spawnSync(process.execPath, flags, { encoding: "utf8" });
    assert.match(stderr, /^LiveError \[LIVE_ERR_VIEW\]: no view$/m);
  });
});

describe("the shape of a value", () => {
  const shapes: [value: unknown, shape: string][] = [
    ["text", "a string of length 4"],
    ["", "an empty string"],
    [5, "5"],
    [null, "null"],
    [Symbol("s"), "Symbol(s)"],
    [1n, "1"],
    [function named() {}, "function named"],
    [() => {}, "function (anonymous)"],
    [[1, 2], "an array of length 2"],
    [{}, "an empty object"],
    [{ password: "secret", user: 1 }, "an object with the keys password, user"],
    [new Map(), "an object of class Map"],
    [new (class extends Map {})(), "an object of class (anonymous)"],
    [Object.assign(new Map(), { constructor: { name: "secret" } }), "an object of class Map"],
    [{ constructor: { name: { a: "1" } } }, "an object with the keys constructor"],
    [Object.create({ constructor: { name: "secret" } }), "an object of class (anonymous)"],
    [{ "x\nforged": 1, 'a"b': 1 }, 'an object with the keys "x\\nforged", "a\\"b"'],
    [{ "\u2028\u009b\u202e": 1 }, 'an object with the keys "\\u{2028}\\u{9b}\\u{202e}"'],
    [{ ["x".repeat(41)]: 1 }, `an object with the keys "${"x".repeat(40)}…"`],
    [Symbol("a\nb"), "Symbol(a\\u{a}b)"],
    [Object.defineProperty(() => {}, "name", { value: 5 }), "function (anonymous)"],
    [Object.create(null), "an empty object"],
  ];
  for (const [value, shape] of shapes) {
    it(`is ${shape} of ${typeof value}`, () => assert.equal(shapeOf(value), shape));
  }
});

describe("a quoted name", () => {
  it("is on one line and shortened", () => {
    assert.equal(quote("handleClick"), '"handleClick"');
    assert.equal(quote("a\n\u0085b"), '"a\\n\\u{85}b"');
    assert.equal(quote("x".repeat(100)), `"${"x".repeat(60)}…"`);
    assert.equal(quote(5), "5");
  });
});
