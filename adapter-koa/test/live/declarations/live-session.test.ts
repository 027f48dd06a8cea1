import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { html } from "lit";
import { extraSessionOf, toLiveSession } from "../../../src/live/declarations/live-session.js";
import { onMount } from "../../../src/live/declarations/on-mount.js";
import { cont } from "../../../src/live/socket/outcome.js";
import { liveError } from "../../support/live-error.js";

const hook = onMount("hook", () => cont());
const layout = () => html`<p></p>`;

describe("a live session", () => {
  it("keeps its options, and has defaults for the others", () => {
    const bare = toLiveSession("bare");
    assert.deepEqual(bare, {
      name: "bare",
      onMount: [],
      layout: undefined,
      rootLayout: undefined,
      session: {},
      use: [],
      adopt: false,
      connect: true,
    });
    const use = () => undefined;
    const full = toLiveSession("full", {
      onMount: [hook],
      layout,
      rootLayout: false,
      session: { a: 1 },
      use,
      adopt: true,
    });
    assert.equal(full.adopt, true);
    assert.deepEqual(full.onMount, [hook]);
    assert.equal(full.layout, layout);
    assert.equal(full.rootLayout, false);
    assert.deepEqual(full.session, { a: 1 });
    assert.deepEqual(full.use, [use]);
  });

  it("converts a single hook to a list", () => {
    assert.deepEqual(toLiveSession("one", { onMount: hook }).onMount, [hook]);
  });

  it("does not change when the options object changes later", () => {
    const hooks = [hook];
    const liveSession = toLiveSession("kept", { onMount: hooks });
    hooks.push(hook);
    assert.equal(liveSession.onMount.length, 1);
  });

  it("names an unknown option and all valid options in the error", () => {
    assert.throws(
      () => toLiveSession("admin", { onmount: [] }),
      liveError(
        "LIVE_ERR_SESSION_OPTION",
        'option "onmount" of the live session "admin" is unknown',
        "Expected: onMount, layout, rootLayout, session, use",
      ),
    );
  });

  for (const options of [null, [], "onMount", 1, () => {}]) {
    it(`refuses ${JSON.stringify(options) ?? "a function"} as options`, () => {
      assert.throws(
        () => toLiveSession("admin", options),
        liveError("LIVE_ERR_SESSION_OPTION", '"admin"', "Expected: an object", "Got: "),
      );
    });
  }

  for (const name of ["", undefined, null, 5, Symbol("name"), {}]) {
    it(`refuses ${String(JSON.stringify(name))} as a name`, () => {
      assert.throws(
        () => toLiveSession(name as string),
        liveError("LIVE_ERR_SESSION_NAME", "live session name is invalid", "Got: "),
      );
    });
  }

  for (const bad of ["hook", null, { id: "x" }, [hook, "x"], [[hook]], [undefined], () => cont()]) {
    it(`refuses ${JSON.stringify(bad) ?? "a bare function"} as onMount`, () => {
      assert.throws(
        () => toLiveSession("admin", { onMount: bad }),
        liveError(
          "LIVE_ERR_ON_MOUNT",
          'onMount hook of the live session "admin" is invalid',
          "Expected: ",
          "Got: ",
        ),
      );
    });
  }

  for (const option of ["layout", "rootLayout"]) {
    for (const bad of [true, null, "app", {}, 0]) {
      it(`refuses ${JSON.stringify(bad)} as ${option}`, () => {
        assert.throws(
          () => toLiveSession("admin", { [option]: bad }),
          liveError(
            "LIVE_ERR_LAYOUT",
            `${option} of the live session "admin" is invalid`,
            "or false",
          ),
        );
      });
    }
  }

  for (const bad of [null, "data", 1, []]) {
    it(`refuses ${JSON.stringify(bad)} as session`, () => {
      assert.throws(
        () => toLiveSession("admin", { session: bad }),
        liveError(
          "LIVE_ERR_SESSION_OPTION",
          'option "session" of the live session "admin" is invalid',
        ),
      );
    });
  }

  for (const bad of [null, "middleware", [() => {}, 1]]) {
    it(`refuses ${JSON.stringify(bad)} as use`, () => {
      assert.throws(
        () => toLiveSession("admin", { use: bad }),
        liveError("LIVE_ERR_SESSION_OPTION", 'option "use" of the live session "admin" is invalid'),
      );
    });
  }

  it("adopts no views of plain pages", () => {
    const { adopt, connect } = toLiveSession("plain", { adopt: true, connect: false });
    assert.deepEqual([adopt, connect], [false, false]);
  });

  it("refuses an adopt that is not a boolean", () => {
    assert.throws(
      () => toLiveSession("admin", { adopt: "yes" }),
      liveError("LIVE_ERR_SESSION_OPTION", 'option "adopt" of the live session "admin" is invalid'),
    );
  });
});

describe("extra session data", () => {
  const ctx = { state: { tenant: "acme" } };
  const extra = (session: unknown) =>
    extraSessionOf(toLiveSession("admin", { session }), ctx as never);

  it("is empty without the option", async () => {
    assert.deepEqual(await extraSessionOf(toLiveSession("bare"), ctx as never), {});
  });

  it("is the given object", async () => {
    assert.deepEqual(await extra({ role: "admin", nested: [1, { a: null }] }), {
      role: "admin",
      nested: [1, { a: null }],
    });
  });

  it("is the result of a function of the request's context, sync or async", async () => {
    const read = (given: typeof ctx) => ({ tenant: given.state.tenant });
    assert.deepEqual(await extra(read), { tenant: "acme" });
    assert.deepEqual(await extra(async (given: typeof ctx) => read(given)), { tenant: "acme" });
  });

  it("is refused with keys that are not strings", async () => {
    await assert.rejects(
      extra({ [Symbol("key")]: 1 }),
      liveError("LIVE_ERR_SESSION_DATA", '"admin"', "string keys"),
    );
  });

  for (const bad of [undefined, null, [], 5]) {
    it(`is refused when a function returns ${JSON.stringify(bad)}`, async () => {
      await assert.rejects(
        extra(() => bad),
        liveError("LIVE_ERR_SESSION_DATA", '"admin"'),
      );
    });
  }

  it("is refused if it is not JSON, with the path in the error", async () => {
    await assert.rejects(
      extra({ user: { born: new Date(0) } }),
      liveError("LIVE_ERR_SESSION_DATA", "at user.born (an object of class Date)"),
    );
  });

  it("does not appear in the error message", async () => {
    await assert.rejects(
      extra(() => "a-secret-token"),
      (error: Error) => !error.message.includes("a-secret-token"),
    );
  });
});
