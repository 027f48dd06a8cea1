import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { html } from "lit";
import { argsToRun } from "../../../../scripts/test-runner/process-script.js";
import { liveEvent } from "../../../src/live/declarations/live-event.js";
import { liveView } from "../../../src/live/declarations/live-view.js";
import { onMount } from "../../../src/live/declarations/on-mount.js";
import {
  afterRender,
  handleAsync,
  handleEvent,
  handleInfo,
  mount,
} from "../../../src/live/runtime/lifecycle.js";
import { cont, halt, Reply, reply } from "../../../src/live/socket/outcome.js";
import type { Socket } from "../../../src/live/socket/socket.js";
import { liveError } from "../../support/live-error.js";
import { assignsOf, mountView, socketOf } from "../../support/mount-view.js";
import { mountTraced, runStage } from "../../support/run-stage.js";
import { badLive } from "../../support/views/bad-live.js";
import { counterLive, emptyLive } from "../../support/views/counter-live.js";

describe("mount", () => {
  it("mounts a view without callbacks", async () => {
    const socket = await mountView(emptyLive, {
      options: { onMount: onMount("a", () => cont({ a: 1 })) },
    });
    assert.equal(assignsOf(socket).a, 1);
  });

  it("passes the same params to mount and handleParams, and the unchanged URL", async () => {
    const seen: unknown[] = [];
    const view = liveView("SeeingLive", {
      mount: ({ params }) => void seen.push(params),
      handleParams: ({ params, url }) => void seen.push(params, url),
      render: () => html`<p></p>`,
    });
    await mountView(view, { search: "?q=a" });
    assert.deepEqual(seen, [{ q: "a" }, { q: "a" }, "http://localhost/view?q=a"]);
    assert.equal(seen[0], seen[1]);
  });

  for (const wrong of [null, true, 5, "ok", []]) {
    it(`refuses ${JSON.stringify(wrong)} from the view's mount`, async () => {
      await assert.rejects(
        mountView(badLive({ mount: () => wrong })),
        liveError("LIVE_ERR_CALLBACK_RETURN", "BadLive.mount", "layout, temporaryAssigns", "Got: "),
      );
    });
  }

  it("prefers the options of the view's mount to those of hooks", async () => {
    const layout = () => html`<main></main>`;
    const view = liveView("OptionsLive", {
      mount: () => ({ layout: false, temporaryAssigns: { a: 2 } }),
      render: () => html`<p></p>`,
    });
    const hook = onMount("a", () => cont({}, { layout, temporaryAssigns: { a: 1, b: 1 } }));
    const socket = await mountView(view, { options: { onMount: hook } });
    assert.equal(socket.layout, false);
    assert.deepEqual(socket.temporary, { a: 2, b: 1 });
  });

  it("does not run handleParams if mount navigates", async () => {
    const trace: string[] = [];
    const view = liveView("LeavingLive", {
      mount: ({ socket }) => socket.pushNavigate("/a"),
      handleParams: () => void trace.push("handleParams"),
      render: () => html`<p></p>`,
    });
    const socket = await mountView(view);
    assert.deepEqual(trace, []);
    assert.equal(socket.takeNavigation()?.to, "/a");
  });

  it("refuses a patch in mount and accepts one in handleParams", async () => {
    const view = badLive({
      mount: ({ socket }: { socket: Socket }) => socket.pushPatch("/view?a"),
    });
    await assert.rejects(
      mountView(view),
      liveError("LIVE_ERR_PATCH", "BadLive requested a patch while mounting"),
    );
    const patching = badLive({
      handleParams: ({ socket }: { socket: Socket }) => socket.pushPatch("/view?a"),
    });
    assert.equal((await mountView(patching)).navigation?.type, "patch");
  });

  it("allows reading connectParams until it ends", async () => {
    const seen: unknown[] = [];
    const view = liveView("ConnectLive", {
      mount: ({ socket }) => void seen.push(socket.connectParams),
      render: () => html`<p></p>`,
    });
    const hook = onMount("a", ({ socket }) => {
      seen.push(socket.connectParams);
      return cont();
    });
    await mountView(view, { options: { onMount: hook } });
    const socket = await mountView(view, {
      options: { onMount: hook },
      connectParams: { zone: "CET" },
    });
    assert.deepEqual(seen, [null, null, { zone: "CET" }, { zone: "CET" }]);
    for (const name of ["connectParams", "staticChanged"] as const) {
      assert.throws(() => socket[name], liveError("LIVE_ERR_MOUNT_ONLY", name, "assign what"));
    }
  });
});

