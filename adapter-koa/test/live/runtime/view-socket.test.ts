import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  disconnectedHost,
  type SocketHost,
  type ViewSocket,
} from "../../../src/live/runtime/view-socket.js";
import type { AsyncOutcome } from "../../../src/live/socket/async-result.js";
import { AsyncResult } from "../../../src/live/socket/async-result.js";
import { noFlash } from "../../../src/live/socket/flash.js";
import type { Socket } from "../../../src/live/socket/socket.js";
import { liveError } from "../../support/live-error.js";
import { assignsOf, socketOf } from "../../support/mount-view.js";
import { emptyLive } from "../../support/views/counter-live.js";

type AnySocket = Socket<Record<string, unknown>>;
const newSocket = (setup?: Parameters<typeof socketOf>[1]) =>
  socketOf(emptyLive, setup) as AnySocket;
const changedOf = (socket: AnySocket) => [...(socket as unknown as ViewSocket).changed];
const connected = { connectParams: {} };

/** Creates a host that records the calls. */
function fakeHost() {
  const asked: unknown[] = [];
  const done = new Map<string, (outcome: AsyncOutcome) => void>();
  const host: SocketHost = {
    subscribe(topic) {
      asked.push(`subscribe ${topic}`);
      return () => asked.push(`unsubscribe ${topic}`);
    },
    broadcast: (topic, message) => asked.push(`broadcast ${topic} ${message}`),
    send: (message) => asked.push(`send ${message}`),
    startTask(key, _run, end) {
      asked.push(`start ${key}`);
      if (end) done.set(key, end);
    },
    waiting: 0,
    changed: () => {},
    createNested: disconnectedHost.createNested,
  };
  return { host, asked, done };
}

describe("socket.assign", () => {
  it("creates a new object and records the changed keys", () => {
    const socket = newSocket();
    const before = socket.assigns;
    socket.assign({ a: 1, b: undefined });
    assert.notEqual(socket.assigns, before);
    assert.ok(!("a" in before));
    assert.equal(socket.assigns.a, 1);
    assert.deepEqual(changedOf(socket), ["a", "b"]);
  });

  it("ignores identical values, including NaN, and records a changed sign of zero", () => {
    const socket = newSocket();
    const list: number[] = [];
    socket.assign({ list, nan: Number.NaN, zero: 0, none: undefined });
    (socket as unknown as ViewSocket).endRender();
    const before = socket.assigns;
    socket.assign({ list, nan: Number.NaN, zero: 0, none: undefined });
    assert.equal(socket.assigns, before);
    assert.deepEqual(changedOf(socket), []);
    socket.assign({ list: [], zero: -0 });
    assert.deepEqual(changedOf(socket), ["list", "zero"]);
  });

  it("does not confuse names of Object.prototype with assigns", () => {
    const socket = newSocket();
    socket.assign({ toString: undefined, constructor: 1 });
    assert.deepEqual(changedOf(socket), ["toString", "constructor"]);
  });

  const reserved = "flash liveAction csrfToken content socket uploads streams myself".split(" ");
  for (const name of reserved) {
    it(`refuses the reserved name ${name}`, () => {
      assert.throws(
        () => newSocket().assign({ [name]: 1 }),
        liveError(
          "LIVE_ERR_RESERVED_ASSIGN",
          `the assign "${name}" is reserved`,
          "a name other than",
        ),
      );
    });
  }
});

describe("socket.assignNew", () => {
  it("assigns the result of the function, sync or async", async () => {
    const socket = newSocket();
    assert.equal(await socket.assignNew("a", () => 1), 1);
    assert.equal(await socket.assignNew("b", async () => 2), 2);
    assert.deepEqual([socket.assigns.a, socket.assigns.b], [1, 2]);
  });

  it("keeps an assigned value, including undefined and null", async () => {
    const socket = newSocket();
    socket.assign({ a: undefined, b: null });
    assert.equal(await socket.assignNew("a", () => assert.fail()), undefined);
    assert.equal(await socket.assignNew("b", () => assert.fail()), null);
  });

  it("uses the request's value of that name while mounting", async () => {
    const shared = { currentUser: null, other: 1 };
    const socket = newSocket({ shared });
    assert.equal(await socket.assignNew("currentUser", () => assert.fail()), null);
    assert.equal(await socket.assignNew("toString", () => "made"), "made");
    (socket as unknown as ViewSocket).mounted();
    assert.equal(await socket.assignNew("other", () => "made"), "made");
  });

  it("rejects with the error of the function", async () => {
    await assert.rejects(
      newSocket().assignNew("a", () => Promise.reject(new Error("no database"))),
      /no database/,
    );
  });
});

describe("socket flash", () => {
  it("puts, replaces and clears messages, and records each change", () => {
    const socket = newSocket();
    socket.putFlash("info", "a");
    socket.putFlash("info", "b");
    socket.putFlash("error", "c");
    assert.deepEqual(socket.assigns.flash, { info: "b", error: "c" });
    assert.deepEqual(changedOf(socket), ["flash"]);
    socket.clearFlash("info");
    assert.deepEqual(socket.assigns.flash, { error: "c" });
    socket.clearFlash();
    assert.deepEqual(socket.assigns.flash, {});
  });

  it("does not change when a missing message is cleared", () => {
    const socket = newSocket({ flash: noFlash });
    socket.clearFlash("info");
    socket.clearFlash();
    assert.deepEqual(changedOf(socket), []);
  });
});

describe("socket.pageTitle", () => {
  it("is a string or undefined", () => {
    const socket = newSocket();
    assert.equal(socket.pageTitle, undefined);
    socket.pageTitle = "Home";
    assert.equal(socket.pageTitle, "Home");
    assert.throws(
      () => {
        socket.pageTitle = 5 as never;
      },
      liveError("LIVE_ERR_PAYLOAD", "pageTitle is invalid"),
    );
  });
});

