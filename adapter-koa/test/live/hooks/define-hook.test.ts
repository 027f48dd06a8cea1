import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Message } from "@live-session/components/protocol";
import { html } from "lit";
import { z } from "zod";
import { liveEvent } from "../../../src/live/declarations/live-event.js";
import { liveView } from "../../../src/live/declarations/live-view.js";
import { onMount } from "../../../src/live/declarations/on-mount.js";
import { defineHook } from "../../../src/live/hooks/define-hook.js";
import { redirect } from "../../../src/live/socket/navigation.js";
import { cont, halt, reply } from "../../../src/live/socket/outcome.js";
import type { Socket } from "../../../src/live/socket/socket.js";
import { joinedChannel, openChannel, replyOf, someTurns } from "../../support/fake-outbox.js";
import { liveError } from "../../support/live-error.js";
import { assignsOf, mountView } from "../../support/mount-view.js";
import { emptyLive, tracedLive } from "../../support/views/counter-live.js";
import { until } from "../../support/wait.js";

/** Returns what a view has received of a topic to which it subscribes. */
function listeningLive(got: unknown[], topic = "news") {
  return liveView("ListeningLive", {
    mount: ({ socket }) => void socket.subscribe(topic),
    handleInfo: ({ message }) => void got.push(message),
    handleAsync: ({ key, result }) => void got.push([key, result]),
    handleEvent: { viewEvent: () => reply({ by: "view" }) },
    render: () => html``,
  });
}

