import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Message } from "@live-session/components/protocol";
import { onMount } from "../../../src/live/declarations/on-mount.js";
import {
  clearFlash,
  isSameFlash,
  noFlash,
  putFlash,
  toFlash,
} from "../../../src/live/socket/flash.js";
import { cont } from "../../../src/live/socket/outcome.js";
import { type FakeOutbox, joinedChannel, openChannel, replyOf } from "../../support/fake-outbox.js";
import { liveError } from "../../support/live-error.js";
import { type Handled, handlingLive } from "../../support/views/handling-live.js";

describe("putFlash", () => {
  it("adds a message, replaces one of the same kind, and does not change its argument", () => {
    const one = putFlash(noFlash, "info", "a");
    const two = putFlash(one, "error", "b");
    assert.deepEqual(putFlash(two, "info", "c"), { info: "c", error: "b" });
    assert.deepEqual(one, { info: "a" });
    assert.deepEqual(noFlash, {});
  });

  const bad: [kind: unknown, message: unknown][] = [
    ["", "a"],
    [undefined, "a"],
    [5, "a"],
    ["info", undefined],
    ["info", { text: "a" }],
  ];
  for (const [kind, message] of bad) {
    it(`refuses ${JSON.stringify(kind)} with ${JSON.stringify(message)}`, () => {
      assert.throws(
        () => putFlash(noFlash, kind as string, message as string),
        liveError("LIVE_ERR_PAYLOAD", "kind or message passed to putFlash is invalid"),
      );
    });
  }
});

describe("clearFlash", () => {
  it("removes the message of one kind, or all messages", () => {
    const flash = { info: "a", error: "b" };
    assert.deepEqual(clearFlash(flash), {});
    assert.deepEqual(clearFlash(flash, "info"), { error: "b" });
    assert.equal(clearFlash(flash, "other"), flash);
    assert.equal(clearFlash(flash, "toString"), flash);
  });
});

describe("toFlash", () => {
  it("keeps only strings", () => {
    assert.deepEqual(toFlash({ info: "a", error: 5, warning: null, deep: { info: "b" } }), {
      info: "a",
    });
    for (const value of [null, undefined, "info", 5, {}, []]) assert.deepEqual(toFlash(value), {});
    const { polluted } = toFlash(JSON.parse('{"__proto__": {"polluted": "yes"}}'));
    assert.equal(polluted, undefined);
  });
});

describe("isSameFlash", () => {
  it("compares kinds and messages in any order", () => {
    assert.ok(isSameFlash(noFlash, {}));
    assert.ok(isSameFlash({ a: "1", b: "2" }, { b: "2", a: "1" }));
    for (const other of [{}, { a: "2" }, { b: "1" }, { a: "1", b: "2" }]) {
      assert.ok(!isSameFlash({ a: "1" }, other) && !isSameFlash(other, { a: "1" }));
    }
  });
});

