import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { html } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import { PackedTree } from "../../../src/live/hibernation/packed-tree.js";
import { toWireTree } from "../../support/wire-tree.js";

const list = (rows: number, name = "ü 🙂") =>
  html`<ul>${repeat(
    Array.from({ length: rows }, (_, id) => ({ id, name })),
    ({ id }) => id,
    ({ id, name }) =>
      html`<li .data=${{ id }} ?hidden=${id > 3}>${name}${keyed(id, html`<b>${null}</b>`)}</li>`,
  )}</ul>`;

describe("PackedTree", () => {
  it("unpacks to an equal tree, whether it was compressed or not", () => {
    for (const rows of [1, 200]) {
      const tree = toWireTree(list(rows));
      assert.deepEqual(PackedTree.of(tree)?.unpack(), JSON.parse(JSON.stringify(tree)));
    }
  });

  it("is not made of a tree whose memory belongs to the app", () => {
    // Random characters cannot be compressed.
    const text = Array.from({ length: 5000 }, () => Math.random().toString(36)[2]).join("");
    assert.equal(PackedTree.of(toWireTree(html`<p>${text}</p>`)), undefined);
  });
});
