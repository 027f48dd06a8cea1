import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  isWireTemplate,
  type JoinReply,
  type Message,
  version,
} from "@live-session/components/protocol";
import { html } from "lit";
import { onMount } from "../../../src/live/declarations/on-mount.js";
import { LocalPubSub } from "../../../src/live/runtime/pub-sub.js";
import { navigate, redirect } from "../../../src/live/socket/navigation.js";
import { cont, halt, reply } from "../../../src/live/socket/outcome.js";
import type { Socket } from "../../../src/live/socket/socket.js";
import {
  eventsOf,
  FakeOutbox,
  joinedChannel,
  openChannel,
  replyOf,
  someTurns,
} from "../../support/fake-outbox.js";
import { gate } from "../../support/gate.js";
import { liveError } from "../../support/live-error.js";
import { counterLive, emptyLive } from "../../support/views/counter-live.js";
import { type Handled, handlingLive } from "../../support/views/handling-live.js";

describe("a join", () => {
  it("has a reply with the tree, its templates, the provided data and the flash", async () => {
    const view = handlingLive(() => {}, {
      mount({ socket }: Handled) {
        socket.assign({ shown: "hi", tab: "home", missing: undefined });
        socket.provide("tab", "missing");
        socket.pageTitle = "Home";
        socket.pushEvent("ready", { at: 1 });
      },
    });
    const { outbox, joined } = openChannel(view, {
      flash: { info: "saved" },
      joinRef: "4",
      ref: "5",
    });
    await joined;
    assert.equal(outbox.sent.length, 1);
    assert.deepEqual(outbox.sent[0]?.slice(0, 4), ["4", "5", "lv:1", "phx_reply"]);
    const { rendered, templates, ...rest } = replyOf(outbox.sent[0] as Message)
      .response as unknown as JoinReply;
    assert.ok(isWireTemplate(rendered) && templates && rendered.t in templates);
    assert.match(JSON.stringify(rendered), /"v":\["hi"\]/);
    assert.deepEqual(rest, {
      version,
      maxPayload: 65_000,
      provided: { tab: "home" },
      flash: { info: "saved" },
      title: "Home",
      events: [["ready", { at: 1 }]],
    });
  });

  it("completes before messages that arrive during the mount, which are then handled in order", async () => {
    const { opened, open } = gate();
    const handled: unknown[] = [];
    const view = handlingLive(({ payload }) => void handled.push(payload), {
      async mount({ socket }: Handled) {
        socket.subscribe("topic");
        socket.send("to itself");
        await opened;
      },
      handleInfo: ({ message }: Handled) => void handled.push(message),
    });
    const { channel, outbox, joined, pubSub } = openChannel(view);
    channel.event("2", "do", "event");
    pubSub.broadcast("topic", "broadcast");
    await someTurns();
    assert.deepEqual([handled, outbox.sent], [[], []]);
    open();
    await joined;
    assert.deepEqual(handled, []);
    await outbox.next();
    assert.deepEqual(handled, ["to itself", "event", "broadcast"]);
    assert.equal(eventsOf(outbox.sent), '[["phx_reply","1"],["phx_reply","2"]]');
  });

  for (const destination of [redirect("/a?b=c"), navigate("/a?b=c", { replace: true })]) {
    it(`is refused with the ${destination.type} of a hook, and carries the flash`, async () => {
      const hook = onMount("leave", ({ socket }) => {
        socket.putFlash("error", "log in");
        socket.subscribe("topic");
        return halt(destination);
      });
      const { outbox, joined, ended, errors } = openChannel(emptyLive, {
        options: { onMount: hook },
      });
      await joined;
      const flash = 'signed:{"error":"log in"}';
      const response =
        destination.type === "redirect"
          ? { reason: "redirect", to: "/a?b=c", flash }
          : { reason: "live_redirect", to: "/a?b=c", kind: "replace", flash };
      assert.deepEqual(
        outbox.sent.map((sent) => replyOf(sent)),
        [{ ref: "1", event: "phx_reply", status: "error", response }],
      );
      assert.deepEqual([ended.length, errors], [1, []]);
    });
  }

  it("is refused as crashed if the mount throws, and only onError receives the error", async () => {
    for (const throwing of [
      { mount: () => Promise.reject(new Error("the secret")) },
      {
        handleParams() {
          throw new Error("the secret");
        },
      },
      {
        render() {
          throw new Error("the secret");
        },
      },
    ]) {
      const { outbox, joined, ended, errors } = openChannel(handlingLive(() => {}, throwing));
      await joined;
      assert.deepEqual(replyOf(outbox.sent[0] as Message).response, { reason: "crashed" });
      assert.equal((errors[0] as Error).message, "the secret");
      assert.equal(ended.length, 1);
    }
  });

  it("is refused as stale if an error has a 4xx status", async () => {
    for (const [status, reason] of [
      [404, "stale"],
      [499, "stale"],
      [399, "crashed"],
      [500, "crashed"],
      ["404", "crashed"],
    ]) {
      const error = Object.assign(new Error("no such post"), { status });
      const { outbox, joined, errors } = openChannel(
        handlingLive(() => {}, { mount: () => Promise.reject(error) }),
      );
      await joined;
      assert.deepEqual(replyOf(outbox.sent[0] as Message).response, { reason });
      assert.deepEqual(errors, [error]);
    }
    const { outbox, joined } = openChannel(
      handlingLive(() => {}, { mount: () => Promise.reject(undefined) }),
    );
    await joined;
    assert.deepEqual(replyOf(outbox.sent[0] as Message).response, { reason: "crashed" });
  });

  it("follows a patch of handleParams and returns its target", async () => {
    const params: unknown[] = [];
    const view = handlingLive(() => {}, {
      handleParams(context: Handled) {
        params.push({ ...context.params });
        if (context.params.page === undefined)
          context.socket.pushPatch("/view?page=1", { replace: true });
      },
    });
    const { reply } = await joinedChannel(view);
    assert.deepEqual(params, [{}, { page: "1" }]);
    assert.deepEqual(reply.patch, { to: "/view?page=1", kind: "replace" });
  });

  it("has no reply if the view ends during its mount", async () => {
    const { opened, open } = gate();
    const pubSub = new LocalPubSub();
    const handled: unknown[] = [];
    const view = handlingLive(() => {}, {
      async mount({ socket }: Handled) {
        await opened;
        socket.subscribe("topic");
        socket.startAsync("load", () => handled.push("task"));
        socket.send("message");
      },
      handleInfo: ({ message }: Handled) => void handled.push(message),
    });
    const { channel, outbox, joined, ended } = openChannel(view, { pubSub });
    channel.end();
    open();
    await joined;
    pubSub.broadcast("topic", "broadcast");
    await someTurns();
    assert.deepEqual([outbox.sent, handled, ended.length], [[], [], 1]);
  });

  it("has no reply if the view ends during its afterRender hooks", async () => {
    const { opened, open } = gate();
    const attach = onMount("a", ({ socket }) => {
      socket.attachHook("a", "afterRender", () => opened);
      return cont();
    });
    const { channel, outbox, joined } = openChannel(emptyLive, { options: { onMount: attach } });
    await someTurns();
    channel.end();
    open();
    await joined;
    assert.deepEqual(outbox.sent, []);
  });
});

