import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { WireKeyedList, WireTemplate } from "@live-session/components/protocol";
import { html, mathml, svg } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import { diff } from "../../src/render/diff.js";
import { SentTemplates } from "../../src/render/sent-templates.js";
import { liveError } from "../support/live-error.js";
import { toWireTree } from "../support/wire-tree.js";

const keysOf = (templates: object | undefined) => Object.keys(templates ?? {});

describe("sent templates", () => {
  it("gives each template's strings once, wherever it stands", () => {
    const item = (n: number) => html`<li>${n}</li>`;
    const page = (extra: unknown) => html`<ul>${[1, 2, 3].map(item)}${keyed(1, item(4))}</ul>${extra}`;
    const sent = new SentTemplates();
    const tree = toWireTree(page(null)) as WireTemplate;
    const templates = sent.takeTree(tree);
    assert.equal(keysOf(templates).length, 2);
    assert.deepEqual(templates?.[tree.t], ["<ul>", "", "</ul>", ""]);
    assert.equal(sent.takeTree(toWireTree(page(item(5)))), undefined);
  });

  it("marks svg and mathml strings", () => {
    const templates = new SentTemplates().takeTree(toWireTree([svg`<g/>`, mathml`<mi/>`, html`<p></p>`]));
    assert.deepEqual(Object.values(templates ?? {}), [{ svg: ["<g/>"] }, { mathml: ["<mi/>"] }, ["<p></p>"]]);
  });

  it("gives what a diff brings in, new entries of a reordered list included", () => {
    const rows = (ids: number[]) =>
      repeat(
        ids,
        (id) => id,
        (id) => (id === 1 ? html`<i>${id}</i>` : id < 4 ? html`<b>${id}</b>` : html`<u>${html`<s></s>`}</u>`),
      );
    const sent = new SentTemplates();
    const trees = [[1], [2, 1], [3, 2, 1], [4, 3, 5, 2]].map((ids) => toWireTree(rows(ids)) as WireKeyedList);
    const given = [keysOf(sent.takeTree(trees[0] as WireKeyedList)).length];
    for (let i = 1; i < trees.length; i++) {
      const changes = diff(trees[i - 1] as WireKeyedList, trees[i] as WireKeyedList);
      given.push(keysOf(sent.takeDiff(changes ?? {})).length);
    }
    assert.deepEqual(given, [1, 1, 0, 2]);
  });

  it("gives what stands in a replaced value, once", () => {
    const old = toWireTree(html`<p>${null}</p>`);
    const next = toWireTree(html`<p>${html`<b>${html`<i></i>`}</b>`}</p>`);
    const sent = new SentTemplates();
    sent.takeTree(old);
    const changes = diff(old, next) ?? {};
    assert.equal(keysOf(sent.takeDiff(changes)).length, 2);
    assert.equal(sent.takeDiff(changes), undefined);
  });

  it("looks for no template in data", () => {
    const forged = { t: "forged", v: [] };
    assert.equal(keysOf(new SentTemplates().takeTree(toWireTree(html`<p .a=${forged}></p>`))).length, 1);
  });

  it("knows no template that was never rendered", () => {
    assert.throws(
      () => new SentTemplates().takeTree({ t: "nobody", v: [] }),
      liveError("LIVE_ERR_TEMPLATE", "never rendered"),
    );
  });
});
