import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { html, type TemplateResult } from "lit";
import { encodeHtml } from "../../../src/render/html/encode-html.js";
import { findMovedContent, warnOfMovedContent } from "../../../src/render/html/moved-content.js";
import { toWireTree } from "../../support/wire-tree.js";

const encode = (template: unknown): string => encodeHtml(toWireTree(template));

describe("findMovedContent", () => {
  const moved: [element: string, template: TemplateResult, advice: RegExp][] = [
    ["p", html`<p>${html`<div>a</div>`}</p>`, /out of a <p>.*use a <div>/],
    ["a", html`<a href="/">${html`<a href="/b">b</a>`}</a>`, /another link/],
    ["button", html`<button>${html`<button>b</button>`}</button>`, /another button/],
    ["tr", html`<table><tr>${html`<tr><td>a</td></tr>`}</tr></table>`, /<tr>/],
  ];
  for (const [element, template, advice] of moved) {
    it(`names the <${element}> whose content is moved`, () => {
      assert.match(findMovedContent(encode(template)) ?? "", advice);
    });
  }

  it("names the row that is in a form, which the parser ends at once", () => {
    const row = html`<tr><form><td><input name="a"></td></form></tr>`;
    const page = html`<table><tbody>${[row]}</tbody></table>`;
    assert.match(findMovedContent(encode(page)) ?? "", /<form> in a <tr>.*around the table/);
    assert.equal(findMovedContent(encode(html`<form><table>${"text"}</table></form>`)), undefined);
  });

  it("finds nothing in tables and lists whose tags are left out", () => {
    const rows = [1, 2].map((n) => html`<tr><td>${n}`);
    const page = html`<table>${rows}</table><ul>${[1].map((n) => html`<li>${n}`)}</ul><table>${"text"}</table>`;
    assert.equal(findMovedContent(encode(page)), undefined);
  });
});

describe("warnOfMovedContent", () => {
  it("warns once for the templates of a page", (t) => {
    const { mock } = t.mock.method(process, "emitWarning", () => {});
    const render = () => encode(html`<p>${html`<section>a</section>`}</p>`);
    warnOfMovedContent("ListLive", render());
    warnOfMovedContent("ListLive", render());
    assert.equal(mock.callCount(), 1);
    const [message, options] = mock.calls[0]?.arguments ?? [];
    assert.match(String(message), /ListLive.*<p>/);
    assert.deepEqual(options, { code: "LIVE_WARN_MOVED_CONTENT", type: "LiveWarning" });
  });
});
