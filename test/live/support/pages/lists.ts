import { html } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { definePage } from "./page.js";

const numbered = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

interface Todo {
  readonly id: number;
  readonly title: string;
  readonly done: boolean;
}

const todo = definePage<{ todos: readonly Todo[]; draft: string; shown: string }>("todo", {
  start: { todos: [], draft: "", shown: "all" },
  events: {
    draft: (_, { title }) => ({ draft: title }),
    add: ({ todos }, { title }) => ({
      todos: [...todos, { id: todos.length + 1, title, done: false }],
      draft: "",
    }),
    toggle: ({ todos }, { id }) => ({
      todos: todos.map((each) => (each.id === Number(id) ? { ...each, done: !each.done } : each)),
    }),
    remove: ({ todos }, { id }) => ({ todos: todos.filter((each) => each.id !== Number(id)) }),
    show: (_, { what }) => ({ shown: what }),
  },
  render: ({ todos, draft, shown }) => html`
    <form live-change="draft" live-submit="add"><input name="title" aria-label="New" .value=${draft}><button>Add</button></form>
    <ul>${repeat(
      todos.filter(({ done }) => shown === "all" || done),
      ({ id }) => id,
      ({
        id,
        title,
        done,
      }) => html`<li><label><input type="checkbox" .checked=${done} live-click="toggle" live-value-id=${id}>
        ${title}</label> <button type="button" live-click="remove" live-value-id=${id}>Remove ${title}</button></li>`,
    )}</ul>
    <p>${todos.filter(({ done }) => !done).length} left</p>
    <button type="button" live-click="show" live-value-what="all">All</button>
    <button type="button" live-click="show" live-value-what="done">Done</button>`,
  async use(page, agree) {
    for (const title of ["milk", "bread", "tea"]) {
      await page.getByLabel("New").click();
      await page.keyboard.type(title, { delay: 10 });
      await page.keyboard.press("Enter");
      await agree();
    }
    await page.getByLabel("bread").click();
    await page.getByLabel("milk").click();
    await page.getByLabel("milk").click();
    await agree();
    await page.getByRole("button", { name: "Remove milk" }).click();
    await page.getByRole("button", { name: "Done" }).click();
    await agree();
  },
  result: {
    todos: [
      { id: 2, title: "bread", done: true },
      { id: 3, title: "tea", done: false },
    ],
    shown: "done",
  },
});

const people = ["Ada", "Bob", "Cleo", "Dan", "Eve"].map((name, i) => ({ id: i + 1, name }));

const table = definePage<{ filter: string; isDown: boolean; chosen: readonly string[] }>("table", {
  start: { filter: "", isDown: false, chosen: [] },
  events: {
    filter: (_, { q }) => ({ filter: q }),
    sort: ({ isDown }) => ({ isDown: !isDown }),
    choose: (_, { ids = [] }) => ({ chosen: ids }),
  },
  render: ({ filter, isDown, chosen }) => {
    const rows = people.filter(({ name }) => name.toLowerCase().includes(filter));
    return html`
      <form live-change="filter" live-submit="filter"><input name="q" type="search" aria-label="Filter" .value=${filter} live-debounce="100"></form>
      <form live-change="choose"><table><thead><tr><th></th><th><button type="button" live-click="sort">Name</button></th></tr></thead>
        <tbody>${repeat(
          isDown ? rows.toReversed() : rows,
          ({ id }) => id,
          ({
            id,
            name,
          }) => html`<tr><td><input type="checkbox" name="ids[]" value=${id} aria-label=${name}
            .checked=${chosen.includes(String(id))}></td><td>${name}</td></tr>`,
        )}</tbody></table></form>
      <p>${chosen.length} of ${rows.length}</p>`;
  },
  async use(page, agree) {
    await page.getByLabel("Ada", { exact: true }).click();
    await page.getByLabel("Dan").click();
    await page.getByRole("button", { name: "Name" }).click();
    await agree();
    await page.getByLabel("Filter").click();
    await page.keyboard.type("da", { delay: 30 });
    await agree();
    await page.keyboard.press("Control+A");
    await page.keyboard.press("Delete");
    await page.keyboard.press("Tab");
    await agree();
    await page.getByLabel("Eve").press("Space");
    await agree();
  },
  // The filter has removed Dan's box, which a form does not send then.
  result: { filter: "", isDown: true, chosen: ["5", "4", "1"] },
});

