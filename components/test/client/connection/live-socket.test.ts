import { expect } from "chai";
import { rejoinAfterMs } from "../../../src/client/connection/channel.js";
import { reconnectAfterMs } from "../../../src/client/connection/connection.js";

describe("the delays between attempts", () => {
  const { random } = Math;
  afterEach(() => {
    Math.random = random;
  });

  /** Returns the lower and the upper bound of a random delay. */
  const bounds = (pause: () => number): readonly number[] =>
    [0, 1].map((chance) => {
      Math.random = () => chance;
      return pause();
    });

  it("to join a view are about 1, 2, 5, then 10 s", () => {
    const seconds = [1, 2, 5, 10, 10];
    for (const [i, second] of seconds.entries()) {
      expect(bounds(() => rejoinAfterMs(i + 1))).to.deep.equal([second * 750, second * 1250]);
    }
  });

  it("to connect grow from 0.25 s to 10 s, and are never less than 0.1 s", () => {
    const most = [250, 400, 700, 1300, 2500, 4900, 9700, 10_000];
    for (const [i, ms] of most.entries()) {
      expect(bounds(() => reconnectAfterMs(i + 1))).to.deep.equal([100, ms]);
    }
  });
});
