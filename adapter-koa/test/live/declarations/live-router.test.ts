import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { html } from "lit";
import { LiveRouter } from "../../../src/live/declarations/live-router.js";
import type { LiveView } from "../../../src/live/socket/socket.js";
import { liveError } from "../../support/live-error.js";
import { counterLive, emptyLive } from "../../support/views/counter-live.js";

describe("a live router", () => {
  it("refuses a second live session of the same name", () => {
    const router = new LiveRouter();
    router.liveSession("admin");
    assert.throws(
      () => router.liveSession("admin"),
      liveError("LIVE_ERR_SESSION_NAME", 'the live session "admin" is declared twice'),
    );
  });

  it("refuses the name of the implicit group", () => {
    assert.throws(
      () => new LiveRouter().liveSession("default"),
      liveError("LIVE_ERR_SESSION_NAME", '"default" is reserved', "Expected: another name"),
    );
  });

  it("adds routes outside of a live session to one implicit group without hooks", () => {
    const router = new LiveRouter().live("/a", emptyLive).live("/b", counterLive, "show");
    const a = router.match("/a")?.route.liveSession;
    assert.equal(a?.name, "default");
    assert.deepEqual(a?.onMount, []);
    assert.equal(router.match("/b")?.route.liveSession, a);
    assert.equal(router.match("/b")?.route.liveAction, "show");
  });

  it("keeps its layout", () => {
    const layout = () => html`<p></p>`;
    assert.equal(new LiveRouter({ layout }).layout, layout);
    assert.equal(new LiveRouter().layout, undefined);
  });

  it("refuses a layout that is not a function", () => {
    assert.throws(
      () => new LiveRouter({ layout: "app" as never }),
      liveError("LIVE_ERR_LAYOUT", "layout", "LiveRouter"),
    );
  });

  for (const view of [
    undefined,
    null,
    {},
    "CounterLive",
    () => html``,
    { name: "X", definition: {} },
  ]) {
    it(`refuses ${JSON.stringify(view) ?? "a function"} as a view`, () => {
      assert.throws(
        () => new LiveRouter().liveSession("admin").live("/a", view as LiveView),
        liveError(
          "LIVE_ERR_ROUTE",
          'view of the route /a in "admin" is invalid',
          "Expected: a result of liveView",
        ),
      );
    });
  }

  it("refuses an unknown option", () => {
    assert.throws(
      () => new LiveRouter({ layuot: () => html`` } as object),
      liveError("LIVE_ERR_OPTION", 'option "layuot"', "Expected: layout"),
    );
  });

  it("refuses a live action that is not a string", () => {
    assert.throws(
      () => new LiveRouter().live("/a", emptyLive, 5 as never),
      liveError("LIVE_ERR_ROUTE", "live action of the route /a is invalid", "Got: 5"),
    );
  });
});
