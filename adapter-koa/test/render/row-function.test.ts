import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { html, nothing, svg } from "lit";
import {
  codeOf,
  isPositional,
  ReceivedFunction,
  type RowFunction,
} from "../../src/render/row-function.js";

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

describe("the code of a row function", () => {
  const harmless = [
    ({ id }: Row) => id,
    (row: Row) => row.id,
    ({ id: other, name }: Row) => `${other}${name}`,
    ({ id, name }: Row) => html`<tr class="a"><td>${id}</td><td>${name}</td></tr>`,
    (row: Row) => html`<li ?hidden=${!row.done}>${row.done ? row.name : nothing}</li>`,
    ({ name, tags }: Row) => html`${name.trim()}${tags[0] ?? "none"}${html`<b>${`x${name}`}</b>`}`,
    ({ id, done }: Row) => html`<light-nav .items=${[{ id, "a-b": done }]}></light-nav>`,
    ({ id }: Row) => html`${id === 1 || id > 2 ? `\`${id}\`` : -id * 2}`,
  ];
  for (const row of harmless.map(rowFunction)) {
    it(`is self-contained: ${row}`, () => assert.equal(codeOf(row).isSelfContained, true));
  }

  const doubtful = [
    ({ id }: Row) => id === limit,
    ({ name }: Row) => format(name),
    ({ id }: Row) => html`${html`${counter}`}${id}`,
    ({ id }: Row) => html`${id}${counter++}`,
    // biome-ignore lint/suspicious/noAssignInExpressions: changes a variable
    ({ id }: Row) => html`${(counter = id)}`,
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
    it(`is not self-contained: ${row}`, () => assert.equal(codeOf(row).isSelfContained, false));
  }

  it("may contain names of template tags that a bundler has changed", () => {
    const [html2, svg$1] = [html, svg];
    const row = rowFunction(({ id }: Row) => html2`<svg>${svg$1`<g id=${id}></g>`}</svg>`);
    assert.equal(codeOf(row).isSelfContained, true);
  });
});

describe("a received function", () => {
  const received = (row: RowFunction) => new ReceivedFunction(row);
  const createRow = () => rowFunction(({ id }: Row) => id);

  it("is like an earlier one with the same source that uses only its item", () => {
    assert.equal(received(createRow()).isLike(received(createRow())), true);
    const createLimited = () => rowFunction(({ id }: Row) => id === limit);
    assert.equal(received(createLimited()).isLike(received(createLimited())), false);
  });

  it("is not like a function with a different source", () => {
    const other = rowFunction(({ name }: Row) => name);
    assert.equal(received(createRow()).isLike(received(other)), false);
  });

  it("is like itself if it does not use the position", () => {
    const row = rowFunction(({ id }: Row) => id === limit);
    assert.equal(received(row).isLike(received(row)), true);
    const positional = rowFunction((_: Row, i: number) => i);
    assert.equal(received(positional).isLike(received(positional)), false);
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
