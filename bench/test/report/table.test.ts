import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compare } from "../../load/rounds.js";
import { toMarkdown, toTable } from "../../report/table.js";

describe("a comparison", () => {
  it("has the median of the ratios, and the distance between their quartiles", () => {
    const { ratio, spread, ours, bare } = compare([10, 10, 10, 20, 10], [5, 6, 7, 16, 9]);
    assert.deepEqual([ratio, ours, bare], [0.7, 10, 7]);
    assert.ok(Math.abs(spread - (0.8 - 0.6) / 0.7) < 1e-9);
  });
});

describe("the table", () => {
  const figure = { name: "event", measured: "0.500", value: 0.5, target: "≥ 0.4", liveView: "" };
  const verdictOf = (spread: number, met: boolean) =>
    toTable([{ ...figure, spread, met }], undefined)
      .split("\n")[1]
      ?.split(/ {2,}/)
      .at(-1);

  it("shows whether a target is met, unless the figure is too noisy", () => {
    assert.equal(verdictOf(0.05, true), "✓");
    assert.equal(verdictOf(0.05, false), "✗");
    assert.equal(verdictOf(0.11, true), "too noisy");
  });

  it("compares figures with those that were saved", () => {
    const [, row = ""] = toTable([figure], { event: 0.4 }).split("\n");
    assert.match(row, /1\.25$/);
  });

  it("can be written as Markdown, with the counts of instructions", () => {
    const rows = toMarkdown([{ ...figure, spread: 0.04, instructions: "0.6 (5 k against 3 k)" }]);
    assert.deepEqual(rows.split("\n"), [
      "| figure | measured | ± | instructions | target |",
      "| --- | --- | --- | --- | --- |",
      "| event | 0.500 | 4 % | 0.6 (5 k against 3 k) | ≥ 0.4 |",
    ]);
  });

  it("has no empty columns", () => {
    const [heading = ""] = toTable([figure], undefined).split("\n");
    assert.doesNotMatch(heading, /LiveView|±|to saved/);
  });
});