describe("an event", () => {
  it("has an immediate reply with the diff", async () => {
    const { channel, outbox } = await joinedChannel(counterLive);
    channel.event("2", "inc", {});
    assert.deepEqual(
      outbox.sent.map((sent) => replyOf(sent)),
      [
        {
          ref: "2",
          event: "phx_reply",
          status: "ok",
          response: { diff: { "0.1.0": 1 }, reply: { count: 1 } },
        },
      ],
    );
  });

  it("has a reply without a diff if no assign changed", async () => {
    const { channel, outbox } = await joinedChannel(counterLive);
    channel.event("2", "idle", {});
    assert.deepEqual(replyOf(outbox.sent[0] as Message).response, {});
  });

  it("has a reply without a diff if the changed assign is not rendered", async () => {
    const view = handlingLive(({ socket }) => socket.assign({ hidden: {} }));
    const { channel, outbox } = await joinedChannel(view);
    channel.event("2", "do", {});
    assert.deepEqual(replyOf(outbox.sent[0] as Message).response, {});
  });

  it("waits for an async event before it; the replies are in order, the diff is part of the first", async () => {
    const { opened, open } = gate();
    const handled: unknown[] = [];
    const view = handlingLive(async ({ payload, socket }) => {
      if (payload === 0) await opened;
      handled.push(payload);
      socket.assign({ shown: payload });
      return reply({ payload });
    });
    const { channel, outbox } = await joinedChannel(view);
    for (let i = 0; i < 4; i++) channel.event(`r${i}`, "do", i);
    await someTurns();
    assert.deepEqual(handled, []);
    open();
    await outbox.until(() => outbox.sent.length === 4);
    assert.deepEqual(handled, [0, 1, 2, 3]);
    assert.deepEqual(
      outbox.sent.map((sent) => [replyOf(sent).ref, replyOf(sent).response]),
      [
        ["r0", { diff: { "0.1.0": 0 }, reply: { payload: 0 } }],
        ["r1", { diff: { "0.1.0": 3 }, reply: { payload: 1 } }],
        ["r2", { reply: { payload: 2 } }],
        ["r3", { reply: { payload: 3 } }],
      ],
    );
  });

  it("has a reply with title, provided data and pushed events", async () => {
    const view = handlingLive(
      ({ socket }) => {
        socket.assign({ list: [{ id: 1 }, { id: 2 }] });
        socket.pageTitle = "<b>";
        socket.putFlash("info", "ok");
        socket.pushEvent("done");
        socket.pushEvent("soon", { a: 1 }, { dispatch: "before" });
        assert.throws(
          () => socket.pushEvent("late", {}, { dispatch: "later" as never }),
          liveError("LIVE_ERR_PAYLOAD", "dispatch"),
        );
      },
      {
        mount({ socket }: Handled) {
          socket.assign({ list: [{ id: 1 }] });
          socket.provide("list");
        },
      },
    );
    const { channel, outbox } = await joinedChannel(view);
    channel.event("2", "do", {});
    assert.deepEqual(replyOf(outbox.sent[0] as Message).response, {
      provided: [
        { op: "add", path: "/flash/info", value: "ok" },
        { op: "add", path: "/list/1", value: { id: 2 } },
      ],
      title: "<b>",
      events: [
        ["done", {}],
        ["soon", { a: 1 }, "before"],
      ],
    });
    channel.event("3", "do", {});
    assert.deepEqual(replyOf(outbox.sent[1] as Message).response, {
      events: [
        ["done", {}],
        ["soon", { a: 1 }, "before"],
      ],
    });
  });

  it("has a reply with data that its handler provides", async () => {
    const view = handlingLive(({ socket }) => socket.provide("late"), {
      mount: ({ socket }: Handled) => socket.assign({ late: 1 }),
    });
    const { channel, outbox, reply } = await joinedChannel(view);
    assert.deepEqual(reply.provided, {});
    channel.event("2", "do", {});
    assert.deepEqual(replyOf(outbox.sent[0] as Message).response.provided, [
      { op: "add", path: "/late", value: 1 },
    ]);
  });

  it("ends a view that provides a value that is not JSON", async () => {
    const view = handlingLive(({ socket }) => {
      socket.assign({ user: { at: new Date() } });
      socket.provide("user");
    });
    const { channel, errors } = await joinedChannel(view);
    channel.event("2", "do", {});
    liveError(
      "LIVE_ERR_PROVIDE",
      'the assign "user" provided by BadLive is not JSON',
      "user.at",
    )(errors[0]);
  });
});

