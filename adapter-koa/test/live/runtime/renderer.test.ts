import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Message } from "@live-session/components/protocol";
import { html } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { onMount } from "../../../src/live/declarations/on-mount.js";
import { cont } from "../../../src/live/socket/outcome.js";
import type { Socket } from "../../../src/live/socket/socket.js";
import { joinedChannel, replyOf } from "../../support/fake-outbox.js";
import { liveError } from "../../support/live-error.js";
import { badLive } from "../../support/views/bad-live.js";
import { counterLive } from "../../support/views/counter-live.js";
import { type Handled, handlingLive } from "../../support/views/handling-live.js";

interface Shown {
  readonly items: readonly { readonly id: number }[];
  readonly selected?: number;
  readonly unread?: number;
}

/** A list of two rows that records which row functions ran. */
function listing(ran: number[], row: (id: number, assigns: Shown, socket: Socket) => unknown) {
  return handlingLive(({ socket, payload }) => socket.assign(payload as object), {
    mount: ({ socket }: Handled) => socket.assign({ items: [{ id: 1 }, { id: 2 }], selected: 1 }),
    render: (assigns: Shown, socket: Socket) =>
      html`<ul>${repeat(
        assigns.items,
        ({ id }) => id,
        ({ id }) => {
          ran.push(id);
          return html`<li>${row(id, assigns, socket)}</li>`;
        },
      )}</ul>`,
  });
}

describe("rows of a keyed list", () => {
  it("are rendered again only if an assign changes that the templates read", async () => {
    const ran: number[] = [];
    const view = listing(ran, (id, { selected }) => id === selected);
    const { channel, outbox } = await joinedChannel(view);
    channel.event("2", "do", { unread: 1 });
    ran.length = 0;
    channel.event("3", "do", { unread: 2 });
    assert.deepEqual(ran, []);
    channel.event("4", "do", { selected: 2 });
    assert.deepEqual(ran, [1, 2]);
    assert.deepEqual(replyOf(outbox.sent[2] as Message).response.diff, {
      "0.1.0.0.0": false,
      "0.1.0.1.0": true,
    });
  });

  it("are up to date if they read the socket", async () => {
    const asking: ((socket: Socket) => unknown)[] = [
      ({ liveAction }) => liveAction,
      ({ url }) => url,
      ({ assigns }) => (assigns as Partial<Shown>).unread ?? 0,
    ];
    for (const ask of asking) {
      const { channel, outbox } = await joinedChannel(
        listing([], (_id, _assigns, socket) => ask(socket)),
      );
      channel.event("2", "do", { other: 1 });
      channel.event("3", "do", { unread: 5 });
      channel.patch("4", "http://localhost/other");
      const diffs = outbox.sent.flatMap((sent) => Object.values(replyOf(sent).response.diff ?? {}));
      assert.equal(diffs.length, 2, `both rows changed for ${ask}`);
    }
  });

  it("are reused if they read other assigns from the socket than the changed one", async () => {
    const ran: number[] = [];
    const view = listing(
      ran,
      (id, _assigns, { assigns }) => (assigns as Partial<Shown>).selected === id,
    );
    const { channel } = await joinedChannel(view);
    channel.event("2", "do", { unread: 1 });
    ran.length = 0;
    channel.event("3", "do", { unread: 2 });
    assert.deepEqual(ran, []);
    channel.event("4", "do", { selected: 2 });
    assert.deepEqual(ran, [1, 2]);
  });

  it("may use every member of the socket", async () => {
    const view = listing([], (id, _assigns, socket) => {
      socket.pageTitle = `Row ${id}`;
      socket.attachHook(`row-${id}`, "handleInfo", () => cont());
      socket.detachHook(`row-${id}`, "handleInfo");
      return `${socket.id} ${socket.pageTitle} ${socket.lifecycle.length}`;
    });
    const { reply } = await joinedChannel(view);
    assert.match(JSON.stringify(reply.rendered), /1 Row 1 0.*1 Row 2 0/);
    assert.equal(reply.title, "Row 2");
  });
});

