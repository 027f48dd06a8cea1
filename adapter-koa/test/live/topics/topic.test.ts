import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { describe, it } from "node:test";
import { html } from "lit";
import { z } from "zod";
import { liveView } from "../../../src/live/declarations/live-view.js";
import { defineHook } from "../../../src/live/hooks/define-hook.js";
import type { Socket } from "../../../src/live/socket/socket.js";
import { on } from "../../../src/live/topics/on.js";
import { topic } from "../../../src/live/topics/topic.js";
import { joinedChannel, someTurns } from "../../support/fake-outbox.js";
import { liveError } from "../../support/live-error.js";
import { mountView, socketOf } from "../../support/mount-view.js";
import { emptyLive } from "../../support/views/counter-live.js";

const said = z.object({ text: z.string(), at: z.coerce.date().optional() });
const room = topic("room:%", said);
const lobby = topic("lobby", said);
const seat = topic("room:%:seat:%", z.number());
const asyncTopic = topic(
  "async",
  z.string().refine(async () => true),
);

describe("topic", () => {
  it("names a topic with its params, encoded so that they cannot be confused", () => {
    assert.equal(room(5).name, "room:5");
    assert.equal(room("2b7e-4c").name, "room:2b7e-4c");
    assert.equal(lobby().name, "lobby");
    assert.equal(seat("a:seat:b", 1).name, "room:a%3Aseat%3Ab:seat:1");
    assert.equal(room("\ud800").name, `room:${encodeURIComponent("\ufffd")}`);
  });

  it("finds the params in a name", () => {
    assert.deepEqual(seat.match(seat("a:b %", "é").name), ["a:b %", "é"]);
    assert.deepEqual(room.match("room:"), [""]);
    assert.deepEqual(room.match("room:%zz"), ["%zz"]);
    assert.deepEqual(topic("a.b(%)", said).match("a.b(1)"), ["1"]);
    for (const name of ["room:5:seat:1", "rooms:5", "aroom:5", "room:a b"])
      assert.equal(room.match(name), undefined);
  });

  for (const pattern of ["", 5, undefined, "%%", "a%-b%", "%.%"]) {
    it(`refuses ${JSON.stringify(pattern)} as a pattern`, () => {
      assert.throws(
        () => topic(pattern as string, said),
        liveError("LIVE_ERR_TOPIC", "pattern of a topic is invalid"),
      );
    });
  }

  it("refuses other schemas, params and handlers", () => {
    assert.throws(
      () => topic("a", {} as never),
      liveError("LIVE_ERR_TOPIC", 'schema of the topic "a" is invalid'),
    );
    for (const params of [[], ["a", "b"], [null], [{}]]) {
      assert.throws(
        () => room(...(params as [string])),
        liveError("LIVE_ERR_TOPIC", 'params of the topic "room:%" are invalid', "Expected: 1 of"),
      );
    }
    assert.throws(
      () => on(room(5) as never, () => {}),
      liveError("LIVE_ERR_TOPIC", "topic or handler passed to on is invalid"),
    );
    assert.throws(() => on(room, {} as never), liveError("LIVE_ERR_TOPIC"));
    for (const wrong of [room, undefined, 5] as never[]) {
      const socket = socketOf(emptyLive);
      assert.throws(() => socket.subscribe(wrong), liveError("LIVE_ERR_TOPIC", "topic is invalid"));
      assert.throws(() => socket.broadcast(wrong, 1), liveError("LIVE_ERR_TOPIC"));
    }
  });
});