describe("a message before a slow one", () => {
  /** A view whose event `do` waits if its payload has `wait`. It renders and stores what it gets. */
  const slow = (opened: Promise<void>, more: Readonly<Record<string, unknown>> = {}) =>
    handlingLive(
      async ({ payload, socket }) => {
        const { wait, early, ...assigns } = payload as Record<string, unknown>;
        if (early) {
          socket.assign({ shown: "too early", late: "too early" });
          socket.pushEvent("early");
          socket.pageTitle = "too early";
          socket.putFlash("info", "too early");
        }
        if (wait) await opened;
        socket.assign(assigns);
        socket.pushEvent("handled", assigns);
        return reply(assigns);
      },
      {
        render: ({ shown, late }: { shown?: unknown; late?: unknown }) => html`${shown} ${late}`,
        ...more,
      },
    );

  it("is answered while the slow one is handled, with the page as it was before that", async () => {
    const { opened, open } = gate();
    const { channel, outbox } = await joinedChannel(slow(opened));
    channel.send("starts a batch");
    channel.event("2", "do", { shown: 1 });
    channel.event("3", "do", { shown: 2 });
    channel.event("4", "do", { wait: true, early: true, shown: 3 });
    channel.event("5", "do", { shown: 4 });
    await outbox.until(() => outbox.sent.length === 2);
    assert.deepEqual(
      outbox.sent.map((sent) => [replyOf(sent).ref, replyOf(sent).response]),
      [
        [
          "2",
          {
            diff: { "0.1.0": 2 },
            reply: { shown: 1 },
            events: [
              ["handled", { shown: 1 }],
              ["handled", { shown: 2 }],
            ],
          },
        ],
        ["3", { reply: { shown: 2 } }],
      ],
    );
    outbox.sent.length = 0;
    open();
    await outbox.until(() => outbox.sent.length === 2);
    const [first, second] = outbox.sent.map((sent) => replyOf(sent));
    assert.deepEqual(first?.response, {
      diff: { "0.1.0": 4, "0.1.1": "too early" },
      provided: [{ op: "add", path: "/flash/info", value: "too early" }],
      title: "too early",
      reply: { shown: 3 },
      events: [
        ["early", {}],
        ["handled", { shown: 3 }],
        ["handled", { shown: 4 }],
      ],
    });
    assert.deepEqual([second?.ref, second?.response], ["5", { reply: { shown: 4 } }]);
  });

  it("is shown with its temporary assigns, which are reset only once", async () => {
    const { opened, open } = gate();
    const view = slow(opened, { mount: () => ({ temporaryAssigns: { shown: "", late: "" } }) });
    const { channel, outbox } = await joinedChannel(view);
    channel.send("starts a batch");
    channel.event("2", "do", { shown: 1 });
    channel.event("3", "do", { wait: true, late: 2 });
    await outbox.until(() => outbox.sent.length === 1);
    open();
    await outbox.until(() => outbox.sent.length === 2);
    assert.deepEqual(
      outbox.sent.map((sent) => replyOf(sent).response.diff),
      [{ "0.1.0": 1 }, { "0.1.1": 2 }],
    );
  });

  it("passes its changes to the afterRender hooks when no callback is running", async () => {
    const { opened, open } = gate();
    const runs: unknown[] = [];
    const attach = onMount("a", ({ socket }) => {
      socket.attachHook("a", "afterRender", ({ changed }) => void runs.push([...changed].sort()));
      return cont();
    });
    const { channel, outbox } = await joinedChannel(slow(opened), {
      options: { onMount: attach },
    });
    runs.length = 0;
    channel.send("starts a batch");
    channel.event("2", "do", { shown: 1 });
    channel.event("3", "do", { wait: true, late: 2 });
    await outbox.until(() => outbox.sent.length === 1);
    assert.deepEqual(runs, []);
    open();
    await outbox.until(() => outbox.sent.length === 2);
    assert.deepEqual(runs, [["late", "shown"]]);
  });

  it("shares one render with later ones if none is slow", async () => {
    let renders = 0;
    const view = slow(Promise.resolve(), {
      render: ({ shown }: { shown?: unknown }) => {
        renders++;
        return html`${shown}`;
      },
    });
    const { channel, outbox } = await joinedChannel(view);
    renders = 0;
    channel.send("starts a batch");
    for (let i = 0; i < 5; i++) channel.event(`${i}`, "do", { wait: true, shown: i });
    await outbox.until(() => outbox.sent.length === 5);
    assert.equal(renders, 1);
  });
});

