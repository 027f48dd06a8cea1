import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { onMount } from "../../../src/live/declarations/on-mount.js";
import { mount } from "../../../src/live/runtime/lifecycle.js";
import { navigate, redirect } from "../../../src/live/socket/navigation.js";
import { cont, halt } from "../../../src/live/socket/outcome.js";

import { liveError } from "../../support/live-error.js";
import { assignsOf, type MountSetup, mountView, socketOf } from "../../support/mount-view.js";
import { traced, tracedLive } from "../../support/views/counter-live.js";

const mounts: [name: string, setup: MountSetup][] = [
  ["disconnected", {}],
  ["connected", { connectParams: { a: 1 } }],
];

/** Mounts a traced view with a hook that has the given callback. */
async function mountBehind(run: (context: never) => unknown, setup: MountSetup = {}) {
  const trace: string[] = [];
  const hooks = [
    onMount("tested", run as () => ReturnType<typeof cont>),
    onMount("later", traced(trace, "later")),
  ];
  const socket = socketOf(tracedLive(trace), { options: { onMount: hooks }, ...setup });
  await mount(socket, { params: { q: "1" }, session: { user: "u" } });
  return { socket, trace };
}

describe("onMount", () => {
  it("declares a hook", () => {
    const run = () => cont();
    const hook = onMount("tested", run);
    assert.equal(hook.id, "tested");
    assert.equal(hook.run, run);
    assert.ok(Object.isFrozen(hook));
  });

  it("lets a factory pass any argument to the callback", async () => {
    const argument = { any: ["value", null] };
    let seen: unknown;
    const factory = (given: unknown) => () => {
      seen = given;
      return cont();
    };
    await mountBehind(factory(argument));
    assert.equal(seen, argument);
  });

  const run = () => cont();
  const bad: [id: unknown, run: unknown][] = [
    ["", run],
    [undefined, run],
    [5, run],
    ["x", undefined],
    ["x", "run"],
  ];
  for (const [id, callback] of bad) {
    it(`refuses ${JSON.stringify(id)} with ${typeof callback} as a hook`, () => {
      assert.throws(
        () => onMount(id as string, callback as typeof run),
        liveError("LIVE_ERR_ON_MOUNT", "id or callback passed to onMount is invalid", "Got: "),
      );
    });
  }
});

for (const [name, setup] of mounts) {
  describe(`on-mount hooks of the ${name} mount`, () => {
    it("run in declared order, first those of the live session, then those of the view, then mount and handleParams", async () => {
      const trace: string[] = [];
      const traceHook = (id: string) => onMount(id, traced(trace, id));
      const view = tracedLive(trace);
      const withHooks = { ...view, onMount: [traceHook("view 1"), traceHook("view 2")] };
      const options = { onMount: [traceHook("group 1"), traceHook("group 2")] };
      const socket = await mountView(withHooks, { options, ...setup });
      assert.deepEqual(trace, ["group 1", "group 2", "view 1", "view 2", "mount", "handleParams"]);
      assert.deepEqual(
        socket.lifecycle.map(({ id }) => id),
        ["group 1", "group 2", "view 1", "view 2"],
      );
    });

    it("receive params, session, view, live action and flash", async () => {
      let seen: unknown;
      await mountBehind(
        ({ params, session, socket }) => {
          const { view, liveAction, connected, assigns } = socket as ReturnType<typeof socketOf>;
          seen = { params, session, view: view.name, liveAction, connected, flash: assigns.flash };
          return cont();
        },
        { ...setup, liveAction: "show", flash: { info: "hi" } },
      );
      assert.deepEqual(seen, {
        params: { q: "1" },
        session: { user: "u" },
        view: "TracedLive",
        liveAction: "show",
        connected: name === "connected",
        flash: { info: "hi" },
      });
    });

    it("are awaited before the next hook runs", async () => {
      const { socket, trace } = await mountBehind(async () => {
        await new Promise((resolve) => setImmediate(resolve));
        return cont({ late: true });
      }, setup);
      assert.deepEqual(trace, ["later", "mount", "handleParams"]);
      assert.equal(assignsOf(socket).late, true);
    });

    it("read assigns of earlier hooks, and replace them", async () => {
      const seen: unknown[] = [];
      const hook = (id: string) =>
        onMount(id, ({ socket }) => {
          seen.push((socket.assigns as { last?: string }).last);
          return cont({ last: id });
        });
      const socket = await mountView(tracedLive([]), {
        options: { onMount: [hook("a"), hook("b")] },
        ...setup,
      });
      assert.deepEqual(seen, [undefined, "a"]);
      assert.equal(assignsOf(socket).last, "b");
    });

    for (const destination of [redirect("/a?called=true"), navigate("/a?called=true")]) {
      it(`halt with ${destination.type}: no later hook, mount or handleParams runs`, async () => {
        const { socket, trace } = await mountBehind(() => halt(destination), setup);
        assert.deepEqual(trace, []);
        assert.deepEqual(socket.navigation, destination);
      });
    }

    it("halt with a navigation that the socket has requested before", async () => {
      const { socket, trace } = await mountBehind(
        ({ socket }: { socket: typeof socketOf.prototype }) => {
          socket.redirect("/a");
          return halt();
        },
        setup,
      );
      assert.deepEqual(trace, []);
      assert.equal(socket.navigation?.to, "/a");
    });

    it("cannot halt without a destination", async () => {
      await assert.rejects(
        mountBehind(() => halt(), setup),
        liveError(
          "LIVE_ERR_HALT",
          'the hook "tested" on mount of TracedLive halts without a destination',
          "Expected: halt(redirect(to)) or halt(navigate(to))",
        ),
      );
    });

    it("cannot navigate without halting", async () => {
      await assert.rejects(
        mountBehind(({ socket }: { socket: typeof socketOf.prototype }) => {
          socket.pushNavigate("/a");
          return cont();
        }, setup),
        liveError("LIVE_ERR_HALT", "navigates without halting", "Expected: halt("),
      );
    });

    for (const wrong of [undefined, null, true, "cont", {}, [cont()], redirect("/a")]) {
      it(`cannot return ${JSON.stringify(wrong)}`, async () => {
        await assert.rejects(
          mountBehind(() => wrong, setup),
          liveError(
            "LIVE_ERR_HOOK_RETURN",
            'result of the hook "tested" on mount of TracedLive is invalid',
            "Expected: one of cont() | cont({ assigns }) | halt(redirect(to)) | halt(navigate(to))",
            "Got: ",
          ),
        );
      });
    }

    it("cannot patch", async () => {
      await assert.rejects(
        mountBehind(({ socket }: { socket: typeof socketOf.prototype }) => {
          socket.pushPatch("/a");
          return cont();
        }, setup),
        liveError(
          "LIVE_ERR_PATCH",
          "TracedLive requested a patch while mounting",
          "pushNavigate or redirect",
        ),
      );
    });

    it("cannot navigate twice", async () => {
      await assert.rejects(
        mountBehind(({ socket }: { socket: typeof socketOf.prototype }) => {
          socket.redirect("/a");
          return halt(redirect("/b"));
        }, setup),
        liveError("LIVE_ERR_NAVIGATION", "socket already navigates with redirect"),
      );
    });

    it("reject the mount with the error that they throw", async () => {
      const error = Object.assign(new Error("no"), { status: 403 });
      await assert.rejects(
        mountBehind(() => {
          throw error;
        }, setup),
        error,
      );
      await assert.rejects(
        mountBehind(() => Promise.reject(error), setup),
        error,
      );
    });
  });
}

