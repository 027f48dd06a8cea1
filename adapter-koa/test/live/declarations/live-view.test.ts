import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { html } from "lit";
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
  it("accepts an on-mount hook or a list of hooks", () => {
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

  for (const option of ["handleEvents", "onmount", "onUnmount"]) {
    it(`refuses the unknown option ${option}`, () => {
      assert.throws(
        () => badLive({ [option]: {} }),
        liveError(
          "LIVE_ERR_VIEW",
          "option of the live view BadLive is unknown",
          `Got: "${option}"`,
        ),
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

  it("keeps the list of provided assigns", () => {
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

  for (const callback of ["mount", "handleParams", "handleInfo", "render"]) {
    it(`refuses a ${callback} that is not a function`, () => {
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

  it("refuses a handleEvent that is not an object", () => {
    assert.throws(
      () => badLive({ handleEvent: () => {} }),
      liveError("LIVE_ERR_VIEW", "handleEvent of the live view BadLive is invalid"),
    );
  });

  it("names the view in the errors for an invalid on-mount hook and an invalid layout", () => {
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
  it("accepts only results of liveView", () => {
    assert.ok(isLiveView(counterLive));
    for (const other of [undefined, null, {}, "CounterLive", { name: "A" }, render]) {
      assert.ok(!isLiveView(other));
    }
  });
});
