import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cont, LiveRouter, liveView, onMount } from "@live-session/adapter-koa";
import { nav, notifications } from "@live-session/adapter-koa/hooks";
import { html } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Connection } from "../../support/connection.js";
import { startServer } from "../../support/server.js";
import { type LivePage, Visitor } from "../../support/visitor.js";

interface Row {
  readonly id: number;
  readonly label: string;
  readonly value: number;
}

const currentUser = onMount("currentUser", () =>
  cont<{ currentUser: null }>({ currentUser: null }),
);

const counterLive = liveView("CounterLive", {
  types: {} as { own: { count: number } },
  mount({ socket }) {
    socket.pageTitle = "Counter";
    socket.assign({ count: 0 });
  },
  handleEvent: { inc: ({ socket }) => socket.assign({ count: socket.assigns.count + 1 }) },
  render: ({ count }) => html`<h1>Counter</h1>
    <p>Current count: ${count}</p>
    <button type="button" live-click="inc">Increment</button>`,
});

const listLive = liveView("ListLive", {
  types: {} as { own: { rows: readonly Row[] } },
  mount({ socket }) {
    socket.assign({
      rows: Array.from({ length: 1000 }, (_, id) => ({ id, label: `Row ${id}`, value: id })),
    });
  },
  handleEvent: {
    cell({ socket }) {
      const { rows } = socket.assigns;
      socket.assign({
        rows: rows.map((row) => (row.id === 777 ? { ...row, value: 123_456_789 } : row)),
      });
    },
    prepend({ socket }) {
      const { rows } = socket.assigns;
      const row = { id: 1000 + rows.length, label: "A row that is new", value: 123_456_789 };
      socket.assign({ rows: [row, ...rows.slice(0, -1)] });
    },
    rotate({ socket }) {
      const { rows } = socket.assigns;
      socket.assign({ rows: [...rows.slice(-1), ...rows.slice(0, -1)] });
    },
  },
  render: ({ rows }) => html`<table>
    <tbody>
      ${repeat(
        rows,
        ({ id }) => id,
        ({ id, label, value }) => html`<tr><td>${id}</td><td>${label}</td><td>${value}</td></tr>`,
      )}
    </tbody>
  </table>`,
});

const modesLive = liveView("ModesLive", {
  types: {} as { own: { mode: number } },
  mount: ({ socket }) => socket.assign({ mode: 0 }),
  handleEvent: { next: ({ socket }) => socket.assign({ mode: socket.assigns.mode + 1 }) },
  render: ({ mode }) =>
    html`${mode % 2 === 0 ? html`<b>even ${mode}</b>` : html`<i>odd ${mode}</i>`} ${[html`<b>even ${mode}</b>`]}`,
});

const createRouter = () => {
  const router = new LiveRouter({ layout: ({ content }) => html`<main>${content}</main>` });
  router
    .liveSession("sizes", { onMount: [currentUser, nav(() => "counter"), notifications()] })
    .live("/counter", counterLive)
    .live("/list", listLive)
    .live("/modes", modesLive);
  return router;
};

/** Returns the size in bytes of the last frame of a topic. */
function lastBytes({ frames, texts }: Connection, page: LivePage): number {
  const at = frames.findLastIndex(([, , topic]) => topic === `lv:${page.id}`);
  return Buffer.byteLength(texts[at] ?? "");
}

const start = async (t: Parameters<typeof startServer>[0]) =>
  new Visitor(await startServer(t, createRouter()));

describe("the frames of a counter", () => {
  it("need at most 100 bytes for an update and 700 for the join", async (t) => {
    const { connection, page } = await (await start(t)).visit("/counter");
    assert.ok(lastBytes(connection, page) <= 700, connection.texts[0]);
    for (let i = 0; i < 120; i++) {
      await connection.click(page, "inc");
      assert.ok(lastBytes(connection, page) <= 100, connection.texts.at(-1));
    }
  });
});

describe("the frames of a keyed list of 1,000 rows", () => {
  it("need at most 48 KB for the join", async (t) => {
    const { connection, page } = await (await start(t)).visit("/list");
    assert.ok(lastBytes(connection, page) <= 48 * 1024, String(lastBytes(connection, page)));
  });

  for (const [event, most] of [
    ["cell", 120],
    ["prepend", 220],
    ["rotate", 120],
  ] as const) {
    it(`need at most ${most} bytes for ${event}`, async (t) => {
      const { connection, page } = await (await start(t)).visit("/list");
      const { response } = await connection.click(page, event);
      assert.ok(response.diff);
      assert.ok(lastBytes(connection, page) <= most, connection.texts.at(-1));
    });
  }
});

describe("the strings of a template", () => {
  it("are sent once on a connection, across updates, navigations and views", async (t) => {
    const visitor = await start(t);
    const { connection, page } = await visitor.visit("/modes");
    const second = await visitor.load("/modes");
    await connection.join(second);
    for (let i = 0; i < 4; i++) {
      await connection.click(page, "next");
      await connection.click(second, "next");
    }
    for (const path of ["/counter", "/list", "/modes", "/counter", "/modes"]) {
      const redirect = `${visitor.server.origin}${path}`;
      assert.equal((await connection.join(page, { redirect })).status, "ok");
      await connection.click(
        page,
        path === "/list" ? "prepend" : path === "/modes" ? "next" : "inc",
      );
    }
    await connection.join(second);
    const sent = connection.frames.flatMap(([, , , , payload]) =>
      Object.keys(payload.templates ?? payload.response?.templates ?? {}),
    );
    assert.ok(sent.length >= 7, sent.join());
    assert.equal(new Set(sent).size, sent.length, sent.join());
    const strings = sent.map((key) => JSON.stringify(connection.templates[key]));
    assert.equal(new Set(strings).size, strings.length);
    for (const text of strings.filter((text) => text.length > 10)) {
      const times = connection.texts.filter((frame) => frame.includes(text)).length;
      assert.equal(times, 1, text);
    }
  });

  it("are sent again on another connection", async (t) => {
    const visitor = await start(t);
    const { connection } = await visitor.visit("/counter");
    const other = await visitor.visit("/counter");
    assert.deepEqual(other.connection.templates, connection.templates);
  });
});
