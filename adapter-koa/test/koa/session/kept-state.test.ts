import assert from "node:assert/strict";
import { afterEach, describe, it, mock } from "node:test";
import { type KeptPlace, openKept, sealKept } from "../../../src/koa/session/kept-state.js";
import { Sealer } from "../../../src/koa/session/sealer.js";
import { toKeep } from "../../../src/live/declarations/keep.js";
import { liveError } from "../../support/live-error.js";

const sealer = new Sealer(["a secret that only these tests know, 1"]);
const values = { view: { step: 2 }, session: { filter: "new" } };
const none = { view: {}, session: {} };
const place: KeptPlace = {
  view: "WizardLive",
  liveSession: "default",
  topic: "lv:1",
  visitor: "Ada",
  keep: toKeep(["step"], "WizardLive"),
};

const reopen = (change: Partial<KeptPlace> = {}, isNavigation = false, from = place) =>
  openKept(sealer, sealKept(sealer, values, from).sealed, { ...place, ...change }, isNavigation);

describe("kept assigns that a browser returns", () => {
  afterEach(() => mock.timers.reset());

  it("are accepted from the page that got them", () => {
    assert.deepEqual(reopen(), values);
  });

  it("are refused from another visitor and in another live session", () => {
    assert.equal(reopen({ visitor: "Grace" }), undefined);
    assert.equal(reopen({ liveSession: "admin" }), undefined);
  });

  it("are only those of the hooks after a navigation and in another view", () => {
    const ofHooks = { ...none, session: values.session };
    assert.deepEqual(reopen({}, true), ofHooks);
    assert.deepEqual(reopen({ view: "OtherLive" }), ofHooks);
  });

  it("are refused on another page, except those of a view that survive a reload", () => {
    assert.deepEqual(reopen({ topic: "lv:2" }), none);
    const keep = toKeep({ assigns: ["step"], reload: true }, "WizardLive");
    assert.deepEqual(reopen({ topic: "lv:2", keep }), { ...none, view: values.view });
    assert.equal(sealKept(sealer, values, { ...place, keep }).reload, true);
    assert.equal("reload" in sealKept(sealer, values, place), false);
  });

  it("are only those of hooks with reload on another page and after a navigation", () => {
    const reloaded = { reloadedView: { tab: 2 }, reloadedSession: { theme: "dark" } };
    const { sealed, reload } = sealKept(sealer, { ...values, ...reloaded }, place);
    assert.equal(reload, true);
    const open = (change: Partial<KeptPlace>, isNavigation = false) =>
      openKept(sealer, sealed, { ...place, ...change }, isNavigation);
    const { reloadedSession } = reloaded;
    assert.deepEqual(open({}), { ...values, ...reloaded });
    assert.deepEqual(open({ topic: "lv:2" }), { ...none, ...reloaded });
    assert.deepEqual(open({ topic: "lv:2" }, true), { ...none, reloadedSession });
    assert.deepEqual(open({ topic: "lv:2", view: "OtherLive" }), { ...none, reloadedSession });
    assert.equal(open({ topic: "lv:2", visitor: "Grace" }), undefined);
    assert.equal(open({ topic: "lv:2", liveSession: "admin" }), undefined);
    mock.timers.enable({ apis: ["Date"], now: Date.now() + 60 * 60_000 + 1 });
    assert.deepEqual(open({ topic: "lv:2" }), none);
  });

  it("are refused when they are too old", () => {
    mock.timers.enable({ apis: ["Date"], now: Date.now() });
    const { sealed } = sealKept(sealer, values, place);
    const keep = toKeep({ assigns: ["step"], maxAge: 10 * 60_000 }, "WizardLive");
    mock.timers.tick(10 * 60_000 + 1);
    assert.deepEqual(openKept(sealer, sealed, place, false), values);
    assert.deepEqual(openKept(sealer, sealed, { ...place, keep }, false)?.view, {});
    mock.timers.tick(50 * 60_000);
    assert.deepEqual(openKept(sealer, sealed, place, false), none);
  });

  it("are refused if they are forged, malformed or too long", () => {
    const { sealed } = sealKept(sealer, values, place);
    for (const wrong of [undefined, null, 1, {}, "", sealed.slice(1), "A".repeat(20_000)]) {
      assert.equal(openKept(sealer, wrong, place, false), undefined);
    }
    assert.equal(openKept(sealer, sealer.seal({ step: 2 }), place, false), undefined);
  });

  it("name the largest assign if they are too large", () => {
    const large = { view: { step: 1, draft: "x".repeat(20_000) }, session: {} };
    assert.throws(
      () => sealKept(sealer, large, place),
      liveError("LIVE_ERR_KEEP", "the kept assigns of WizardLive are too large", '"draft"'),
    );
  });
});
