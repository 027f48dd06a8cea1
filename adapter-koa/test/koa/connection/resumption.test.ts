import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Resumption } from "../../../src/koa/connection/resumption.js";
import { Resumptions } from "../../../src/koa/connection/resumptions.js";

describe("a connection that waits for another carrier", () => {
  for (const [ms, maxMs, expected] of [
    [30_000, undefined, 30_000],
    [30_000, 5_000, 5_000],
    [1_000, 5_000, 1_000],
  ] as const) {
    it(`is given up after ${expected} ms: a limit of ${ms}, at most ${maxMs ?? "the limit"}`, (t) => {
      t.mock.timers.enable({ apis: ["setTimeout"] });
      const giveUp = t.mock.fn();
      const resumption = new Resumption(
        { giveUp, continueOn: () => false },
        new Resumptions(10),
        ms,
      );
      resumption.start();
      assert.equal(resumption.wait(maxMs), true);
      t.mock.timers.tick(expected - 1);
      assert.equal(giveUp.mock.callCount(), 0);
      t.mock.timers.tick(1);
      assert.equal(giveUp.mock.callCount(), 1);
    });
  }
});
