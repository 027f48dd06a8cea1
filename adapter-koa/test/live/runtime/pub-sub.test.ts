import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LocalPubSub } from "../../../src/live/runtime/pub-sub.js";

describe("LocalPubSub", () => {
  it("delivers to all subscribers of the topic and to no others", () => {
    const pubSub = new LocalPubSub();
    const got: unknown[] = [];
    pubSub.subscribe("a", (message) => got.push(["1", message]));
    pubSub.subscribe("a", (message) => got.push(["2", message]));
    pubSub.subscribe("b", (message) => got.push(["3", message]));
    pubSub.broadcast("a", "hi");
    pubSub.broadcast("nobody", "hi");
    assert.deepEqual(got, [
      ["1", "hi"],
      ["2", "hi"],
    ]);
  });

  it("has nothing to flush", async () => {
    const pubSub = new LocalPubSub();
    await pubSub.flush();
    const signal = AbortSignal.abort();
    await assert.rejects(pubSub.flush({ signal }), { name: "AbortError" });
  });

  it("delivers nothing after it was closed", async () => {
    const pubSub = new LocalPubSub({ replay: { topics: (topic) => topic === "numbered" } });
    const got: unknown[] = [];
    const end = pubSub.subscribe("a", (message) => got.push(message));
    pubSub.broadcast("numbered", "stored");
    pubSub.subscribe("numbered", (message) => got.push(message), { after: "0-0" });
    await pubSub.close();
    pubSub.broadcast("a", 1);
    end();
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(got, []);
  });

  it("delivers in order", () => {
    const pubSub = new LocalPubSub();
    const got: unknown[] = [];
    pubSub.subscribe("a", (message) => got.push(message));
    for (let i = 0; i < 5; i++) pubSub.broadcast("a", i);
    assert.deepEqual(got, [0, 1, 2, 3, 4]);
  });

  it("delivers twice to a subscriber with two subscriptions, and ends one at a time", () => {
    const pubSub = new LocalPubSub();
    const got: unknown[] = [];
    const subscriber = (message: unknown) => got.push(message);
    const unsubscribe = pubSub.subscribe("a", subscriber);
    pubSub.subscribe("a", subscriber);
    pubSub.broadcast("a", 1);
    unsubscribe();
    unsubscribe();
    pubSub.broadcast("a", 2);
    assert.deepEqual(got, [1, 1, 2]);
  });

  it("does not deliver to a subscriber that unsubscribes during the broadcast", () => {
    const pubSub = new LocalPubSub();
    const got: unknown[] = [];
    pubSub.subscribe("a", () => unsubscribe());
    const unsubscribe = pubSub.subscribe("a", (message) => got.push(message));
    pubSub.broadcast("a", 1);
    assert.deepEqual(got, []);
  });

  it("does not deliver to a subscriber that subscribes during the broadcast", () => {
    const pubSub = new LocalPubSub();
    let deliveries = 0;
    const subscribe = () => {
      deliveries++;
      if (deliveries < 10) pubSub.subscribe("a", subscribe);
    };
    pubSub.subscribe("a", subscribe);
    pubSub.broadcast("a", 1);
    assert.equal(deliveries, 1);
  });

  it("delivers to all subscribers even if some throw, then throws their errors", () => {
    const pubSub = new LocalPubSub();
    const got: unknown[] = [];
    const throwing = (name: string) => () => {
      throw new Error(name);
    };
    pubSub.subscribe("a", throwing("first"));
    pubSub.subscribe("a", (message) => got.push(message));
    assert.throws(() => pubSub.broadcast("a", 1), { message: "first" });
    pubSub.subscribe("a", throwing("second"));
    pubSub.subscribe("a", (message) => got.push(message));
    assert.throws(
      () => pubSub.broadcast("a", 2),
      (error: AggregateError) =>
        error.errors.map(({ message }) => message).join() === "first,second",
    );
    assert.deepEqual(got, [1, 2, 2]);
  });
});
