import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Message } from "@live-session/components/protocol";
import { nav } from "../../src/hooks/nav.js";
import { joinedChannel, replyOf } from "../support/fake-outbox.js";
import { assignsOf, mountView } from "../support/mount-view.js";
import { emptyLive } from "../support/views/counter-live.js";

describe("nav", () => {
  it("assigns the item of the page's view and live action, on the disconnected mount too", async () => {
    const hook = nav(({ view, liveAction }) => `${view.name} ${liveAction}`);
    const socket = await mountView(emptyLive, { options: { onMount: hook }, liveAction: "show" });
    assert.equal(assignsOf(socket).activeNav, "EmptyLive show");
  });

  it("provides the item, and updates it after a patch", async () => {
    const hook = nav(({ liveAction, url }) => `${liveAction} ${new URL(url).pathname}`);
    const { channel, outbox, reply } = await joinedChannel(emptyLive, {
      options: { onMount: hook },
    });
    assert.deepEqual(reply.provided, { activeNav: "show /view" });
    channel.patch("2", "http://localhost/other");
    assert.deepEqual(replyOf(outbox.sent[0] as Message).response, {
      provided: [{ op: "replace", path: "/activeNav", value: "other /other" }],
    });
  });

  it("provides null if the page has no item", async () => {
    const { reply } = await joinedChannel(emptyLive, { options: { onMount: nav(() => null) } });
    assert.deepEqual(reply.provided, { activeNav: null });
  });
});