describe("a reply", () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  for (const [what, value, place] of [
    ["a BigInt", { total: 1n }, "total"],
    ["a cycle", { cycle }, "cycle.self"],
    ["a function", { list: [{ run() {} }] }, "list.0.run"],
    ["NaN", { total: Number.NaN }, "total"],
    ["a Map", { map: new Map() }, "map (an object of class Map)"],
  ] as const) {
    it(`ends the view if it contains ${what}, and the error names the event`, async () => {
      const hooked = onMount("a", ({ socket }) => {
        socket.attachHook("a", "handleEvent", ({ event }) =>
          event === "hooked" ? halt(reply(value)) : cont(),
        );
        return cont();
      });
      for (const event of ["do", "hooked"]) {
        const view = handlingLive(() => reply(value));
        const { channel, outbox, errors } = await joinedChannel(view, {
          options: { onMount: hooked },
        });
        channel.event("2", event, {});
        const message = `reply of BadLive to the event "${event}" is not JSON at ${place}`;
        liveError("LIVE_ERR_PAYLOAD", message)(errors[0]);
        assert.equal(outbox.sent[0]?.[3], "phx_error");
      }
    });
  }

  it("may contain dates and missing values", async () => {
    const view = handlingLive(() => reply({ at: new Date(0), missing: undefined }));
    const { channel, outbox } = await joinedChannel(view);
    channel.event("2", "do", {});
    const { response } = replyOf(outbox.sent[0] as Message);
    assert.deepEqual(response.reply, { at: "1970-01-01T00:00:00.000Z" });
  });
});

describe("a broadcast", () => {
  /** A view that records its messages and broadcasts the payload of its event. */
  const recording = (messages: unknown[], options?: { readonly self?: boolean }) =>
    handlingLive(({ socket, payload }) => socket.broadcast("topic", payload, options), {
      mount: ({ socket }: Handled) => void socket.subscribe("topic"),
      handleInfo: ({ message }: Handled) => void messages.push(message),
    });

  for (const self of [false, true]) {
    it(`reaches ${self ? "all subscribers" : "all subscribers except its sender"} with the option self: ${self}`, async () => {
      const own: unknown[] = [];
      const others: unknown[] = [];
      const { channel, pubSub } = await joinedChannel(recording(own, { self }));
      await joinedChannel(recording(others), { pubSub });
      channel.event("2", "do", "hello");
      await someTurns();
      assert.deepEqual([own, others], [self ? ["hello"] : [], ["hello"]]);
    });
  }

  it("is frozen, so that no view changes the data of another view", async () => {
    const received: { list: { n: number }[] }[] = [];
    const { channel, pubSub } = await joinedChannel(recording([]));
    await joinedChannel(recording(received), { pubSub });
    channel.event("2", "do", { list: Object.freeze([{ n: 1 }]) });
    pubSub.broadcast("topic", { list: [{ n: 1 }] });
    await someTurns();
    assert.equal(received.length, 2);
    for (const { list } of received) {
      assert.throws(() => list.push({ n: 2 }), TypeError);
      assert.throws(() => Object.assign(list[0] as object, { n: 2 }), TypeError);
    }
  });

  it("is refused if it is not JSON, with an error that names the topic", async () => {
    for (const message of [1n, { a: [() => {}] }, Number.NaN, { at: new Date() }]) {
      const { channel, errors } = await joinedChannel(recording([]));
      channel.event("2", "do", message);
      liveError("LIVE_ERR_PAYLOAD", 'message for the topic "topic" is not JSON at ')(errors[0]);
    }
  });
});

