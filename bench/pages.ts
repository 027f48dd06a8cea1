import { cont, LiveRouter, liveView, onMount } from "@live-session/adapter-koa";
import { nav, notifications } from "@live-session/adapter-koa/hooks";
import { html } from "lit";
import { repeat } from "lit/directives/repeat.js";

/** A row of the list page. */
interface Row {
  readonly id: number;
  readonly name: string;
  readonly value: number;
}

const currentUser = onMount("mountCurrentUser", () =>
  cont<{ currentUser: null }>({ currentUser: null }),
);

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
  render: ({ count }) => html`<h1>Counter</h1>
    <p>Current count: ${count}</p>
    <button type="button" live-click="inc">Increment</button>`,
});

const makeRows = (): Row[] =>
  Array.from({ length: 1000 }, (_, i) => ({ id: i, name: `Row ${i}`, value: 0 }));

/** A list of 1,000 keyed rows. */
const listLive = liveView("ListLive", {
  types: {} as { own: { rows: readonly Row[]; next: number } },
  mount({ socket }) {
    socket.assign({ rows: makeRows(), next: 1000 });
  },
  handleEvent: {
    cell({ socket }) {
      const { rows } = socket.assigns;
      socket.assign({
        rows: rows.with(500, { ...(rows[500] as Row), value: Math.floor(Math.random() * 1e6) }),
      });
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
  },
  render: ({ rows }) => html`<table>
    <tbody>
      ${repeat(
        rows,
        ({ id }) => id,
        ({ id, name, value }) => html`<tr><td>${id}</td><td>${name}</td><td>${value}</td></tr>`,
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
  const router = new LiveRouter({ layout: ({ content }) => html`<main>${content}</main>` });
  router
    .liveSession("bench", { onMount: [currentUser, nav(() => null), notifications()] })
    .live("/counter", counterLive)
    .live("/list", listLive);
  router.liveSession("plain", {}).live("/tick", tickLive);
  return router;
}
