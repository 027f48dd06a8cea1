import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { html } from "lit";
import { liveView } from "../../../src/live/declarations/live-view.js";
import { onMount } from "../../../src/live/declarations/on-mount.js";
import { cont } from "../../../src/live/socket/outcome.js";
import { joinedChannel } from "../../support/fake-outbox.js";
import { liveError } from "../../support/live-error.js";
import { mountView } from "../../support/mount-view.js";
import { handlingLive } from "../../support/views/handling-live.js";

const view = liveView("ProvidingLive", {
  types: {} as { own: { own: number; more?: number } },
  provide: ["own"],
  mount({ socket }) {
    socket.assign({ own: 1, more: 2 });
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

  it("is refused on both mounts if it contains a name that is not the name of an assign", async () => {
    for (const connectParams of [null, {}]) {
      const hook = onMount("hook", ({ socket }) => {
        socket.provide("nmaes");
        return cont({ names: [] });
      });
      await assert.rejects(
        mountView(view, { options: { onMount: hook }, connectParams }),
        liveError(
          "LIVE_ERR_PROVIDE",
          "ProvidingLive provides an assign that is not set",
          "Expected: one of names, own, more;",
          'Got: "nmaes"',
        ),
      );
    }
  });

  it("is refused when a later callback adds such a name", async () => {
    const adding = handlingLive(({ socket }) => socket.provide("nmaes"));
    const { channel, errors } = await joinedChannel(adding);
    channel.event("2", "do", {});
    liveError("LIVE_ERR_PROVIDE", 'Got: "nmaes"')(errors[0]);
  });

  it("may contain an assign without a value", async () => {
    const hook = onMount("hook", () => cont({ later: undefined }, { provide: ["later"] }));
    const { provided } = await mountView(view, { options: { onMount: hook } });
    assert.ok(provided.includes("later"));
  });

  it("is refused if a hook returns a name that is not allowed", async () => {
    const hook = onMount("hook", () => cont({ shown: 1 }, { provide: ["flash"] as never }));
    await assert.rejects(
      mountView(view, { options: { onMount: hook } }),
      liveError("LIVE_ERR_PROVIDE", "name of an assign in provide is invalid", 'Got: "flash"'),
    );
  });
});
