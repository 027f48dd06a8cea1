import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { JoinReply, Message } from "@live-session/components/protocol";
import { applyDiff, type WireValue } from "@live-session/components/protocol";
import fc from "fast-check";
import { html, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { type LiveComponent, liveComponent } from "../../../src/live/components/live-component.js";
import { liveEvent } from "../../../src/live/declarations/live-event.js";
import { onMount } from "../../../src/live/declarations/on-mount.js";
import { viewTarget } from "../../../src/live/event-target.js";
import type { AsyncResult } from "../../../src/live/socket/async-result.js";
import { cont, halt, reply } from "../../../src/live/socket/outcome.js";
import type { Socket } from "../../../src/live/socket/socket.js";
import { encodeHtml } from "../../../src/render/html/encode-html.js";
import { type ChannelSetup, joinedChannel, replyOf, someTurns } from "../../support/fake-outbox.js";
import { liveError } from "../../support/live-error.js";
import { type Handled, handlingLive } from "../../support/views/handling-live.js";

type Shown = Readonly<Record<string, unknown>>;

/** The renders of a component, by id, since the list was emptied. */
const renders: string[] = [];

const counter = liveComponent<{ label: string; onInc?(count: number): void }, { count: number }>(
  "Counter",
  {
    mount: ({ socket }) => socket.assign({ count: 0 }),
    handleEvent: {
      inc({ socket }) {
        socket.assign({ count: socket.assigns.count + 1 });
        socket.assigns.onInc?.(socket.assigns.count);
      },
      get: ({ socket }) => reply({ count: socket.assigns.count }),
      fail() {
        throw new Error("no");
      },
      later: ({ socket }) => socket.startAsync("later", () => Promise.resolve(5)),
    },
    handleAsync({ result, socket }) {
      if (result.ok) socket.assign({ count: Number(result.value) });
    },
    render({ label, count }, socket) {
      renders.push(socket.id);
      return html`<button live-click="inc">${label} ${count}</button>`;
    },
  },
);

/** Opens a view that shows its assigns with a function, and assigns the payload of the event `do`. */
async function open(
  render: (assigns: Shown, socket: Socket<Record<string, unknown>>) => TemplateResult,
  assigns: Shown = {},
  setup: ChannelSetup = {},
) {
  const view = handlingLive(({ socket, payload }) => socket.assign(payload as object), {
    mount: ({ socket }: Handled) => socket.assign(assigns),
    render,
  });
  const opened = await joinedChannel(view, setup);
  renders.length = 0;
  return { ...opened, page: new Shows(opened.reply) };
}

/** The content that a browser shows after the frames that it has received. */
class Shows {
  #tree: WireValue;

  constructor(reply: JoinReply) {
    this.#tree = reply.rendered;
  }

  /** The HTML after more frames, without markers. */
  after(sent: Message[]): string {
    for (const message of sent.splice(0)) {
      const [, , , event, payload] = message;
      const update = event === "diff" ? (payload as { diff?: object }) : replyOf(message).response;
      if (update.diff) this.#tree = applyDiff(this.#tree, update.diff as never);
    }
    return encodeHtml(this.#tree).replaceAll(/<!--.*?-->/g, "");
  }
}

const textOf = (shown: string): string => shown.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");

describe("a component", () => {
  it("has its own assigns for each id, and renders alone when they change", async () => {
    const { channel, outbox, page } = await open(
      () => html`${counter.at("a", { label: "A" })}${counter.at(2, { label: "B" })}`,
    );
    channel.event("2", counter.event(2, "inc"), {});
    assert.deepEqual(replyOf(outbox.sent[0] as Message).response.diff, { "0.1.1.2": 1 });
    assert.deepEqual(renders, ["2"]);
    assert.equal(textOf(page.after(outbox.sent)), " A 0 B 1 ");
  });

  it("sends the events of its bindings to itself, and others to their target", async () => {
    const target = liveComponent("Target", {
      render: () => html`
        <a live-click="own" live-value-x="1"></a><a live-click=${"of-value"}></a>
        <a live-click="own" live-target=${counter.target("a")}></a>
        <a live-keydown="of-view" live-target=${viewTarget}></a>
        <a live-click="of-other" live-target="#other"></a><a live-click="lv:clear-flash"></a>
        <i live-hook="Chart"></i>`,
    });
    const { reply } = await open(
      () => html`${target.at("t")}<b live-click="inc" live-target=${counter.target("a")}></b>`,
    );
    const shown = new Shows(reply).after([]);
    const name = (event: string) => target.event("t", event);
    const found = [...shown.matchAll(/live-(?:click|keydown|component)="([^"]*)"/g)].map(
      ([, event]) => event,
    );
    assert.deepEqual(found, [
      name("own"),
      name("of-value"),
      counter.event("a", "own"),
      "@:of-view",
      "of-other",
      "lv:clear-flash",
      name("x").slice(0, -1),
      counter.event("a", "inc"),
    ]);
    assert.doesNotMatch(shown, /live-target=""/);
  });

  it("is not rendered when its view renders it with the same props", async () => {
    const { channel, outbox, page } = await open(
      ({ n }) => html`${n}${counter.at("a", { label: "A", onInc: () => n })}`,
      { n: 1 },
    );
    channel.event("2", "do", { n: 2 });
    assert.deepEqual(renders, []);
    assert.match(page.after(outbox.sent), /^2<button/);
  });

  it("calls the functions that its view has passed last", async () => {
    const { channel, outbox, page } = await open(
      ({ total }, socket) =>
        html`${total}${counter.at("a", {
          label: "A",
          onInc: (count) => socket.assign({ total: Number(total) + count }),
        })}`,
      { total: 10 },
    );
    channel.event("2", counter.event("a", "inc"), {});
    channel.event("3", counter.event("a", "inc"), {});
    assert.equal(textOf(page.after(outbox.sent)), "13 A 2 ");
  });

  it("keeps its state when it moves, and loses it when it is not rendered", async () => {
    const { channel, outbox, page } = await open(
      ({ ids }) => html`${(ids as string[]).map((id) => counter.at(id, { label: id }))}`,
      { ids: ["a", "b"] },
    );
    channel.event("2", counter.event("a", "inc"), {});
    channel.event("3", "do", { ids: ["b", "a"] });
    assert.equal(textOf(page.after(outbox.sent)), " b 0 a 1 ");
    channel.event("4", "do", { ids: ["b"] });
    channel.event("5", "do", { ids: ["b", "a"] });
    assert.equal(textOf(page.after(outbox.sent)), " b 0 a 0 ");
    channel.event("6", counter.event("b", "inc"), {});
    assert.equal(textOf(page.after(outbox.sent)), " b 1 a 0 ");
  });

  it("creates new nodes where another component was shown", async () => {
    const { channel, outbox } = await open(
      ({ id }) => html`${counter.at(String(id), { label: "A" })}`,
      { id: "a" },
    );
    channel.event("2", "do", { id: "b" });
    const { diff = {} } = replyOf(outbox.sent[0] as Message).response;
    assert.equal((diff["0.1.0"] as { x: string }).x, "keyed");
    channel.event("3", counter.event("b", "inc"), {});
    assert.deepEqual(replyOf(outbox.sent[1] as Message).response.diff, { "0.1.0.1.2": 1 });
  });

  it("is updated in a row of a list that is reused", async () => {
    const items = [{ id: 1 }, { id: 2 }, { id: 3 }];
    const { channel, outbox, page } = await open(
      ({ items: shown, n }) =>
        html`${n}${repeat(
          shown as typeof items,
          ({ id }) => id,
          ({ id }) => html`<p>${counter.at(id, { label: "row" })}</p>`,
        )}`,
      { items, n: 0 },
    );
    channel.event("2", "do", { items: [items[2], items[0]], n: 1 });
    channel.event("3", counter.event(1, "inc"), {});
    assert.equal(textOf(page.after(outbox.sent)), "1 row 0 row 1 ");
    channel.event("4", counter.event(2, "inc"), {});
    channel.event("5", "do", { items: [items[2], items[0], { id: 4 }] });
    assert.equal(textOf(page.after(outbox.sent)), "1 row 0 row 1 row 0 ");
    assert.equal(renders.filter((id) => id === "1").length, 1);
  });

  it("contains other components, whose changes do not render it", async () => {
    const list = liveComponent<{ title: string }, { ids: string[] }>("List", {
      mount: ({ socket }) => socket.assign({ ids: ["x"] }),
      handleEvent: { show: ({ payload, socket }) => socket.assign(payload as { ids: string[] }) },
      render({ title, ids }) {
        renders.push("list");
        return html`<h1 live-click="show">${title}</h1>${ids.map((id) => counter.at(id, { label: id }))}`;
      },
    });
    const { channel, outbox, page } = await open(() => html`${list.at("l", { title: "T" })}`);
    channel.event("2", counter.event("x", "inc"), {});
    assert.deepEqual(renders, ["x"]);
    channel.event("3", list.event("l", "show"), { ids: ["x", "y"] });
    assert.deepEqual(renders, ["x", "list", "y"]);
    channel.event("4", counter.event("y", "inc"), {});
    assert.equal(textOf(page.after(outbox.sent)), " T x 1 y 1 ");
    channel.event("5", list.event("l", "show"), { ids: ["y"] });
    channel.event("6", list.event("l", "show"), { ids: ["y", "x"] });
    assert.equal(textOf(page.after(outbox.sent)), " T y 1 x 0 ");
  });

  it("shows content of its view, whose events its view receives", async () => {
    const box = liveComponent<{ content: unknown }>("Box", {
      render({ content }) {
        renders.push("box");
        return html`<div live-click="close">${content}</div>`;
      },
    });
    const { channel, outbox, page } = await open(
      ({ n, m }) => html`${m}${box.at("b", { content: html`<a live-click="do">${n}</a>` })}`,
      { n: 1, m: 1 },
    );
    channel.event("2", "do", { m: 2 });
    assert.deepEqual(renders, []);
    channel.event("3", "do", { n: 2 });
    assert.deepEqual(renders, ["box"]);
    const shown = page.after(outbox.sent);
    assert.match(shown, new RegExp(`^2<div live-click="${box.event("b", "close")}"`));
    assert.match(shown, /<a live-click="do">2</);
  });
});

describe("a component in a layout", () => {
  it("shows the content, which its view renders", async () => {
    const frame = liveComponent<{ content: unknown }>("Frame", {
      render: ({ content }) => html`<main live-click="own">${content}</main>`,
    });
    const { channel, outbox, page } = await open(
      ({ n }) => html`<a live-click="do">${n}</a>`,
      { n: 1 },
      { options: { layout: ({ content }) => html`${frame.at("f", { content })}` } },
    );
    channel.event("2", "do", { n: 2 });
    assert.match(
      page.after(outbox.sent),
      /^<main live-click="@[\w-]{8}:own"><a live-click="do">2</,
    );
  });
});

describe("the callbacks of a component", () => {
  it("update runs after each change of the props", async () => {
    const doubled = liveComponent<{ n: number }, { twice: number }>("Doubled", {
      update: ({ props, socket }) => socket.assign({ twice: props.n * 2 }),
      render: ({ n, twice }) => html`${n} ${twice}`,
    });
    const { channel, outbox, page } = await open(
      ({ n }) => html`${doubled.at("d", { n: Number(n) })}`,
      { n: 1 },
    );
    assert.equal(page.after([]), "1 2");
    channel.event("2", "do", { n: 4 });
    assert.equal(page.after(outbox.sent), "4 8");
  });

  it("handleEvent answers, and a refused payload is answered too", async () => {
    const strict = liveComponent("Strict", {
      handleEvent: {
        save: liveEvent(
          {
            "~standard": {
              version: 1,
              vendor: "test",
              validate: () => ({ issues: [{ message: "is missing", path: ["name"] }] }),
            },
          },
          () => {},
        ),
      },
      render: () => html``,
    });
    const { channel, outbox } = await open(
      () => html`${counter.at("a", { label: "A" })}${strict.at("s")}`,
    );
    channel.event("2", counter.event("a", "get"), {});
    channel.event("3", strict.event("s", "save"), {});
    const replies = outbox.sent.map((each) => replyOf(each).response.reply);
    assert.deepEqual(replies, [{ count: 0 }, { issues: { name: ["is missing"] } }]);
  });

  it("handleAsync receives the outcome of its task", async () => {
    const { channel, outbox, page } = await open(() => html`${counter.at("a", { label: "A" })}`);
    channel.event("2", counter.event("a", "later"), {});
    await outbox.until(() => outbox.sent.length === 2);
    assert.equal(textOf(page.after(outbox.sent)), " A 5 ");
  });

  it("handleInfo receives the messages of its own topics", async () => {
    const listener = liveComponent<object, { heard: string }>("Listener", {
      mount({ socket }) {
        socket.assign({ heard: "" });
        socket.subscribe("news");
      },
      handleInfo: ({ message, topic, socket }) => socket.assign({ heard: `${topic} ${message}` }),
      render: ({ heard }) => html`${heard}`,
    });
    const { channel, outbox, page, pubSub } = await open(
      ({ hidden }) => html`${hidden ? "" : listener.at("l")}`,
    );
    pubSub.broadcast("news", "hi");
    await outbox.next();
    assert.equal(page.after(outbox.sent), "news hi");
    channel.event("2", "do", { hidden: true });
    assert.equal(pubSub.broadcast("news", "bye"), undefined);
    await someTurns();
    assert.equal(page.after(outbox.sent), "");
  });

  it("assignAsync loads an assign", async () => {
    const loading = liveComponent<object, { user: AsyncResult<string> }>("Loading", {
      mount: ({ socket }) => socket.assignAsync("user", () => "Ada"),
      render: ({ user }) => html`${user.result ?? "…"}`,
    });
    const { outbox, page } = await open(() => html`${loading.at("l")}`);
    assert.equal(page.after([]), "…");
    await outbox.next();
    assert.equal(page.after(outbox.sent), "Ada");
  });

  it("sendUpdate passes props to a component that is shown", async () => {
    const view = handlingLive(
      ({ socket, payload }) => socket.sendUpdate(counter, String(payload), { label: "sent" }),
      { render: () => html`${counter.at("a", { label: "A" })}` },
    );
    const { channel, outbox, reply } = await joinedChannel(view);
    const page = new Shows(reply);
    channel.event("2", "do", "missing");
    channel.event("3", "do", "a");
    await outbox.until(() => outbox.sent.length === 3);
    assert.equal(textOf(page.after(outbox.sent)), " sent 0 ");
  });
});

describe("the hooks of a component", () => {
  it("follow those of the live session, which receive the name and id of the component", async () => {
    const ran: string[] = [];
    const spy = onMount("spy", ({ socket }) => {
      socket.attachHook("spy", "handleEvent", ({ event, component }) => {
        ran.push(`${event} of ${component?.name} ${component?.id}`);
        return event === "stop" ? halt() : cont();
      });
      return cont();
    });
    const hooked = liveComponent<object, { n: number }>("Hooked", {
      mount({ socket }) {
        socket.assign({ n: 0 });
        socket.attachHook("own", "handleEvent", ({ event }) => {
          ran.push(`own ${event}`);
          return event === "halted" ? halt(reply({ ok: true })) : cont({ n: 1 });
        });
        socket.attachHook("after", "afterRender", ({ changed }) => {
          ran.push(`after ${[...changed]}`);
        });
      },
      handleEvent: { run: ({ socket }) => void ran.push(`run ${socket.assigns.n}`) },
      render: ({ n }) => html`${n}`,
    });
    const setup = { options: { onMount: spy } };
    const { channel, outbox } = await open(() => html`${hooked.at("h")}`, {}, setup);
    for (const event of ["stop", "halted", "run"]) channel.event("2", hooked.event("h", event), {});
    assert.deepEqual(ran, [
      "stop of Hooked h",
      "halted of Hooked h",
      "own halted",
      "run of Hooked h",
      "own run",
      "run 1",
      "after n",
    ]);
    assert.deepEqual(replyOf(outbox.sent[1] as Message).response.reply, { ok: true });
  });

  it("cannot be of a stage of the whole view", async () => {
    const wrong = liveComponent("Wrong", {
      mount: ({ socket }) => socket.attachHook("p", "handleParams", () => cont()),
      render: () => html``,
    });
    const { errors } = await open(() => html`${wrong.at("w")}`);
    assert.ok(liveError("LIVE_ERR_HOOK_STAGE", 'Wrong "w" in')(errors[0]));
  });
});

describe("the assigns of a component", () => {
  const draft = liveComponent<object, { text: string }>("Draft", {
    keep: ["text"],
    provide: ["text"],
    mount: ({ socket, kept }) => socket.assign({ text: kept.text ?? "new" }),
    handleEvent: { write: ({ payload, socket }) => socket.assign({ text: String(payload) }) },
    render: ({ text }) => html`${text}`,
  });

  it("are kept in the browser and provided to elements", async () => {
    const { channel, outbox, reply } = await open(
      ({ hidden }) => html`${hidden ? "" : draft.at("d")}`,
    );
    assert.deepEqual(reply.provided, { text: "new" });
    channel.event("2", draft.event("d", "write"), "typed");
    const { kept, provided } = replyOf(outbox.sent[0] as Message).response;
    assert.deepEqual(provided, [{ op: "replace", path: "/text", value: "typed" }]);
    const values = JSON.parse((kept as { sealed: string }).sealed);
    const again = await open(() => html`${draft.at("d")}`, {}, { kept: values });
    assert.equal(again.page.after([]), "typed");
    channel.event("3", "do", { hidden: true });
    const gone = replyOf(outbox.sent[1] as Message).response;
    assert.deepEqual(gone.provided, [{ op: "remove", path: "/text" }]);
    assert.deepEqual(JSON.parse((gone.kept as { sealed: string }).sealed).view, {
      "@components": {},
    });
  });

  it("cannot be provided by two components", async () => {
    const { errors } = await open(() => html`${draft.at("d")}${draft.at("e")}`);
    assert.ok(liveError("LIVE_ERR_PROVIDE", "one component")(errors[0]));
  });

  it("are shown as they were before an async callback that has not ended", async () => {
    let proceed = () => {};
    const subscribing = onMount("subscribing", ({ socket }) => {
      socket.subscribe("t");
      return cont();
    });
    const slow = liveComponent<object, { n: number }>("Slow", {
      mount: ({ socket }) => socket.assign({ n: 0 }),
      handleEvent: {
        quick: ({ socket }) => socket.assign({ n: 1 }),
        async slow({ socket }) {
          socket.assign({ n: 2 });
          await new Promise<void>((resolve) => {
            proceed = resolve;
          });
          socket.assign({ n: 3 });
        },
      },
      render: ({ n }) => html`${n}`,
    });
    const { channel, outbox, page, pubSub } = await open(
      () => html`${slow.at("s")}`,
      {},
      { options: { onMount: subscribing } },
    );
    pubSub.broadcast("t", 1);
    channel.event("2", slow.event("s", "quick"), {});
    channel.event("3", slow.event("s", "slow"), {});
    await outbox.next();
    assert.equal(page.after(outbox.sent), "1");
    proceed();
    await outbox.next();
    assert.equal(page.after(outbox.sent), "3");
  });
});

describe("the author of a component", () => {
  const shows = async (component: LiveComponent, event?: string) => {
    const { channel, errors } = await open(() => html`${component.at("x")}`);
    if (event) channel.event("2", component.event("x", event), {});
    return errors[0] as Error;
  };

  it("gets an error that names the component that has thrown, with the cause", async () => {
    const { channel, errors } = await open(() => html`${counter.at("a", { label: "A" })}`);
    channel.event("2", counter.event("a", "fail"), {});
    const [error] = errors as [Error];
    assert.ok(liveError("LIVE_ERR_COMPONENT", 'handleEvent.fail of Counter "a" in BadLive')(error));
    assert.equal((error.cause as Error).message, "no");
  });

  it("cannot render a component twice", async () => {
    const twice = await open(
      () => html`${counter.at("a", { label: "A" })}${counter.at("a", { label: "A" })}`,
    );
    assert.ok(liveError("LIVE_ERR_COMPONENT", 'contains Counter "a" in')(twice.errors[0]));
    const other = liveComponent("Counter", { render: () => html`` });
    const named = await open(() => html`${counter.at("a", { label: "A" })}${other.at("b")}`);
    assert.ok(liveError("LIVE_ERR_COMPONENT", "two components")(named.errors[0]));
  });

  it("gets an error for an async mount, an unknown event, and a wrong result", async () => {
    const late = liveComponent("Late", { mount: async () => {}, render: () => html`` });
    assert.ok(liveError("LIVE_ERR_CALLBACK_RETURN", "mount of Late")(await shows(late)));
    const text = liveComponent("Text", { render: () => "text" as never });
    assert.ok(liveError("LIVE_ERR_TEMPLATE", 'render of Text "x"')(await shows(text)));
    const none = liveComponent("None", { render: () => html`` });
    assert.ok(liveError("LIVE_ERR_UNKNOWN_EVENT", 'None "x" in')(await shows(none, "go")));
    const bad = liveComponent("Bad", { render: () => html`${Symbol("s")}` });
    assert.ok(liveError("LIVE_ERR_TEMPLATE", 'Bad "x" in')(await shows(bad)));
  });

  it("cannot declare or use a component wrongly", async () => {
    const render = () => html``;
    for (const [name, definition] of [
      ["", { render }],
      ["a/b", { render }],
      ["A", {}],
      ["A", { render, mount: 1 }],
      ["A", { render, handleEvent: { go: 1 } }],
      ["A", { render, keep: "x" }],
      ["A", { render, handleParams: () => {} }],
    ] as const) {
      assert.throws(
        () => liveComponent(name, definition as never),
        liveError("LIVE_ERR_COMPONENT"),
      );
    }
    assert.throws(() => counter.at("", { label: "" }), liveError("LIVE_ERR_COMPONENT", "id of"));
    assert.throws(() => counter.at("a", 1 as never), liveError("LIVE_ERR_COMPONENT", "props"));
    const { errors } = await open(() => html`<a title=${counter.at("a", { label: "" })}></a>`);
    assert.ok(liveError("LIVE_ERR_TEMPLATE", "a component between tags")(errors[0]));
  });

  it("sees that events of a component that is gone have no effect", async () => {
    const { channel, outbox, errors } = await open(() => html``);
    channel.event("2", counter.event("a", "inc"), {});
    assert.deepEqual(replyOf(outbox.sent[0] as Message).status, "ok");
    assert.deepEqual(errors, []);
  });
});

describe("components in the rows of a list", () => {
  const row = liveComponent<{ label: string }>("Row", {
    render: ({ label }) => html`<b>${label}</b>`,
  });
  const id = fc.integer({ min: 1, max: 6 });
  const ids = fc.uniqueArray(id, { maxLength: 6 });
  interface Step {
    readonly items: readonly number[] | undefined;
    readonly labels: readonly (readonly [id: number, label: string])[];
  }
  const steps: fc.Arbitrary<Step[]> = fc.array(
    fc.record({
      items: fc.option(ids, { nil: undefined }),
      labels: fc.array(fc.tuple(id, fc.constantFrom("a", "b", "c"))),
    }),
    { maxLength: 6 },
  );
  const list = (render: (items: readonly number[]) => unknown) =>
    handlingLive(
      ({ socket, payload }) => {
        const { items, labels } = payload as Step;
        for (const [each, label] of labels) socket.sendUpdate(row, each, { label });
        if (items) socket.send({ items });
      },
      {
        mount: ({ socket, params }: Handled) =>
          socket.assign({ items: JSON.parse(`${params.items}`) }),
        handleInfo: ({ socket, message }: Handled) => socket.assign(message as object),
        render: ({ items }: { items: readonly number[] }) => html`${render(items)}`,
      },
    );
  const numbers = [1, 2, 3, 4, 5, 6];
  const objects = numbers.map((each) => ({ id: each, use: row.at(each, { label: "new" }) }));
  const lists = {
    rendered: list((items) =>
      repeat(
        items,
        (each) => each,
        (each) => html`<p>${each}${row.at(each, { label: "new" })}</p>`,
      ),
    ),
    reused: list((items) =>
      repeat(
        items.map((each) => objects[each - 1] as (typeof objects)[0]),
        ({ id }) => id,
        ({ id, use }) => html`<p>${id}${use}</p>`,
      ),
    ),
  };

  for (const [kind, view] of Object.entries(lists)) {
    it(`are updated together, while ${kind} rows are added, moved and removed`, async () => {
      await fc.assert(
        fc.asyncProperty(ids, steps, async (first, changes) => {
          const search = `?items=${JSON.stringify(first)}`;
          const { channel, outbox, reply } = await joinedChannel(view, { search });
          const page = new Shows(reply);
          let shown = new Map(first.map((each) => [each, "new"]));
          for (const { items, labels } of changes) {
            channel.event("2", "do", { items, labels });
            do await someTurns();
            while (!channel.isIdle);
            for (const [each, label] of labels) if (shown.has(each)) shown.set(each, label);
            if (items) shown = new Map(items.map((each) => [each, shown.get(each) ?? "new"]));
            const expected = [...shown].map(([each, label]) => `<p>${each}<b>${label}</b></p>`);
            assert.equal(page.after(outbox.sent), expected.join(""));
          }
        }),
      );
    });
  }
});
