import { cont, LiveRouter, liveComponent, liveView, onMount } from "@live-session/adapter-koa";
import { nav, notifications } from "@live-session/adapter-koa/hooks";
import { html } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { layout, listPage, makeRows, type Row } from "./list-page.js";

const currentUser = onMount("mountCurrentUser", () =>
  cont<{ currentUser: null }>({ currentUser: null }),
);

const renderCounter = ({ count }: { count: number }) => html`<h1>Counter</h1>
    <p>Current count: ${count}</p>
    <button type="button" live-click="inc">Increment</button>`;

/** A counter, after the hooks that a page of an app has. */
const counterLive = liveView("CounterLive", {
  types: {} as { own: { count: number } },
  mount({ socket }) {
    socket.assign({ count: 0 });
    socket.pageTitle = "Counter";
  },
  handleEvent: {
    inc({ socket }) {
      socket.assign({ count: socket.assigns.count + 1 });
    },
  },
  render: renderCounter,
});

/** The text of {@link keptLive}, which makes its kept assigns 200 bytes long. */
const draft = "x".repeat(175);

/** The same counter, which keeps 200 bytes in the browser. */
const keptLive = liveView("KeptLive", {
  types: {} as { own: { count: number; draft: string } },
  keep: ["count", "draft"],
  mount({ kept, socket }) {
    socket.assign({ count: kept.count ?? 0, draft: kept.draft ?? draft });
    socket.pageTitle = "Counter";
  },
  handleEvent: {
    inc({ socket }) {
      socket.assign({ count: socket.assigns.count + 1 });
    },
  },
  render: renderCounter,
});

function shuffled<T>(items: readonly T[]): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const other = Math.floor(Math.random() * (i + 1));
    [result[i], result[other]] = [result[other] as T, result[i] as T];
  }
  return result;
}

/** A list of keyed rows, by default 1,000. */
const listLive = liveView("ListLive", {
  types: {} as { own: { rows: readonly Row[]; next: number } },
  mount({ params, socket }) {
    const count = Number(params.rows ?? 1000);
    socket.assign({ rows: makeRows(0, count), next: count });
  },
  handleEvent: {
    cell({ socket }) {
      const { rows } = socket.assigns;
      const middle = rows.length >> 1;
      const value = Math.floor(Math.random() * 1e6);
      socket.assign({ rows: rows.with(middle, { ...(rows[middle] as Row), value }) });
    },
    prepend({ socket }) {
      const { rows, next } = socket.assigns;
      const row = { id: next, name: `Row ${next}`, value: 0 };
      socket.assign({ rows: [row, ...rows.slice(0, -1)], next: next + 1 });
    },
    rotate({ socket }) {
      const { rows } = socket.assigns;
      socket.assign({ rows: [rows.at(-1) as Row, ...rows.slice(0, -1)] });
    },
    remove({ socket }) {
      const { rows } = socket.assigns;
      socket.assign({ rows: [...rows.slice(0, 300), ...rows.slice(301), rows[300] as Row] });
    },
    shuffle({ socket }) {
      socket.assign({ rows: shuffled(socket.assigns.rows) });
    },
    replace({ socket }) {
      const { next } = socket.assigns;
      socket.assign({ rows: makeRows(next), next: next + 1000 });
    },
  },
  render: listPage,
});

/** Shows a string of the length that the query asks for, and another one after each event. */
const payloadLive = liveView("PayloadLive", {
  types: {} as { own: { length: number; count: number } },
  mount({ params, socket }) {
    socket.assign({ length: Number(params.bytes ?? 100), count: 0 });
  },
  handleEvent: {
    next({ socket }) {
      socket.assign({ count: socket.assigns.count + 1 });
    },
  },
  render: ({ length, count }) => html`<p>${String(count).padEnd(length, ".")}</p>`,
});

/** A row with a field, whose text is its own state. */
const rowField = liveComponent<{ name: string }, { text: string }>("RowField", {
  mount: ({ socket }) => socket.assign({ text: "" }),
  handleEvent: {
    type: ({ socket }) => socket.assign({ text: `${Math.floor(Math.random() * 1e6)}` }),
  },
  render: ({ name, text }) =>
    html`<td>${name}</td><td><input live-change="type"></td><td>${text}</td>`,
});

/** The event of a keystroke in row 500. */
export const keystroke = rowField.event(500, "type");

/** A list of 1,000 components. */
const componentsLive = liveView("ComponentsLive", {
  types: {} as { own: { rows: readonly Row[] } },
  mount: ({ socket }) => socket.assign({ rows: makeRows() }),
  render: ({ rows }) => html`<table>
    <tbody>
      ${repeat(
        rows,
        ({ id }) => id,
        ({ id, name }) => html`<tr>${rowField.at(id, { name })}</tr>`,
      )}
    </tbody>
  </table>`,
});

/** Shows the last number that was broadcast on `ticks`. */
const tickLive = liveView("TickLive", {
  types: {} as { own: { tick: number } },
  mount({ socket }) {
    socket.subscribe("ticks");
    socket.assign({ tick: 0 });
  },
  handleInfo({ message, socket }) {
    socket.assign({ tick: message as number });
  },
  render: ({ tick }) => html`<p>Tick: ${tick}</p>`,
});

/** Creates the routes of the measured pages. */
export function createRouter(): LiveRouter {
  const router = new LiveRouter({ layout });
  const hooks = [currentUser, nav(() => null), notifications()] as const;
  router
    .liveSession("bench", { onMount: hooks })
    .live("/counter", counterLive)
    .live("/kept", keptLive)
    .live("/list", listLive)
    .live("/payload", payloadLive)
    .live("/components", componentsLive);
  router.liveSession("adopted", { onMount: hooks, adopt: true }).live("/adopted", counterLive);
  router.liveSession("plain", {}).live("/tick", tickLive);
  return router;
}
