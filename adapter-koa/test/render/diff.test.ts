import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { applyDiff, type Diff, type WireValue } from "@live-session/components/protocol";
import fc from "fast-check";
import { html, nothing, svg } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { AssignReads } from "../../src/live/runtime/assign-reads.js";
import { diff } from "../../src/render/diff.js";
import { TreeBuilder } from "../../src/render/tree-builder.js";
import { toWireTree } from "../support/wire-tree.js";

const rows = (keys: (string | number)[]) =>
  toWireTree(
    repeat(
      keys,
      (key) => key,
      (key) => html`<li>${key}</li>`,
    ),
  );

describe("diff", () => {
  const page = (count: unknown, tail: unknown = "") =>
    toWireTree(html`<p>${count}</p><ul>${tail}</ul>`);
  const cases: [name: string, old: WireValue, next: WireValue, changes: Diff | undefined][] = [
    ["is undefined for equal trees", page(1, ["a"]), page(1, ["a"]), undefined],
    ["contains the path of a changed value", page(1), page(2), { "0": 2 }],
    [
      "compares the items of lists of the same length",
      page(1, ["a", "b"]),
      page(1, ["a", "c"]),
      { "1.1": "c" },
    ],
    [
      "replaces lists of another length",
      page(1, ["a"]),
      page(1, ["a", "b"]),
      { "1": { l: ["a", "b"] } },
    ],
    ["replaces the root under the empty path", "a", "b", { "": "b" }],
    ["treats a string and a number as different", page(1), page("1"), { "0": "1" }],
    ["treats null and nothing as different", page(null), page(nothing), { "0": { n: 1 } }],
    [
      "moves the last row to the front",
      rows(["a", "b", "c"]),
      rows(["c", "a", "b"]),
      {
        "": {
          o: [
            [2, 3],
            [0, 2],
          ],
        },
      },
    ],
    [
      "removes rows",
      rows(["a", "b", "c"]),
      rows(["a", "c"]),
      {
        "": {
          o: [
            [0, 1],
            [2, 3],
          ],
        },
      },
    ],
    ["empties a list", rows(["a"]), rows([]), { "": { o: [] } }],
  ];
  for (const [name, old, next, changes] of cases) {
    it(name, () => {
      assert.deepEqual(diff(old, next), changes);
    });
  }

  it("includes the keys of new rows of a reordered list", () => {
    const next = rows(["new", "a"]);
    const changes = diff(rows(["a"]), next) as {
      "": { o: [{ k: string; v: { v: unknown[] } }, unknown] };
    };
    assert.equal(changes[""].o[0].k, "new");
    assert.deepEqual(changes[""].o[0].v.v, ["new"]);
    assert.deepEqual(changes[""].o[1], [0, 1]);
  });

  it("finds the rows of a long list after a shuffle", () => {
    const keys = Array.from({ length: 200 }, (_, i) => i);
    const [old, next] = [rows(keys), rows(keys.toReversed())];
    assert.deepEqual(applyDiff(old, diff(old, next) ?? {}), next);
  });

  it("compares data by its JSON", () => {
    const tree = (data: unknown) => toWireTree(html`<p .data=${data}></p>`);
    assert.equal(diff(tree({ a: [1] }), tree({ a: [1] })), undefined);
    assert.deepEqual(diff(tree({ a: [1] }), tree({ a: [2] })), { "0": { j: { a: [2] } } });
  });
});

interface Item {
  readonly id: number;
  readonly text: string;
  readonly tags: readonly string[];
}

interface Assigns {
  readonly items: readonly Item[];
  readonly others: readonly Item[];
  readonly selected: number;
  readonly mode: "list" | "table" | "none" | "svg";
  readonly text: string | number | null;
  readonly classes: Readonly<Record<string, boolean>>;
}

const item = fc.record({
  id: fc.integer({ min: 0, max: 9 }),
  text: fc.constantFrom("x", "y", ""),
  tags: fc.array(fc.constantFrom("a", "b"), { maxLength: 2 }),
});
const items = fc.uniqueArray(item, { selector: ({ id }) => id, maxLength: 8 });
const start: fc.Arbitrary<Assigns> = fc.record({
  items,
  others: items,
  selected: fc.integer({ min: 0, max: 9 }),
  mode: fc.constantFrom("list", "table", "none", "svg"),
  text: fc.constantFrom("x", 1, null),
  classes: fc.dictionary(fc.constantFrom("a", "b"), fc.boolean()),
});

