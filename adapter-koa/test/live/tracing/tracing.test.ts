import assert from "node:assert/strict";
import { tracingChannel } from "node:diagnostics_channel";
import { afterEach, describe, it } from "node:test";
import { LiveRouter, type LiveTrace, liveView } from "@live-session/adapter-koa";
import { html } from "lit";
import { channels, onFinished } from "../../../src/live/tracing/tracing.js";
import { FakeOutbox, joinedChannel, openChannel, someTurns } from "../../support/fake-outbox.js";
import { startServer } from "../../support/server.js";
import { counterLive } from "../../support/views/counter-live.js";
import { Visitor } from "../../support/visitor.js";

type Stage = keyof typeof channels;

describe("the tracing channels", () => {
  const ends: (() => void)[] = [];
  afterEach(() => {
    for (const end of ends.splice(0)) end();
  });
  /** Collects the messages of channels when their operations have ended. */
  const finished = (...stages: Stage[]) => {
    const messages: (LiveTrace & { readonly stage: Stage })[] = [];
    for (const stage of stages) {
      ends.push(
        onFinished<LiveTrace>(channels[stage] as never, (message) =>
          messages.push({ ...message, stage }),
        ),
      );
    }
    return messages;
  };

  it("are those of node:diagnostics_channel", () => {
    const names = Object.keys(channels) as Stage[];
    for (const name of names) {
      const { start } = tracingChannel(`live:${name}`);
      assert.equal(start, channels[name].start);
    }
  });

  it("report the mount, the params, the join, an event and its render", async () => {
    const messages = finished("mount", "params", "join", "event", "info", "render");
    const { channel, outbox, pubSub } = await joinedChannel(counterLive);
    channel.event("2", "inc", {});
    channel.send("inc");
    await outbox.until(() => outbox.sent.length === 2);
    assert.deepEqual(
      messages.map(({ stage, outcome, event }) => [stage, outcome, event]),
      [
        ["params", "ok", undefined],
        ["mount", "ok", undefined],
        ["join", "ok", undefined],
        ["event", "ok", "inc"],
        ["render", "ok", undefined],
        ["info", "ok", undefined],
        ["render", "ok", undefined],
      ],
    );
    for (const { view, liveSession, route, duration, socket } of messages) {
      assert.deepEqual([view, liveSession, route], ["CounterLive", "tested", "/view"]);
      assert.ok(duration !== undefined && duration >= 0);
      assert.equal(socket?.id, "1");
    }
    const [, , join, , render] = messages;
    assert.ok((join?.bytes ?? 0) > 50 && (render?.bytes ?? 0) > 20);
    assert.ok(pubSub);
    channel.end();
  });

  it("report async callbacks at their end, and the number of messages that wait", async () => {
    const released: (() => void)[] = [];
    const slowLive = liveView("SlowLive", {
      handleInfo: () => new Promise<void>((resolve) => released.push(resolve)),
      render: () => html``,
    });
    const { channel } = await joinedChannel(slowLive);
    const messages = finished("info");
    for (const message of [1, 2, 3]) channel.send(message);
    while (released.length < 1) await someTurns();
    assert.equal(messages.length, 0);
    for (let count = 1; count <= 3; count++) {
      while (released.length < count) await someTurns();
      released[count - 1]?.();
    }
    while (messages.length < 3) await someTurns();
    assert.deepEqual(
      messages.map(({ mailbox }) => mailbox),
      [2, 1, 0],
    );
    channel.end();
  });

  it("report tasks by key, and exceptions", async () => {
    const failure = new Error("of a handler");
    const failingLive = liveView("FailingLive", {
      mount: ({ socket }) => socket.startAsync("load", () => 1),
      handleAsync: () => {},
      handleEvent: {
        fail() {
          throw failure;
        },
      },
      render: () => html``,
    });
    const messages = finished("async", "event");
    const { channel } = await joinedChannel(failingLive);
    while (messages.length < 1) await someTurns();
    channel.event("2", "fail", {});
    assert.deepEqual(
      messages.map(({ stage, event, outcome, error }) => [stage, event, outcome, error]),
      [
        ["async", "load", "ok", undefined],
        ["event", "fail", "error", failure],
      ],
    );
  });

  it("report mounts that redirect or crash, and joins with the reason of their refusal", async () => {
    const messages = finished("mount", "join");
    const awayLive = liveView("AwayLive", {
      mount: ({ socket }) => socket.redirect("/other"),
      render: () => html``,
    });
    const crashLive = liveView("CrashLive", {
      mount: () => {
        throw new Error("of the mount");
      },
      render: () => html``,
    });
    await openChannel(awayLive).joined;
    await openChannel(crashLive, { outbox: new FakeOutbox() }).joined;
    assert.deepEqual(
      messages.map(({ stage, view, outcome }) => [stage, view, outcome]),
      [
        ["mount", "AwayLive", "redirect"],
        ["join", "AwayLive", "redirect"],
        ["mount", "CrashLive", "error"],
        ["join", "CrashLive", "crashed"],
      ],
    );
  });

  it("call the traced function within the context of a subscriber", async () => {
    const { channel } = await joinedChannel(counterLive);
    const order: string[] = [];
    const begin = (message: unknown) => {
      (message as LiveTrace).runIn = (run) => {
        order.push("before");
        const result = run();
        order.push("after");
        return result;
      };
    };
    channels.event.start.subscribe(begin);
    ends.push(() => channels.event.start.unsubscribe(begin));
    channel.event("2", "inc", {});
    assert.deepEqual(order, ["before", "after"]);
    channel.end();
  });

  it("report connections, pages, refused joins, and the trace context of a page in its join", async (t) => {
    const server = await startServer(t, new LiveRouter().live("/", counterLive, "show"));
    const traceparent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
    const begin = (message: unknown) => {
      (message as LiveTrace).traceparent = traceparent;
    };
    channels.mount.start.subscribe(begin);
    ends.push(() => channels.mount.start.unsubscribe(begin));
    const messages = finished("render", "join", "connection");
    const visitor = new Visitor(server);
    const { connection, page } = await visitor.visit("/");
    await connection.join({ ...page, token: "forged" });
    connection.close();
    while (messages.length < 4) await someTurns();
    assert.deepEqual(
      messages.map(({ stage, outcome, traceparent }) => [stage, outcome, traceparent]),
      [
        ["render", "ok", undefined],
        ["join", "ok", traceparent],
        ["join", "stale", undefined],
        ["connection", "ok", undefined],
      ],
    );
    assert.ok((messages[0]?.bytes ?? 0) > 5);
  });
});
