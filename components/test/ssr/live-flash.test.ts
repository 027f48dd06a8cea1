import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { html } from "lit";
import "../../src/live-flash.js";
import { renderPage, stylesOf, withoutStyles } from "../support/render-page.js";

describe("<live-flash> on the server", () => {
  it("renders the messages of the kinds info and error", async () => {
    const flash = { info: "Saved.", error: "<b>No</b>", email: "a@example.com" };
    const page = withoutStyles(await renderPage(html`<live-flash .flash=${flash}></live-flash>`));
    assert.match(page, /id="flash-info" class="box" part="box info" role="alert"/);
    assert.match(page, /part="title">Success!<.*part="text">Saved\.</);
    assert.match(
      page,
      /id="flash-error".*part="title">Error!<.*part="text">&lt;b&gt;No&lt;\/b&gt;</,
    );
    assert.doesNotMatch(page, /a@example\.com/);
  });

  it("reads its messages from an attribute", async () => {
    const page = await renderPage(html`<live-flash flash='{"info":"Saved."}'></live-flash>`);
    assert.match(page, /part="text">Saved\.</);
  });

  it("renders no box for the connection", async () => {
    const page = withoutStyles(await renderPage(html`<live-flash></live-flash>`));
    assert.match(page, /<div class="boxes"><\/div>|<div class="boxes"> <\/div>/);
  });

  it("writes no inline style and the same style text for each instance", async () => {
    const page = await renderPage(
      html`<live-flash .flash=${{ info: "Saved." }}></live-flash><live-flash></live-flash>`,
    );
    const [first, second, ...others] = stylesOf(page);
    assert.equal(first, second);
    assert.deepEqual(others, []);
    assert.doesNotMatch(page, /\sstyle=/);
  });
});
