import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { areOverlapping, findRuns, isSameOrder } from "../../src/render/row-runs.js";

/** Returns the runs between two strings, each character of which is a key, as `start+length<old`. */
const runsOf = (old: string, next: string): string =>
  findRuns([...old], [...next])
    .map(({ start, length, old: from }) => `${start}+${length}<${from}`)
    .join(" ");

describe("the runs between two lists of keys", () => {
  for (const [old, next, runs] of [
    ["abcd", "abcd", "0+4<0"],
    ["abcd", "xabc", "0+1<-1 1+3<0"],
    ["abcd", "dabc", "0+1<3 1+3<0"],
    ["abcd", "acd", "0+1<0 1+2<2"],
    ["abcd", "dcba", "0+1<3 1+1<2 2+1<1 3+1<0"],
    ["", "ab", "0+1<-1 1+1<-1"],
    ["ab", "", ""],
  ] as const) {
    it(`are ${runs || "none"} from "${old}" to "${next}"`, () => {
      assert.equal(runsOf(old, next), runs);
    });
  }

  it("show whether the order is the same", () => {
    assert.ok(isSameOrder(findRuns(["a", "b"], ["a", "b"])));
    assert.ok(!isSameOrder(findRuns(["a", "b"], ["b", "a"])));
  });
});

describe("runs", () => {
  const run = (old: number, length: number) => ({ start: 0, length, old, isSame: true });

  it("overlap if they contain the same old row", () => {
    assert.ok(areOverlapping([run(0, 3), run(2, 1)], 5));
    assert.ok(areOverlapping([run(4, 1), run(-1, 1), run(0, 5)], 5));
  });

  it("do not overlap if each old row is in one of them, in any order", () => {
    assert.ok(!areOverlapping([run(3, 2), run(-1, 1), run(0, 3), run(-1, 1)], 5));
  });
});
