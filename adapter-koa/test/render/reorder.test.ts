import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type ReorderStep, reorder } from "../../src/render/reorder.js";

function apply(list: readonly (string | number)[], steps: readonly ReorderStep[]) {
  const items = [...list];
  for (const step of steps) {
    if (step.type === "remove") items.splice(step.at, 1);
    else if (step.type === "add") items.splice(step.at, 0, step.id);
    else items.splice(step.to, 0, ...items.splice(step.from, 1));
  }
  return items;
}

describe("reorder", () => {
  const ids = fc.uniqueArray(fc.integer({ min: 0, max: 30 }));

  it("turns any list into any other", () => {
    fc.assert(
      fc.property(ids, ids, (old, next) => {
        assert.deepEqual(apply(old, reorder(old, next)), next);
      }),
      { numRuns: 500 },
    );
  });

  it("moves one item in one step, from the first to the last position and back", () => {
    const list = Array.from({ length: 1000 }, (_, i) => i);
    const moved = [...list.slice(1), 0];
    assert.deepEqual(reorder(list, moved), [{ type: "move", from: 0, to: 999 }]);
    assert.deepEqual(reorder(moved, list), [{ type: "move", from: 999, to: 0 }]);
  });

  it("moves nothing if items are only added and removed", () => {
    const steps = reorder([1, 2, 3, 4], [5, 1, 3, 6, 4]);
    assert.deepEqual(
      steps.map(({ type }) => type),
      ["remove", "add", "add"],
    );
  });
});
