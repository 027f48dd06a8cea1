import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { applyPatch } from "@live-session/components/protocol";
import fc from "fast-check";
import { createPatch } from "../../src/render/create-patch.js";

/** Freezes a value deeply, so that code that changes it throws. */
function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null)
    Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

/** Checks that the patch, sent as JSON, turns one value into the other. */
function assertPatches(old: unknown, next: unknown): void {
  const operations = JSON.parse(JSON.stringify(createPatch(frozen(old), frozen(next))));
  assert.deepEqual(
    JSON.parse(JSON.stringify(applyPatch({ at: old }, operations.map(under)))),
    JSON.parse(JSON.stringify({ at: next })),
  );
}

/** Moves an operation one level deeper, so that it may replace the whole value. */
const under = (operation: { path: string; from?: string }) => ({
  ...operation,
  path: `/at${operation.path}`,
  ...(operation.from !== undefined && { from: `/at${operation.from}` }),
});

const key = fc.oneof(
  fc.constantFrom("a", "b", "id", "a/b", "~", "~1", "", "0", "constructor", "toString", "valueOf"),
  fc.string({ maxLength: 3 }).filter((name) => name !== "__proto__"),
);
const { json } = fc.letrec((tie) => ({
  leaf: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom("x", "", null, true)),
  list: fc.array(tie("json"), { maxLength: 4 }),
  items: fc.uniqueArray(fc.record({ id: fc.integer({ min: 0, max: 8 }), text: tie("leaf") }), {
    selector: ({ id }) => id,
    maxLength: 8,
  }),
  object: fc.dictionary(key, tie("json"), { maxKeys: 4 }),
  json: fc.oneof({ maxDepth: 3 }, tie("leaf"), tie("items"), tie("list"), tie("object")),
}));

describe("createPatch", () => {
  it("returns operations that turn any JSON value into any other", () => {
    fc.assert(
      fc.property(json, json, (old, next) => assertPatches(old, next)),
      { numRuns: 1000 },
    );
  });

  it("returns undefined for an equal value", () => {
    fc.assert(
      fc.property(json, (value) =>
        assert.deepEqual(createPatch(value, structuredClone(value)), []),
      ),
      { numRuns: 300 },
    );
  });

  it("matches items by id, with one operation for an added, removed, moved or changed item", () => {
    const [a, b, c] = [{ id: "a" }, { id: "b", n: 1 }, { id: "c" }];
    assert.deepEqual(createPatch([a, b], [c, a, b]), [{ op: "add", path: "/0", value: c }]);
    assert.deepEqual(createPatch([a, b, c], [a, c]), [{ op: "remove", path: "/1" }]);
    assert.deepEqual(createPatch([a, b, c], [c, a, b]), [{ op: "move", from: "/2", path: "/0" }]);
    assert.deepEqual(createPatch([a, b, c], [a, { id: "b", n: 2 }, c]), [
      { op: "replace", path: "/1/n", value: 2 },
    ]);
  });

  it("moves the first of many items to the end with one operation", () => {
    const items = Array.from({ length: 1000 }, (_, id) => ({ id }));
    const rotated = [...items.slice(1), items[0]];
    assertPatches(items, rotated);
    assert.deepEqual(createPatch({ items }, { items: rotated }), [
      { op: "move", from: "/items/0", path: "/items/999" },
    ]);
  });

  it("replaces a list or an object that is emptied or reversed", () => {
    const items = Array.from({ length: 100 }, (_, id) => ({ id }));
    assert.deepEqual(createPatch({ items }, { items: [] }), [
      { op: "replace", path: "/items", value: [] },
    ]);
    const reversed = items.toReversed();
    assert.deepEqual(createPatch({ items }, { items: reversed }), [
      { op: "replace", path: "/items", value: reversed },
    ]);
    const map = Object.fromEntries(items.map(({ id }) => [`key ${id}`, id]));
    assert.deepEqual(createPatch({ map }, { map: { a: 1 } }), [
      { op: "replace", path: "/map", value: { a: 1 } },
    ]);
  });

  it("returns a patch that is never longer than an operation that replaces the value", () => {
    fc.assert(
      fc.property(json, json, (old, next) => {
        const patch = createPatch({ at: old }, { at: next });
        const replacement = [{ op: "replace", path: "/at", value: next }];
        assert.ok(JSON.stringify(patch).length <= JSON.stringify(replacement).length);
      }),
      { numRuns: 500 },
    );
  });

  it("replaces a list if the operations for some of its short items are longer", () => {
    const zeros = Array.from({ length: 1000 }, () => 0);
    const some = zeros.map((_, i) => (i % 21 === 0 ? 1 : 0));
    assert.deepEqual(createPatch({ zeros }, { zeros: some }), [
      { op: "replace", path: "/zeros", value: some },
    ]);
  });

  it("matches items by position if ids are missing, repeated or of another type", () => {
    for (const [old, next] of [
      [[{ id: 1 }, { id: 1 }], [{ id: 1 }]],
      [
        [{ id: 1 }, {}],
        [{}, { id: 1 }],
      ],
      [[{ id: { a: 1 } }], [{ id: { a: 2 } }]],
      [[{ id: 1 }], [{ id: "1" }]],
    ]) {
      assertPatches(old, next);
    }
  });

  it("treats an undefined member as a missing member", () => {
    assert.deepEqual(createPatch({ a: undefined }, {}), []);
    assert.deepEqual(createPatch({ a: 1 }, { a: undefined }), [{ op: "remove", path: "/a" }]);
    assert.deepEqual(createPatch({ a: undefined }, { a: 1 }), [
      { op: "add", path: "/a", value: 1 },
    ]);
  });

  it("ignores members that objects inherit", () => {
    assert.deepEqual(createPatch({}, { toString: 1 }), [
      { op: "add", path: "/toString", value: 1 },
    ]);
    assert.deepEqual(createPatch({ constructor: 1 }, {}), [{ op: "remove", path: "/constructor" }]);
  });

  it("does not compare values with the same reference", () => {
    const shared = new Proxy({}, { ownKeys: () => assert.fail("the shared part was read") });
    assert.deepEqual(createPatch({ shared, n: 1 }, { shared, n: 2 }), [
      { op: "replace", path: "/n", value: 2 },
    ]);
  });
});
