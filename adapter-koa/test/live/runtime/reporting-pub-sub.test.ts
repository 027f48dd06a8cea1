import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LocalPubSub, type Subscriber } from "../../../src/live/runtime/pub-sub.js";
import { ReportingPubSub } from "../../../src/live/runtime/reporting-pub-sub.js";
import { joinedChannel } from "../../support/fake-outbox.js";
import { type Handled, handlingLive } from "../../support/views/handling-live.js";

/** A PubSub that throws when a subscription of certain topics ends. */
class BrokenPubSub extends LocalPubSub {
  readonly ended: string[] = [];

  override subscribe(topic: string, subscriber: Subscriber): () => void {
    const unsubscribe = super.subscribe(topic, subscriber);
    return () => {
      if (topic.startsWith("broken")) throw new Error(topic);
      unsubscribe();
      this.ended.push(topic);
    };
  }
}

describe("ReportingPubSub", () => {
  it("reports the error of a subscriber and does not throw it", () => {
    const reported: unknown[] = [];
    const pubSub = new ReportingPubSub(new LocalPubSub(), (error, topic) =>
      reported.push([error, topic]),
    );
    const error = new Error("no such message");
    const got: unknown[] = [];
    pubSub.subscribe("a", () => {
      throw error;
    });
    const unsubscribe = pubSub.subscribe("a", (message) => got.push(message));
    pubSub.broadcast("a", 1);
    unsubscribe();
    pubSub.broadcast("a", 2);
    assert.deepEqual(got, [1]);
    assert.deepEqual(reported, [
      [error, "a"],
      [error, "a"],
    ]);
  });

  it("throws the errors of the PubSub itself", () => {
    const broken = {
      subscribe() {
        throw new Error("no connection");
      },
      broadcast() {
        throw new Error("no connection");
      },
    };
    const pubSub = new ReportingPubSub(broken, () => assert.fail());
    assert.throws(() => pubSub.subscribe("a", () => {}), { message: "no connection" });
    assert.throws(() => pubSub.broadcast("a", 1), { message: "no connection" });
  });

  it("lets a view end all its subscriptions, even if one throws", async () => {
    const pubSub = new BrokenPubSub();
    const view = handlingLive(() => {}, {
      mount({ socket }: Handled) {
        for (const topic of ["a", "broken", "b"]) socket.subscribe(topic);
      },
    });
    const { channel, ended, errors } = await joinedChannel(view, { pubSub });
    channel.end();
    assert.deepEqual(pubSub.ended, ["a", "b"]);
    assert.deepEqual(ended, [channel]);
    assert.deepEqual(
      errors.map((error) => (error as Error).message),
      ["broken"],
    );
  });
});
