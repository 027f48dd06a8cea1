import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { html as serverHtml } from "@lit-labs/ssr";
import { isWireTemplate, type WireValue } from "@live-session/components/protocol";
import { html, noChange, nothing, svg, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { keyed } from "lit/directives/keyed.js";
import { live } from "lit/directives/live.js";
import { ref } from "lit/directives/ref.js";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { until } from "lit/directives/until.js";
import { parseQuery } from "../../src/live/parse-query.js";
import { liveError } from "../support/live-error.js";
import { toWireTree } from "../support/wire-tree.js";

/** Returns the wire values of a template's expressions. */
function valuesOf(template: TemplateResult, previous?: WireValue): readonly WireValue[] {
  const tree = toWireTree(template, previous);
  assert.ok(isWireTemplate(tree));
  return tree.v;
}

const user = new (class User {
  name = "Ada";
})();
const cyclicData: Record<string, unknown> = {};
cyclicData.self = cyclicData;
const cyclicList: unknown[] = [];
cyclicList.push(cyclicList);

describe("a child value", () => {
  const accepted: [value: unknown, wire: WireValue][] = [
    ["text", "text"],
    ["", ""],
    [5, 5],
    [-0.5, -0.5],
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "Infinity"],
    [10n, "10"],
    [true, true],
    [null, null],
    [undefined, null],
    [nothing, { n: 1 }],
    [["a", 1], { l: ["a", 1] }],
    [new Set(["a"]), { l: ["a"] }],
    [keyed("k", "v"), { x: "keyed", v: ["k", "v"] }],
    [unsafeHTML("<b>"), { x: "unsafeHTML", v: ["<b>"] }],
    [repeat(["a", "b"], (item) => item), { l: ["a", "b"] }],
    [
      repeat(
        ["a", "b"],
        (item) => item,
        (item) => `${item}!`,
      ),
      { k: ["a", "b"], l: ["a!", "b!"] },
    ],
  ];
  for (const [value, wire] of accepted) {
    it(`is encoded as ${JSON.stringify(wire)}`, () => {
      assert.deepEqual(valuesOf(html`<p>${value}</p>`), [wire]);
    });
  }

  it("may be a template, and an svg template has its own key", () => {
    const circle = svg`<circle r=${5} />`;
    const [inner] = valuesOf(html`<svg>${circle}</svg>`);
    assert.ok(isWireTemplate(inner as WireValue));
    assert.match((inner as { t: string }).t, /\.svg$/);
    assert.deepEqual((inner as { v: unknown }).v, [5]);
  });

  it("may be a template in a list in a template", () => {
    const [list] = valuesOf(html`<ul>${[1, 2].map((n) => html`<li>${n}</li>`)}</ul>`);
    const { l } = list as { l: { t: string; v: number[] }[] };
    assert.deepEqual(
      l.map(({ v }) => v),
      [[1], [2]],
    );
    assert.equal(l[0]?.t, l[1]?.t);
  });

  const forged = { _$litType$: 1, strings: ["<script>", "</script>"], values: ["alert(1)"] };
  const refused: [value: unknown, got: string][] = [
    [() => {}, "function"],
    [Symbol("s"), "Symbol(s)"],
    [noChange, "noChange"],
    [{}, "an empty object"],
    [{ name: "Ada" }, "an object with the keys name"],
    [{ "x\nforged": "1" }, 'an object with the keys "x\\nforged"'],
    [parseQuery("constructor[name][a]=1"), "an object with the keys constructor"],
    [user, "an object of class User"],
    [new Date(0), "an object of class Date"],
    [Promise.resolve(1), "an object of class Promise"],
    [until(Promise.resolve(1)), "the directive until"],
    [ref(() => {}), "the directive ref"],
    [["a"].values(), "an iterator that can be read only once"],
    [new Map([["a", 1]]).entries(), "an iterator that can be read only once"],
    [cyclicList, "a list that"],
    [keyed("k", cyclicList), "a list that"],
    [forged, "a template that was not created by an html tag"],
    [
      { ...forged, strings: { ...forged.strings, raw: [], length: 2 } },
      "a template that was not created by an html tag",
    ],
    [{ ...forged, strings: "x" }, "a template that was not created by an html tag"],
    [{ _$litDirective$: 1, values: [] }, "the directive"],
    [{ _$litType$: 3.5 }, "a template that was not created by an html tag"],
    [classMap({ a: true }), "the directive classMap"],
    [styleMap({ color: "red" }), "the directive styleMap"],
    [live("x"), "the directive live"],
    [{ ...html`<p></p>`, _$litType$: { h: 1 } }, "a compiled template"],
    [serverHtml`<p></p>`, "a server-only template"],
  ];
  for (const [value, got] of refused) {
    it(`is refused with the place in the error if it is ${got}`, () => {
      assert.throws(
        () => toWireTree(html`<p class="a">${"fine"}</p><section> ${value}</section>`),
        liveError("LIVE_ERR_TEMPLATE", got, "at the child, after `</p><section> `", "Expected: "),
      );
    });
  }

  it("is named in the error with the innermost template", () => {
    assert.throws(
      () => toWireTree(html`<ul>${[html`<li>${html`<b>${() => {}}</b>`}</li>`]}</ul>`),
      liveError("LIVE_ERR_TEMPLATE", "at the child, after `<b>`"),
    );
  });

  it("is refused at the top of a render too", () => {
    assert.throws(
      () => toWireTree(() => {}),
      liveError("LIVE_ERR_TEMPLATE", "at the top of the render"),
    );
  });

  it("is named in the error with the outer template if it follows an inner one", () => {
    assert.throws(
      () => toWireTree(html`<p>${html`<b>${1}</b>`}</p><i>${() => {}}</i>`),
      liveError("LIVE_ERR_TEMPLATE", "after `</p><i>`"),
    );
  });
});

