import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  applyPatch,
  escapePointer,
  type PatchOperation,
  ProtocolError,
} from "../../src/protocol/index.js";
import { type Json, json } from "../support/json.js";

/** Returns the JSON Pointers of all values of a document, the root first. */
function placesOf(value: Json, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [path];
  return [
    path,
    ...Object.keys(value).flatMap((key) =>
      placesOf((value as { [key: string]: Json })[key] as Json, `${path}/${escapePointer(key)}`),
    ),
  ];
}

const valueAt = (value: Json, path: string): Json =>
  path
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce((node, key) => (node as { [key: string]: Json })[key] as Json, value);

const documentAndPlace = json().chain((document) =>
  fc.tuple(fc.constant(document), fc.constantFrom(...placesOf(document))),
);

describe("applyPatch", () => {
  it("replaces any value of any document and does not change the given document", () => {
    fc.assert(
      fc.property(documentAndPlace, json(), ([document, path], value) => {
        const before = structuredClone(document);
        const result = applyPatch(document, [{ op: "replace", path, value }]);
        assert.deepEqual(valueAt(result, path), value);
        assert.deepEqual(document, before);
      }),
    );
  });

  it("adds back what it removes", () => {
    fc.assert(
      fc.property(documentAndPlace, ([document, path]) => {
        fc.pre(path !== "");
        const removed = applyPatch(document, [{ op: "remove", path }]);
        assert.deepEqual(
          applyPatch(removed, [{ op: "add", path, value: valueAt(document, path) }]),
          document,
        );
      }),
    );
  });

  it("returns the same document for no operations", () => {
    const document = { a: [1] };
    assert.equal(applyPatch(document, []), document);
  });

  it("shares unchanged values", () => {
    const document = { list: [{ id: 1 }, { id: 2 }], user: { name: "Ada" } };
    const result = applyPatch(document, [{ op: "replace", path: "/list/1/id", value: 3 }]);
    assert.equal(result.user, document.user);
    assert.equal(result.list[0], document.list[0]);
    assert.notEqual(result.list, document.list);
    assert.deepEqual(result.list, [{ id: 1 }, { id: 3 }]);
  });

  it("applies operations in order", () => {
    const operations: PatchOperation[] = [
      { op: "add", path: "/list", value: [] },
      { op: "add", path: "/list/-", value: "b" },
      { op: "add", path: "/list/0", value: "a" },
      { op: "remove", path: "/gone" },
    ];
    assert.deepEqual(applyPatch({ gone: 1 }, operations), { list: ["a", "b"] });
  });

  it("moves a value without copying it", () => {
    const document = { list: [{ id: 1 }, { id: 2 }, { id: 3 }] };
    const result = applyPatch(document, [{ op: "move", from: "/list/2", path: "/list/0" }]);
    assert.deepEqual(
      result.list.map(({ id }) => id),
      [3, 1, 2],
    );
    assert.equal(result.list[0], document.list[2]);
  });

  it("applies many operations to one list and changes neither the document nor the operations", () => {
    const document = { list: [{ n: 0 }, { n: 1 }] };
    const added = { items: [2] };
    const operations: PatchOperation[] = [
      { op: "add", path: "/list/-", value: added },
      { op: "add", path: "/list/2/items/-", value: 3 },
      { op: "replace", path: "/list/0/n", value: 4 },
      { op: "move", from: "/list/0", path: "/list/2" },
      { op: "replace", path: "/list/2/n", value: 5 },
      { op: "remove", path: "/list/1/items/0" },
    ];
    assert.deepEqual(applyPatch(document, operations), {
      list: [{ n: 1 }, { items: [3] }, { n: 5 }],
    });
    assert.deepEqual(document, { list: [{ n: 0 }, { n: 1 }] });
    assert.deepEqual(added, { items: [2] });
  });

  it("reads escaped keys", () => {
    const key = "a/b~c~1";
    const path = `/${escapePointer(key)}`;
    assert.deepEqual(applyPatch({ [key]: 1 }, [{ op: "replace", path, value: 2 }]), { [key]: 2 });
  });

  it("adds a key called __proto__ like any other", () => {
    const result = applyPatch({}, [{ op: "add", path: "/__proto__", value: { isAdmin: true } }]);
    assert.deepEqual(Object.keys(result), ["__proto__"]);
    assert.equal(Object.getPrototypeOf(result), Object.prototype);
    assert.equal("isAdmin" in result, false);
  });

  for (const [title, document, operation] of [
    ["to remove the root", {}, { op: "remove", path: "" }],
    ["a key that is not there", {}, { op: "replace", path: "/a", value: 1 }],
    ["to remove a key that is not there", {}, { op: "remove", path: "/a" }],
    ["to go below a key that is not there", {}, { op: "add", path: "/a/b", value: 1 }],
    ["to go below a string", { a: "text" }, { op: "add", path: "/a/0", value: 1 }],
    ["an inherited key", {}, { op: "replace", path: "/constructor/name", value: 1 }],
    ["an item past the end", [1], { op: "replace", path: "/1", value: 1 }],
    ["to add behind the end", [1], { op: "add", path: "/2", value: 1 }],
    ["to replace behind the last item", [1], { op: "replace", path: "/-", value: 1 }],
    ["an index that is not a number", [1], { op: "add", path: "/x", value: 1 }],
    ["a negative index", [1], { op: "add", path: "/-1", value: 1 }],
    ["to go below a method of a list", { list: [] }, { op: "add", path: "/list/at/a", value: 1 }],
    ["to go below a prototype", [], { op: "add", path: "/__proto__/at", value: 1 }],
    ["to move what is not there", {}, { op: "move", from: "/a", path: "/b" }],
  ] as [string, Json, PatchOperation][]) {
    it(`refuses ${title}`, () => {
      assert.throws(
        () => applyPatch(document, [operation]),
        (error) => error instanceof ProtocolError && error.code === "LIVE_ERR_BAD_PATCH",
      );
    });
  }
});
