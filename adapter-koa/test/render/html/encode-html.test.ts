import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ContextConsumer, ContextProvider, createContext } from "@lit/context";
import fc from "fast-check";
import { html, LitElement, nothing, svg, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { keyed } from "lit/directives/keyed.js";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { type DefaultTreeAdapterTypes, parseFragment, serialize } from "parse5";
import { encodeHtml } from "../../../src/render/html/encode-html.js";
import { renderWithLit } from "../../../src/render/render-with-lit.js";
import { liveError } from "../../support/live-error.js";
import { toWireTree } from "../../support/wire-tree.js";

const encode = (template: unknown): string => encodeHtml(toWireTree(template));

/** Returns the encoded HTML without the markers of Lit. */
const plain = (template: unknown): string =>
  encode(template).replaceAll(/<!--\/?lit-(part|node)[^>]*-->/g, "");

describe("the first HTML", () => {
  it("keeps carriage returns, which a parser would change to line feeds", () => {
    const value = "a\r\nb\rc";
    const escaped = "a&#13;\nb&#13;c";
    assert.equal(
      plain(html`<p title=${value}>${value}</p><textarea .value=${value}></textarea>`),
      `<p title="${escaped}">${escaped}</p><textarea>${escaped}</textarea>`,
    );
    assert.ok(plain(html`<themed-text title=${value}></themed-text>`).includes(`"${escaped}"`));
  });
});

describe("the first HTML of a property binding", () => {
  const written: [title: string, template: TemplateResult, expected: string][] = [
    [
      "leaves out false",
      html`<input type="checkbox" .checked=${false}>`,
      '<input type="checkbox">',
    ],
    ["writes true as a name", html`<input .checked=${true}>`, "<input checked>"],
    [
      "leaves out disabled=false",
      html`<button .disabled=${false}>x</button>`,
      "<button>x</button>",
    ],
    ["leaves out hidden=false", html`<p .hidden=${false}></p>`, "<p></p>"],
    [
      "leaves out selected=false",
      html`<option .selected=${false}>a</option>`,
      "<option>a</option>",
    ],
    [
      "writes hidden until found",
      html`<p .hidden=${"until-found"}></p>`,
      '<p hidden="until-found"></p>',
    ],
    ["leaves out null", html`<input .value=${null}>`, "<input>"],
    ["leaves out undefined", html`<input .value=${undefined} .id=${undefined}>`, "<input>"],
    ["leaves out nothing", html`<input .value=${nothing}>`, "<input>"],
    [
      "writes a number",
      html`<input .value=${0} .maxLength=${5}>`,
      '<input value="0" maxlength="5">',
    ],
    [
      "writes enumerated attributes as text",
      html`<p .draggable=${false}></p>`,
      '<p draggable="false"></p>',
    ],
    ["escapes a value", html`<input .value=${'"<&'}>`, '<input value="&quot;&lt;&amp;">'],
    [
      "writes className and htmlFor",
      html`<label .className=${"a"} .htmlFor=${"b"}></label>`,
      '<label class="a" for="b"></label>',
    ],
    [
      "writes ARIA properties",
      html`<p .ariaLabel=${"a"} .ariaDescribedBy=${null}></p>`,
      '<p aria-label="a"></p>',
    ],
    [
      "writes live as its value",
      html`<input .value=${live("a")} ?disabled=${live(false)}>`,
      '<input value="a">',
    ],
    ["leaves out data that no attribute reflects", html`<p .items=${[1]}></p>`, "<p></p>"],
    [
      "writes the draft of a textarea",
      html`<textarea .value=${"a</textarea>"}>old</textarea>`,
      "<textarea>a&lt;/textarea&gt;</textarea>",
    ],
    [
      "keeps the first line break of a textarea",
      html`<textarea .value=${"\na"}></textarea>`,
      "<textarea>\n\na</textarea>",
    ],
    [
      "writes textContent and innerHTML",
      html`<p .textContent=${"<b>"}></p><p .innerHTML=${"<b>"}></p>`,
      "<p>&lt;b&gt;</p><p><b></p>",
    ],
  ];
  for (const [title, template, expected] of written) {
    it(title, () => assert.equal(plain(template), expected));
  }
});

describe("the first HTML of a select with a value", () => {
  const option = (value: string) => html`<option value=${value}>${value}!</option>`;

  it("selects an option of the same template", () => {
    const template = html`<select .value=${"b"}><option value="a">A</option><option value="b">B</option></select>`;
    assert.match(plain(template), /<option value="a">A<.*<option value="b" selected>B</);
  });

  it("selects an option of a list, in an option group", () => {
    const template = html`<select .value=${"b"}><optgroup label="g">${["a", "b"].map(option)}</optgroup></select>`;
    assert.match(plain(template), /<option value="a">a!<.*<option value="b" selected>b!</);
  });

  it("compares with the text of an option without a value", () => {
    const template = html`<select .value=${"x & y"}><option>x</option><option> x  &amp;
      ${"y"}</option></select>`;
    assert.match(plain(template), /<option>x<.*<option selected> x {2}&amp;\s+y</s);
  });

  it("removes the static selected attribute of other options", () => {
    const template = html`<select .value=${"b"}><option value="a" selected>A</option><option ?selected=${true}>c</option><option>b</option></select>`;
    assert.match(plain(template), /<option value="a">A<.*<option>c<.*<option selected>b</);
  });

  it("selects the first of two options with the value only", () => {
    const template = html`<select .value=${"a"}>${["a", "a"].map(option)}</select>`;
    assert.equal(plain(template).match(/ selected/g)?.length, 1);
  });

  it("selects several options for a list of values", () => {
    const template = html`<select multiple .value=${["a", "c"]}>${["a", "b", "c"].map(option)}</select>`;
    assert.match(plain(template), /"a" selected>.*"b">.*"c" selected>/);
  });

  it("leaves the selection to the options without a value", () => {
    const template = html`<select .value=${null}><option>a</option><option selected>b</option></select>`;
    assert.match(plain(template), /<option>a<.*<option selected>b</);
  });

  it("finds options without end tags", () => {
    const template = html`<select .value=${"b"}><option value="a">A<option value="b">B</select>`;
    assert.match(plain(template), /<option value="a">A<\/option><option value="b" selected>B</);
  });
});

describe("the first HTML of an attribute", () => {
  const written: [title: string, template: TemplateResult, expected: string][] = [
    [
      "joins values and fixed text",
      html`<p class="a ${1} b ${"c"}"></p>`,
      '<p class="a 1 b c"></p>',
    ],
    [
      "replaces a static attribute of the same name",
      html`<p class="a" class=${"b"}></p><input checked .checked=${false} />`,
      '<p class="b"></p><input />',
    ],
    ["is left out for nothing", html`<p class="a ${nothing}" id=${nothing}></p>`, "<p></p>"],
    ["is empty for null", html`<p id=${null}></p>`, "<p id></p>"],
    [
      "writes a map of classes",
      html`<p class="x ${classMap({ a: true, b: false })}"></p>`,
      '<p class="x a"></p>',
    ],
    [
      "writes a map of styles",
      html`<p style=${styleMap({ marginTop: "1px", "--x": 2, color: null })}></p>`,
      '<p style="margin-top:1px;--x:2;"></p>',
    ],
    [
      "writes one declaration for each style",
      html`<p style=${styleMap({ color: "red;background:blue", top: "0" })}></p>`,
      '<p style="top:0;"></p>',
    ],
    [
      "keeps a semicolon in a string or brackets",
      html`<p style=${styleMap({ background: "url('a;b')", content: '";"' })}></p>`,
      '<p style="background:url(&#39;a;b&#39;);content:&quot;;&quot;;"></p>',
    ],
    [
      "leaves out a style that does not end",
      html`<p style=${styleMap({ color: "url(a", top: "'", left: "1/*" })}></p>`,
      "<p style></p>",
    ],
  ];
  for (const [title, template, expected] of written) {
    it(title, () => assert.equal(plain(template), expected));
  }
});

describe("the first HTML of a template with optional tags left out", () => {
  const row = (n: number) => html`<tr><td>${n}<td>x`;
  const written: [title: string, template: TemplateResult, expected: string][] = [
    ["closes list items", html`<ul><li>${1}<li>${2}</ul>`, "<ul><li>1</li><li>2</li></ul>"],
    ["closes an item at the end of a template", html`<li>${1}`, "<li>1</li>"],
    ["closes paragraphs before a block", html`<p>${1}<div>a</div>`, "<p>1</p><div>a</div>"],
    ["closes terms", html`<dl><dt>${1}<dd>${2}</dl>`, "<dl><dt>1</dt><dd>2</dd></dl>"],
    ["closes an element of the author", html`<div><b>${1}`, "<div><b>1</b></div>"],
    ["leaves void elements open", html`<br><input value=${1}>`, '<br><input value="1">'],
    ["leaves misnested formatting alone", html`<b>1<p>2</b>${3}</p>`, "<b>1<p>2</b>3</p>"],
    [
      "encloses rows of a table in a body",
      html`<table><caption>c</caption>${[1, 2].map(row)}</table>`,
      "<table><caption>c</caption><tbody><tr><td>1</td><td>x</td></tr><tr><td>2</td><td>x</td></tr></tbody></table>",
    ],
    [
      "adds no body where the template has a row",
      html`<table><tr><td>a</td></tr>${[1].map(row)}</table>`,
      "<table><tr><td>a</td></tr><tr><td>1</td><td>x</td></tr></table>",
    ],
    [
      "finds the first row behind empty values and comments",
      html`<table>${[null, html`<!-- row -->${null}${html`<tr><td>${1}`}`]}</table>`,
      "<table><tbody><!-- row --><tr><td>1</td></tr></tbody></table>",
    ],
    [
      "adds nothing around text",
      html`<table><tbody>${["a", html`<td>${1}</td>`]}</tbody></table>`,
      "<table><tbody>a<td>1</td></tbody></table>",
    ],
    [
      "adds a row around cells",
      html`<table><tbody>${html`<td>${1}</td>`}</tbody></table>`,
      "<table><tbody><tr><td>1</td></tr></tbody></table>",
    ],
    [
      "adds nothing around a section",
      html`<table>${html`<thead></thead>`}</table>`,
      "<table><thead></thead></table>",
    ],
  ];
  for (const [title, template, expected] of written) {
    it(title, () => assert.equal(plain(template), expected));
  }

  it("keeps the two markers of each value in the same element", () => {
    const page = html`<table>${[1, 2].map(row)}</table><ul>${[1].map((n) => html`<li>${n}`)}</ul>`;
    const open: (DefaultTreeAdapterTypes.ParentNode | null)[] = [];
    const visit = (parent: DefaultTreeAdapterTypes.ParentNode): void => {
      for (const node of parent.childNodes) {
        if (node.nodeName !== "#comment") {
          if ("childNodes" in node) visit(node);
        } else if ((node as DefaultTreeAdapterTypes.CommentNode).data.startsWith("lit-part")) {
          open.push(parent);
        } else if ((node as DefaultTreeAdapterTypes.CommentNode).data === "/lit-part") {
          assert.equal(open.pop(), parent);
        }
      }
    };
    visit(parseFragment(encode(page)));
    assert.equal(open.length, 0);
  });
});

describe("a template with a value in a place that HTML does not allow", () => {
  const refused: [place: string, template: TemplateResult][] = [
    ["in a template element", html`<template><p>${1}</p></template>`],
    ["in an iframe", html`<iframe>${1}</iframe>`],
    ["in an xmp", html`<xmp>${1}</xmp>`],
    ["in a noembed", html`<noembed>${1}</noembed>`],
    ["in a noscript", html`<noscript><p>${1}</p></noscript>`],
    ["in a textarea", html`<textarea>${1}</textarea>`],
    ["in a title", html`<title>${1}</title>`],
    ["in a script", html`<script>${1}</script>`],
    ["in a style", html`<style>${1}</style>`],
    ["in a comment", html`<!-- ${1} -->`],
    ["in an attribute of body", html`<body class=${1}></body>`],
    ["in an attribute that is written twice", html`<p class=${1} class=${2}></p>`],
  ];
  for (const [place, template] of refused) {
    it(`is refused (${place})`, () => {
      assert.throws(
        () => toWireTree(template),
        liveError("LIVE_ERR_TEMPLATE", "HTML allows no element"),
      );
    });
  }

  it("is refused if the parser moves content out of a table", () => {
    const template = html`<table>${1}<div>${2}</div></table>`;
    assert.throws(() => toWireTree(template), liveError("LIVE_ERR_TEMPLATE", "HTML parser"));
  });
});

const theme = createContext<string>(Symbol("theme"));

class ThemeProvider extends LitElement {
  static override properties = { theme: {} };
  declare theme: string;
  readonly provider = new ContextProvider(this, { context: theme, initialValue: "" });
  override willUpdate(): void {
    this.provider.setValue(this.theme);
  }
  override render(): TemplateResult {
    return html`<slot></slot>`;
  }
}
customElements.define("theme-provider", ThemeProvider);

class ThemedText extends LitElement {
  static override properties = { label: {}, items: { attribute: false }, size: { reflect: true } };
  declare label: string;
  declare items: readonly number[] | undefined;
  declare size: string | undefined;
  readonly consumer = new ContextConsumer(this, { context: theme });
  override render(): TemplateResult {
    return html`<b>${this.label} ${this.items?.length} ${this.consumer.value}</b><slot></slot>`;
  }
}
customElements.define("themed-text", ThemedText);

describe("the first HTML of a custom element", () => {
  it("has its attributes, its shadow root and its content", () => {
    const template = html`<themed-text id="x" label=${"a"} .items=${[1, 2]} .size=${"big"}><i>${"in"}</i></themed-text>`;
    const text = plain(template);
    assert.match(text, /^<themed-text [^>]*\bid="x"[^>]*>/);
    assert.match(text, /^<themed-text [^>]*\blabel="a"[^>]*>/);
    assert.match(text, /^<themed-text [^>]*\bsize="big"[^>]* defer-hydration>/);
    assert.match(text, /<template [^>]*shadowrootmode="open"[^>]*><b>a 2 <\/b>/);
    assert.match(text, /<\/template><i>in<\/i><\/themed-text>$/);
  });

  it("equals the HTML of Lit's renderer", () => {
    const template = html`<theme-provider .theme=${"dark"}><p slot="a">${html`<themed-text label="a" .items=${[1]}></themed-text>`}</p></theme-provider>`;
    assert.equal(normalize(encode(template)), normalize(renderWithLit(template)));
  });
});

/** Returns HTML as a parser reads it, without what Lit's renderer adds for its own parser. */
function normalize(text: string): string {
  const fragment = parseFragment(
    text.replaceAll("<?>", "").replaceAll(/(<!--lit-node \d+) \w+/g, "$1"),
  );
  const sortAttributes = (node: DefaultTreeAdapterTypes.Node): void => {
    if ("attrs" in node) {
      node.attrs.sort((a, b) => (a.name < b.name ? -1 : 1));
      for (const attr of node.attrs) {
        if (attr.name === "class") attr.value = attr.value.trim().replaceAll(/\s+/g, " ");
      }
    }
    if ("content" in node) sortAttributes(node.content);
    if ("childNodes" in node) for (const child of node.childNodes) sortAttributes(child);
  };
  sortAttributes(fragment);
  return serialize(fragment);
}

describe("encodeHtml", () => {
  const text = fc.oneof(fc.string(), fc.constantFrom("<b>", '"', "&amp;", "", "-->"));
  const { template } = fc.letrec<{ child: unknown; template: TemplateResult }>((tie) => ({
    child: fc.oneof(
      { depthSize: "small" },
      text,
      fc.integer(),
      fc.boolean(),
      fc.constantFrom(null, undefined, nothing),
      fc.array(tie("child"), { maxLength: 3 }),
      fc.array(tie("child"), { maxLength: 3 }).map((items) =>
        repeat(
          items,
          (_, i) => i,
          (item) => html`<li>${item}</li>`,
        ),
      ),
      tie("child").map((value) => keyed("k", value)),
      fc.constantFrom("<i>raw</i>", "", "a").map((raw) => unsafeHTML(raw)),
      tie("template"),
    ),
    template: fc.oneof(
      { depthSize: "small" },
      fc.tuple(tie("child"), tie("child")).map(([a, b]) => html`<p>${a} and ${b}</p>`),
      fc
        .tuple(text, tie("child"))
        .map(([a, b]) => html`<div class="x ${a}" title='${a}!'>${b}</div>tail`),
      fc.tuple(fc.boolean(), text).map(([a, b]) => html`<input ?disabled=${a} value=${b}>`),
      fc.tuple(text, text).map(([a, b]) => html`<input .value=${a} .title=${b}>`),
      fc
        .tuple(tie("child"), text)
        .map(([a, b]) => html`<table><tr id=${b}><td>${a}</td></tr></table>`),
      fc.integer().map((n) => html`<svg>${svg`<circle r=${n}/><g id=${n}>${n}</g>`}</svg>`),
      text.map((a) => html`<themed-text label=${a} .items=${[1]}>${a}</themed-text>`),
      fc.boolean().map((on) => html`<p class=${classMap({ a: on, b: true })}>${on}</p>`),
    ),
  }));

  it("writes the same HTML as Lit's own renderer", () => {
    fc.assert(
      fc.property(template, (each) => {
        assert.equal(normalize(encode(each)), normalize(renderWithLit(each)));
      }),
      { numRuns: 300 },
    );
  });
});
