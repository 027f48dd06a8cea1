import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { html } from "lit";
import { liveView } from "../../../src/live/declarations/live-view.js";
import { onMount } from "../../../src/live/declarations/on-mount.js";
import { cont } from "../../../src/live/socket/outcome.js";

import { liveError } from "../../support/live-error.js";
import { mountView } from "../../support/mount-view.js";

const view = liveView("ProvidingLive", {
  types: {} as { own: { own: number; more?: number } },
  provide: ["own"],
  mount({ socket }) {
    socket.assign({ own: 1 });
    socket.provide("more");
  },
  render: () => html`<p></p>`,
});

describe("the list of provided assigns", () => {
  it("contains those of the hooks, then of the view, then of mount", async () => {
    const hook = onMount("hook", () => cont({ shown: 1, kept: 2 }, { provide: ["shown"] }));
    const socket = await mountView(view, { options: { onMount: [hook] } });
    assert.deepEqual(socket.provided, ["shown", "own", "more"]);
  });

  it("is refused if a hook returns a name that is not allowed", async () => {
    const hook = onMount("hook", () => cont({ shown: 1 }, { provide: ["flash"] as never }));
    await assert.rejects(
      mountView(view, { options: { onMount: hook } }),
      liveError("LIVE_ERR_PROVIDE", "name of an assign in provide is invalid", 'Got: "flash"'),
    );
  });
});
