import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { html } from "lit";
import "../../src/live-notifications.js";
import { renderPage, withoutStyles } from "../support/render-page.js";

describe("<live-notifications> on the server", () => {
  it("renders an empty live region without data", async () => {
    const page = withoutStyles(await renderPage(html`<live-notifications></live-notifications>`));
    assert.match(page, /aria-live="assertive"> ?<\/div>/);
    assert.doesNotMatch(page, /<button/);
  });

  it("renders the given items with escaped text", async () => {
    const items = [
      { id: "1", title: "<b>One</b>", description: "Text" },
      { id: "2", title: "Two" },
    ];
    const page = withoutStyles(
      await renderPage(html`<live-notifications .items=${items}></live-notifications>`),
    );
    assert.match(
      page,
      /part="close-all" type="button">Close all<.*id="notification-1".*id="notification-2"/,
    );
    assert.match(page, /part="title">&lt;b&gt;One&lt;\/b&gt;<.*part="text">Text</);
    assert.doesNotMatch(page, /\sstyle=/);
  });
});