describe("a message", () => {
  it("causes one pushed diff together with all waiting messages", async () => {
    const { outbox, pubSub, channel } = await joinedChannel(counterLive);
    channel.subscribe("topic");
    for (let i = 0; i < 5; i++) pubSub.broadcast("topic", "inc");
    assert.deepEqual(outbox.sent, []);
    await someTurns();
    assert.deepEqual(outbox.sent, [["1", null, "lv:1", "diff", { diff: { "0.1.0": 5 } }]]);
  });

  it("pushes nothing if it changes nothing", async () => {
    const { outbox, channel } = await joinedChannel(counterLive);
    channel.send("something else");
    await someTurns();
    assert.deepEqual(outbox.sent, []);
  });

  it("is delivered once for each subscription until that ends", async () => {
    const { outbox, pubSub, channel } = await joinedChannel(counterLive);
    const unsubscribe = channel.subscribe("topic");
    channel.subscribe("topic");
    pubSub.broadcast("topic", "inc");
    unsubscribe();
    pubSub.broadcast("topic", "inc");
    await someTurns();
    assert.deepEqual(outbox.sent[0]?.[4], { diff: { "0.1.0": 3 } });
  });
});

describe("a delayed message", () => {
  it("counts as a waiting message, so that their number is limited", async () => {
    const { channel, outbox } = await joinedChannel(emptyLive, { maxMailbox: 2 });
    for (let i = 0; i < 2; i++) channel.send("later", { after: 60_000 });
    assert.deepEqual(outbox.overflows, []);
    channel.send("later", { after: 60_000 });
    assert.deepEqual(outbox.overflows, ["messages wait for a view"]);
    channel.end();
  });
});

describe("the signal of a task", () => {
  it("aborts when a newer task of its key starts or the view ends", async () => {
    const signals: AbortSignal[] = [];
    const view = handlingLive(({ socket, payload }) =>
      socket.startAsync(payload as string, (signal) => {
        signals.push(signal);
        return new Promise(() => {});
      }),
    );
    const { channel, errors } = await joinedChannel(view);
    for (const key of ["a", "b", "a"]) channel.event("2", "do", key);
    const aborted = () => signals.map((signal) => signal.aborted);
    assert.deepEqual(aborted(), [true, false, false]);
    channel.end();
    assert.deepEqual(aborted(), [true, true, true]);
    await someTurns();
    assert.deepEqual(errors, []);
  });
});

describe("temporary assigns", () => {
  it("are reset after each render, while the page still shows their values", async () => {
    const seen: unknown[] = [];
    const view = handlingLive(
      ({ socket, payload }) => {
        seen.push(socket.assigns.shown);
        socket.assign(payload as object);
      },
      {
        mount: () => ({ temporaryAssigns: { shown: "" } }),
        render: ({ shown, count }: { shown: string; count?: number }) =>
          html`<p>${shown}</p>${count}`,
      },
    );
    const { channel, outbox } = await joinedChannel(view);
    channel.event("2", "do", { shown: "hi" });
    channel.event("3", "do", { count: 1 });
    channel.event("4", "do", { shown: "there" });
    assert.deepEqual(seen, ["", "", ""]);
    assert.deepEqual(
      outbox.sent.map((sent) => replyOf(sent).response.diff),
      [{ "0.1.0": "hi" }, { "0.1.1": 1 }, { "0.1.0": "there" }],
    );
  });
});

describe("a crash", () => {
  const crashes: [name: string, crash: () => unknown][] = [
    [
      "within the call",
      () => {
        throw new Error("the secret");
      },
    ],
    ["later", () => Promise.reject(new Error("the secret"))],
  ];
  for (const [name, crash] of crashes) {
    it(`${name} ends the view and notifies the browser without the reason`, async () => {
      const { channel, outbox, errors, ended } = await joinedChannel(handlingLive(crash));
      channel.event("2", "do", {});
      await outbox.until(() => outbox.sent.length > 0);
      assert.deepEqual(outbox.sent, [["1", "1", "lv:1", "phx_error", {}]]);
      assert.equal((errors[0] as Error).message, "the secret");
      assert.deepEqual(ended, [channel]);
    });
  }

  it("also ends the view in render, in an afterRender hook and for an unknown event", async () => {
    const attach = onMount("a", ({ socket }) => {
      socket.attachHook("a", "afterRender", ({ changed }) => {
        if (changed.has("shown")) throw new Error("afterRender");
      });
      return cont();
    });
    const view = handlingLive(({ socket }) => socket.assign({ shown: () => {} }));
    const rendering = await joinedChannel(view);
    rendering.channel.event("2", "do", {});
    liveError("LIVE_ERR_TEMPLATE", "at the child, after `<p>`")(rendering.errors[0]);
    const hooked = await joinedChannel(
      handlingLive(({ socket }) => socket.assign({ shown: 1 })),
      { options: { onMount: attach } },
    );
    hooked.channel.event("2", "do", {});
    assert.equal((hooked.errors[0] as Error).message, "afterRender");
    const unknown = await joinedChannel(emptyLive);
    unknown.channel.event("2", "nobody", {});
    liveError("LIVE_ERR_UNKNOWN_EVENT", "EmptyLive")(unknown.errors[0]);
    for (const { outbox } of [rendering, hooked, unknown]) {
      assert.equal(eventsOf(outbox.sent), '[["phx_error","1"]]');
    }
  });

  it("ends subscriptions, tasks and waiting messages", async () => {
    const handled: unknown[] = [];
    const slow = gate();
    const view = handlingLive(
      ({ socket }) => {
        socket.subscribe("topic");
        socket.startAsync("load", () => slow.opened);
        socket.send("message");
        throw new Error("no");
      },
      {
        handleInfo: ({ message }: Handled) => void handled.push(message),
        handleAsync: () => void handled.push("outcome"),
      },
    );
    const { channel, outbox, pubSub, ended } = await joinedChannel(view);
    channel.event("2", "do", {});
    pubSub.broadcast("topic", "broadcast");
    channel.event("3", "do", {});
    channel.patch("4", "http://localhost/view");
    slow.open();
    await someTurns();
    await someTurns();
    assert.deepEqual(handled, []);
    assert.equal(eventsOf(outbox.sent), '[["phx_error","1"]]');
    assert.equal(ended.length, 1);
  });
});

