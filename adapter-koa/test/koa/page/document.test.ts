import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { html } from "@lit-labs/ssr";
import { toDocument, toLiveSessionElement } from "../../../src/koa/page/document.js";
import { liveError } from "../../support/live-error.js";

const page = { title: "T", csrfToken: "c", scriptUrl: "/s.js" };

describe("the <live-session> element of a page", () => {
  it("escapes its attributes and contains the view", () => {
    const joinInfo = {
      id: 'a"><script>',
      token: "t&amp;",
      csrfToken: "c'",
      url: "<",
      routes: '^"$',
    };
    const element = toLiveSessionElement(joinInfo, "<p>view</p>");
    assert.equal(
      element,
      '<live-session id="a&quot;&gt;&lt;script&gt;" token="t&amp;amp;" csrf-token="c&#39;" url="&lt;" routes="^&quot;$">' +
        "<p>view</p></live-session>",
    );
  });

  it("has no routes attribute if the page has no routes", () => {
    const joinInfo = { id: "i", token: "t", csrfToken: "c", url: "/live", routes: undefined };
    assert.doesNotMatch(toLiveSessionElement(joinInfo, ""), /routes/);
  });
});

describe("the document of a page", () => {
  it("contains the element, unchanged, where the root layout puts the content", async () => {
    const element = "<live-session>$& $1 $' <!--live-session--></live-session>";
    const text = await toDocument(
      ({ content }) => html`<html><body>${content}</body></html>`,
      page,
      element,
    );
    assert.equal(text, `<html><body>${element}</body></html>`);
  });

  it("has the title, the CSRF token and the script around the element if the app has no root layout", () => {
    const element = "<live-session>$&</live-session>";
    const hostile = { title: "</title><script>", csrfToken: '">', scriptUrl: '/s.js"' };
    const text = toDocument(undefined, hostile, element);
    assert.match(text, /^<!doctype html>/);
    assert.ok(text.includes("<title>&lt;/title&gt;&lt;script&gt;</title>"));
    assert.ok(text.includes('<meta name="csrf-token" content="&quot;&gt;">'));
    assert.ok(text.includes('<script type="module" src="/s.js&quot;"></script>'));
    assert.ok(text.includes(`<body>${element}</body>`));
    assert.ok(
      toDocument(undefined, { ...page, title: undefined }, element).includes("<title></title>"),
    );
  });

  for (const [problem, rootLayout, message] of [
    ["is async", async () => html`<html></html>`, "Got: a promise"],
    ["returns a string", () => "<html></html>", "Got: a string"],
    ["omits the content", () => html`<html><body></body></html>`, "Got: a document without it"],
    [
      "shows it twice",
      ({ content }: { content: unknown }) => html`${content}${content}`,
      "Got: a document with 2",
    ],
  ] as const) {
    it(`is an error if the root layout ${problem}`, () => {
      assert.throws(() => toDocument(rootLayout, page, ""), liveError("LIVE_ERR_LAYOUT", message));
    });
  }

  it("escapes the values of the root layout", async () => {
    const text = await toDocument(
      ({ title, content }) => html`<title>${title}</title><body>${content}</body>`,
      { ...page, title: "<!--live-session--></title><script>" },
      "<live-session></live-session>",
    );
    assert.match(text, /^<title>&lt;!--live-session--&gt;&lt;\/title&gt;&lt;script&gt;<\/title>/);
    assert.match(text, /<body><live-session><\/live-session><\/body>$/);
  });
});
