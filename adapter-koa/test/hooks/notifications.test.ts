import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createLive, LiveRouter, type LiveView, LocalPubSub } from "@live-session/adapter-koa";
import { visit } from "@live-session/adapter-koa/testing";
import type { Message } from "@live-session/components/protocol";
import Koa from "koa";
import session from "koa-session";
import { notificationMessage, notifications } from "../../src/hooks/notifications.js";
import { joinedChannel, nextTurn, replyOf } from "../support/fake-outbox.js";
import { assignsOf, mountView } from "../support/mount-view.js";
import { secret } from "../support/server.js";
import { counterLive, emptyLive } from "../support/views/counter-live.js";

const one = { id: "1", title: "<b>One</b>", description: "first" };
const two = { id: "2", title: "Two" };
const options = { onMount: notifications() };

/** Joins a page and sends it two notifications. Their frames are removed from the sent frames. */
async function withTwo() {
  const open = await joinedChannel(emptyLive, { options });
  for (const notification of [one, two]) {
    open.pubSub.broadcast("notifications", notificationMessage(notification));
  }
  await nextTurn();
  const [first] = open.outbox.sent.splice(0);
  return { ...open, got: first?.[4] };
}

describe("notifications", () => {
  it("starts with an empty list on both mounts", async () => {
    assert.deepEqual(assignsOf(await mountView(emptyLive, { options })).notifications, []);
    const { reply } = await joinedChannel(emptyLive, { options });
    assert.deepEqual(reply.provided, { notifications: [] });
  });

  it("provides the notifications of its topic, newest first, in one frame", async () => {
    const { got } = await withTwo();
    assert.deepEqual(got, {
      provided: [{ op: "replace", path: "/notifications", value: [two, one] }],
    });
  });

  it("keeps the newest notifications up to its limit, and one of each id", async () => {
    const { pubSub, channel, outbox } = await joinedChannel(emptyLive, {
      options: { onMount: notifications({ limit: 2 }) },
    });
    for (const id of ["1", "2", "1", "3"]) {
      pubSub.broadcast("notifications", notificationMessage({ id, title: id }));
    }
    await nextTurn();
    const [update] = outbox.sent.splice(0) as [Message];
    const { provided } = update[4] as { provided: { value: { id: string }[] }[] };
    assert.deepEqual(
      provided.map(({ value }) => value.map(({ id }) => id)),
      [["3", "1"]],
    );
    channel.end();
  });

  it("subscribes to the topic of its options", async () => {
    const own = { onMount: notifications({ topic: "own" }) };
    const { outbox, pubSub } = await joinedChannel(emptyLive, { options: own });
    pubSub.broadcast("notifications", notificationMessage(one));
    await nextTurn();
    assert.equal(outbox.sent.length, 0);
    pubSub.broadcast("own", notificationMessage(one));
    await nextTurn();
    assert.equal(outbox.sent.length, 1);
  });

  it("closes one notification", async () => {
    const { channel, outbox } = await withTwo();
    channel.event("2", "notifications:close", { id: "1" });
    assert.deepEqual(replyOf(outbox.sent[0] as Message).response, {
      provided: [{ op: "remove", path: "/notifications/1" }],
    });
  });

  for (const payload of [{ id: "nobody" }, {}, null, "1", { id: { $ne: 1 } }]) {
    it(`changes nothing for notifications:close with ${JSON.stringify(payload)}`, async () => {
      const { channel, outbox, errors } = await withTwo();
      channel.event("2", "notifications:close", payload);
      assert.deepEqual(replyOf(outbox.sent[0] as Message).response, {});
      assert.deepEqual(errors, []);
    });
  }

  it("closes all notifications of this view only", async () => {
    const { channel, outbox, pubSub } = await withTwo();
    const other = await joinedChannel(emptyLive, { options, pubSub });
    pubSub.broadcast("notifications", notificationMessage({ id: "3", title: "Three" }));
    await nextTurn();
    other.outbox.sent.length = 0;
    outbox.sent.length = 0;
    channel.event("2", "notifications:close-all", {});
    assert.deepEqual(replyOf(outbox.sent[0] as Message).response.provided, [
      { op: "replace", path: "/notifications", value: [] },
    ]);
    await nextTurn();
    assert.equal(other.outbox.sent.length, 0);
  });

  it("passes other events to the view, and ignores other messages of its topic", async () => {
    const { channel, outbox, pubSub, errors } = await joinedChannel(counterLive, { options });
    for (const message of ["inc", null, undefined, { type: "other" }]) {
      pubSub.broadcast("notifications", message);
    }
    await nextTurn();
    channel.event("2", "inc", {});
    assert.deepEqual(replyOf(outbox.sent[0] as Message).response.reply, { count: 1 });
    assert.deepEqual([outbox.sent.length, errors], [1, []]);
  });

  const malformed: readonly unknown[] = [
    undefined,
    null,
    "text",
    {},
    { id: 5, title: "a number" },
    { id: "1" },
    { id: "1", title: {} },
    { id: "1", title: "a", description: 5 },
    { id: "1", title: "a", at: new Date() },
  ];
  it("ignores malformed notifications, which would end the view", async () => {
    const { channel, outbox, pubSub, errors } = await joinedChannel(counterLive, { options });
    for (const notification of malformed) {
      pubSub.broadcast("notifications", { type: "notification", notification });
    }
    await nextTurn();
    channel.event("2", "inc", {});
    assert.deepEqual(replyOf(outbox.sent[0] as Message).response.reply, { count: 1 });
    assert.deepEqual([outbox.sent.length, errors], [1, []]);
  });

  it("delivers nothing after the view has ended", async () => {
    const { channel, outbox, pubSub } = await joinedChannel(emptyLive, { options });
    channel.end();
    pubSub.broadcast("notifications", notificationMessage(one));
    await nextTurn();
    assert.equal(outbox.sent.length, 0);
  });
});

describe("notifications that resume", () => {
  it("survive a reconnect together with those that were sent meanwhile", async () => {
    const pubSub = new LocalPubSub({ replay: { topics: () => true, length: 2 } });
    const app = new Koa({ keys: [secret] });
    const router = new LiveRouter();
    router
      .liveSession("tested", { onMount: notifications({ resume: true }) })
      .live("/", emptyLive as LiveView);
    const live = createLive(router, { secret, pubSub });
    const page = await visit(app.use(session(app)).use(live.middleware()), "/");
    await page.connect();
    live.broadcast("notifications", notificationMessage(one));
    await page.settled();
    await page.disconnect();
    for (const id of ["2", "3", "4"])
      live.broadcast("notifications", notificationMessage({ id, title: id }));
    await page.reconnect();
    await page.settled();
    const { notifications: shown } = page.provided as { notifications: { id: string }[] };
    assert.deepEqual(
      shown.map(({ id }) => id),
      ["4", "3", "1"],
    );
  });
});