describe("an ended view", () => {
  it("ignores messages, events and tasks", async () => {
    const { channel, outbox, ended, errors } = await joinedChannel(counterLive);
    channel.end();
    channel.end();
    channel.event("2", "inc", {});
    channel.patch("3", "http://localhost/view");
    channel.send("inc");
    await someTurns();
    assert.deepEqual([outbox.sent, errors, ended.length], [[], [], 1]);
  });

  it("sends nothing for a handler that is still running, and runs no more callbacks", async () => {
    const { opened, open } = gate();
    const calls: string[] = [];
    const view = handlingLive(
      async ({ socket }) => {
        await opened;
        socket.assign({ shown: "late" });
        socket.pushPatch("/view?late");
      },
      { handleParams: ({ params }: Handled) => void calls.push(Object.keys(params).join()) },
    );
    const { channel, outbox } = await joinedChannel(view);
    calls.length = 0;
    channel.event("2", "do", {});
    channel.end();
    open();
    await someTurns();
    await someTurns();
    assert.deepEqual([outbox.sent, calls], [[], []]);
  });

  it("notifies the browser when it is closed", async () => {
    const { channel, outbox, ended } = await joinedChannel(counterLive);
    channel.close();
    assert.equal(eventsOf(outbox.sent), '[["phx_close","1"]]');
    assert.equal(ended.length, 1);
  });
});

describe("a navigation to another page", () => {
  it("in an event is part of the reply, with the pushed events, and ends the view", async () => {
    const view = handlingLive(({ socket }) => {
      socket.pushEvent("bye", { at: 1 });
      socket.pushNavigate("/a");
      socket.putFlash("info", "moved");
      return reply({ ok: true });
    });
    const { channel, outbox, ended } = await joinedChannel(view);
    channel.event("2", "do", {});
    assert.deepEqual(replyOf(outbox.sent[0] as Message).response, {
      events: [["bye", { at: 1 }]],
      reply: { ok: true },
      live_redirect: { to: "/a", kind: "push", flash: 'signed:{"info":"moved"}' },
    });
    assert.ok(channel.awaitsBrowser);
    channel.leave("leave");
    await someTurns();
    assert.deepEqual(ended, [channel]);
  });

  it("in a message is pushed after the pushed events", async () => {
    const view = handlingLive(() => {}, {
      handleInfo({ socket }: Handled) {
        socket.pushEvent("bye");
        socket.redirect({ external: "https://example.com/" });
      },
    });
    const { channel, outbox, ended } = await joinedChannel(view);
    channel.send("go");
    await someTurns();
    assert.deepEqual(
      outbox.sent.map(([, , , event, payload]) => [event, payload]),
      [
        ["diff", { events: [["bye", {}]] }],
        ["redirect", { to: "https://example.com/" }],
      ],
    );
    channel.leave("leave");
    await someTurns();
    assert.equal(ended.length, 1);
  });

  it("is sent after the replies to earlier events", async () => {
    const { opened, open } = gate();
    const view = handlingLive(async ({ payload, socket }) => {
      if (payload === 0) await opened;
      if (payload === 2) socket.redirect("/a");
    });
    const { channel, outbox } = await joinedChannel(view);
    for (let i = 0; i < 4; i++) channel.event(`r${i}`, "do", i);
    open();
    await outbox.until(() => outbox.sent.length === 3);
    await someTurns();
    assert.deepEqual(
      outbox.sent.map((sent) => [replyOf(sent).ref, replyOf(sent).response]),
      [
        ["r0", {}],
        ["r1", {}],
        ["r2", { redirect: { to: "/a" } }],
      ],
    );
  });
});

