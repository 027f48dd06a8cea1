import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type IdleView, IdleViews } from "../../../src/live/hibernation/idle-views.js";
import { until } from "../../support/wait.js";

/** A clock that only a test moves. */
class Clock {
  ms = 0;
  readonly now = (): number => this.ms;
}

const view = (renderedAt: number, hibernate: () => void = () => {}): IdleView => ({
  renderedAt,
  hibernate,
});

const fail = (error: unknown): void => {
  throw error;
};

describe("IdleViews", () => {
  it("puts only views to sleep that have been idle long enough", async () => {
    const clock = new Clock();
    const idle = new IdleViews(2, fail, clock.now);
    const asleep: string[] = [];
    const early = view(0, () => asleep.push("early"));
    const late = view(5, () => asleep.push("late"));
    idle.add(late);
    idle.add(early);
    clock.ms = 3;
    await until(() => idle.awake === 1, "the sleep of one view");
    assert.deepEqual(asleep, ["early"]);
    clock.ms = 7;
    await until(() => idle.awake === 0, "the sleep of both views");
    assert.deepEqual(asleep, ["early", "late"]);
  });

  it("leaves time for other work when many views become idle at once", async () => {
    const clock = new Clock();
    const idle = new IdleViews(1, fail, clock.now);
    let asleep = 0;
    const takesLong = () => {
      asleep++;
      clock.ms++;
    };
    for (let i = 0; i < 20; i++) idle.add(view(-100, takesLong));
    const turns = new Set<number>();
    await until(() => {
      turns.add(asleep);
      return idle.awake === 0;
    }, "the sleep of all views");
    assert.deepEqual([...turns], [0, 5, 10, 15, 20]);
  });

  it("puts no ended view to sleep, and none if the limit is 0", async () => {
    const idle = new IdleViews(1, fail);
    const ended = view(-100, () => fail(new Error("the view has ended")));
    let isAsleep = false;
    idle.add(ended);
    idle.delete(ended);
    idle.add(view(-100, () => (isAsleep = true)));
    const disabled = new IdleViews(0, fail);
    disabled.add(ended);
    await until(() => isAsleep, "the sleep of the other view");
    assert.equal(disabled.awake, 0);
  });

  it("reports the error of a view, and puts the others to sleep", async () => {
    const errors: unknown[] = [];
    const idle = new IdleViews(1, (error) => errors.push(error));
    const error = new Error("the view has a bug");
    let isAsleep = false;
    idle.add(view(-100, () => fail(error)));
    idle.add(view(-100, () => (isAsleep = true)));
    await until(() => idle.awake === 0, "the sleep of both views");
    assert.deepEqual(errors, [error]);
    assert.equal(isAsleep, true);
  });
});
