import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runLater } from "../../src/live/run-later.js";
import { nextTurn } from "../support/fake-outbox.js";

/** Creates a function that calls `runLater` with an object which records its name. */
function recording() {
  const ran: string[] = [];
  const later = (name: string, act = () => {}) =>
    runLater({
      run() {
        ran.push(name);
        act();
      },
    });
  return { ran, later };
}

describe("runLater", () => {
  it("runs objects in order, after the current call", async () => {
    const { ran, later } = recording();
    later("a");
    later("b");
    assert.deepEqual(ran, []);
    await nextTurn();
    assert.deepEqual(ran, ["a", "b"]);
  });

  it("lets other work of the process run before an object that is added meanwhile", async () => {
    const { ran, later } = recording();
    later("a", () => {
      setImmediate(() => ran.push("other work"));
      later("c");
    });
    later("b");
    while (!ran.includes("c")) await nextTurn();
    assert.deepEqual(ran, ["a", "b", "other work", "c"]);
  });

  it("runs the objects after one that throws", (t) => {
    const immediates: (() => void)[] = [];
    t.mock.method(globalThis, "setImmediate", (run: () => void) => immediates.push(run));
    const { ran, later } = recording();
    later("a", () => {
      throw new Error("broken");
    });
    later("b");
    assert.throws(() => immediates.shift()?.(), /broken/);
    immediates.shift()?.();
    assert.deepEqual(ran, ["a", "b"]);
  });
});
