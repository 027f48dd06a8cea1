import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { onMount } from "../../../src/live/declarations/on-mount.js";
import { redirect } from "../../../src/live/socket/navigation.js";
import { cont, halt, reply } from "../../../src/live/socket/outcome.js";
import { type Stage, stages } from "../../../src/live/socket/stage.js";
import { liveError } from "../../support/live-error.js";
import { assignsOf, socketOf } from "../../support/mount-view.js";
import { mountTraced, runStage } from "../../support/run-stage.js";
import { emptyLive, traced, tracedHalt } from "../../support/views/counter-live.js";

const haltable = stages.filter((stage) => stage !== "afterRender");

describe("attachHook", () => {
  for (const stage of [
    "mount",
    "info",
    "call",
    "cast",
    "handle_event",
    "",
    null,
    undefined,
    "constructor",
  ]) {
    for (const caller of ["attachHook", "detachHook"] as const) {
      it(`is refused for the stage ${stage} by ${caller}`, () => {
        assert.throws(
          () => socketOf(emptyLive)[caller]("a", stage as Stage, () => cont()),
          liveError(
            "LIVE_ERR_HOOK_STAGE",
            `lifecycle stage passed to ${caller} is invalid`,
            "handleParams | handleEvent | handleInfo | handleAsync | afterRender",
            "Got: ",
          ),
        );
      });
    }
  }

  it("refuses an id that is attached to the same stage, and accepts it for another stage", () => {
    const socket = socketOf(emptyLive);
    socket.attachHook("a", "handleEvent", () => cont());
    socket.attachHook("a", "handleInfo", () => cont());
    assert.throws(
      () => socket.attachHook("a", "handleEvent", () => cont()),
      liveError("LIVE_ERR_HOOK_ID", 'the hook "a" is already attached on handleEvent'),
    );
  });

  for (const id of ["", undefined, 5, Symbol("id")]) {
    it(`refuses ${String(JSON.stringify(id))} as an id`, () => {
      assert.throws(
        () => socketOf(emptyLive).attachHook(id as string, "handleEvent", () => cont()),
        liveError("LIVE_ERR_HOOK_ID", "id of a hook on handleEvent is invalid"),
      );
    });
  }

  for (const callback of [undefined, null, "run", {}, cont()]) {
    it(`refuses ${JSON.stringify(callback)} as a callback`, () => {
      assert.throws(
        () => socketOf(emptyLive).attachHook("a", "handleEvent", callback as never),
        liveError("LIVE_ERR_HOOK_FUNCTION", 'the hook "a" on handleEvent has no callback', "Got: "),
      );
    });
  }

  it("lists the on-mount hooks first in socket.lifecycle", () => {
    const socket = socketOf(emptyLive, { options: { onMount: onMount("m", () => cont()) } });
    socket.attachHook("b", "handleInfo", () => cont());
    socket.attachHook("a", "handleEvent", () => cont());
    assert.deepEqual(socket.lifecycle, [
      { id: "m", stage: "mount" },
      { id: "a", stage: "handleEvent" },
      { id: "b", stage: "handleInfo" },
    ]);
  });
});

describe("detachHook", () => {
  it("removes the hook of an id and a stage, and keeps the order of the others", async () => {
    const { socket, trace } = await mountTraced();
    for (const id of ["a", "b", "c"]) socket.attachHook(id, "handleEvent", traced(trace, id));
    socket.attachHook("b", "handleInfo", traced(trace, "b on info"));
    socket.detachHook("b", "handleEvent");
    await runStage.handleEvent(socket);
    await runStage.handleInfo(socket);
    assert.deepEqual(trace, ["a", "c", "handleEvent", "b on info", "handleInfo"]);
  });

  it("does nothing for an unknown id", () => {
    socketOf(emptyLive).detachHook("nobody", "handleEvent");
  });

  it("allows the id to be attached again", () => {
    const socket = socketOf(emptyLive);
    socket.attachHook("a", "handleEvent", () => cont());
    socket.detachHook("a", "handleEvent");
    socket.attachHook("a", "handleEvent", () => cont());
    assert.equal(socket.lifecycle.length, 1);
  });
});

