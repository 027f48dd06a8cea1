import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  createPresence,
  liveView,
  navigate,
  type PresenceChange,
  type Socket,
} from "@live-session/adapter-koa";
import { html } from "lit";
import { joinedChannel, openChannel } from "../../support/fake-outbox.js";
import { mountView, socketOf } from "../../support/mount-view.js";

type Meta = { readonly name: string };
const noContent = () => html``;

describe("socket.track", () => {
  const presence = createPresence<Meta>();
  const names = (topic: string) =>
    presence.list(topic).map(({ key, metas }) => `${key}: ${metas.map(({ name }) => name)}`);
  const tracking = (topic: string, mount?: (socket: Socket) => void) =>
    liveView("TrackedLive", {
      types: {} as { own: { changes: readonly PresenceChange<Meta>[] } },
      mount({ socket }) {
        socket.assign({ changes: [] });
        socket.track(presence, topic, "anna", { name: "Anna" });
        mount?.(socket);
      },
      handleEvent: {
        rename: ({ socket }) => {
          socket.track(presence, topic, "anna", { name: "Anna B." });
        },
      },
      render: noContent,
    });

  it("lists a connected view until it is left", async () => {
    const { channel } = await joinedChannel(tracking("left"));
    assert.deepEqual(names("left"), ["anna: Anna"]);
    channel.leave("leave");
    assert.deepEqual(names("left"), []);
  });

  it("does not list a disconnected mount", async () => {
    const late: (() => void)[] = [];
    const view = tracking("disconnected", (socket) => {
      const own = socket.track(presence, "disconnected", "tom", { name: "Tom" });
      late.push(
        () => own.update({ name: "Tom B." }),
        () => own.end(),
      );
    });
    await mountView(view);
    for (const call of late) call();
    assert.deepEqual(names("disconnected"), []);
  });

  it("does not list a view whose mount navigates or throws", async () => {
    const away = tracking("away", (socket) => socket.pushNavigate(navigate("/other").to));
    await openChannel(away).joined;
    const broken = tracking("away", () => {
      throw new Error("of the mount");
    });
    const { joined, errors } = openChannel(broken);
    await joined;
    assert.equal(errors.length, 1);
    assert.deepEqual(names("away"), []);
  });

  it("replaces the meta when the view calls it again for the same key", async () => {
    const { channel } = await joinedChannel(tracking("renamed"));
    channel.event("2", "rename", {});
    assert.deepEqual(names("renamed"), ["anna: Anna B."]);
    channel.end();
    assert.deepEqual(names("renamed"), []);
  });

  it("lists a view that waits for its join when it is joined", () => {
    const socket = socketOf(tracking("waiting"), { awaitsJoin: true });
    const first = socket.track(presence, "waiting", "anna", { name: "Anna" });
    first.update({ name: "Anna B." });
    socket.track(presence, "waiting", "tom", { name: "Tom" }).end();
    assert.deepEqual(names("waiting"), []);
    socket.beginConnected({});
    assert.deepEqual(names("waiting"), ["anna: Anna B."]);
    socket.disconnect();
    assert.deepEqual(names("waiting"), []);
  });

  it("returns an object that changes the meta and ends the presence", async () => {
    let own = { update: (_meta: Meta) => {}, end: () => {} };
    const view = tracking("ended", (socket) => {
      own = socket.track(presence, "ended", "tom", { name: "Tom" });
    });
    const { channel } = await joinedChannel(view);
    own.update({ name: "Tom B." });
    assert.deepEqual(names("ended"), ["anna: Anna", "tom: Tom B."]);
    own.end();
    own.end();
    assert.deepEqual(names("ended"), ["anna: Anna"]);
    channel.end();
    own.update({ name: "Tom" });
    assert.deepEqual(names("ended"), []);
  });

  it("sends joins and leaves to views that subscribe to the changes", async () => {
    let received: (change: PresenceChange<Meta>) => void = () => {};
    const next = () =>
      new Promise<PresenceChange<Meta>>((resolve) => {
        received = resolve;
      });
    const watching = liveView("WatchingLive", {
      mount: ({ socket }) => {
        socket.subscribe(presence.changes("watched"));
      },
      handleInfo: ({ message, topic }) => {
        const change = presence.changeIn(message);
        if (change && topic === "watched") received(change);
      },
      render: noContent,
    });
    const watcher = await joinedChannel(watching);
    const joined = next();
    const { channel } = await joinedChannel(tracking("watched"));
    const entry = { key: "anna", metas: [{ name: "Anna" }] };
    const { joins, leaves, topic } = await joined;
    assert.deepEqual([topic, joins, leaves], ["watched", [entry], []]);
    const left = next();
    channel.leave("disconnect");
    assert.deepEqual((await left).leaves, [entry]);
    watcher.channel.end();
  });
});