describe("handleEvent", () => {
  it("names the reply in the error for an invalid result, unlike other stages", async () => {
    const { socket } = await mountTraced();
    for (const stage of ["handleEvent", "handleInfo"] as const) {
      socket.attachHook("bad", stage, () => 5 as never);
      await assert.rejects(
        async () => runStage[stage](socket),
        (error: Error) =>
          error.message.includes("halt(reply({ … }))") === (stage === "handleEvent"),
      );
    }
  });

  it("returns the reply with which a hook halted", async () => {
    const { socket, trace } = await mountTraced();
    socket.attachHook("a", "handleEvent", ({ event, payload }) => halt(reply({ event, payload })));
    const answer = await handleEvent(socket, "ask", { q: 1 });
    assert.deepEqual(answer?.value, { event: "ask", payload: { q: 1 } });
    assert.deepEqual(trace, []);
  });

  it("returns the handler's reply, or undefined", async () => {
    const socket = await mountView(counterLive);
    const answer = handleEvent(socket, "inc", {});
    assert.ok(answer instanceof Reply, "a handler without await costs no promise");
    assert.deepEqual(answer.value, { count: 1 });
    assert.equal(handleEvent(socket, "idle", {}), undefined);
  });

  for (const name of ["nope", "", "constructor", "__proto__", "hasOwnProperty"]) {
    it(`throws for ${JSON.stringify(name)}, which the view does not handle`, async () => {
      const socket = await mountView(counterLive);
      await assert.rejects(
        async () => handleEvent(socket, name, {}),
        liveError("LIVE_ERR_UNKNOWN_EVENT", "CounterLive has no handler", "one of inc, idle"),
      );
    });
  }

  for (const wrong of [null, 1, {}, halt(), cont()]) {
    it(`refuses ${JSON.stringify(wrong)} from a handler`, async () => {
      const socket = await mountView(badLive({ handleEvent: { go: () => wrong } }));
      await assert.rejects(
        async () => handleEvent(socket, "go", {}),
        liveError("LIVE_ERR_CALLBACK_RETURN", "result of BadLive.handleEvent.go is invalid"),
      );
    });
  }

  for (const [payload, left] of [
    [{ key: "info" }, { error: "no" }],
    [{ key: "nobody" }, { info: "yes", error: "no" }],
    [{}, {}],
    [null, {}],
  ] as const) {
    it(`clears the flash for lv:clear-flash with ${JSON.stringify(payload)}, without running hooks`, async () => {
      const socket = await mountView(emptyLive, { flash: { info: "yes", error: "no" } });
      socket.attachHook("a", "handleEvent", () => assert.fail("a hook ran"));
      await handleEvent(socket, "lv:clear-flash", payload);
      assert.deepEqual(socket.assigns.flash, left);
    });
  }

  it("passes no unknown event of the client to hooks and handlers", async () => {
    const view = badLive({ handleEvent: { "lv:other": () => assert.fail("a handler ran") } });
    const socket = await mountView(view);
    socket.attachHook("a", "handleEvent", () => assert.fail("a hook ran"));
    assert.equal(await handleEvent(socket, "lv:other", {}), undefined);
  });
});