describe("a defined hook", () => {
  it("assigns what its mount returns, before the next hook and the view, on both mounts", async () => {
    const first = defineHook("first", { mount: () => cont({ one: 1 }) });
    const second = onMount("second", ({ socket }: { socket: Socket<{ one: number }> }) =>
      cont({ two: socket.assigns.one + 1 }),
    );
    const third = defineHook("third", {
      needs: {} as { two: number },
      async mount({ socket }) {
        await someTurns();
        return cont({ three: socket.assigns.two + 1 });
      },
    });
    const options = { onMount: [first, second, third] as const };
    for (const connectParams of [null, {}]) {
      const { one, two, three } = assignsOf(await mountView(emptyLive, { options, connectParams }));
      assert.deepEqual([one, two, three], [1, 2, 3]);
    }
  });

  it("continues if its mount returns nothing, and halts with a destination", async () => {
    const trace: string[] = [];
    const silent = defineHook("silent", { mount: () => void trace.push("hook") });
    const options = { onMount: [silent, defineHook("empty", {})] };
    await mountView(tracedLive(trace), { options });
    assert.deepEqual(trace, ["hook", "mount", "handleParams"]);
    const guard = defineHook("guard", { mount: () => halt(redirect("/log_in")) });
    const socket = await mountView(emptyLive, { options: { onMount: guard } });
    assert.equal(socket.navigation?.to, "/log_in");
  });

  it("handles its own events and answers a payload that a schema refuses", async () => {
    const closing = defineHook("closing", {
      mount: () => cont({ closed: "" }),
      handleEvent: {
        "closing:close": liveEvent(z.object({ id: z.string() }), ({ payload, socket }) => {
          const { closed: before } = socket.assigns;
          socket.assign({ closed: payload.id });
          return reply({ before });
        }),
      },
    });
    const { channel, outbox, errors } = await joinedChannel(listeningLive([]), {
      options: { onMount: closing },
    });
    channel.event("2", "closing:close", { id: "7" });
    channel.event("3", "closing:close", { id: 7 });
    channel.event("4", "viewEvent", {});
    const [closed, refused, passed] = outbox.sent.map(
      (message) => replyOf(message as Message).response.reply,
    );
    assert.deepEqual(closed, { before: "" });
    assert.deepEqual(Object.keys((refused as { issues: object }).issues), ["id"]);
    assert.deepEqual(passed, { by: "view" });
    assert.deepEqual(errors, []);
  });

  it("receives a message of a topic once, and so does its view", async () => {
    const [ofHook, ofOther, ofView]: unknown[][] = [[], [], []];
    const listening = (id: string, got: unknown[] = []) =>
      defineHook(id, {
        mount({ socket }) {
          socket.subscribe("news");
          socket.subscribe(`only:${id}`);
        },
        handleInfo: ({ message, topic }) => void got.push([topic, message]),
      });
    const { pubSub } = await joinedChannel(listeningLive(ofView ?? []), {
      options: { onMount: [listening("a", ofHook), listening("b", ofOther)] },
    });
    pubSub.broadcast("news", 1);
    pubSub.broadcast("only:a", 2);
    await someTurns();
    assert.deepEqual(ofHook, [
      ["news", 1],
      ["only:a", 2],
    ]);
    assert.deepEqual(ofOther, [["news", 1]]);
    assert.deepEqual(ofView, [1]);
  });

  it("unsubscribes without ending the subscription of its view", async () => {
    const [ofHook, ofView]: unknown[][] = [[], []];
    const ends: (() => void)[] = [];
    const listening = defineHook("listening", {
      mount: ({ socket }) => void ends.push(socket.subscribe("news")),
      handleInfo: ({ message }) => void ofHook?.push(message),
    });
    const { pubSub } = await joinedChannel(listeningLive(ofView ?? []), {
      options: { onMount: listening },
    });
    pubSub.broadcast("news", 1);
    ends.at(-1)?.();
    pubSub.broadcast("news", 2);
    while ((ofView?.length ?? 0) < 2) await someTurns();
    assert.deepEqual([ofHook, ofView], [[1], [1, 2]]);
  });

  it("receives its own messages and the outcomes of its own tasks, even if its view uses the same key", async () => {
    const ofHook: unknown[] = [];
    const ofView: unknown[] = [];
    const working = defineHook("working", {
      mount({ socket }) {
        socket.send("ready");
        socket.startAsync("load", () => "by hook");
      },
      handleInfo: ({ message, topic }) => void ofHook.push([topic, message]),
      handleAsync: ({ key, result, socket }) => {
        socket.pageTitle = "loaded";
        ofHook.push([key, result, socket.pageTitle]);
      },
    });
    const view = liveView("WorkingLive", {
      mount: ({ socket }) => socket.startAsync("load", () => "by view"),
      handleInfo: () => assert.fail("the view has sent nothing"),
      handleAsync: ({ key, result }) => void ofView.push([key, result]),
      render: () => html``,
    });
    const { errors } = await joinedChannel(view, { options: { onMount: working } });
    await until(() => ofHook.length === 2 && ofView.length === 1);
    assert.deepEqual(ofHook, [
      [undefined, "ready"],
      ["load", { ok: true, value: "by hook" }, "loaded"],
    ]);
    assert.deepEqual(ofView, [["load", { ok: true, value: "by view" }]]);
    assert.deepEqual(errors, []);
  });

  it("has one socket in all of its callbacks, of its own on each view", async () => {
    const sockets: Socket[] = [];
    const collecting = defineHook("collecting", {
      mount: ({ socket }) => void sockets.push(socket),
      handleParams: ({ socket }) => void sockets.push(socket),
      handleInfo: () => {},
      unmount: ({ socket }) => void sockets.push(socket),
    });
    for (const _view of ["first", "second"]) {
      const options = { onMount: [onMount("other", () => cont()), collecting] };
      const { channel } = await joinedChannel(emptyLive, { options });
      channel.end();
    }
    const [first, , , second] = sockets;
    assert.notEqual(first, second);
    assert.deepEqual(
      sockets.map((socket) => (socket === first ? 1 : socket === second ? 2 : 0)),
      [1, 1, 1, 2, 2, 2],
    );
  });

  it("attaches to each view only its own stages, after hooks that differ from view to view", async () => {
    const handled: unknown[] = [];
    const counted = defineHook("counted", {
      handleEvent: { count: ({ payload }) => void handled.push(["counted", payload]) },
    });
    for (const name of ["first", "second"]) {
      const attaching = onMount("attaching", ({ socket }) => {
        socket.attachHook("attached", "handleEvent", () => {
          handled.push(name);
          return cont();
        });
        return cont();
      });
      const options = { onMount: [attaching, counted] };
      const { channel, outbox } = await joinedChannel(emptyLive, { options });
      channel.event("2", "count", name);
      await outbox.until(() => outbox.sent.length === 1);
    }
    assert.deepEqual(handled, ["first", ["counted", "first"], "second", ["counted", "second"]]);
  });

  it("leaves messages and outcomes to the view if it does not handle them", async () => {
    const got: unknown[] = [];
    const starting = defineHook("starting", {
      mount({ socket }) {
        socket.send("ready");
        socket.startAsync("load", () => 1);
      },
    });
    await joinedChannel(listeningLive(got), { options: { onMount: starting } });
    await someTurns();
    assert.deepEqual(got, ["ready", ["load", { ok: true, value: 1 }]]);
  });

  it("runs when the view is connected, before each handleParams and after each render", async () => {
    const trace: string[] = [];
    const stages = defineHook("stages", {
      mount: () => cont({ patches: 0 }),
      connected: ({ socket }) => void trace.push(`connected ${socket.connected}`),
      handleParams: ({ params, socket }) => {
        trace.push(`params ${params.q}`);
        return cont({ patches: socket.assigns.patches + 1 });
      },
      afterRender({ changed, socket }) {
        trace.push(`rendered ${changed.has("patches")} ${socket.assigns.patches}`);
      },
    });
    const { channel, outbox } = await joinedChannel(emptyLive, { options: { onMount: stages } });
    channel.patch("2", "http://localhost/other?q=1");
    assert.equal(outbox.sent.length, 1);
    assert.deepEqual(trace, [
      "params undefined",
      "connected true",
      "rendered true 1",
      "params 1",
      "rendered true 2",
    ]);
  });

  it("provides and keeps assigns, which survive a live navigation and its schema", async () => {
    const schema = z.object({ filter: z.string() });
    const seen: unknown[] = [];
    const filtering = defineHook("filtering", {
      keep: { assigns: ["filter"], schema },
      provide: ["filter"],
      async mount({ kept, socket }) {
        seen.push(kept);
        return cont({ filter: await socket.assignNew("filter", () => "all") });
      },
    });
    const options = { onMount: [onMount("other", () => cont({ other: 1 })), filtering] };
    const join = (session: object) =>
      joinedChannel(emptyLive, { options, kept: { view: {}, session: { ...session } } });
    const first = await joinedChannel(emptyLive, { options });
    assert.deepEqual(first.reply.provided, { filter: "all" });
    assert.deepEqual(JSON.parse(first.reply.kept?.sealed ?? ""), {
      view: {},
      session: { filter: "all" },
    });
    assert.deepEqual((await join({ filter: "mine", other: 5 })).reply.provided, { filter: "mine" });
    assert.deepEqual((await join({ filter: 5, other: 5 })).reply.provided, { filter: "all" });
    assert.deepEqual(seen, [{}, { filter: "mine" }, {}]);
  });

  it("keeps assigns across a reload with the option reload, apart from those of other hooks", async () => {
    const filtering = defineHook("filtering", {
      keep: ["filter"],
      mount: ({ kept }) => cont({ filter: kept.filter ?? "all" }),
    });
    const theming = defineHook("theming", {
      keep: { assigns: ["theme", "unset"], reload: true },
      async mount({ socket }) {
        return cont({ theme: await socket.assignNew("theme", () => "light") });
      },
    });
    const options = { onMount: [filtering, theming] };
    const view = liveView("TabsLive", {
      onMount: defineHook("tabs", {
        keep: { assigns: ["tab"], reload: true },
        mount: ({ kept }) => cont({ tab: kept.tab ?? 1 }),
      }),
      render: () => html``,
    });
    const { reply } = await joinedChannel(view, {
      options,
      kept: { view: {}, session: {}, reloadedSession: { theme: "dark" }, reloadedView: { tab: 2 } },
    });
    assert.deepEqual(JSON.parse(reply.kept?.sealed ?? ""), {
      view: {},
      session: { filter: "all" },
      reloadedSession: { theme: "dark" },
      reloadedView: { tab: 2 },
    });
  });

  it("lists its stages in socket.lifecycle", async () => {
    const listed = defineHook("listed", { handleEvent: { a() {} }, afterRender() {} });
    const socket = await mountView(emptyLive, { options: { onMount: listed } });
    assert.deepEqual(socket.lifecycle, [
      { id: "listed", stage: "mount" },
      { id: "listed", stage: "handleEvent" },
      { id: "listed", stage: "afterRender" },
    ]);
  });

  const wrongResults: [callback: string, wrong: object, act: (name: string) => string][] = [
    ["handleEvent.go", { handleEvent: { go: () => 1 } }, () => "undefined, or reply({ … })"],
    ["handleInfo", { mount: subscribe, handleInfo: () => 1 }, () => "undefined"],
  ];
  for (const [callback, wrong, expected] of wrongResults) {
    it(`ends its view if ${callback} returns something else`, async () => {
      const { channel, pubSub, errors } = await joinedChannel(emptyLive, {
        options: { onMount: defineHook("wrong", wrong) },
      });
      if (callback === "handleInfo") pubSub.broadcast("news", 1);
      else channel.event("2", "go", {});
      await someTurns();
      const [error] = errors as Error[];
      assert.match(String(error), /LIVE_ERR_CALLBACK_RETURN/);
      assert.match(String(error), new RegExp(`result of ${callback} of the hook "wrong"`));
      assert.ok(error?.message.includes(`Expected: ${expected("")}`));
    });
  }

  const mistakes: [definition: unknown, ...message: string[]][] = [
    [undefined, 'definition of the hook "wrong" is invalid', "Got: undefined"],
    [{ handleEvents: {} }, 'option of the hook "wrong" is unknown', 'Got: "handleEvents"'],
    [{ mount: 5 }, 'mount of the hook "wrong" is invalid', "Expected: a function"],
    [{ handleEvent: () => {} }, 'handleEvent of the hook "wrong" is invalid'],
    [{ handleEvent: { go: 5 } }, 'handleEvent.go of the hook "wrong" is invalid'],
  ];
  for (const [definition, ...message] of mistakes) {
    it(`is refused with ${message[0]}`, () => {
      assert.throws(
        () => defineHook("wrong", definition as object),
        liveError("LIVE_ERR_ON_MOUNT", ...message),
      );
    });
  }

  it("is refused with invalid names of assigns or an invalid schema", () => {
    assert.throws(
      () => defineHook("wrong", { provide: ["flash"] }),
      liveError("LIVE_ERR_PROVIDE", 'provide of the hook "wrong"'),
    );
    for (const keep of [
      [5],
      { assigns: ["a"], schema: {} },
      { assigns: ["a"], maxAge: 1 },
      { assigns: ["a"], reload: 1 },
    ]) {
      assert.throws(
        () => defineHook("wrong", { keep: keep as never }),
        liveError("LIVE_ERR_KEEP", 'keep of the hook "wrong"'),
      );
    }
  });
});