type Step = (assigns: Assigns) => Partial<Assigns>;
const at = fc.nat({ max: 7 });
const named = (name: string, step: Step): Step => Object.assign(step, { toString: () => name });
const listStep = fc.oneof(
  fc.tuple(at, at).map(([from, to]) =>
    named(`move ${from} ${to}`, ({ items }) => {
      const copy = [...items];
      const moved = copy.splice(from % (copy.length || 1), 1);
      copy.splice(to, 0, ...moved);
      return { items: copy };
    }),
  ),
  fc.tuple(at, fc.constantFrom("x", "y", "z")).map(([position, text]) =>
    named(`edit ${position} ${text}`, ({ items }) => ({
      items: items.map((item, i) => (i === position ? { ...item, text } : item)),
    })),
  ),
  at.map((position) =>
    named(`remove ${position}`, ({ items }) => ({ items: items.filter((_, i) => i !== position) })),
  ),
  fc.tuple(at, fc.integer({ min: 10, max: 30 })).map(([position, id]) =>
    named(`insert ${position} ${id}`, ({ items }) => {
      if (items.some((item) => item.id === id)) return {};
      return { items: items.toSpliced(position, 0, { id, text: "new", tags: [] }) };
    }),
  ),
  fc.constant(named("reverse", ({ items }) => ({ items: items.toReversed() }))),
  fc.constant(named("copy", ({ items }) => ({ items: [...items] }))),
  items.map((items) => named("replace all", () => ({ items }))),
);
/** Adds assigns that the page only asks for. */
const extraStep = fc
  .constantFrom("extra", "more")
  .map((key) => named(`add ${key}`, () => ({ [key]: true }) as Partial<Assigns>));
const otherStep = start.chain((other) =>
  fc
    .subarray(["others", "selected", "mode", "text", "classes"] as const, { minLength: 1 })
    .map((keys) =>
      named(`assign ${keys}`, () => Object.fromEntries(keys.map((key) => [key, other[key]]))),
    ),
);
const steps = fc.array(fc.oneof({ weight: 3, arbitrary: listStep }, otherStep, extraStep), {
  minLength: 1,
  maxLength: 8,
});

const stableRow = ({ text, tags }: Item) =>
  html`<li title=${text}>${text}${tags.map((tag) => html`<i>${tag}</i>`)}</li>`;
const idOf = ({ id }: Item) => id;

/** A page with everything that changes in its own way: nested templates, lists, branches, directives, data. */
function page(assigns: Assigns) {
  const { items, others, selected, mode, text, classes } = assigns;
  const list = repeat(
    items,
    idOf,
    (item) => html`<li ?hidden=${item.id === selected}>${stableRow(item)}</li>`,
  );
  return html`
    <h1 class=${classMap(classes)} style=${styleMap({ color: `${text}` })} id="a-${selected}-${mode}">${text}</h1>
    ${mode === "none" ? nothing : mode === "svg" ? svg`<g>${items.length}</g>` : html`<ul>${list}</ul>`}
    <ol>${repeat(others, ({ id }) => `${mode}-${id}`, stableRow)}</ol>
    <p>${items.map(({ text }) => html`<b>${text}</b>`)}${keyed(selected, html`<i>${text}</i>`)}</p>
    <p>${repeat(items, ({ id }, i) => `${id}-${i}`, stableRow)}${repeat(items, idOf, ({ text }, i) => `${i}${text}`)}</p>
    <p>${repeat(others, idOf, (item) =>
      repeat(
        item.tags,
        (_, i) => i,
        (tag) => `${tag}${selected}`,
      ),
    )}</p>
    <light-nav .items=${items} .classes=${classes}></light-nav>${unsafeHTML(`<b>${text}</b>`)}
    ${derivedLists(items)}${askingLists(assigns, others)}`;
}

