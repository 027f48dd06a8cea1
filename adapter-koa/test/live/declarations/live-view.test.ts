import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { html } from "lit";
import { liveEvent } from "../../../src/live/declarations/live-event.js";
import {
  type DeclaredView,
  isLiveView,
  liveView,
} from "../../../src/live/declarations/live-view.js";
import { onMount } from "../../../src/live/declarations/on-mount.js";
import { cont } from "../../../src/live/socket/outcome.js";
import { liveError } from "../../support/live-error.js";
import { badLive } from "../../support/views/bad-live.js";
import { counterLive } from "../../support/views/counter-live.js";

const render = () => html`<p></p>`;

describe("liveView", () => {
  it("takes one on-mount hook or a list", () => {
    const hook = onMount("a", () => cont());
    assert.deepEqual(liveView("A", { render, onMount: hook }).onMount, [hook]);
    assert.deepEqual(liveView("A", { render, onMount: [hook, hook] }).onMount, [hook, hook]);
    assert.deepEqual(liveView("A", { render }).onMount, []);
  });

  for (const name of ["", undefined, 5]) {
    it(`refuses ${JSON.stringify(name)} as a name`, () => {
      assert.throws(
        () => liveView(name as string, { render }),
        liveError("LIVE_ERR_VIEW", "name of a live view is invalid", "Got: "),
      );
    });
  }

  for (const definition of [undefined, null, "render"]) {
    it(`refuses ${JSON.stringify(definition)} as a definition`, () => {
      assert.throws(
        () => liveView("BadLive", definition as never),
        liveError("LIVE_ERR_VIEW", "BadLive"),
      );
    });
  }

  it("refuses a definition without render", () => {
    assert.throws(
      () => badLive({ render: undefined }),
      liveError(
        "LIVE_ERR_VIEW",
        "render of the live view BadLive is invalid",
        "Expected: a function",
      ),
    );
  });

  it("declares the same view in two calls", () => {
    const view = liveView("A", { types: {} as { own: { a: number } }, provide: ["a"], render });
    assert.deepEqual([view.name, (view as DeclaredView).definition.provide], ["A", ["a"]]);
    assert.throws(
      () => liveView("", { render }),
      liveError("LIVE_ERR_VIEW", "name of a live view is invalid"),
    );
  });

  for (const provide of ["a", ["flash"], [5], [undefined]]) {
    it(`refuses to provide ${JSON.stringify(provide)}`, () => {
      assert.throws(
        () => badLive({ provide }),
        liveError(
          "LIVE_ERR_PROVIDE",
          "name of an assign in provide of the live view BadLive is invalid",
        ),
      );
    });
  }

  for (const callback of ["mount", "handleParams", "handleInfo", "handleAsync", "render"]) {
    it(`refuses a ${callback} that is no function`, () => {
      assert.throws(
        () => badLive({ [callback]: { inc: () => {} } }),
        liveError("LIVE_ERR_VIEW", `${callback} of the live view BadLive is invalid`),
      );
    });
  }

  for (const handler of [null, undefined, "inc", {}, { schema: {} }]) {
    it(`refuses ${JSON.stringify(handler)} as an event's handler`, () => {
      assert.throws(
        () => badLive({ handleEvent: { inc: handler } }),
        liveError("LIVE_ERR_VIEW", "handleEvent.inc of the live view BadLive is invalid"),
      );
    });
  }

  it("refuses handlers that are not listed by event", () => {
    assert.throws(
      () => badLive({ handleEvent: () => {} }),
      liveError("LIVE_ERR_VIEW", "handleEvent of the live view BadLive is invalid"),
    );
  });

  it("refuses a bad on-mount hook and a bad layout, naming the view", () => {
    assert.throws(
      () => badLive({ onMount: "a" }),
      liveError("LIVE_ERR_ON_MOUNT", "onMount hook of BadLive is invalid"),
    );
    assert.throws(
      () => badLive({ layout: true }),
      liveError("LIVE_ERR_LAYOUT", "BadLive", "Got: true"),
    );
  });
});

describe("isLiveView", () => {
  it("tells what liveView returned from everything else", () => {
    assert.ok(isLiveView(counterLive));
    for (const other of [undefined, null, {}, "CounterLive", { name: "A" }, render]) {
      assert.ok(!isLiveView(other));
    }
  });
});

describe("liveEvent", () => {
  const schema = {
    "~standard": { version: 1, vendor: "test", validate: () => ({ value: {} }) },
  } as const;
  const bad: [schema: unknown, handler: unknown][] = [
    [undefined, () => {}],
    [{}, () => {}],
    [{ parse() {} }, () => {}],
    [schema, undefined],
    [schema, "inc"],
  ];
  for (const [given, handler] of bad) {
    it(`refuses ${JSON.stringify(given)} with ${typeof handler} as its handler`, () => {
      assert.throws(
        () => liveEvent(given as typeof schema, handler as () => void),
        liveError(
          "LIVE_ERR_VIEW",
          "schema or handler passed to liveEvent is invalid",
          "Standard Schema",
        ),
      );
    });
  }
});
