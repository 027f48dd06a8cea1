import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Rate } from "../../../src/koa/connection/rate.js";

describe("a rate", () => {
  it("allows a limited number of calls within each second", () => {
    const rate = new Rate(2);
    const taken = [0, 500, 999, 1000, 1001, 1999, 2000, 7000, 7000, 7000].map((now) =>
      rate.take(now),
    );
    assert.deepEqual(taken, [true, true, false, true, true, false, true, true, true, false]);
  });
});
