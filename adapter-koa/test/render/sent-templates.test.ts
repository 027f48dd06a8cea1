import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type {
  Diff,
  Templates,
  WireKeyedList,
  WireTemplate,
  WireValue,
} from "@live-session/components/protocol";
import { html, mathml, svg } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import { diff } from "../../src/render/diff.js";
import { SentTemplates } from "../../src/render/sent-templates.js";
import { liveError } from "../support/live-error.js";
import { toWireTree } from "../support/wire-tree.js";

/** Returns the strings that a tree needs on a connection, and marks them as sent. */
const takeTree = (sent: SentTemplates, tree: WireValue): Templates | undefined => {
  const templates = sent.missingInTree(tree);
  if (templates) sent.add(templates);
  return templates;
};
const takeDiff = (sent: SentTemplates, changes: Diff): Templates | undefined => {
  const templates = sent.missingInDiff(changes);
  if (templates) sent.add(templates);
  return templates;
};
const keysOf = (templates: object | undefined) => Object.keys(templates ?? {});

describe("SentTemplates", () => {
  it("returns the strings of each template once, at any depth", () => {
    const item = (n: number) => html`<li>${n}</li>`;
    const page = (extra: unknown) =>
      html`<ul>${[1, 2, 3].map(item)}${keyed(1, item(4))}</ul>${extra}`;
    const sent = new SentTemplates();
    const tree = toWireTree(page(null)) as WireTemplate;
    const templates = takeTree(sent, tree);
    assert.equal(keysOf(templates).length, 2);
    assert.deepEqual(templates?.[tree.t], ["<ul>", "", "</ul>", ""]);
    assert.equal(takeTree(sent, toWireTree(page(item(5)))), undefined);
  });

  it("regards strings as missing until they are added", () => {
    const tree = toWireTree(html`<p>${html`<b></b>`}</p>`);
    const sent = new SentTemplates();
    const templates = sent.missingInTree(tree);
    assert.deepEqual(sent.missingInTree(tree), templates);
    assert.deepEqual(sent.missingInDiff({ "0": tree }), templates);
    sent.add(templates ?? {});
    assert.equal(sent.missingInTree(tree), undefined);
    assert.equal(sent.missingInDiff({ "0": tree }), undefined);
  });

  it("marks the strings of svg and mathml templates", () => {
    const templates = takeTree(
      new SentTemplates(),
      toWireTree([svg`<g/>`, mathml`<mi/>`, html`<p></p>`]),
    );
    assert.deepEqual(Object.values(templates ?? {}), [
      { svg: ["<g/>"] },
      { mathml: ["<mi/>"] },
      ["<p></p>"],
    ]);
  });

  it("returns the strings that a diff needs, including those of new entries of a reordered list", () => {
    const rows = (ids: number[]) =>
      repeat(
        ids,
        (id) => id,
        (id) =>
          id === 1
            ? html`<i>${id}</i>`
            : id < 4
              ? html`<b>${id}</b>`
              : html`<u>${html`<s></s>`}</u>`,
      );
    const sent = new SentTemplates();
    const trees = [[1], [2, 1], [3, 2, 1], [4, 3, 5, 2]].map(
      (ids) => toWireTree(rows(ids)) as WireKeyedList,
    );
    const given = [keysOf(takeTree(sent, trees[0] as WireKeyedList)).length];
    for (let i = 1; i < trees.length; i++) {
      const changes = diff(trees[i - 1] as WireKeyedList, trees[i] as WireKeyedList);
      given.push(keysOf(takeDiff(sent, changes ?? {})).length);
    }
    assert.deepEqual(given, [1, 1, 0, 2]);
  });

  it("returns the strings of a replaced value only once", () => {
    const old = toWireTree(html`<p>${null}</p>`);
    const next = toWireTree(html`<p>${html`<b>${html`<i></i>`}</b>`}</p>`);
    const sent = new SentTemplates();
    takeTree(sent, old);
    const changes = diff(old, next) ?? {};
    assert.equal(keysOf(takeDiff(sent, changes)).length, 2);
    assert.equal(takeDiff(sent, changes), undefined);
  });

  it("ignores data that looks like a template", () => {
    const forged = { t: "forged", v: [] };
    assert.equal(
      keysOf(takeTree(new SentTemplates(), toWireTree(html`<p .a=${forged}></p>`))).length,
      1,
    );
  });

  it("throws for a template that has never been rendered", () => {
    assert.throws(
      () => takeTree(new SentTemplates(), { t: "nobody", v: [] }),
      liveError("LIVE_ERR_TEMPLATE", "has not been rendered"),
    );
  });
});
