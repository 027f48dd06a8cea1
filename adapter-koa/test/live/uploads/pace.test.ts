import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Pace } from "../../../src/live/uploads/pace.js";

describe("a pace", () => {
  it("lets a burst pass, and delays what exceeds the rate", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const pace = new Pace(1000);
    assert.equal(pace.take(200), undefined);
    let isOver = false;
    const over = pace.take(1000)?.then(() => {
      isOver = true;
    });
    t.mock.timers.tick(900);
    await Promise.resolve();
    assert.equal(isOver, false);
    t.mock.timers.tick(100);
    await over;
  });
});
