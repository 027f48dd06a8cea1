import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Message } from "@live-session/components/protocol";
import { html } from "lit";
import { onMount } from "../../../src/live/declarations/on-mount.js";
import { cont, reply } from "../../../src/live/socket/outcome.js";
import {
  eventsOf,
  FakeOutbox,
  joinedChannel,
  nextTurn,
  openChannel,
  replyOf,
} from "../../support/fake-outbox.js";
import { gate } from "../../support/gate.js";
import { type Handled, handlingLive } from "../../support/views/handling-live.js";

describe("the strings of templates", () => {
  const attaching = (afterRender: (changed: ReadonlySet<string>) => unknown) => ({
    options: {
      onMount: onMount("a", ({ socket }) => {
        socket.attachHook("a", "afterRender", ({ changed }) => afterRender(changed) as undefined);
        return cont();
      }),
    },
  });
  /** Renders another template after an event. */
  const growing = (answer: () => unknown = () => undefined) =>
    handlingLive(
      ({ socket }) => {
        socket.assign({ shown: html`<i>more</i>` });
        return answer();
      },
      { handleInfo: ({ socket }: Handled) => socket.assign({ shown: html`<i>more</i>` }) },
    );
  const stringsOf = (message: Message | undefined) =>
    JSON.stringify(replyOf(message as Message).response.templates ?? null);
  const failing = () => {
    throw new Error("afterRender");
  };

  it("are sent again if an afterRender hook prevented the reply to the join", async () => {
    const outbox = new FakeOutbox();
    const first = openChannel(growing(), { outbox, ...attaching(failing) });
    await first.joined;
    assert.deepEqual(replyOf(outbox.sent.pop() as Message).response, { reason: "crashed" });
    const { reply } = await joinedChannel(growing(), { outbox });
    assert.match(JSON.stringify(reply.templates), /<p>/);
  });

  it("are sent again if an afterRender hook or the encoding of the reply prevented an update", async () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    for (const [answer, hook] of [
      [
        () => undefined,
        (changed: ReadonlySet<string>) => (changed.has("shown") ? failing() : undefined),
      ],
      [() => reply({ id: 1n }), () => undefined],
      [() => reply(cyclic), () => undefined],
    ] as const) {
      const outbox = new FakeOutbox();
      const first = await joinedChannel(growing(answer), { outbox, ...attaching(hook) });
      first.channel.event("2", "do", {});
      assert.equal(first.errors.length, 1);
      assert.equal(eventsOf(outbox.sent.splice(0)), '[["phx_error","1"]]');
      const { channel } = await joinedChannel(growing(), { outbox });
      channel.event("2", "do", {});
      assert.match(stringsOf(outbox.sent[0]), /<i>more<\/i>/);
    }
  });

  it("are sent again if the view ended during an afterRender hook", async () => {
    const { opened, open } = gate();
    const outbox = new FakeOutbox();
    const hook = (changed: ReadonlySet<string>) => (changed.has("shown") ? opened : undefined);
    const first = await joinedChannel(growing(), { outbox, ...attaching(hook) });
    first.channel.event("2", "do", {});
    first.channel.end();
    open();
    await nextTurn();
    assert.deepEqual(outbox.sent, []);
    const { channel } = await joinedChannel(growing(), { outbox });
    channel.event("2", "do", {});
    assert.match(stringsOf(outbox.sent[0]), /<i>more<\/i>/);
  });

  it("are sent with the first frame, even if another view rendered earlier", async () => {
    const { opened, open } = gate();
    const outbox = new FakeOutbox();
    const hook = (changed: ReadonlySet<string>) => (changed.has("shown") ? opened : undefined);
    const a = await joinedChannel(growing(), { outbox, topic: "lv:a", ...attaching(hook) });
    const b = await joinedChannel(growing(), { outbox, topic: "lv:b" });
    a.channel.event("2", "do", {});
    b.channel.event("2", "do", {});
    b.channel.event("3", "do", {});
    open();
    await outbox.until(() => outbox.sent.length === 3);
    assert.deepEqual(
      outbox.sent.map((sent) => [sent[2], /<i>more/.test(stringsOf(sent))]),
      [
        ["lv:b", true],
        ["lv:b", false],
        ["lv:a", false],
      ],
    );
  });

  it("are also sent with a diff that is not a reply", async () => {
    const { channel, outbox } = await joinedChannel(growing());
    channel.send("more");
    await outbox.until(() => outbox.sent.length === 1);
    assert.match(JSON.stringify(outbox.sent[0]?.[4]), /"templates":.*<i>more/);
  });
});