function subscribe({ socket }: { readonly socket: Socket }): void {
  socket.subscribe("news");
}

describe("unmount of a hook", () => {
  const traced = (trace: string[], id: string, more: object = {}) =>
    defineHook(id, {
      mount: () => cont({ [id]: true }),
      unmount: ({ reason, socket }) =>
        void trace.push(`${id} ${reason} ${socket.connected} ${(assignsOf(socket) as never)[id]}`),
      ...more,
    });

  it("runs after that of the view, the last hook first, and on the connected mount only", async () => {
    const trace: string[] = [];
    const view = liveView("EndingLive", {
      unmount: () => void trace.push("view"),
      render: () => html``,
    });
    const slow = traced(trace, "slow", {
      async unmount() {
        await someTurns();
        trace.push("slow");
      },
    });
    const options = { onMount: [traced(trace, "first"), slow, traced(trace, "last")] };
    (await mountView(view, { options })).disconnect();
    const { channel } = await joinedChannel(view, { options });
    assert.deepEqual(trace, []);
    channel.leave("leave");
    await someTurns();
    await someTurns();
    assert.deepEqual(trace, ["view", "last leave false true", "slow", "first leave false true"]);
  });

  it("runs if the mount of the view fails afterwards, but not if its own mount has halted", async () => {
    const trace: string[] = [];
    const failing = liveView("FailingLive", {
      mount() {
        throw new Error("no room");
      },
      render: () => html``,
    });
    const failed = openChannel(failing, { options: { onMount: traced(trace, "a") } });
    await failed.joined;
    assert.deepEqual(trace, ["a crash false true"]);
    trace.length = 0;
    const halting = traced(trace, "b", { mount: () => halt(redirect("/")) });
    await openChannel(emptyLive, { options: { onMount: [traced(trace, "a"), halting] } }).joined;
    assert.deepEqual(trace, ["a navigate false true"]);
  });

  it("runs at once if the view has ended while the hook was mounting", async () => {
    const trace: string[] = [];
    const slow = traced(trace, "slow", {
      async mount() {
        await someTurns();
        return cont({ slow: true });
      },
    });
    const { channel, joined } = openChannel(emptyLive, { options: { onMount: slow } });
    channel.end();
    await joined;
    assert.deepEqual(trace, ["slow disconnect false undefined"]);
  });

  it("reports errors and still runs the unmount of other hooks", async () => {
    const trace: string[] = [];
    const [sync, async, result] = [new Error("sync"), new Error("async"), 5];
    const throwing = traced(trace, "throwing", {
      unmount() {
        throw sync;
      },
    });
    const rejecting = traced(trace, "rejecting", { unmount: () => Promise.reject(async) });
    const wrong = traced(trace, "wrong", { unmount: () => result });
    const { channel, errors } = await joinedChannel(emptyLive, {
      options: { onMount: [traced(trace, "first"), throwing, rejecting, wrong] },
    });
    channel.end();
    await someTurns();
    assert.match(String(errors[0]), /result of unmount of the hook "wrong" is invalid/);
    assert.deepEqual([errors[1], errors[2]], [async, sync]);
    assert.deepEqual(trace, ["first disconnect false true"]);
  });
});