describe("a message of a typed topic", () => {
  const wrong = { text: 5 } as never;

  it("is refused when it is sent, on both mounts, if the schema refuses it", async () => {
    const refused = liveError(
      "LIVE_ERR_PAYLOAD",
      'message for the topic "room:1" is refused by its schema',
      "Expected: a message that the schema accepts at text",
    );
    for (const connectParams of [null, {}]) {
      const view = liveView("SendingLive", {
        mount({ socket }) {
          assert.throws(() => socket.broadcast(room(1), wrong), refused);
          assert.throws(
            () => socket.broadcast(asyncTopic(), "a"),
            liveError("LIVE_ERR_TOPIC", 'schema of the topic "async" is async'),
          );
        },
        render: () => html``,
      });
      await mountView(view, { connectParams });
    }
  });

  it("reaches the handler of its topic, in a view and in a hook, validated and with its params", async () => {
    const got: unknown[] = [];
    let complete = () => {};
    const isComplete = new Promise<void>((resolve) => {
      complete = resolve;
    });
    const join = ({ socket }: { readonly socket: Socket }) => {
      socket.subscribe(room("a:b"));
      socket.subscribe(seat("x", 2));
      socket.subscribe("plain");
    };
    const handlers = (by: string) => [
      on(room, ({ message, params: [id], topic }) => void got.push([by, id, topic, message.text])),
      on(seat, async ({ message, params }) => {
        await someTurns();
        got.push([by, ...params, message]);
        if (by === "view") complete();
      }),
      ({ message }: { readonly message: unknown }) => void got.push([by, message]),
    ];
    const hook = defineHook("hook", { mount: join, handleInfo: handlers("hook") });
    const view = liveView("RoomLive", {
      mount: join,
      handleInfo: handlers("view"),
      handleEvent: { tell: ({ socket }) => socket.broadcast(seat("x", 2), 7, { self: true }) },
      render: () => html``,
    });
    const { channel, pubSub, errors } = await joinedChannel(view, { options: { onMount: hook } });
    pubSub.broadcast(room("a:b").name, { text: "hello" });
    pubSub.broadcast("plain", "p");
    await someTurns();
    channel.event("2", "tell", {});
    await isComplete;
    assert.deepEqual(errors, []);
    assert.deepEqual(got, [
      ["hook", "a:b", "room:a%3Ab", "hello"],
      ["view", "a:b", "room:a%3Ab", "hello"],
      ["hook", "p"],
      ["view", "p"],
      ["hook", "x", "2", 7],
      ["view", "x", "2", 7],
    ]);
  });

  it("is converted by the schema for its receiver", async () => {
    let at: unknown;
    const view = liveView("DateLive", {
      mount: ({ socket }) => void socket.subscribe(lobby()),
      handleInfo: on(lobby, ({ message }) => {
        at = message.at;
      }),
      render: () => html``,
    });
    const { pubSub } = await joinedChannel(view);
    pubSub.broadcast("lobby", { text: "x", at: "2026-01-01T00:00:00.000Z" });
    await someTurns();
    assert.deepEqual(at, new Date(Date.UTC(2026, 0, 1)));
  });

  it("is ignored by its receiver if the schema refuses it, and reported without its values", async () => {
    const refusals: unknown[] = [];
    const record = (message: unknown) => refusals.push(message);
    subscribe("live:refused-message", record);
    const view = liveView("RoomLive", {
      mount: ({ socket }) => void socket.subscribe(room(1)),
      handleInfo: [on(room, () => assert.fail("refused")), () => assert.fail("of a topic")],
      render: () => html``,
    });
    const { pubSub, errors } = await joinedChannel(view);
    pubSub.broadcast("room:1", { text: 5 });
    pubSub.broadcast("room:1", "text");
    await someTurns();
    unsubscribe("live:refused-message", record);
    assert.deepEqual(errors, []);
    assert.deepEqual(refusals, [
      { view: "RoomLive", topic: "room:%", fields: ["text"] },
      { view: "RoomLive", topic: "room:%", fields: ["the top"] },
    ]);
  });

  it("has no effect on a view without a handler for it", async () => {
    const view = liveView("DeafLive", {
      mount: ({ socket }) => {
        socket.subscribe(lobby());
        socket.send({ text: "to itself" });
      },
      handleInfo: on(room, () => assert.fail("another topic")),
      render: () => html``,
    });
    const { pubSub, errors, outbox } = await joinedChannel(view);
    pubSub.broadcast("lobby", { text: "x" });
    await someTurns();
    assert.deepEqual([errors, outbox.sent], [[], []]);
  });

  it("needs functions as handlers", () => {
    for (const handleInfo of [5, {}, [5]] as never[]) {
      assert.throws(
        () => liveView("WrongLive", { handleInfo, render: () => html`` }),
        liveError("LIVE_ERR_VIEW", "handleInfo of the live view WrongLive"),
      );
    }
    assert.throws(
      () => defineHook("wrong", { handleInfo: [5] as never }),
      liveError("LIVE_ERR_ON_MOUNT", 'handleInfo of the hook "wrong" is invalid'),
    );
  });
});