describe("a slow reader", () => {
  it("causes no renders, and receives one diff when the connection drains", async () => {
    let renders = 0;
    const view = handlingLive(({ socket, payload }) => socket.assign({ shown: payload }), {
      render({ shown }: { shown?: unknown }) {
        renders++;
        return html`<p>${shown}</p>`;
      },
    });
    const { channel, outbox } = await joinedChannel(view);
    outbox.writable = false;
    renders = 0;
    for (let i = 1; i <= 5; i++) channel.event(`r${i}`, "do", i);
    assert.deepEqual([renders, outbox.sent, outbox.waiting], [0, [], 1]);
    outbox.drain();
    await outbox.until(() => outbox.sent.length === 5);
    assert.equal(renders, 1);
    assert.deepEqual(
      outbox.sent.map((sent) => replyOf(sent).response),
      [{ diff: { "0.1.0": 5 } }, {}, {}, {}, {}],
    );
  });

  it("also receives a pushed diff", async () => {
    const { channel, outbox } = await joinedChannel(counterLive);
    outbox.writable = false;
    for (let i = 0; i < 3; i++) {
      channel.send("inc");
      await someTurns();
    }
    assert.equal(outbox.sent.length, 0);
    outbox.drain();
    await someTurns();
    assert.deepEqual(
      outbox.sent.map(([, , , event, payload]) => [event, payload]),
      [["diff", { diff: { "0.1.0": 3 } }]],
    );
  });

  it("is disconnected if too many replies wait", async () => {
    const { channel, outbox } = await joinedChannel(counterLive, { maxMailbox: 3 });
    outbox.writable = false;
    for (let i = 0; i < 4; i++) channel.event(`r${i}`, "inc", {});
    assert.deepEqual(outbox.overflows, ["replies wait for a slow reader"]);
  });

  it("is disconnected if too many pushed events wait", async () => {
    const view = handlingLive(() => {}, {
      handleInfo: ({ socket }: Handled) => socket.pushEvent("tick"),
    });
    const { channel, outbox } = await joinedChannel(view, { maxMailbox: 3 });
    outbox.writable = false;
    for (let i = 0; i < 4; i++) {
      channel.send(i);
      await someTurns();
    }
    assert.deepEqual(outbox.overflows, ["events wait for a slow reader"]);
  });

  it("does not keep a view from ending if the connection never drains", async () => {
    const { channel, outbox } = await joinedChannel(counterLive);
    outbox.writable = false;
    channel.event("2", "inc", {});
    channel.end();
    outbox.drain();
    await someTurns();
    assert.deepEqual(outbox.sent, []);
  });
});

describe("a mailbox that overflows", () => {
  it("ends the connection", async () => {
    const { opened, open } = gate();
    const view = handlingLive(() => opened);
    const { channel, outbox } = await joinedChannel(view, { maxMailbox: 3 });
    for (let i = 0; i < 5; i++) channel.event(`r${i}`, "do", {});
    assert.deepEqual(outbox.overflows, ["messages wait for a view"]);
    open();
    await outbox.until(() => outbox.sent.length === 4);
  });

  it("ends a view that sends itself messages forever", async () => {
    const outbox = new FakeOutbox();
    const view = handlingLive(() => {}, {
      handleInfo({ socket }: { socket: Socket }) {
        socket.send("a");
        socket.send("b");
      },
    });
    const { channel } = await joinedChannel(view, { maxMailbox: 8, outbox });
    channel.send("a");
    await outbox.until(() => outbox.overflows.length > 0);
    channel.end();
  });
});