describe("a layout", () => {
  const around = (name: string) => (assigns: object) =>
    html`<main title=${name}>${(assigns as { count: number }).count}${(assigns as { content: unknown }).content}</main>`;

  it("receives the assigns and is rendered again when they change", async () => {
    const { channel, outbox, reply } = await joinedChannel(counterLive, {
      options: { layout: around("session") },
    });
    assert.match(JSON.stringify(reply.rendered), /"v":\["session",0,/);
    channel.event("2", "inc", {});
    assert.deepEqual(replyOf(outbox.sent[0] as Message).response.diff, { "1": 1, "2.1.0": 1 });
  });

  it("is that of a hook, else of the live session, else of the view", async () => {
    const view = handlingLive(() => {}, { layout: around("view") });
    const hook = onMount("a", () => cont({}, { layout: around("hook") as never }));
    const cases = [
      [{ layout: around("session"), onMount: hook }, /"hook"/],
      [{ layout: around("session") }, /"session"/],
      [{}, /"view"/],
    ] as const;
    for (const [options, expected] of cases) {
      assert.match(
        JSON.stringify((await joinedChannel(view, { options })).reply.rendered),
        expected,
      );
    }
    const without = await joinedChannel(view, { options: { layout: false } });
    assert.doesNotMatch(JSON.stringify(without.reply.rendered), /"view"/);
  });

  it("that returns no template fails the view", async () => {
    const { errors } = await joinedChannel(counterLive, {
      options: { layout: () => "text" as never },
    });
    liveError(
      "LIVE_ERR_LAYOUT",
      "result of the layout of CounterLive is not a template",
      "Got: a string of length 4",
    )(errors[0]);
  });
});

describe("the layout of a connected view", () => {
  /** Joins a view whose layout records its renders. */
  async function joinedWith(layout: (assigns: Record<string, unknown>) => unknown) {
    const renders: unknown[] = [];
    const view = handlingLive(({ socket, payload }) => socket.assign(payload as object), {
      mount: ({ socket }: Handled) => socket.assign({ tab: "home", count: 0 }),
      render: ({ count }: { count: number }) => html`<p>${count}</p>`,
    });
    const channel = await joinedChannel(view, {
      options: {
        layout: ((assigns: Record<string, unknown>) => {
          renders.push(assigns.tab);
          return layout(assigns);
        }) as never,
      },
    });
    const send = (payload: object) => {
      channel.channel.event("2", "do", payload);
      return replyOf(channel.outbox.sent.at(-1) as Message).response.diff;
    };
    return { renders, send };
  }

  it("is rendered again only if an assign that it has read has changed", async () => {
    const { renders, send } = await joinedWith(
      ({ tab, content }) => html`<nav>${tab}</nav>${content}`,
    );
    assert.deepEqual(send({ count: 1 }), { "1.1.0": 1 });
    assert.deepEqual(send({ count: 2 }), { "1.1.0": 2 });
    assert.deepEqual(renders, ["home"]);
    assert.deepEqual(send({ tab: "news", count: 3 }), { "0": "news", "1.1.0": 3 });
    assert.deepEqual(send({ count: 4 }), { "1.1.0": 4 });
    assert.deepEqual(renders, ["home", "news"]);
  });

  it("is rendered again after any change if it lists the assigns", async () => {
    const { send } = await joinedWith(
      (assigns) => html`${Object.keys(assigns).length}${assigns.content}`,
    );
    assert.deepEqual(Object.keys(send({ more: 1 }) ?? {}), ["0"]);
  });

  it("may contain a list whose rows read an assign that the view has not read", async () => {
    const items = [{ id: "home" }, { id: "news" }];
    const { send } = await joinedWith(
      (assigns) =>
        html`${repeat(
          items,
          ({ id }) => id,
          ({ id }) => html`<a ?hidden=${id === assigns.tab}></a>`,
        )}${assigns.content}`,
    );
    assert.deepEqual(send({ tab: "news" }), { "0.0.0": false, "0.1.0": true });
  });
});

describe("a render", () => {
  for (const value of [undefined, null, "text", []]) {
    it(`that returns ${JSON.stringify(value)} fails the view`, async () => {
      const { errors } = await joinedChannel(badLive({ render: () => value }));
      liveError(
        "LIVE_ERR_TEMPLATE",
        "result of BadLive.render is not a template",
        "Got: ",
      )(errors[0]);
    });
  }
});
