import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { html, nothing } from "lit";
import { areSelfContained, isPositional, type RowFunction } from "../../src/render/row-function.js";

interface Row {
  readonly id: number;
  readonly name: string;
  readonly done: boolean;
  readonly tags: readonly string[];
}

// biome-ignore lint/suspicious/noExplicitAny: rows of every form
const rowFunction = (row: (...args: any[]) => unknown): RowFunction => row;

let counter = 0;
const limit = 3;
const format = (name: string): string => name.trim();

describe("areSelfContained", () => {
  const harmless = [
    ({ id }: Row) => id,
    (row: Row) => row.id,
    ({ id, name }: Row) => html`<tr class="a"><td>${id}</td><td>${name}</td></tr>`,
    (row: Row) => html`<li ?hidden=${!row.done}>${row.done ? row.name : nothing}</li>`,
    ({ name, tags }: Row) => html`${name.trim()}${tags[0] ?? "none"}${html`<b>${`x${name}`}</b>`}`,
    ({ id, done }: Row) => html`<light-nav .items=${[{ id, "a-b": done }]}></light-nav>`,
    ({ id }: Row) => html`${id === 1 || id > 2 ? `\`${id}\`` : -id * 2}`,
  ];
  for (const row of harmless.map(rowFunction)) {
    it(`accepts ${row}`, () => assert.equal(areSelfContained(row, row), true));
  }

  const doubtful = [
    ({ id }: Row) => id === limit,
    ({ name }: Row) => format(name),
    ({ id }: Row) => html`${html`${counter}`}${id}`,
    ({ id }: Row) => html`${id}${counter++}`,
    // biome-ignore lint/suspicious/noAssignInExpressions: changes a variable
    ({ id }: Row) => html`${(counter = id)}`,
    ({ id: other }: Row) => other,
    ({ id = counter }: Row) => id,
    ({ id, ...rest }: Row) => html`${id}${rest.name}`,
    (row: Row, i = 0) => html`${row.name}${i}`,
    (...args: unknown[]) => args.length,
    ({ tags }: Row) => tags.map((tag) => html`<b>${tag}</b>`),
    ({ id }: Row) => /1/.test(String(id)),
    ({ id }: Row) => new Date(id),
    ({ id }: Row) => [...String(id)],
    ({ id }: Row) => {
      const double = id * 2;
      return double;
    },
    function named({ id }: Row) {
      return id;
    },
    Math.abs,
  ];
  for (const row of doubtful.map(rowFunction)) {
    it(`does not accept ${row}`, () => assert.equal(areSelfContained(row, row), false));
  }

  it("does not accept functions with different sources", () => {
    const [first, second] = [({ id }: Row) => id, ({ name }: Row) => name].map(rowFunction);
    assert.equal(areSelfContained(first as RowFunction, second as RowFunction), false);
  });
});

describe("isPositional", () => {
  const byItem = [
    ({ id }: Row) => id,
    (row: Row) => ({ ...row, a: [1, 2].map((i) => i + row.id) }),
    function named({ id, name }: Row) {
      return `${id}${name}`;
    },
  ];
  for (const row of byItem.map(rowFunction)) {
    it(`is false for ${row}`, () => assert.equal(isPositional(row), false));
  }

  const byPosition = [
    (_: Row, i: number) => i,
    (_: Row, i = 0) => i,
    (...args: unknown[]) => args[1],
    function named() {
      // biome-ignore lint/complexity/noArguments: reads the index without a parameter
      return arguments[1];
    },
    ((_: Row, i: number) => i).bind(null),
  ];
  for (const row of byPosition.map(rowFunction)) {
    it(`is true for ${row}`, () => assert.equal(isPositional(row), true));
  }
});