describe("an afterRender hook", () => {
  it("runs after each render with changes, and its assigns are shown by the next render", async () => {
    const changes: string[][] = [];
    const attach = onMount("a", ({ socket }) => {
      socket.attachHook("a", "afterRender", ({ changed }) => {
        changes.push([...changed]);
        return cont(changed.has("shown") ? { renders: changes.length } : {});
      });
      return cont();
    });
    const view = handlingLive(({ socket, payload }) => socket.assign({ shown: payload }), {
      render: ({ shown, renders }: { shown?: unknown; renders?: number }) =>
        html`${shown} ${renders}`,
    });
    const { channel, outbox } = await joinedChannel(view, { options: { onMount: attach } });
    channel.event("2", "do", 1);
    channel.event("3", "do", 2);
    assert.deepEqual(changes.slice(1), [["shown"], ["renders", "shown"]]);
    assert.deepEqual(
      outbox.sent.map((sent) => replyOf(sent).response.diff),
      [{ "0.1.0": 1 }, { "0.1.0": 2, "0.1.1": 2 }],
    );
  });

  it("may push events and set the title, which are sent with the render", async () => {
    const attach = onMount("a", ({ socket }) => {
      socket.attachHook("a", "afterRender", () => {
        socket.pushEvent("rendered");
        socket.pageTitle = `Render ${++renders}`;
      });
      return cont();
    });
    let renders = 0;
    const view = handlingLive(
      ({ socket, payload }) => {
        socket.assign({ shown: payload });
        socket.pushEvent("handled");
      },
      { handleInfo: ({ socket, message }: Handled) => socket.assign({ shown: message }) },
    );
    const { channel, outbox, reply } = await joinedChannel(view, { options: { onMount: attach } });
    assert.deepEqual([reply.title, reply.events], ["Render 1", [["rendered", {}]]]);
    channel.event("2", "do", "a");
    const events = [
      ["handled", {}],
      ["rendered", {}],
    ];
    assert.deepEqual(replyOf(outbox.sent[0] as Message).response, {
      diff: { "0.1.0": "a" },
      title: "Render 2",
      events,
    });
    channel.send("b");
    await outbox.until(() => outbox.sent.length === 2);
    const update = { diff: { "0.1.0": "b" }, title: "Render 3", events: [["rendered", {}]] };
    assert.deepEqual(outbox.sent[1]?.slice(3), ["diff", update]);
    await someTurns();
    assert.equal(outbox.sent.length, 2);
  });

  it("may put a flash message, which is shown immediately, but causes only one more render", async () => {
    const attach = onMount("a", ({ socket }) => {
      socket.attachHook("a", "afterRender", () => socket.putFlash("info", `Render ${++renders}`));
      return cont();
    });
    let renders = 0;
    const view = handlingLive(({ socket, payload }) => socket.assign({ shown: payload }));
    const { channel, outbox, reply } = await joinedChannel(view, { options: { onMount: attach } });
    assert.deepEqual(reply.flash, {});
    await outbox.until(() => outbox.sent.length === 1);
    const shown = (op: "add" | "replace", value: string) => ({
      provided: [{ op, path: "/flash/info", value }],
    });
    assert.deepEqual(outbox.sent[0]?.slice(3), ["diff", shown("add", "Render 1")]);
    await someTurns();
    assert.deepEqual([renders, outbox.sent.length], [2, 1]);
    channel.event("2", "do", "a");
    assert.deepEqual(replyOf(outbox.sent[1] as Message).response, {
      diff: { "0.1.0": "a" },
      ...shown("replace", "Render 2"),
    });
    await someTurns();
    assert.deepEqual(outbox.sent[2]?.slice(3), ["diff", shown("replace", "Render 3")]);
  });

  for (const [how, patch] of [
    ["sync", (socket: Socket) => socket.pushPatch("/other")],
    ["async", async (socket: Socket) => socket.pushPatch("/other")],
  ] as const) {
    it(`ends the view if it patches after every render (${how})`, async () => {
      const attach = onMount("a", ({ socket }) => {
        socket.attachHook("quiet", "afterRender", () => {});
        socket.attachHook("eager", "afterRender", () => patch(socket));
        return cont();
      });
      const { outbox, errors } = await joinedChannel(emptyLive, { options: { onMount: attach } });
      await outbox.until(() => outbox.sent.at(-1)?.[3] === "phx_error");
      const message =
        'the hook "eager" on afterRender of EmptyLive patched after 20 renders in a row';
      liveError("LIVE_ERR_PATCH", message)(errors[0]);
      assert.equal(errors.length, 1);
    });
  }

  it("may patch after any number of renders if not all of them cause a patch", async () => {
    const attach = onMount("a", ({ socket }) => {
      socket.attachHook("a", "afterRender", ({ changed }) => {
        if (changed.has("shown")) socket.pushPatch("/other");
      });
      return cont();
    });
    const view = handlingLive(({ socket, payload }) => socket.assign({ shown: payload }));
    const { channel, outbox, errors } = await joinedChannel(view, { options: { onMount: attach } });
    for (let i = 0; i < 50; i++) {
      channel.event(`${i}`, "do", i);
      while (!channel.isIdle) await someTurns();
    }
    assert.equal(outbox.sent.filter(([, , , event]) => event === "live_patch").length, 50);
    assert.deepEqual(errors, []);
  });

  it("may navigate away or patch the view", async () => {
    const attach = onMount("a", ({ socket }) => {
      socket.attachHook("a", "afterRender", ({ changed }) => {
        if (changed.has("patched")) socket.pushPatch("/other");
        if (changed.has("left")) socket.pushNavigate("/view");
      });
      return cont();
    });
    const view = handlingLive(
      ({ socket, payload }) => socket.assign({ [payload as string]: true }),
      {
        render: ({ liveAction }: { liveAction?: string | null }) => html`${liveAction}`,
      },
    );
    const { channel, outbox, ended } = await joinedChannel(view, { options: { onMount: attach } });
    channel.event("2", "do", "patched");
    await someTurns();
    assert.deepEqual(
      outbox.sent.splice(0).map(([, ref, , event, payload]) => [ref, event, payload]),
      [
        ["2", "phx_reply", { status: "ok", response: {} }],
        [null, "live_patch", { to: "/other", kind: "push" }],
        [null, "diff", { diff: { "0.1.0": "other" } }],
      ],
    );
    channel.event("3", "do", "left");
    assert.deepEqual(outbox.sent.at(-1)?.slice(3), [
      "live_redirect",
      { to: "/view", kind: "push" },
    ]);
    channel.leave("leave");
    await someTurns();
    assert.equal(ended.length, 1);
  });
});
