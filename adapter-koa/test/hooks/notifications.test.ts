import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createLive, LiveRouter, type LiveView, LocalPubSub } from "@live-session/adapter-koa";
import { visit } from "@live-session/adapter-koa/testing";
import type { Message, Update } from "@live-session/components/protocol";
import Koa from "koa";
import session from "koa-session";
import {
  type NotificationsPage,
  notificationMessage,
  notifications,
} from "../../src/hooks/notifications.js";
import { onMount } from "../../src/live/declarations/on-mount.js";
import { cont } from "../../src/live/socket/outcome.js";
import { joinedChannel, replyOf, someTurns } from "../support/fake-outbox.js";
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
  await open.outbox.until(() => open.outbox.sent.length > 0);
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
    assert.deepEqual((got as Update).provided, [
      { op: "replace", path: "/notifications", value: [two, one] },
    ]);
  });

  it("keeps the newest notifications up to its limit, and one of each id", async () => {
    const { pubSub, channel, outbox } = await joinedChannel(emptyLive, {
      options: { onMount: notifications({ limit: 2 }) },
    });
    for (const id of ["1", "2", "1", "3"]) {
      pubSub.broadcast("notifications", notificationMessage({ id, title: id }));
    }
    await outbox.until(() => outbox.sent.length > 0);
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
    await someTurns();
    assert.equal(outbox.sent.length, 0);
    pubSub.broadcast("own", notificationMessage(one));
    await outbox.until(() => outbox.sent.length > 0);
    assert.equal(outbox.sent.length, 1);
  });

  it("closes one notification", async () => {
    const { channel, outbox } = await withTwo();
    channel.event("2", "notifications:close", { id: "1" });
    assert.deepEqual(replyOf(outbox.sent[0] as Message).response.provided, [
      { op: "remove", path: "/notifications/1" },
    ]);
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
    await someTurns();
    other.outbox.sent.length = 0;
    outbox.sent.length = 0;
    channel.event("2", "notifications:close-all", {});
    assert.deepEqual(replyOf(outbox.sent[0] as Message).response.provided, [
      { op: "replace", path: "/notifications", value: [] },
    ]);
    await someTurns();
    assert.equal(other.outbox.sent.length, 0);
  });

  it("passes other events to the view, and ignores other messages of its topic", async () => {
    const { channel, outbox, pubSub, errors } = await joinedChannel(counterLive, { options });
    for (const message of ["inc", null, undefined, { type: "other" }]) {
      pubSub.broadcast("notifications", message);
    }
    await someTurns();
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
    await someTurns();
    channel.event("2", "inc", {});
    assert.deepEqual(replyOf(outbox.sent[0] as Message).response.reply, { count: 1 });
    assert.deepEqual([outbox.sent.length, errors], [1, []]);
  });

  it("delivers nothing after the view has ended", async () => {
    const { channel, outbox, pubSub } = await joinedChannel(emptyLive, { options });
    channel.end();
    pubSub.broadcast("notifications", notificationMessage(one));
    await someTurns();
    assert.equal(outbox.sent.length, 0);
  });
});

describe("the kept notifications", () => {
  it("survive a later mount of the live session, as many as fit into 6 KB", async () => {
    const { outbox, pubSub, reply } = await joinedChannel(emptyLive, { options });
    assert.equal(reply.kept, undefined, "a page without notifications keeps nothing");
    for (let n = 0; n < 100; n++) {
      const notification = { id: String(n), title: "é".repeat(50) };
      pubSub.broadcast("notifications", notificationMessage(notification));
    }
    // The view handles many messages in several turns.
    const lastKept = () => (outbox.sent.at(-1)?.[4] as Update | undefined)?.kept;
    await outbox.until(() => lastKept()?.sealed.includes('"id":"99"') ?? false);
    const kept = lastKept();
    const values = JSON.parse(kept?.sealed ?? "");
    assert.ok(Buffer.byteLength(JSON.stringify(values)) < 6200);
    const next = await joinedChannel(emptyLive, { options, kept: values });
    const shown = (next.reply.provided as { notifications: { id: string }[] }).notifications;
    assert.equal(shown[0]?.id, "99");
    assert.equal(shown.length, 49);
    const other = { view: {}, session: { keptNotifications: [5, one, { id: 1 }] } };
    const { reply: later } = await joinedChannel(emptyLive, { options, kept: other });
    assert.deepEqual(later.provided, { notifications: [one] });
  });
});

describe("the notifications of a visitor", () => {
  it("may come from a custom topic and a database, and are then closed in the database", async () => {
    const closed: unknown[] = [];
    const user = onMount("user", () => cont({ user: "ada" }));
    const own = notifications({
      topic: ({ assigns, session }: NotificationsPage<{ user: string }>) => [
        `notifications:${assigns.user}`,
        `notifications:${session.team}`,
      ],
      load: async ({ assigns }) => [{ id: "1", title: `for ${assigns.user}` }],
      onClose: (list, { assigns }) => void closed.push(assigns.user, list),
    });
    const { channel, outbox, pubSub, reply } = await joinedChannel(emptyLive, {
      options: { onMount: [user, own] },
      session: { team: "blue" },
    });
    assert.deepEqual(reply.provided, { notifications: [{ id: "1", title: "for ada" }] });
    assert.equal(reply.kept, undefined);
    pubSub.broadcast("notifications", notificationMessage(one));
    for (const name of ["ada", "blue"])
      pubSub.broadcast(`notifications:${name}`, notificationMessage({ id: name, title: name }));
    await someTurns();
    const update = outbox.sent[0]?.[4] as Update;
    assert.equal(update.kept, undefined);
    channel.event("2", "notifications:close", { id: "blue" });
    channel.event("3", "notifications:close", { id: "blue" });
    channel.event("4", "notifications:close-all", {});
    await someTurns();
    assert.deepEqual(closed, [
      "ada",
      [{ id: "blue", title: "blue" }],
      "ada",
      [
        { id: "ada", title: "ada" },
        { id: "1", title: "for ada" },
      ],
    ]);
  });

  it("may have no topic", async () => {
    const own = notifications({ topic: () => undefined });
    const { outbox, pubSub } = await joinedChannel(emptyLive, { options: { onMount: own } });
    pubSub.broadcast("notifications", notificationMessage(one));
    await someTurns();
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
