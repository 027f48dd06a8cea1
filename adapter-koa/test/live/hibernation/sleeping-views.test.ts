import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { applyDiff, type Message, type WireValue } from "@live-session/components/protocol";
import { html, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { liveComponent } from "../../../src/live/components/live-component.js";
import { liveView } from "../../../src/live/declarations/live-view.js";
import { IdleViews } from "../../../src/live/hibernation/idle-views.js";
import { nested } from "../../../src/live/nested/nested.js";
import type { LayoutAssigns } from "../../../src/live/socket/layout.js";
import { encodeHtml } from "../../../src/render/html/encode-html.js";
import { FakeOutbox, joinedChannel, nextTurn, replyOf } from "../../support/fake-outbox.js";
import { type Handled, handlingLive } from "../../support/views/handling-live.js";
import { until } from "../../support/wait.js";

type Shown = Readonly<Record<string, unknown>>;

const fail = (error: unknown): void => {
  throw error;
};

/** Opens a view that shows its assigns with a function, and that sleeps between its events. */
async function open(render: (assigns: never) => TemplateResult, assigns: Shown = {}) {
  const idleViews = new IdleViews(1, fail);
  const view = handlingLive(({ socket, payload }) => socket.assign(payload as object), {
    mount: ({ socket }: Handled) => socket.assign(assigns),
    handleInfo: ({ message, socket }: Handled) => socket.assign(message as object),
    render: render as (assigns: Shown) => TemplateResult,
  });
  const opened = await joinedChannel(view, { idleViews });
  const { channel, outbox, reply } = opened;
  let tree: WireValue = JSON.parse(JSON.stringify(reply.rendered));
  const sleep = () => until(() => idleViews.awake === 0, "the sleep of the view");
  /** Sends an event to the sleeping view. @returns the diff */
  const wake = async (event: string, payload: unknown = {}) => {
    await sleep();
    channel.event("1", event, payload);
    await nextTurn();
    const { diff } = replyOf(outbox.sent.splice(0)[0] as Message).response;
    if (diff) tree = applyDiff(tree, JSON.parse(JSON.stringify(diff)));
    return diff;
  };
  const shown = () => encodeHtml(tree).replaceAll(/<!--.*?-->/g, "");
  return { ...opened, idleViews, sleep, wake, shown };
}

interface Row {
  readonly id: number;
  readonly text: string;
}

const row = (id: number, text = `row ${id}`): Row => ({ id, text });

describe("a view that was idle", () => {
  it("sends only what has changed", async () => {
    const { wake, shown } = await open(
      ({ rows, title }: { rows: readonly Row[]; title: string }) =>
        html`<h1>${title}</h1><ul>${repeat(
          rows,
          ({ id }) => id,
          ({ id, text }) => html`<li id=${id}>${text}</li>`,
        )}</ul>`,
      { title: "List", rows: Array.from({ length: 100 }, (_, id) => row(id)) },
    );
    const rows = Array.from({ length: 100 }, (_, id) => row(id));
    assert.deepEqual(await wake("do", { rows: rows.with(50, row(50, "changed")) }), {
      "0.1.1.50.1": "changed",
    });
    assert.deepEqual(await wake("do", { rows: [row(100), ...rows.slice(0, -1)] }), {
      "0.1.1": { o: [{ k: 100, v: (await listRow(100)) as never }, [0, 99]] },
      "0.1.1.51.1": "row 50",
    });
    assert.match(shown(), /^<h1>List<\/h1><ul><li id="100">row 100<\/li><li id="0">/);
  });

  it("sends what its render shows differently without a change of the assigns", async () => {
    let renders = 0;
    const { wake, shown } = await open(
      ({ count }: { count: number }) => html`<p>${count}</p><i>${renders++}</i>`,
      { count: 0 },
    );
    assert.deepEqual(await wake("do", { count: 1 }), { "0.1.0": 1, "0.1.1": 1 });
    assert.equal(shown(), "<p>1</p><i>1</i>");
  });

  it("sleeps on if nothing changes", async () => {
    const { channel, idleViews, sleep, wake } = await open(() => html`<p></p>`, { count: 0 });
    assert.equal(await wake("do", { count: 0 }), undefined);
    assert.equal(idleViews.awake, 0);
    channel.end();
    await sleep();
  });

  it("shows what a message has changed", async () => {
    const { channel, outbox, sleep } = await open(
      ({ count }: { count: number }) => html`<p>${count}</p>`,
      { count: 0 },
    );
    await sleep();
    channel.send({ count: 3 });
    await until(() => outbox.sent.length === 1);
    assert.deepEqual(outbox.sent[0]?.[4], { diff: { "0.1.0": 3 } });
  });
});

/** Returns the tree of a row of the first test, whose template is the same. */
async function listRow(id: number) {
  const { reply } = await open(
    ({ rows }: { rows: readonly Row[] }) =>
      html`${repeat(
        rows,
        ({ id }) => id,
        ({ id, text }) => html`<li id=${id}>${text}</li>`,
      )}`,
    { rows: [row(id)] },
  );
  const page = reply.rendered as unknown as { v: [{ v: [number, { v: [{ l: unknown[] }] }] }] };
  return page.v[0].v[1].v[0].l[0];
}

const renders: string[] = [];
const counter = liveComponent<{ label: string }, { count: number }>("Counter", {
  mount: ({ socket }) => socket.assign({ count: 0 }),
  handleEvent: {
    inc: ({ socket }) => socket.assign({ count: socket.assigns.count + 1 }),
  },
  render({ label, count }, { id }) {
    renders.push(id);
    return html`<b>${label} ${count}</b>`;
  },
});

describe("a component of a view that was idle", () => {
  const counters = ({ ids, title = "" }: { ids: readonly string[]; title?: string }) =>
    html`<h1>${title}</h1>${ids.map((id) => counter.at(id, { label: id }))}`;

  it("is the only one that is rendered when it changes", async () => {
    const { wake, shown } = await open(counters, { ids: ["a", "b"] });
    renders.length = 0;
    assert.deepEqual(await wake(counter.event("b", "inc")), { "0.1.1.1.1": 1 });
    assert.deepEqual(renders, ["b"]);
    assert.equal(shown(), "<h1></h1><b>a 0</b><b>b 1</b>");
  });

  it("keeps its state when its view changes, and is not rendered", async () => {
    const { wake, shown } = await open(counters, { ids: ["a", "b"] });
    await wake(counter.event("a", "inc"));
    renders.length = 0;
    assert.deepEqual(await wake("do", { title: "Counters" }), { "0.1.0": "Counters" });
    assert.deepEqual(renders, []);
    assert.equal(shown(), "<h1>Counters</h1><b>a 1</b><b>b 0</b>");
  });

  it("gets new elements if another component was at its place", async () => {
    const [asleep, awake] = await Promise.all([
      open(counters, { ids: ["a"] }),
      joinedChannel(
        handlingLive(({ socket, payload }) => socket.assign(payload as object), {
          mount: ({ socket }: Handled) => socket.assign({ ids: ["a"] }),
          render: counters as never,
        }),
      ),
    ]);
    awake.channel.event("1", "do", { ids: ["b"] });
    const { diff } = replyOf(awake.outbox.sent[0] as Message).response;
    assert.deepEqual(await asleep.wake("do", { ids: ["b"] }), diff);
    assert.match(JSON.stringify(diff), /"keyed"/);
  });
});

describe("a nested view of a view that was idle", () => {
  it("stays when a component beside it changes", async () => {
    const child = liveView("ChildLive", { render: () => html`<p>nested</p>` });
    const { wake, channel, shown } = await open(
      () => html`${nested(child, { id: "child" })}${counter.at("a", { label: "a" })}`,
    );
    await wake(counter.event("a", "inc"));
    assert.ok(channel.nestedView("child"));
    assert.match(shown(), /<b>a 1<\/b>/);
  });
});

describe("the layout of a view that was idle", () => {
  it("is rendered again and sends only its changes", async () => {
    const idleViews = new IdleViews(1, fail);
    let renders = 0;
    const view = handlingLive(({ socket, payload }) => socket.assign(payload as object), {
      mount: ({ socket }: Handled) => socket.assign({ count: 0, user: "Ada" }),
      render: ({ count }: { count: number }) => html`<p>${count}</p>`,
    });
    const layout = ({ content, user }: LayoutAssigns & { readonly user?: unknown }) => {
      renders++;
      return html`<nav>${user}</nav>${content}`;
    };
    const outbox = new FakeOutbox();
    const { channel } = await joinedChannel(view, { idleViews, outbox, options: { layout } });
    channel.event("1", "do", { count: 1 });
    assert.equal(renders, 1);
    await until(() => idleViews.awake === 0);
    channel.event("2", "do", { count: 2 });
    assert.equal(renders, 2);
    assert.deepEqual(replyOf(outbox.sent[1] as Message).response.diff, { "1.1.0": 2 });
  });
});
