import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  createPresence,
  liveView,
  type MountContext,
  type PresenceList,
} from "@live-session/adapter-koa";
import type { Message, Update } from "@live-session/components/protocol";
import { html } from "lit";
import { presence } from "../../src/hooks/presence.js";
import { joinedChannel } from "../support/fake-outbox.js";
import { assignsOf, mountView } from "../support/mount-view.js";
import { emptyLive } from "../support/views/counter-live.js";

type Meta = { readonly name: string };

describe("presence", () => {
  const online = createPresence<Meta>();
  let shown = 0;
  const namesOf = (list: PresenceList<Meta>) => {
    shown++;
    return list.map(({ metas: [first] }) => first?.name);
  };
  const hook = (topic: string) => ({
    onMount: presence(online, {
      topic,
      key: ({ session }) => session.user as string | undefined,
      meta: ({ session }) => ({ name: `Name of ${session.user}` }),
      show: namesOf,
    }),
  });
  const patchOf = (frame: Message | undefined) => (frame?.[4] as Update | undefined)?.provided;

  it("provides the visitors who are present, including the page's own", async () => {
    const options = hook("room");
    const anna = await joinedChannel(emptyLive, { options, session: { user: "anna" } });
    assert.deepEqual(anna.reply.provided, { presence: ["Name of anna"] });
    const tom = await joinedChannel(emptyLive, { options, session: { user: "tom" } });
    assert.deepEqual((await anna.outbox.next())[4], {
      provided: [{ op: "add", path: "/presence/-", value: "Name of tom" }],
    });
    tom.channel.leave("leave");
    assert.deepEqual(patchOf(await anna.outbox.next()), [{ op: "remove", path: "/presence/1" }]);
    anna.channel.end();
  });

  it("shows the list to visitors without a key and to the first HTML, but does not list them", async () => {
    const options = hook("guests");
    const anna = await joinedChannel(emptyLive, { options, session: { user: "anna" } });
    const guest = await joinedChannel(emptyLive, { options });
    assert.deepEqual(guest.reply.provided?.presence, ["Name of anna"]);
    const mounted = await mountView(emptyLive, { options, session: { user: "tom" } });
    assert.deepEqual(assignsOf(mounted).presence, ["Name of anna"]);
    assert.deepEqual(online.list("guests").length, 1);
    for (const { channel } of [anna, guest]) channel.end();
  });

  it("computes what is shown once for all pages", async () => {
    const options = hook("shared");
    const open = [];
    for (const user of ["a", "b", "c", "d"])
      open.push(await joinedChannel(emptyLive, { options, session: { user } }));
    // The page that came last has already shown the others.
    const earlier = open.slice(0, -1);
    await Promise.all(earlier.map(({ outbox }) => outbox.until(() => outbox.sent.length > 0)));
    shown = 0;
    open[0]?.channel.leave("leave");
    await Promise.all(open.slice(1).map(({ outbox }) => outbox.next()));
    assert.equal(shown, 1);
    for (const { channel } of open) channel.end();
  });

  it("moves to another topic with a patch", async () => {
    const topic = ({ url }: { readonly url: string }) =>
      new URL(url).searchParams.get("room") ?? "hall";
    const key = ({ session }: MountContext) => session.user as string;
    const options = {
      onMount: presence(online, { topic, key, meta: () => ({ name: "?" }), show: keysOf }),
    };
    const anna = await joinedChannel(emptyLive, { options, session: { user: "anna" } });
    const tom = await joinedChannel(emptyLive, {
      options,
      session: { user: "tom" },
      url: "http://localhost/view?room=kitchen",
    });
    anna.channel.patch("2", "http://localhost/view?room=kitchen");
    assert.deepEqual(keysOf(online.list("hall")), []);
    assert.deepEqual(keysOf(online.list("kitchen")).sort(), ["anna", "tom"]);
    await tom.outbox.next();
    anna.outbox.sent.length = 0;
    tom.channel.end();
    assert.deepEqual(patchOf(await anna.outbox.next()), [
      { op: "replace", path: "/presence", value: ["anna"] },
    ]);
    anna.channel.end();
  });

  it("leaves the view its own subscription to the changes", async () => {
    const received: unknown[] = [];
    const view = liveView("OwnLive", {
      mount: ({ socket }) => {
        socket.subscribe(online.changes("own"));
      },
      handleInfo: ({ message }) => {
        received.push(online.changeIn(message)?.joins);
      },
      render: () => html``,
    });
    const { channel, outbox } = await joinedChannel(view, { options: hook("own") });
    const { channel: other } = await joinedChannel(emptyLive, {
      options: hook("own"),
      session: { user: "tom" },
    });
    assert.deepEqual(patchOf(await outbox.next()), [
      { op: "add", path: "/presence/-", value: "Name of tom" },
    ]);
    assert.deepEqual(received, [[{ key: "tom", metas: [{ name: "Name of tom" }] }]]);
    for (const ended of [channel, other]) ended.end();
  });
});

const keysOf = (list: PresenceList): string[] => list.map(({ key }) => key);
