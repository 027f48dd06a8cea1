import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { encodeHtml } from "../../src/render/html/encode-html.js";
import { unsafeUrl } from "../../src/render/unsafe-url.js";
import { liveError } from "../support/live-error.js";
import { toWireTree } from "../support/wire-tree.js";

describe("a URL in a server template", () => {
  const refused: [place: string, template: TemplateResult][] = [
    ["href", html`<a href=${"javascript:alert(1)"}>x</a>`],
    ["href in capitals, with spaces", html`<a href="${" \n JavaScript:alert(1)"}">x</a>`],
    ["href with line breaks in the scheme", html`<a href=${"java\nscr\tipt:alert(1)"}>x</a>`],
    ["href of two values", html`<a href="${"java"}${"script:alert(1)"}">x</a>`],
    ["href after fixed text", html`<a href="java${"script:alert(1)"}">x</a>`],
    [".href", html`<a .href=${"javascript:alert(1)"}>x</a>`],
    ["live(href)", html`<a href=${live("javascript:alert(1)")}>x</a>`],
    ["live-navigate", html`<a live-navigate=${"javascript:alert(1)"}>x</a>`],
    ["live-patch", html`<a live-patch=${"vbscript:x"}>x</a>`],
    ["formaction", html`<button formaction=${"javascript:alert(1)"}>x</button>`],
    ["action", html`<form action=${"javascript:alert(1)"}></form>`],
    ["src of an iframe", html`<iframe src=${"data:text/html,x"}></iframe>`],
    ["href with data", html`<a href=${"data:text/html,x"}>x</a>`],
    ["src of an image with HTML", html`<img src=${"data:text/html,x"}>`],
    ["xlink:href", html`<svg><a xlink:href=${"javascript:alert(1)"}></a></svg>`],
    [
      "to of an SVG animation",
      html`<svg><a><set attributeName="href" to=${"javascript:alert(1)"}></set></a></svg>`,
    ],
    [
      "a later one of the values of an SVG animation",
      html`<svg><a><animate attributeName="href" values=${"/a;javascript:alert(1)"}></animate></a></svg>`,
    ],
  ];
  for (const [place, template] of refused) {
    it(`may not run script: ${place}`, () => {
      assert.throws(
        () => toWireTree(template),
        liveError("LIVE_ERR_TEMPLATE", "a URL with the scheme"),
      );
    });
  }

  const allowed: [title: string, template: TemplateResult, expected: string][] = [
    ["may be relative", html`<a href=${"/a?b=javascript:x"}>x</a>`, 'href="/a?b=javascript:x"'],
    ["may have any other scheme", html`<a href=${"mailto:a@b.c"}>x</a>`, 'href="mailto:a@b.c"'],
    ["may be an image as data", html`<img src=${"data:image/png;base64,AA"}>`, 'src="data:image'],
    [
      "may be an SVG image as data",
      html`<svg><image href=${"data:image/png;base64,AA"}></image></svg>`,
      'href="data:image',
    ],
    [
      "may follow a fixed scheme",
      html`<a href="https://${"javascript:x"}">x</a>`,
      'href="https://jav',
    ],
    [
      "may run script if the author allows it",
      html`<a href=${unsafeUrl("javascript:x")}>x</a>`,
      'href="javascript:x"',
    ],
    [
      "may be allowed in a property",
      html`<a .href=${unsafeUrl("javascript:x")}>x</a>`,
      'href="javascript:x"',
    ],
    [
      "is not looked for in other attributes",
      html`<a title=${"javascript:x"}>x</a>`,
      'title="javascript:x"',
    ],
  ];
  for (const [title, template, expected] of allowed) {
    it(title, () => assert.ok(encodeHtml(toWireTree(template)).includes(expected)));
  }
});