describe("the options of a mount", () => {
  const layout = (name: string) =>
    Object.assign(() => assert.fail("not rendered"), { label: name });

  it("may come from cont, and the last layout is used", async () => {
    const [one, two] = [layout("one"), layout("two")];
    const options = {
      onMount: [
        onMount("a", () => cont({}, { layout: one })),
        onMount("b", () => cont({}, { layout: two })),
      ],
    };
    assert.equal((await mountView(tracedLive([]), { options })).layout, two);
  });

  it("accumulate temporary assigns, which are set only if nothing is assigned", async () => {
    const options = {
      onMount: [
        onMount("a", () =>
          cont({ kept: "assigned" }, { temporaryAssigns: { kept: "reset", one: 1 } }),
        ),
        onMount("b", () => cont({}, { temporaryAssigns: { two: 2 } })),
      ],
    };
    const socket = await mountView(tracedLive([]), { options });
    const { kept, one, two } = assignsOf(socket);
    assert.deepEqual([kept, one, two], ["assigned", 1, 2]);
    socket.endRender();
    assert.deepEqual([assignsOf(socket).kept, assignsOf(socket).one], ["reset", 1]);
  });

  it("name an unknown option and all valid options in the error", async () => {
    const options = { onMount: onMount("a", () => cont({}, { temporary_assigns: {} } as never)) };
    await assert.rejects(
      mountView(tracedLive([]), { options }),
      liveError(
        "LIVE_ERR_CALLBACK_RETURN",
        'option returned from the hook "a" is unknown',
        "Expected: layout, temporaryAssigns",
        'Got: "temporary_assigns"',
      ),
    );
  });

  it("accept only a function or false as layout", async () => {
    const options = { onMount: onMount("a", () => cont({}, { layout: "app" } as never)) };
    await assert.rejects(
      mountView(tracedLive([]), { options }),
      liveError("LIVE_ERR_LAYOUT", 'the hook "a"', 'Got: "app"'),
    );
  });

  it("refuse reserved names of temporary assigns", async () => {
    const options = { onMount: onMount("a", () => cont({}, { temporaryAssigns: { flash: {} } })) };
    await assert.rejects(
      mountView(tracedLive([]), { options }),
      liveError("LIVE_ERR_RESERVED_ASSIGN", '"flash"'),
    );
  });
});