for (const stage of stages) {
  describe(`hooks on ${stage}`, () => {
    const callback = stage === "afterRender" ? [] : [stage];

    it("run in the order of their attachment, before the view's callback", async () => {
      const { socket, trace } = await mountTraced();
      for (const id of ["a", "b", "c"]) socket.attachHook(id, stage, traced(trace, id));
      await runStage[stage](socket);
      assert.deepEqual(trace, ["a", "b", "c", ...callback]);
    });

    it("are awaited", async () => {
      const { socket, trace } = await mountTraced();
      socket.attachHook("slow", stage, async () => {
        await new Promise((resolve) => setImmediate(resolve));
        trace.push("slow");
        return cont();
      });
      socket.attachHook("fast", stage, traced(trace, "fast"));
      await runStage[stage](socket);
      assert.deepEqual(trace, ["slow", "fast", ...callback]);
    });

    it("read assigns of earlier hooks", async () => {
      const { socket } = await mountTraced();
      socket.attachHook("a", stage, () => cont({ seen: "a" }));
      socket.attachHook("b", stage, ({ socket: { assigns } }) => {
        assert.equal((assigns as { seen?: string }).seen, "a");
        return cont({ seen: "b" });
      });
      await runStage[stage](socket);
      assert.equal(assignsOf(socket).seen, "b");
    });

    it("may detach themselves and others, which takes effect at the next run", async () => {
      const { socket, trace } = await mountTraced();
      socket.attachHook("once", stage, () => {
        trace.push("once");
        socket.detachHook("once", stage);
        socket.detachHook("other", stage);
        socket.attachHook("new", stage, traced(trace, "new"));
        return cont();
      });
      socket.attachHook("other", stage, traced(trace, "other"));
      await runStage[stage](socket);
      assert.deepEqual(trace, ["once", "other", ...callback]);
      trace.length = 0;
      await runStage[stage](socket);
      assert.deepEqual(trace, ["new", ...callback]);
    });

    it("reject with the error that they throw", async () => {
      const { socket } = await mountTraced();
      socket.attachHook("bad", stage, () => {
        throw new Error("thrown by a hook");
      });
      await assert.rejects(async () => runStage[stage](socket), /thrown by a hook/);
    });

    const wrong = [
      null,
      true,
      "halt",
      {},
      reply({}),
      halt(redirect("/")),
      cont({}, { layout: false }),
    ];
    if (stage !== "handleEvent") wrong.push(halt(reply({ a: 1 })));
    if (stage === "afterRender") wrong.push(halt());
    else wrong.push(undefined as never);
    for (const result of wrong) {
      it(`cannot return ${result?.constructor.name} ${JSON.stringify(result)}`, async () => {
        const { socket } = await mountTraced();
        socket.attachHook("bad", stage, () => result as never);
        await assert.rejects(
          async () => runStage[stage](socket),
          liveError(
            "LIVE_ERR_HOOK_RETURN",
            `result of the hook "bad" on ${stage} is invalid`,
            "Expected: ",
            "cont({ assigns })",
            "Got: ",
          ),
        );
      });
    }
  });
}

for (const stage of haltable) {
  describe(`halting on ${stage}`, () => {
    it("skips the later hooks and the view's callback", async () => {
      const { socket, trace } = await mountTraced();
      socket.attachHook("a", stage, traced(trace, "a"));
      socket.attachHook("b", stage, tracedHalt(trace, "b"));
      socket.attachHook("c", stage, traced(trace, "c"));
      await runStage[stage](socket);
      assert.deepEqual(trace, ["a", "b"]);
    });

    it("works from an async hook", async () => {
      const { socket, trace } = await mountTraced();
      socket.attachHook("a", stage, async () => halt());
      await runStage[stage](socket);
      assert.deepEqual(trace, []);
    });
  });
}

describe("reply", () => {
  for (const value of [null, undefined, 5, "text", []]) {
    it(`refuses ${JSON.stringify(value)}`, () => {
      assert.throws(
        () => reply(value as never),
        liveError("LIVE_ERR_CALLBACK_RETURN", "value passed to reply is invalid"),
      );
    });
  }
});