describe("an event with a schema", () => {
  const schema = (validate: (value: unknown) => unknown) => ({
    "~standard": { version: 1 as const, vendor: "test", validate: validate as never },
  });
  const handling = (validate: (value: unknown) => unknown, seen: unknown[]) =>
    badLive({
      handleEvent: {
        save: liveEvent(schema(validate), ({ payload }) => void seen.push(payload)),
      },
    });

  it("passes the validated payload to the handler, even from an async schema", async () => {
    for (const validate of [() => ({ value: { age: 5 } }), async () => ({ value: { age: 5 } })]) {
      const seen: unknown[] = [];
      const socket = await mountView(handling(validate, seen));
      assert.equal(await handleEvent(socket, "save", { age: "5" }), undefined);
      assert.deepEqual(seen, [{ age: 5 }]);
    }
  });

  it("replies with messages by field if the payload is refused, and does not call the handler", async () => {
    const seen: unknown[] = [];
    const issues = [
      { message: "is required", path: ["user", { key: "email" }] },
      { message: "is too short", path: ["user", "email"] },
      { message: "is no object" },
    ];
    const socket = await mountView(handling(() => ({ issues }), seen));
    const answer = await handleEvent(socket, "save", { user: { email: { x: 1 } } });
    assert.deepEqual(answer?.value, {
      issues: { "user.email": ["is required", "is too short"], "": ["is no object"] },
    });
    assert.deepEqual(seen, []);
  });
});

describe("handleInfo", () => {
  it("logs a message without a handler, without its contents", async () => {
    const { stderr } = await promisify(execFile)(
      process.execPath,
      argsToRun("adapter-koa/test/support/processes/unhandled-message.ts"),
      { env: { ...process.env, NODE_DEBUG: "live:info" } },
    );
    assert.match(
      stderr,
      /^LIVE:INFO \d+: EmptyLive has no handleInfo for a message that no hook halted\n$/,
    );
  });

  it("ignores a message that neither a hook nor the view handles", async () => {
    await handleInfo(await mountView(emptyLive), "message");
  });
});

describe("handleAsync", () => {
  it("passes the outcome to the hooks and then to the view", async () => {
    const seen: unknown[] = [];
    const view = badLive({ handleAsync: ({ key, result }: never) => void seen.push(key, result) });
    const socket = await mountView(view);
    socket.attachHook("a", "handleAsync", ({ key }) => {
      seen.push(`hook ${key}`);
      return cont();
    });
    await handleAsync(socket, "load", { ok: false, error: "no" });
    assert.deepEqual(seen, ["hook load", "load", { ok: false, error: "no" }]);
  });

  it("throws an error that neither a hook nor the view handles, and ignores such a value", async () => {
    const socket = await mountView(emptyLive);
    await handleAsync(socket, "load", { ok: true, value: 1 });
    const error = new Error("failed");
    await assert.rejects(async () => handleAsync(socket, "load", { ok: false, error }), error);
    socket.attachHook("a", "handleAsync", () => halt());
    await handleAsync(socket, "load", { ok: false, error });
  });
});

describe("afterRender", () => {
  it("receives the names of the assigns that were rendered", async () => {
    const socket = await mountView(counterLive);
    let seen: ReadonlySet<string> | undefined;
    socket.attachHook("a", "afterRender", ({ changed }) => {
      seen = changed;
    });
    await afterRender(socket, new Set(["count"]));
    assert.ok(seen?.has("count"));
  });
});

for (const callback of ["connected", "handleParams", "handleInfo", "handleAsync"] as const) {
  describe(`the view's ${callback}`, () => {
    it("may be async", async () => {
      const seen: string[] = [];
      const view = badLive({
        [callback]: async () => {
          await new Promise((resolve) => setImmediate(resolve));
          seen.push(callback);
        },
      });
      const socket = await mountView(view);
      seen.length = 0;
      await runStage[callback](socket);
      assert.deepEqual(seen, [callback]);
    });

    for (const wrong of [null, cont(), halt(), reply({}), {}]) {
      it(`cannot return ${wrong?.constructor.name ?? wrong}`, async () => {
        const socket = socketOf(badLive({ [callback]: () => wrong }));
        await assert.rejects(
          async () => runStage[callback](socket),
          liveError(
            "LIVE_ERR_CALLBACK_RETURN",
            `result of BadLive.${callback} is invalid`,
            "Expected: undefined",
          ),
        );
      });
    }
  });
}

describe("a second mount", () => {
  it("starts without the hooks of the first mount", async () => {
    const attach = onMount("a", ({ socket }) => {
      socket.attachHook("a", "handleEvent", () => cont());
      return cont();
    });
    for (let i = 0; i < 2; i++) {
      const socket = socketOf(emptyLive, { options: { onMount: attach } });
      await mount(socket, { params: {}, session: {} });
      assert.equal(socket.lifecycle.length, 2);
    }
  });
});