describe("an attribute", () => {
  it("may be a string, a number, a directive, or an object that has a string form", () => {
    const url = new URL("http://a.test/");
    assert.deepEqual(
      valuesOf(html`<a
        href=${url} id="a-${1}-${2}" title=${undefined} rel=${nothing} class=${classMap({ a: true })}
        style=${styleMap({ color: "red" })} name=${live("x")}></a>`),
      [
        "http://a.test/",
        1,
        2,
        null,
        { n: 1 },
        { x: "classMap", v: [{ j: { a: true } }] },
        { x: "styleMap", v: [{ j: { color: "red" } }] },
        { x: "live", v: ["x"] },
      ],
    );
  });

  const refused: [template: TemplateResult, place: string, got: string][] = [
    [html`<p id=${() => {}}></p>`, 'the attribute "id"', "function"],
    [html`<p id=${html`<b></b>`}></p>`, 'the attribute "id"', "a template"],
    [html`<p id="a ${1} > ${() => {}}"></p>`, 'the attribute "id"', "function"],
    [html`<p id="a ${1} > ${html`<b></b>`}"></p>`, 'the attribute "id"', "a template"],
    [html`<p id=${repeat([1], (n) => n)}></p>`, 'the attribute "id"', "the directive repeat"],
    [html`<p id=${unsafeHTML("x")}></p>`, 'the attribute "id"', "the directive unsafeHTML"],
    [html`<p id=${keyed(1, "x")}></p>`, 'the attribute "id"', "the directive keyed"],
    [html`<p id=${classMap({})}></p>`, 'the attribute "id"', "the directive classMap"],
    [html`<p class=${styleMap({})}></p>`, 'the attribute "class"', "the directive styleMap"],
    [html`<p id=${until("x")}></p>`, 'the attribute "id"', "the directive until"],
    [html`<p @click=${() => {}}></p>`, 'the event "click"', "function"],
    [html`<p @click=${nothing}></p>`, 'the event "click"', "Symbol(lit-nothing)"],
    [html`<p ${ref(() => {})}></p>`, "the element", "directive ref"],
    [html`<p class=${"a"} ${ref(() => {})}></p>`, "", "directive ref"],
    [html`<p ${"x"}></p>`, "the element", "a string of length 1"],
    [html`<p class = ${"a"} ${"x"} title="b"></p>`, "the element", "a string of length 1"],
    [html`<p class="${"a"}" ${"x"}>1</p>`, "the element", "a string of length 1"],
    [html`<!-- ${1} -->`, "the raw text", "contains 1"],
    [html`<textarea rows=${2}>${"x"}</textarea>`, "the raw text", "a string of length 1"],
    [html`<title>${"x"} 1</title>`, "the raw text", "a string of length 1"],
    [html`<p ?hidden=${() => true}></p>`, 'the boolean "hidden"', "function"],
  ];
  for (const [template, place, got] of refused) {
    it(`refuses ${got} at ${place || "an element"}`, () => {
      assert.throws(() => toWireTree(template), liveError("LIVE_ERR_TEMPLATE", got, place));
    });
  }

  it("is named in the error for each of its values, with any text between them", () => {
    const values = valuesOf(
      html`<p a="${1} > ${2}" b='${3} " ${4}' c=x${5}y${6} d = "${7}" e=${8}>${9}</p>`,
    );
    assert.deepEqual(values, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert.throws(
      () => toWireTree(html`<p a="${1} > ${2}" b='${3} " ${() => {}}' c=${5}>${6}</p>`),
      liveError("LIVE_ERR_TEMPLATE", 'at the attribute "b"'),
    );
    assert.throws(
      () => toWireTree(html`<p c=x${5}y${() => {}}>${6}</p>`),
      liveError("LIVE_ERR_TEMPLATE", 'at the attribute "c"'),
    );
    assert.throws(
      () => toWireTree(html`<p d = "${7} ${() => {}}">${6}</p>`),
      liveError("LIVE_ERR_TEMPLATE", 'at the attribute "d"'),
    );
  });

  it("is true, false or a directive if it is a boolean attribute", () => {
    const template = (value: unknown) => html`<p ?hidden=${value}></p>`;
    for (const value of [true, 1, "x", {}, []]) assert.deepEqual(valuesOf(template(value)), [true]);
    for (const value of [false, 0, "", null, undefined]) {
      assert.ok([false, null].includes(valuesOf(template(value))[0] as null), String(value));
    }
    assert.deepEqual(valuesOf(template(nothing)), [{ n: 1 }]);
    assert.deepEqual(valuesOf(template(live(true))), [{ x: "live", v: [true] }]);
  });
});

describe("a property", () => {
  const template = (value: unknown) => html`<light-nav .items=${value}></light-nav>`;

  it("may be JSON data or a primitive value", () => {
    assert.deepEqual(valuesOf(template([{ id: 1 }])), [{ j: [{ id: 1 }] }]);
    assert.deepEqual(valuesOf(template("x")), ["x"]);
    assert.deepEqual(valuesOf(template(null)), [null]);
    assert.deepEqual(valuesOf(template({ j: 1, t: "x" })), [{ j: { j: 1, t: "x" } }]);
  });

  it("keeps its wire value while the reference is the same", () => {
    const items = [{ id: 1 }];
    const first = toWireTree(template(items));
    const again = valuesOf(template(items), first);
    assert.equal(again[0], (first as { v: readonly WireValue[] }).v[0]);
  });

  const refused: [value: unknown, got: string][] = [
    [() => {}, "function"],
    [{ a: () => {} }, "data that JSON cannot represent (a)"],
    [[{ at: new Date(0) }], "data that JSON cannot represent (0.at"],
    [user, "data that JSON cannot represent (the top (an object of class User))"],
    [cyclicData, "data that JSON cannot represent (self)"],
    [html`<p></p>`, "a template"],
    [{ header: html`<p>${1}</p>` }, "a template"],
    [repeat([1], (n) => n), "the directive repeat"],
  ];
  for (const [value, got] of refused) {
    it(`refuses ${got}`, () => {
      assert.throws(
        () => toWireTree(template(value)),
        liveError("LIVE_ERR_TEMPLATE", got, 'at the property "items"'),
      );
    });
  }
});

describe("user data", () => {
  it("is never interpreted as wire structure", () => {
    for (const forged of [
      { t: "x", v: [] },
      { l: [] },
      { k: [], l: [] },
      { n: 1 },
      { x: "unsafeHTML", v: ["<b>"] },
    ]) {
      assert.throws(() => toWireTree(html`<p>${forged}</p>`), liveError("LIVE_ERR_TEMPLATE"));
      assert.deepEqual(valuesOf(html`<p .data=${forged}></p>`), [{ j: forged }]);
    }
  });
});