const sortable = definePage<{ rows: readonly string[] }>("sortable", {
  start: { rows: ["one", "two", "three", "four"] },
  events: {
    down: ({ rows }, { row }) => {
      const at = rows.indexOf(row);
      const moved = rows.filter((each) => each !== row);
      return { rows: [...moved.slice(0, at + 1), row, ...moved.slice(at + 1)] };
    },
  },
  render: ({ rows }) =>
    html`<ol>${repeat(
      rows,
      (row) => row,
      (row) => html`<li>${row} <input name=${row} aria-label="Note of ${row}">
      <button type="button" live-click="down" live-value-row=${row}>Move ${row} down</button></li>`,
    )}</ol>`,
  async use(page, agree) {
    await page.getByLabel("Note of one").fill("first");
    await page.getByRole("button", { name: "Move one down" }).focus();
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press("Enter");
      await agree();
    }
    await page.getByRole("button", { name: "Move two down" }).click();
    await page.getByLabel("Note of one").press("End");
    await page.keyboard.type(" and last", { delay: 20 });
    await agree();
    await page.waitForFunction(
      () => document.querySelector<HTMLInputElement>("[name=one]")?.value === "first and last",
    );
  },
  result: { rows: ["three", "two", "four", "one"] },
});

const cart = definePage<{ amounts: Readonly<Record<string, string>> }>("cart", {
  start: { amounts: { tea: "1", milk: "2", bread: "0" } },
  events: {
    set: ({ amounts }, { _target, ...changed }) => ({
      amounts: { ...amounts, [_target]: `${Math.min(10, Number(changed[_target]))}` },
    }),
    more: ({ amounts }, { name }) => ({
      amounts: { ...amounts, [name]: `${Number(amounts[name]) + 1}` },
    }),
    empty: ({ amounts }) => ({
      amounts: Object.fromEntries(Object.keys(amounts).map((name) => [name, "0"])),
    }),
  },
  render: ({ amounts }) => html`${Object.entries(amounts).map(
    ([
      name,
      amount,
    ]) => html`<form live-change="set"><label>${name} <input name=${name} type="number" .value=${amount}></label>
      <button type="button" live-click="more" live-value-name=${name} live-every-click>More ${name}</button></form>`,
  )}
    <p>${Object.values(amounts).reduce((sum, each) => sum + Number(each), 0)} in all</p>
    <button type="button" live-click="empty">Empty</button>`,
  async use(page, agree) {
    await page.getByLabel("tea", { exact: true }).fill("99");
    await page.keyboard.press("Tab");
    await agree();
    await page.getByLabel("tea", { exact: true }).fill("77");
    await page.keyboard.press("Tab");
    await agree();
    await page.getByRole("button", { name: "Empty" }).click();
    await agree();
    for (let i = 0; i < 4; i++) await page.getByRole("button", { name: "More milk" }).click();
    await page.getByLabel("bread", { exact: true }).click();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowUp");
    await agree();
  },
  result: { amounts: { tea: "0", milk: "4", bread: "2" } },
});

const feed = definePage<{ count: number; likes: readonly number[] }>("feed", {
  start: { count: 3, likes: [] },
  events: {
    more: ({ count }) => ({ count: count + 3 }),
    like: ({ likes }, { id }) => ({ likes: [...likes, Number(id)] }),
  },
  render: ({ count, likes }) =>
    html`<ul>${repeat(
      numbered(count),
      (id) => id,
      (id) => html`<li><details><summary>Post ${id}</summary><p>Text</p></details>
      <button type="button" live-click="like" live-value-id=${id} ?disabled=${likes.includes(id)}>Like ${id}</button></li>`,
    )}</ul><button type="button" live-click="more">More</button>`,
  async use(page, agree) {
    await page.getByText("Post 2").click();
    await page.getByRole("button", { name: "More" }).dblclick();
    await agree();
    await page.getByRole("button", { name: "Like 1" }).click();
    await page.getByRole("button", { name: "Like 6" }).dblclick();
    await page.getByRole("button", { name: "More" }).focus();
    await page.keyboard.press("Space");
    await agree();
    await page.locator("details[open]").waitFor();
  },
  result: { count: 9, likes: [1, 6] },
});

const counter = definePage<{ count: number }>("counter", {
  start: { count: 0 },
  events: {
    inc: ({ count }) => ({ count: count + 1 }),
    dec: ({ count }) => ({ count: count - 1 }),
  },
  render: ({
    count,
  }) => html`<h1>${count}</h1><button type="button" live-click="inc">Increment</button>
    <button type="button" live-click="dec">Decrement</button>`,
  async use(page, agree) {
    await page.getByRole("button", { name: "Increment" }).dblclick();
    await agree();
    await page.getByRole("button", { name: "Increment" }).click();
    await page.getByRole("button", { name: "Decrement" }).click();
    await agree();
    await page.getByRole("button", { name: "Increment" }).press("Enter");
    await agree();
  },
  result: { count: 2 },
});

/** Pages with lists. */
export const listPages = [todo, table, sortable, cart, feed, counter];
