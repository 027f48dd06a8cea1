import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { html, nothing, svg, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { keyed } from "lit/directives/keyed.js";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { toHtml } from "../../src/render/html.js";
import { SentTemplates } from "../../src/render/sent-templates.js";
import { WireTemplates } from "../../src/render/wire-templates.js";
import { toWireTree } from "../support/wire-tree.js";

function roundTrip(template: TemplateResult): string {
  const tree = toWireTree(template);
  const templates = new WireTemplates();
  templates.add(new SentTemplates().missingInTree(tree));
  return toHtml(templates.toLit(JSON.parse(JSON.stringify(tree))));
}

describe("WireTemplates", () => {
  const templates: Record<string, TemplateResult> = {
    values: html`<p title=${"a"} ?hidden=${true}>${1} ${"<b>"} ${null}</p>`,
    lists: html`<ul>${[1, 2].map((n) => html`<li>${n}</li>`)}</ul>`,
    "keyed lists": html`<ul>${repeat(
      ["a", "b"],
      (key) => key,
      (key) => html`<li>${key}</li>`,
    )}</ul>`,
    directives: html`<p class=${classMap({ a: true })} style=${styleMap({ color: "red" })}>
      ${keyed(1, html`<i></i>`)}${unsafeHTML("<b>raw</b>")}</p><input .value=${live("x")}>`,
    "templates that differ in where a value stands": html`<tr>${html`<td>${1}</td>`}${html`<td></td>`}</tr>`,
    "svg and nothing": html`<svg>${svg`<circle r=${1}/>`}</svg>${nothing}`,
    "data of properties": html`<my-list .items=${[{ id: 1 }]}></my-list>`,
  };
  for (const [what, template] of Object.entries(templates)) {
    it(`renders ${what} as the template itself is rendered`, () => {
      assert.equal(roundTrip(template), toHtml(template));
    });
  }

  it("refuses a template whose strings were not sent", () => {
    const tree = toWireTree(html`<p></p>`);
    assert.throws(() => new WireTemplates().toLit(tree), {
      code: "LIVE_ERR_TEMPLATE",
      message: /the strings of the template .* were not sent/,
    });
  });
});
