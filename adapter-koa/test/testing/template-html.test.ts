import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toHtml } from "@live-session/adapter-koa/testing";
import { html, nothing } from "lit";
import { liveError } from "../support/live-error.js";

const row = (name: string, count?: number) =>
  html`<tr><td title=${name}>${count ?? nothing}</td></tr>`;

describe("toHtml", () => {
  it("renders the result of a function, without Lit's markers", () => {
    assert.equal(toHtml(row('a"b', 1)), '<tr><td title="a&quot;b">1</td></tr>');
    assert.equal(toHtml([row("a"), "text"]), '<tr><td title="a"></td></tr>text');
  });

  it("refuses values that a view cannot render", () => {
    assert.throws(
      () => toHtml(html`<button @click=${() => {}}></button>`),
      liveError("LIVE_ERR_TEMPLATE"),
    );
  });
});