describe("socket.provide", () => {
  it("collects each name once", () => {
    const socket = newSocket();
    socket.provide("a", "b");
    socket.provide("b", "c");
    assert.deepEqual((socket as unknown as ViewSocket).provided, ["a", "b", "c"]);
  });

  for (const key of ["flash", 5, undefined]) {
    it(`refuses ${JSON.stringify(key)}`, () => {
      assert.throws(
        () => newSocket().provide(key as string),
        liveError("LIVE_ERR_PROVIDE", "name of an assign in provide is invalid"),
      );
    });
  }
});

describe("socket.pushEvent", () => {
  it("stores events in order if connected, and none otherwise", () => {
    const socket = newSocket(connected);
    socket.pushEvent("a", { id: 1 });
    socket.pushEvent("b");
    assert.deepEqual((socket as unknown as ViewSocket).events, [
      ["a", { id: 1 }],
      ["b", {}],
    ]);
    const disconnected = newSocket();
    disconnected.pushEvent("a");
    assert.deepEqual((disconnected as unknown as ViewSocket).events, []);
  });

  it("refuses a payload that is not JSON on both mounts", () => {
    for (const setup of [{}, connected]) {
      assert.throws(
        () => newSocket(setup).pushEvent("a", { at: new Date() }),
        liveError("LIVE_ERR_PAYLOAD", 'payload of pushEvent("a") is not JSON at at'),
      );
    }
  });

  it("refuses a missing name", () => {
    assert.throws(
      () => newSocket().pushEvent(""),
      liveError("LIVE_ERR_PAYLOAD", "event name passed to pushEvent is invalid"),
    );
  });
});

describe("socket navigation", () => {
  const types = { redirect: "redirect", pushNavigate: "navigate", pushPatch: "patch" } as const;
  const ways = ["redirect", "pushNavigate", "pushPatch"] as const;
  for (const first of ways) {
    for (const second of ways) {
      it(`refuses ${second} after ${first}`, () => {
        const socket = newSocket();
        (socket as unknown as ViewSocket).mounted();
        socket[first]("/a");
        assert.throws(
          () => socket[second]("/b"),
          liveError("LIVE_ERR_NAVIGATION", `socket already navigates with ${types[first]}`),
        );
      });
    }
  }

  it("carries a flash message that is put after it", () => {
    const socket = newSocket();
    socket.pushNavigate("/a");
    socket.putFlash("info", "saved");
    assert.deepEqual(socket.assigns.flash, { info: "saved" });
  });
});

describe("a socket", () => {
  it("has the id, view, action and URL of its page", () => {
    const socket = newSocket({ liveAction: "show", ...connected });
    assert.equal(socket.id, "live-1");
    assert.equal(socket.view, emptyLive);
    assert.equal(socket.liveAction, "show");
    assert.equal(socket.connected, true);
    assert.equal(socket.url, "http://localhost/view");
    assert.equal(newSocket().connected, false);
  });

  it("passes subscriptions, messages and tasks to its host", () => {
    const { host, asked } = fakeHost();
    const socket = newSocket({ host, ...connected });
    const unsubscribe = socket.subscribe("topic");
    socket.send("hi");
    socket.startAsync("load", () => 1);
    socket.broadcast("topic", "hello");
    unsubscribe();
    assert.deepEqual(
      asked.join(),
      "subscribe topic,send hi,start load,broadcast topic hello,unsubscribe topic",
    );
  });

  it("sends no messages and starts no tasks on the disconnected mount", () => {
    const socket = newSocket({ host: disconnectedHost });
    socket.subscribe("topic")();
    socket.broadcast("topic", "hello");
    socket.send("hi");
    socket.startAsync("load", () => assert.fail("the task ran"));
    socket.assignAsync("user", () => assert.fail("the task ran"));
    assert.equal((socket.assigns.user as AsyncResult).loading, true);
  });
});

describe("socket.assignAsync", () => {
  const resultOf = (socket: AnySocket) => ({ ...(socket.assigns.user as AsyncResult) });

  it("is loading at first, and keeps the value while a newer one loads", () => {
    const { host, done } = fakeHost();
    const socket = newSocket({ host, ...connected });
    socket.assignAsync("user", () => "Ada");
    assert.deepEqual(resultOf(socket), {
      loading: true,
      ok: false,
      result: undefined,
      failed: undefined,
    });
    done.get("assign:user")?.({ ok: true, value: "Ada" });
    assert.deepEqual(resultOf(socket), {
      loading: false,
      ok: true,
      result: "Ada",
      failed: undefined,
    });
    socket.assignAsync("user", () => "Eve");
    assert.deepEqual(resultOf(socket), {
      loading: true,
      ok: true,
      result: "Ada",
      failed: undefined,
    });
  });

  it("keeps the last value after an error", () => {
    const { host, done } = fakeHost();
    const socket = newSocket({ host, ...connected });
    socket.assign({ user: new AsyncResult({ ok: true, result: "Ada" }) });
    socket.assignAsync("user", () => "Eve");
    done.get("assign:user")?.({ ok: false, error: "offline" });
    assert.deepEqual(resultOf(socket), {
      loading: false,
      ok: true,
      result: "Ada",
      failed: "offline",
    });
  });

  it("replaces a value that the view has assigned in the meantime", () => {
    const { host, done } = fakeHost();
    const socket = newSocket({ host, ...connected });
    socket.assignAsync("user", () => "Ada");
    socket.assign({ user: null });
    done.get("assign:user")?.({ ok: true, value: "Ada" });
    assert.equal((assignsOf(socket as Socket).user as AsyncResult).result, "Ada");
  });
});
