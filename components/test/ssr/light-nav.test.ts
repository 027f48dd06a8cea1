import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { html } from "lit";
import type { LightNavItem } from "../../src/light-nav.js";
import "../../src/light-nav.js";
import { renderPage, stylesOf, withoutStyles } from "../support/render-page.js";

const items: LightNavItem[] = [
  { id: "a", label: "Mount A", navigate: "/mount-a" },
  { id: "b", label: "Sorted", patch: "/mount-a?sort=up" },
  { id: "c", label: "Elsewhere", href: "https://example.com/" },
];

describe("<light-nav> on the server", () => {
  it("renders the items into declarative shadow DOM and marks the active one", async () => {
    const page = await renderPage(html`<light-nav .items=${items} active="a"></light-nav>`);
    assert.match(page, /<template shadowroot="open" shadowrootmode="open">/);
    assert.match(
      page,
      /<a part="item current" href="\/mount-a" live-navigate aria-current="page">Mount A<\/a>/,
    );
    assert.match(page, /<a part="item" href="\/mount-a\?sort=up" live-patch>Sorted<\/a>/);
    assert.match(page, /<a part="item" href="https:\/\/example\.com\/">Elsewhere<\/a>/);
    assert.equal(withoutStyles(page).match(/aria-current/g)?.length, 1);
  });

  it("leaves out URLs that run script", async () => {
    const unsafe: LightNavItem[] = [
      { id: "a", label: "A", href: "javascript:alert(1)" },
      { id: "b", label: "B", navigate: " java\nscript:alert(1)" },
      { id: "c", label: "C", href: "data:text/html,x", method: "post" },
    ];
    const page = await renderPage(html`<light-nav .items=${unsafe}></light-nav>`);
    assert.doesNotMatch(withoutStyles(page), /script:|data:/);
    assert.match(page, />A<\/a>/);
  });

  it("reads the items from an attribute", async () => {
    const page = await renderPage(html`<light-nav items=${JSON.stringify(items)}></light-nav>`);
    assert.match(page, />Mount A<\/a>/);
  });

  it("renders an item with a method as a form with the CSRF token", async () => {
    const logOut: LightNavItem[] = [
      { id: "out", label: "Log out", href: "/users/log_out", method: "delete" },
    ];
    const page = await renderPage(
      html`<light-nav .items=${logOut} csrf-token="t&quot;1"></light-nav>`,
    );
    assert.match(page, /<form method="post" action="\/users\/log_out">/);
    assert.match(page, /<input type="hidden" name="_method" value="delete">/);
    assert.match(page, /<input type="hidden" name="_csrf_token" value="t&quot;1">/);
    assert.match(page, /<button part="item">Log out<\/button>/);
  });

  it("escapes labels", async () => {
    const label = "<b>bold</b>";
    const page = await renderPage(
      html`<light-nav .items=${[{ id: "x", label, href: "/" }]}></light-nav>`,
    );
    assert.match(page, /&lt;b&gt;bold&lt;\/b&gt;/);
  });

  it("writes no inline style and the same style text for each instance", async () => {
    const page = await renderPage(
      html`<light-nav active="a"></light-nav><light-nav .items=${items}></light-nav>`,
    );
    const [first, second, ...others] = stylesOf(page);
    assert.equal(first, second);
    assert.deepEqual(others, []);
    assert.doesNotMatch(page, /\sstyle=/);
  });
});
