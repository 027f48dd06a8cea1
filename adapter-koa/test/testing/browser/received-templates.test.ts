import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { html, nothing, svg, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { keyed } from "lit/directives/keyed.js";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { encodeHtml } from "../../../src/render/html/encode-html.js";
import { SentTemplates } from "../../../src/render/sent-templates.js";
import { ReceivedTemplates } from "../../../src/testing/browser/received-templates.js";
import { liveError } from "../../support/live-error.js";
import { toWireTree } from "../../support/wire-tree.js";

describe("ReceivedTemplates", () => {
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
    "templates that differ only in the position of a value": html`<tr>${html`<td>${1}</td>`}${html`<td></td>`}</tr>`,
    "svg and nothing": html`<svg>${svg`<circle r=${1}/>`}</svg>${nothing}`,
    "data of properties": html`<my-list .items=${[{ id: 1, t: "not a template" }]}></my-list>`,
  };
  for (const [what, template] of Object.entries(templates)) {
    it(`accepts a received tree with ${what} only if all its strings were sent, and keeps its HTML`, () => {
      const tree = toWireTree(template);
      const sent = new SentTemplates().missingInTree(tree) ?? {};
      const received = JSON.parse(JSON.stringify(tree));
      assert.equal(encodeHtml(received), encodeHtml(tree));
      const all = new ReceivedTemplates();
      all.add(sent);
      all.check(received);
      for (const key of Object.keys(sent)) {
        const { [key]: _, ...others } = sent;
        const incomplete = new ReceivedTemplates();
        incomplete.add(others);
        const error = liveError(
          "LIVE_ERR_TEMPLATE",
          `the strings of the template ${key} were not sent`,
        );
        assert.throws(() => incomplete.check(received), error);
      }
    });
  }
});
