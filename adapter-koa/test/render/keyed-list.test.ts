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

/** Renders lists with one row function and tells which rows ran. */
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
  it("has a key for each row, text and numbers apart", () => {
    const { render } = counting();
    assert.deepEqual(render([item(1), item("1"), item(-0.5)]).k, [1, "1", -0.5]);
    assert.deepEqual(render([]), { k: [], l: [] });
  });

  it("takes any iterable", () => {
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
    ["new", [a, b, item("a")]],
    ["old", [a, a]],
    ["put in beside the old one", [item("a", "other"), a, b]],
    ["put in behind the old one", [a, b, item("b", "other")]],
    ["wholly new", [d, item("d", "other")]],
  ];
  for (const [name, items] of doubled) {
    it(`refuses a key that stands there twice, ${name}`, () => {
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
    ["nothing changed", [a, b, c], []],
    ["a row went to the front", [c, a, b], []],
    ["a row went to the end", [b, c, a], []],
    ["rows turned around", [c, b, a], []],
    ["a row was put in first", [d, a, b, c], ["d"]],
    ["a row was put in between", [a, d, b, c], ["d"]],
    ["a row was put in last", [a, b, c, d], ["d"]],
    ["a row was taken away", [a, c], []],
    ["an item is another object", [a, item("b", "new"), c], ["b"]],
    ["an item is another object elsewhere", [item("c", "new"), a, b], ["c"]],
    ["first in, last out", [d, a, b], ["d"]],
    ["all are gone", [], []],
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

  it("lends the very row, so that the diff need not look into it", () => {
    const { render } = counting();
    const previous = render([a, b]);
    const next = render([b, a], previous);
    assert.equal(next.l[0], previous.l[1]);
    assert.equal(next.l[1], previous.l[0]);
  });

  it("renders rows of plain values each time", () => {
    let ran = 0;
    const row = (text: string) => {
      ran++;
      return text;
    };
    const list = () => repeat(["x", "y"], (text) => text, row);
    toWireTree(list(), toWireTree(list()));
    assert.equal(ran, 4);
  });

  it("renders every row again when the row function is a new closure that may see something new", () => {
    const list = (suffix: string) =>
      repeat(
        [a, b],
        ({ id }) => id,
        ({ text }) => `${text}${suffix}`,
      );
    const previous = toWireTree(list("!"));
    assert.deepEqual((toWireTree(list("?"), previous) as WireKeyedList).l, ["a?", "b?"]);
  });

  it("lends rows to a new closure where nothing it sees has changed", () => {
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

  it("renders rows again that know their position", () => {
    const row = ({ text }: Item, index: number) => `${index} ${text}`;
    const list = (items: Item[]) => repeat(items, ({ id }) => id, row);
    const previous = toWireTree(list([a, b]));
    assert.deepEqual((toWireTree(list([b, a]), previous, true) as WireKeyedList).l, ["0 b", "1 a"]);
  });

  it("asks for the keys again when the key function knows the position", () => {
    const row = ({ text }: Item) => text;
    const list = (items: Item[]) => repeat(items, ({ id }, index) => `${id}-${index}`, row);
    const previous = toWireTree(list([a, b]));
    assert.deepEqual((toWireTree(list([c, a, b]), previous, true) as WireKeyedList).k, [
      "c-0",
      "a-1",
      "b-2",
    ]);
  });

  it("asks for the keys again when the key function is a new closure that may see something new", () => {
    const row = ({ text }: Item) => text;
    const list = (prefix: string) => repeat([a, b], ({ id }) => `${prefix}${id}`, row);
    const previous = toWireTree(list("x"));
    assert.deepEqual(toWireTree(list("y"), previous), { k: ["ya", "yb"], l: ["a", "b"] });
  });
});