describe("the flash of a connected view", () => {
  type Run = (socket: Handled["socket"]) => void;
  /** A view whose events are named after their effects. */
  const acting = (acts: Record<string, Run>, params: Run = () => {}) =>
    handlingLive(({ socket, payload }) => acts[payload as string]?.(socket), {
      handleParams: ({ socket }: Handled) => params(socket),
    });
  const error = (socket: Handled["socket"]) => socket.putFlash("error", "oops");
  const go: Record<string, Run> = {
    error,
    redirect: (socket) => socket.redirect("/other"),
    redirectInfo(socket) {
      socket.redirect("/other");
      socket.putFlash("info", "ok");
    },
    navigateInfo(socket) {
      socket.putFlash("info", "ok");
      socket.pushNavigate("/other");
    },
    patch: (socket) => socket.pushPatch("/other"),
    patchInfo(socket) {
      socket.putFlash("info", "ok");
      socket.pushPatch("/other");
    },
  };
  const removed = [{ op: "remove", path: "/flash/error" }];
  const answered = (outbox: FakeOutbox) => replyOf(outbox.sent.at(-1) as Message).response;

  for (const [event, target] of [
    ["redirectInfo", { redirect: { to: "/other", flash: 'signed:{"info":"ok"}' } }],
    [
      "navigateInfo",
      { live_redirect: { to: "/other", kind: "push", flash: 'signed:{"info":"ok"}' } },
    ],
    ["redirect", { redirect: { to: "/other" } }],
  ] as const) {
    it(`is carried by ${event} if the same callback put it`, async () => {
      const { channel, outbox } = await joinedChannel(acting(go));
      channel.event("2", "do", "error");
      channel.event("3", "do", event);
      assert.deepEqual(answered(outbox), target);
    });
  }

  it("is carried to the next page if the mount navigates", async () => {
    const leaving = handlingLive(() => {}, {
      mount: ({ socket }: Handled) => socket.pushNavigate("/other"),
    });
    const { outbox, joined } = openChannel(leaving, { flash: { info: "from before" } });
    await joined;
    const { flash } = answered(outbox) as { flash?: string };
    assert.equal(flash, 'signed:{"info":"from before"}');
  });

  it("is carried if an afterRender hook navigates after the callback that put it", async () => {
    const attach = onMount("a", ({ socket }) => {
      socket.attachHook("a", "afterRender", ({ changed }) => {
        if (changed.has("flash")) socket.pushNavigate("/other");
      });
      return cont();
    });
    const { channel, outbox } = await joinedChannel(acting(go), { options: { onMount: attach } });
    channel.event("2", "do", "error");
    assert.deepEqual(outbox.sent.at(-1)?.slice(3), [
      "live_redirect",
      { to: "/other", kind: "push", flash: 'signed:{"error":"oops"}' },
    ]);
  });

  it("is cleared by a patch of the browser before handleParams", async () => {
    const seen: unknown[] = [];
    const view = acting(go, ({ assigns }) => void seen.push(assigns.flash));
    const { channel, outbox } = await joinedChannel(view, { flash: { error: "from before" } });
    channel.patch("2", "http://localhost/other");
    assert.deepEqual(answered(outbox), { provided: removed });
    channel.event("3", "do", "error");
    channel.patch("4", "http://localhost/view");
    assert.deepEqual(answered(outbox), { provided: removed });
    assert.deepEqual(seen, [{ error: "from before" }, {}, {}]);
  });

  it("contains after a patch of the server the messages of the same callback and of handleParams", async () => {
    const view = acting(go, (socket) => {
      if (socket.liveAction === "other") socket.putFlash("hint", "other");
    });
    const { channel, outbox } = await joinedChannel(view);
    channel.event("2", "do", "error");
    channel.event("3", "do", "patchInfo");
    assert.deepEqual(answered(outbox), {
      live_patch: { to: "/other", kind: "push" },
      provided: [{ op: "replace", path: "/flash", value: { info: "ok", hint: "other" } }],
    });
    channel.event("4", "do", "patch");
    assert.deepEqual(answered(outbox).provided, [{ op: "remove", path: "/flash/info" }]);
  });

  it("survives a patch of handleParams during the mount", async () => {
    const view = acting(go, (socket) => {
      if (socket.liveAction === "show") socket.pushPatch("/other");
    });
    const { reply } = await joinedChannel(view, { flash: { info: "from before" } });
    assert.deepEqual(reply.flash, { info: "from before" });
  });

  it("is not sent again when the same message is put again", async () => {
    const { channel, outbox } = await joinedChannel(acting(go));
    channel.event("2", "do", "error");
    channel.event("3", "do", "error");
    assert.deepEqual(answered(outbox), {});
  });

  it("is not carried after it is cleared", async () => {
    const clearing: Run = (socket) => {
      error(socket);
      socket.clearFlash("error");
      socket.redirect("/other");
    };
    const { channel, outbox } = await joinedChannel(acting({ clearing }));
    channel.event("2", "do", "clearing");
    assert.deepEqual(answered(outbox), { redirect: { to: "/other" } });
  });
});
