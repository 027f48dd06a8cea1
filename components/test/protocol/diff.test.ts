import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  applyDiff,
  type Diff,
  ProtocolError,
  type WireKeyedList,
  type WireNode,
  type WireOrder,
  type WireValue,
} from "../../src/protocol/index.js";
import { json } from "../support/json.js";

const isNode = (value: WireValue): value is WireNode => typeof value === "object" && value !== null;

const childrenOf = (value: WireValue): readonly WireValue[] => {
  if (!isNode(value)) return [];
  if ("v" in value) return value.v;
  return "l" in value ? value.l : [];
};

const plain = { noNullPrototype: true };

const { tree } = fc.letrec<{ tree: WireValue }>((tie) => {
  const values = fc.array(tie("tree"), { maxLength: 4 });
  const keys = fc.uniqueArray(
    fc.oneof(fc.integer({ min: 0, max: 9 }), fc.string({ maxLength: 2 })),
    {
      maxLength: 5,
    },
  );
  return {
    tree: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.oneof(fc.string({ maxLength: 3 }), fc.integer(), fc.boolean(), fc.constant(null)),
      fc.record({ t: fc.constantFrom("a", "b"), v: values }, plain),
      fc.record({ l: values }, plain),
      keys.chain((k) =>
        fc.record({ k: fc.constant(k), l: fc.tuple(...k.map(() => tie("tree"))) }, plain),
      ),
      fc.constant({ n: 1 as const }),
      fc.record({ j: json(1) }, plain),
      fc.record(
        { x: fc.constant("keyed" as const), v: fc.tuple(fc.integer(), tie("tree")) },
        plain,
      ),
    ),
  };
});

/** Computes a simple, not minimal diff between two trees. */
function diffOf(
  from: WireValue,
  to: WireValue,
  path: number[] = [],
  diff: Record<string, WireValue | WireOrder> = {},
): Diff {
  const at = path.join(".");
  const same = JSON.stringify(from) === JSON.stringify(to);
  if (same) return diff;
  if (isNode(from) && isNode(to) && "k" in from && "k" in to)
    return diffOfKeyedLists(from, to, path, diff);
  const shape = (node: WireNode) => [
    Object.keys(node),
    "t" in node && node.t,
    childrenOf(node).length,
  ];
  const isSameShape =
    isNode(from) &&
    isNode(to) &&
    !("j" in from) &&
    JSON.stringify(shape(from)) === JSON.stringify(shape(to));
  if (!isSameShape) {
    diff[at] = to;
    return diff;
  }
  childrenOf(from).forEach((child, i) => {
    diffOf(child, childrenOf(to)[i] as WireValue, [...path, i], diff);
  });
  return diff;
}

function diffOfKeyedLists(
  from: WireKeyedList,
  to: WireKeyedList,
  path: number[],
  diff: Record<string, WireValue | WireOrder>,
): Diff {
  const at = (key: string | number) => from.k.indexOf(key);
  diff[path.join(".")] = {
    o: to.k.map((k, i) => (at(k) < 0 ? { k, v: to.l[i] as WireValue } : [at(k), at(k) + 1])),
  };
  to.k.forEach((key, i) => {
    if (at(key) >= 0)
      diffOf(from.l[at(key)] as WireValue, to.l[i] as WireValue, [...path, i], diff);
  });
  return diff;
}

const throwsBadDiff = (tree: WireValue, diff: Diff): void => {
  assert.throws(
    () => applyDiff(tree, diff),
    (error) => error instanceof ProtocolError && error.code === "LIVE_ERR_BAD_DIFF",
  );
};

const paragraph: WireValue = { t: "p", v: ["a", { l: ["x", "y"] }] };
const rows: WireKeyedList = {
  k: ["a", "b", "c"],
  l: [
    { t: "r", v: [1] },
    { t: "r", v: [2] },
    { t: "r", v: [3] },
  ],
};

describe("applyDiff", () => {
  it("turns any tree into any other, given the diff between them", () => {
    fc.assert(
      fc.property(tree, tree, (from, to) => {
        assert.deepEqual(applyDiff(from, diffOf(from, to)), to);
      }),
    );
  });

  it("does not change the given tree", () => {
    fc.assert(
      fc.property(tree, tree, (from, to) => {
        const before = structuredClone(from);
        applyDiff(from, diffOf(from, to));
        assert.deepEqual(from, before);
      }),
    );
  });

  it("returns the same tree for an empty diff", () => {
    fc.assert(fc.property(tree, (given) => assert.equal(applyDiff(given, {}), given)));
  });

  it("shares unchanged nodes", () => {
    const tree = { t: "p", v: [rows, { t: "q", v: ["before"] }] };
    const result = applyDiff(tree, { "1.0": "after" }) as typeof tree;
    assert.equal(result.v[0], rows);
    assert.notEqual(result.v[1], tree.v[1]);
  });

  it("shares moved entries of a list", () => {
    const result = applyDiff(rows, {
      "": { o: [[2, 3], { k: "d", v: null }, [0, 2]] },
    }) as WireKeyedList;
    assert.deepEqual(result.k, ["c", "d", "a", "b"]);
    assert.equal(result.l[0], rows.l[2]);
    assert.equal(result.l[3], rows.l[1]);
  });

  it("applies shorter paths first, regardless of their order", () => {
    const diff: Diff = { "0.0": "new", "": { o: [[1, 2]] } };
    assert.deepEqual(applyDiff(rows, diff), { k: ["b"], l: [{ t: "r", v: ["new"] }] });
  });

  it("changes several values of one node", () => {
    assert.deepEqual(applyDiff(paragraph, { "0": "b", "1.0": "z", "1.1": "w" }), {
      t: "p",
      v: ["b", { l: ["z", "w"] }],
    });
  });

  for (const [title, tree, diff] of [
    ["a position past the end", paragraph, { "2": "x" }],
    ["a negative position", paragraph, { "-1": "x" }],
    ["a position below a negative one", paragraph, { "-1.0": "x" }],
    ["a position below a string", paragraph, { "0.0": "x" }],
    ["a position that is not a number", paragraph, { length: "x" }],
    ["a prototype's property", paragraph, { "__proto__.0": "x" }],
    ["a position below a root that is a string", "text", { "0": "x" }],
    ["a position below data", { j: [1] }, { "0": "x" }],
    ["an order for a list without keys", { l: [] }, { "": { o: [] } }],
    ["an order for a string", paragraph, { "0": { o: [] } }],
    ["a range past the end", rows, { "": { o: [[2, 4]] } }],
    ["a range before the start", rows, { "": { o: [[-1, 1]] } }],
    ["a range that runs backwards", rows, { "": { o: [[2, 1]] } }],
  ] as [string, WireValue, Diff][]) {
    it(`refuses ${title}`, () => throwsBadDiff(tree, diff));
  }
});