/** Lists whose rows show more than their item: what `render` has computed from the list, or from the rows before. */
function derivedLists(items: readonly Item[]) {
  const total = items.reduce((sum, { id }) => sum + id, 0);
  const last = items.at(-1);
  let previous: Item | undefined;
  const texts = new Set<string>();
  return html`
    ${repeat(items, idOf, ({ id }) => html`<b>${id / total} of ${items.length}</b>`)}
    ${repeat(items, idOf, (item) => html`<b>${item === last ? "last" : ""}</b>`)}
    ${repeat(items, idOf, ({ id }) => html`<b>${Math.max(...items.map(idOf)) === id}</b>`)}
    ${repeat(items, idOf, (item) => html`<b>${items[items.indexOf(item) - 1]?.text}</b>`)}
    ${repeat(items, idOf, (item) => {
      const isFirst = item.text !== previous?.text;
      previous = item;
      return html`<b>${isFirst}</b>`;
    })}
    ${repeat(items, idOf, ({ text }) => html`<b>${texts.has(text) || !texts.add(text)}</b>`)}
    ${repeat(items, idOf, (...[item, i]) => html`<b>${item.text}${i}</b>`)}
    ${repeat(items, idOf, restRow)}${repeat(items, idOf, defaultRow)}`;
}

const restRow = (...[item, i]: [Item, number]) => html`<i>${item.text}${i}</i>`;
const defaultRow = (item: Item, i = 0) => html`<i>${item.text}${i}</i>`;

/** Lists whose rows ask which assigns there are. */
function askingLists(assigns: Assigns, others: readonly Item[]) {
  const keys = Object.keys(assigns).join();
  return html`
    ${repeat(others, idOf, () => html`<b>${keys}</b>`)}
    ${repeat(others, idOf, () => html`<b>${"extra" in assigns}${Object.hasOwn(assigns, "more")}</b>`)}`;
}

/** Freezes a tree deeply, so that code that changes it throws. */
function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.values(Object.freeze(value)).forEach(frozen);
  }
  return value;
}

/** Renders like a channel: rows are reused if no assign that the templates read has changed. */
function lendingRenderer() {
  const reads = new AssignReads();
  let tree: WireValue | undefined;
  return (assigns: Assigns, changed: readonly string[]) => {
    const lends = tree !== undefined;
    const rendered = page(reads.track(assigns));
    const builder = new TreeBuilder(() => lends && !reads.includeAny(changed));
    tree = builder.child(rendered, tree);
    return { tree, origins: builder.origins };
  };
}

describe("diff of random pages and changes", () => {
  it("turns the old tree into the new one, with and without reused rows", () => {
    fc.assert(
      fc.property(start, steps, (first, changes) => {
        const render = lendingRenderer();
        let assigns = first;
        let { tree } = render(assigns, Object.keys(assigns));
        let shown = JSON.parse(JSON.stringify(tree)) as WireValue;
        for (const step of changes) {
          const changed = step(assigns);
          assigns = { ...assigns, ...changed };
          const { tree: next, origins } = render(assigns, Object.keys(changed));
          assert.deepEqual(
            next,
            toWireTree(page(assigns)),
            "the tree is the one built from scratch",
          );
          const update = diff(tree, next, origins);
          assert.deepEqual(update, diff(tree, next), "the recorded origins change nothing");
          const sent = JSON.parse(JSON.stringify(update ?? {})) as Diff;
          shown = applyDiff(frozen(shown), frozen(sent));
          assert.deepEqual(
            shown,
            JSON.parse(JSON.stringify(next)),
            "the browser shows the new tree",
          );
          assert.equal(
            diff(next, toWireTree(page(assigns))),
            undefined,
            "equal trees have no diff",
          );
          tree = next;
        }
      }),
      { numRuns: 500 },
    );
  });

  it("writes shorter paths first", () => {
    fc.assert(
      fc.property(start, steps, (assigns, changes) => {
        let next = assigns;
        for (const step of changes) next = { ...next, ...step(next) };
        const paths = Object.keys(diff(toWireTree(page(assigns)), toWireTree(page(next))) ?? {});
        for (const path of paths) {
          const above = paths.filter((other) => path.startsWith(`${other}.`));
          for (const other of above)
            assert.ok(paths.indexOf(other) < paths.indexOf(path), `${other} < ${path}`);
        }
      }),
      { numRuns: 200 },
    );
  });
});
