import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { WireKeyedList, WireValue } from "@live-session/components/protocol";
import { html } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { liveError } from "../support/live-error.js";
import { toWireTree } from "../support/wire-tree.js";

interface Item {
  readonly id: string | number;
  readonly text: string;
}
const item = (id: string | number, text = `${id}`): Item => ({ id, text });
const [a, b, c, d] = ["a", "b", "c", "d"].map((id) => item(id)) as [Item, Item, Item, Item];

/** Renders lists with one row function and records for which rows it ran. */
function counting() {
  const ran: string[] = [];
  const row = ({ id, text }: Item) => {
    ran.push(`${id}`);
    return html`<li>${text}</li>`;
  };
  const render = (items: readonly Item[], previous?: WireValue) => {
    ran.length = 0;
    return toWireTree(
      repeat(items, ({ id }) => id, row),
      previous,
      false,
    ) as WireKeyedList;
  };
  return { ran, render };
}

describe("a keyed list", () => {
  it("has one key for each row, and its string keys differ from its number keys", () => {
    const { render } = counting();
    assert.deepEqual(render([item(1), item("1"), item(-0.5)]).k, [1, "1", -0.5]);
    assert.deepEqual(render([]), { k: [], l: [] });
  });

  it("accepts any iterable", () => {
    const { render } = counting();
    assert.deepEqual(render(new Set([a, b]) as unknown as Item[]).k, ["a", "b"]);
  });

  for (const key of [
    undefined,
    null,
    {},
    true,
    Symbol("k"),
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1n,
  ]) {
    it(`refuses the key ${typeof key === "symbol" ? "Symbol(k)" : String(key)}`, () => {
      assert.throws(
        () =>
          toWireTree(
            html`<ul>${repeat(
              [1],
              () => key,
              () => "x",
            )}</ul>`,
          ),
        liveError(
          "LIVE_ERR_TEMPLATE",
          "a repeat with the key",
          "at the child, after `<ul>`",
          "a string or a number",
        ),
      );
    });
  }

  const doubled: [name: string, items: Item[]][] = [
    ["of which one is a new row", [a, b, item("a")]],
    ["that are one old row", [a, a]],
    ["with the new row before the old one", [item("a", "other"), a, b]],
    ["with the new row after the old one", [a, b, item("b", "other")]],
    ["of two new rows", [d, item("d", "other")]],
  ];
  for (const [name, items] of doubled) {
    it(`refuses two rows with the same key ${name}`, () => {
      const { render } = counting();
      const previous = render([a, b]);
      for (const before of [undefined, previous]) {
        assert.throws(
          () => render(items, before),
          liveError("LIVE_ERR_TEMPLATE", "the same key twice"),
        );
      }
    });
  }

  const changes: [name: string, items: Item[], ran: string[]][] = [
    ["no item has changed", [a, b, c], []],
    ["a row moved to the front", [c, a, b], []],
    ["a row moved to the end", [b, c, a], []],
    ["the rows are reversed", [c, b, a], []],
    ["a row was added at the front", [d, a, b, c], ["d"]],
    ["a row was added in the middle", [a, d, b, c], ["d"]],
    ["a row was added at the end", [a, b, c, d], ["d"]],
    ["a row was removed", [a, c], []],
    ["an item was replaced by another object", [a, item("b", "new"), c], ["b"]],
    ["an item was replaced by another object at another position", [item("c", "new"), a, b], ["c"]],
    ["a row was added at the front and the last one removed", [d, a, b], ["d"]],
    ["all rows were removed", [], []],
  ];
  for (const [name, items, ran] of changes) {
    it(`renders only rows of new items when ${name}`, () => {
      const counted = counting();
      const previous = counted.render([a, b, c]);
      const next = counted.render(items, previous);
      assert.deepEqual(counted.ran, ran);
      assert.deepEqual(next, counted.render(items));
    });
  }

  it("reuses the tree of a moved row, so that the diff can skip it", () => {
    const { render } = counting();
    const previous = render([a, b]);
    const next = render([b, a], previous);
    assert.equal(next.l[0], previous.l[1]);
    assert.equal(next.l[1], previous.l[0]);
  });

  it("renders rows of primitive values each time", () => {
    let ran = 0;
    const row = (text: string) => {
      ran++;
      return text;
    };
    const list = () => repeat(["x", "y"], (text) => text, row);
    toWireTree(list(), toWireTree(list()));
    assert.equal(ran, 4);
  });

  it("renders every row again if the row function is a new closure that may read changed values", () => {
    const list = (suffix: string) =>
      repeat(
        [a, b],
        ({ id }) => id,
        ({ text }) => `${text}${suffix}`,
      );
    const previous = toWireTree(list("!"));
    assert.deepEqual((toWireTree(list("?"), previous) as WireKeyedList).l, ["a?", "b?"]);
  });

  it("reuses rows with a new closure if nothing that it reads has changed", () => {
    const list = () =>
      repeat(
        [a, b],
        ({ id }) => id,
        ({ text }) => html`${text}`,
      );
    const previous = toWireTree(list()) as WireKeyedList;
    const next = toWireTree(list(), previous, true) as WireKeyedList;
    assert.equal(next.l[0], previous.l[0]);
  });

  it("renders moved rows again if the row function takes an index", () => {
    const row = ({ text }: Item, index: number) => `${index} ${text}`;
    const list = (items: Item[]) => repeat(items, ({ id }) => id, row);
    const previous = toWireTree(list([a, b]));
    assert.deepEqual((toWireTree(list([b, a]), previous, true) as WireKeyedList).l, ["0 b", "1 a"]);
  });

  it("computes the keys again if the key function takes an index", () => {
    const row = ({ text }: Item) => text;
    const list = (items: Item[]) => repeat(items, ({ id }, index) => `${id}-${index}`, row);
    const previous = toWireTree(list([a, b]));
    assert.deepEqual((toWireTree(list([c, a, b]), previous, true) as WireKeyedList).k, [
      "c-0",
      "a-1",
      "b-2",
    ]);
  });

  it("computes the keys again if the key function is a new closure that may read changed values", () => {
    const row = ({ text }: Item) => text;
    const list = (prefix: string) => repeat([a, b], ({ id }) => `${prefix}${id}`, row);
    const previous = toWireTree(list("x"));
    assert.deepEqual(toWireTree(list("y"), previous), { k: ["ya", "yb"], l: ["a", "b"] });
  });

  /** Renders a list before and after a change with a new closure, and returns the rows for which it ran. */
  function rowsOfNewClosure(
    row: (ran: string[]) => (item: Item) => unknown,
    mayReuse: boolean,
  ): string[] {
    const ran: string[] = [];
    const list = (items: Item[]) => repeat(items, ({ id }) => id, row(ran));
    const previous = toWireTree(list([a, b]));
    ran.length = 0;
    toWireTree(list([a, b, c]), previous, mayReuse);
    return ran;
  }

  it("renders every row again if a closure may see more than its item, and the list has changed", () => {
    const row = (ran: string[]) => (item: Item) => {
      ran.push(item.text);
      return html`${item.text}`;
    };
    assert.deepEqual(rowsOfNewClosure(row, true), ["a", "b", "c"]);
  });

  it("reuses rows of a closure that uses nothing but its item", () => {
    const watched = (item: Item, ran: string[]): Item => ({
      ...item,
      get text() {
        ran.push(item.text);
        return item.text;
      },
    });
    const ran: string[] = [];
    const [first, second, third] = [a, b, c].map((item) => watched(item, ran)) as [
      Item,
      Item,
      Item,
    ];
    const list = (items: Item[]) =>
      repeat(
        items,
        ({ id }) => id,
        ({ text }) => html`<li>${text}</li>`,
      );
    const previous = toWireTree(list([first, second])) as WireKeyedList;
    ran.length = 0;
    const next = toWireTree(list([third, first, second]), previous) as WireKeyedList;
    assert.deepEqual(ran, ["c"]);
    assert.equal(next.l[1], previous.l[0]);
  });
});
