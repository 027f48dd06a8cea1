import { js } from "@live-session/adapter-koa";
import type { FormValues } from "@live-session/adapter-koa/testing";
import { html, type TemplateResult } from "lit";

/** An action of a user. Selectors are relative to the row. */
export type Action =
  | { readonly does: "click" | "focus" | "blur"; readonly on: string }
  | { readonly does: "keydown" | "keyup"; readonly on: string; readonly key: string }
  | { readonly does: "change"; readonly values: FormValues }
  /** Fills in the form and presses the button, or Enter in the first field. */
  | { readonly does: "submit"; readonly values?: FormValues; readonly by?: string };

/** Controls in a page, and an action that sends their values. */
export interface ControlRow {
  readonly title: string;
  readonly content: TemplateResult;
  readonly action: Action;
}

const click = (on: string): Action => ({ does: "click", on });
const enter: Action = { does: "submit" };
const live = (fields: unknown) =>
  html`<form live-submit="record" live-change="record">${fields}</form>`;
const native = (fields: unknown, enctype = "application/x-www-form-urlencoded") =>
  html`<form method="post" action="/posted" enctype=${enctype}>${fields}</form>`;

/** Fields without a user's changes, which a form sends with its submit. */
const sentFields: readonly (readonly [title: string, fields: TemplateResult])[] = [
  ["a field without a name", html`<input><input name="" value="1"><input name="a">`],
  ["hidden fields", html`<input type="hidden" name="a"><input type="hidden" name="b" value="1">`],
  [
    "the character set",
    html`<input type="hidden" name="_charset_"><input type="hidden" name="a" value="ä">`,
  ],
  [
    "checkboxes with and without a value",
    html`<input type="checkbox" name="a" checked><input type="checkbox" name="b" value="" checked><input
      type="checkbox" name="c[]" value="1" checked><input type="checkbox" name="c[]" value="2"><input
      type="checkbox" name="c[]" value="3" checked>`,
  ],
  [
    "a checkbox after a hidden field",
    html`<input type="hidden" name="a" value="false"><input type="checkbox" name="a" value="true" checked>
      <input type="hidden" name="b" value="false"><input type="checkbox" name="b" value="true">`,
  ],
  [
    "radio buttons, of which two are marked as checked",
    html`<input type="radio" name="a" value="1" checked><input type="radio" name="a" value="2" checked><input
      type="radio" name="a" value="3"><input type="radio" name="b[]" value="1" checked><input type="radio"
      name="b[]" value="2" checked>`,
  ],
  [
    "selects",
    html`<select name="a"><option>1<option>2</select><select name="b"><option>1<option selected>2<option selected>3</select>
      <select name="c"><option value="">-<option value="1">1</select><select name="d"></select>
      <select name="e" size="2"><option>1<option>2</select><select name="f"><option disabled selected>1<option>2</select>
      <select name="g"><option disabled>1<optgroup disabled><option>2</optgroup><option>3</select>
      <select name="h"><option>  a   b  <option value=" c "></select>`,
  ],
  [
    "selects for several options",
    html`<select name="a[]" multiple><option selected>1<option>2<option selected>3</select>
      <select name="b[]" multiple><option>1</select><select name="c[]" multiple><option disabled selected>1<option selected>2</select>`,
  ],
  [
    "a textarea with line breaks",
    html`<textarea name="a">
1
2
</textarea><textarea name="b"></textarea><textarea name="c">

1</textarea>`,
  ],
  [
    "text with line breaks in fields of one line",
    html`<input name="a" value=${" 1\n2\r\n3 "}><input type="search" name="b" value=${"1\n2"}><input type="tel"
      name="c" value=${"1\n2"}><input type="password" name="d" value=${"1\n2"}><input type="hidden" name="e"
      value=${"1\n2"}>`,
  ],
  [
    "addresses with spaces around them",
    html`<input type="url" name="a" value=${" http://a.example/\n "}><input type="email" name="b" value=${" a@b.example\n "}><input
      type="email" name="c" multiple value=${" a@b.example ,  c@d.example "}>`,
  ],
  [
    "numbers, valid or not",
    html`<input type="number" name="a" value="1"><input type="number" name="b" value="x"><input type="number" name="c" value="1."><input
      type="number" name="d" value="+1"><input type="number" name="e" value="-.5e-2"><input type="number" name="f" value=" 1"><input
      type="number" name="g" value="01"><input type="number" name="h" value="1e400"><input type="number" name="i" value=""><input
      type="number" name="j" value="1.50">`,
  ],
  [
    "ranges",
    html`<input type="range" name="a"><input type="range" name="b" value="7"><input type="range" name="c" value="-7"><input
      type="range" name="d" value="700"><input type="range" name="e" value="x" min="10" max="20"><input type="range" name="f"
      min="10" max="5"><input type="range" name="g" value="7" step="5"><input type="range" name="h" value="8" step="5"><input
      type="range" name="i" value="0.3" step="any" max="1"><input type="range" name="j" value="99" min="1" step="10"><input
      type="range" name="k" max="1"><input type="range" name="l" min="0" max="0.5" step="0.2" value="0.5">`,
  ],
  [
    "colors",
    html`<input type="color" name="a"><input type="color" name="b" value="#ABCDEF"><input type="color" name="c" value="#xyzxyz"><input
      type="color" name="d" value="#abcdefg"><input type="color" name="e" value="#aBc">`,
  ],
  [
    "dates and times, valid or not",
    html`<input type="date" name="a" value="2024-02-29"><input type="date" name="b" value="2023-02-29"><input type="date" name="c"
      value="29.2.2024"><input type="month" name="d" value="2024-02"><input type="month" name="e" value="2024-13"><input type="week"
      name="f" value="2020-W53"><input type="week" name="g" value="2021-W53"><input type="time" name="h" value="12:30"><input
      type="time" name="i" value="24:00"><input type="time" name="j" value="12:30:15.5"><input type="datetime-local" name="k"
      value="2024-02-29 12:30"><input type="datetime-local" name="l" value="2024-02-29T12:30:00.000"><input type="datetime-local"
      name="m" value="2024-02-30T12:30"><input type="date" name="n" value="0000-01-01"><input type="time" name="o" value="12:30:00"><input
      type="date" name="p" value="10000-01-01"><input type="datetime-local" name="q" value="2024-02-29T12:30:05.120">`,
  ],
  [
    "fields of an unknown type",
    html`<input type="unknown" name="a" value="1"><input type="" name="b" value="2"><input type="NUMBER" name="c" value="x">`,
  ],
  [
    "a disabled fieldset and its legend",
    html`<fieldset disabled><legend><input name="a" value="1"></legend><legend><input name="b" value="2"></legend><input name="c"
      value="3"><fieldset><legend><input name="d" value="4"></legend></fieldset></fieldset><input name="e" value="5"
      disabled><input name="f" value="6" readonly>`,
  ],
  [
    "the direction of text",
    html`<input name="a" dirname="a.dir" value="x"><textarea name="b" dirname="b.dir" dir="rtl">y</textarea><span dir="rtl"><input
      name="c" dirname="c.dir"></span><input name="d" dirname="d.dir" dir="auto" value="אב"><input name="e" dirname=""><input
      type="number" name="f" dirname="f.dir"><input type="tel" name="g" dirname="g.dir" dir="ltr"><input type="hidden" name="h"
      dirname="h.dir">`,
  ],
  ["a file field without a file", html`<input type="file" name="a"><input name="b" value="1">`],
  [
    "outputs, meters and objects",
    html`<output name="a">1</output><meter name="b" value="1"></meter><object name="c"></object><input name="d" value="1">`,
  ],
];

/** The fields whose values depend on the encoding of a request. */
const encodedFields = new Set([
  "hidden fields",
  "the character set",
  "a textarea with line breaks",
  "text with line breaks in fields of one line",
  "the direction of text",
  "a file field without a file",
  "selects for several options",
]);

// Enter is pressed in the first field.
const withFirst = (fields: unknown) => html`<input name="first">${fields}<button>Go</button>`;

const sent = sentFields.map(
  ([title, fields]): ControlRow => ({ title, content: live(withFirst(fields)), action: enter }),
);

const encodings = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];

const encoded = encodings.map((type): ControlRow => {
  const fields = sentFields.filter(([title]) => encodedFields.has(title)).map(([, each]) => each);
  return {
    title: `fields, as ${type}`,
    content: native(withFirst(fields), type),
    action: enter,
  };
});

const submitters: readonly ControlRow[] = [
  {
    title: "a button with a name and without a value",
    content: live(html`<input name="a"><button name="by">Go</button>`),
    action: { does: "submit", by: "button" },
  },
  {
    title: "a button between fields of its name",
    content: live(
      html`<input name="by[]" value="1"><button name="by[]" value="2">Go</button><input name="by[]" value="3">`,
    ),
    action: click("button"),
  },
  {
    title: "Enter, which presses the first button",
    content: live(
      html`<button type="button" name="no" value="0"></button><input name="a"><input type="submit" name="by" value="1"><button
        name="by" value="2"></button>`,
    ),
    action: enter,
  },
  {
    title: "Enter in a form whose first button is elsewhere in the page",
    content: html`<button form="with-owner" name="by" value="outside"></button><form id="with-owner" live-submit="record"><input
      name="a"><button name="by" value="inside"></button></form>`,
    action: enter,
  },
  {
    title: "Enter in a form without a button",
    content: live(html`<input name="a" value="1">`),
    action: enter,
  },
  {
    title: "an image with a name",
    content: live(html`<input name="a"><input type="image" name="pic" value="1" alt="Go">`),
    action: { does: "submit", by: "[type=image]" },
  },
  {
    title: "an image without a name",
    content: live(html`<input name="a"><input type="image" alt="Go">`),
    action: enter,
  },
  {
    title: "a button of an unknown type",
    content: live(html`<input name="a"><button type="unknown" name="by" value="1">Go</button>`),
    action: click("button"),
  },
  {
    title: "an input as button, without a value",
    content: live(html`<input name="a"><input type="submit" name="by">`),
    action: click("[type=submit]"),
  },
  {
    title: "a button with another action, method and encoding",
    content: html`<form action="/elsewhere"><input name="a" value="1"><button name="by" value="2" formaction="/posted"
      formmethod="post" formenctype="multipart/form-data">Go</button></form>`,
    action: click("button"),
  },
  {
    title: "a form that is requested with GET",
    content: html`<form action="/posted?old=1"><input name="a" value="1 &amp; ä"><textarea name="b">
1
2</textarea><button name="by">Go</button></form>`,
    action: click("button"),
  },
  {
    title: "fields and buttons elsewhere in the page",
    content: html`<input form="with-members" name="a" value="1"><form id="with-members" live-submit="record"><input name="b"
      value="2"><input form="missing" name="c" value="3"><input form="" name="d" value="4"></form><button form="with-members"
      name="by" value="5">Go</button>`,
    action: click("button"),
  },
  {
    title: "live-value-… and a field of the same name",
    content: html`<form live-submit="record" live-value-a="2" live-value-Camel-Case="3"><input name="a" value="1"><button
      name="b"></button></form>`,
    action: enter,
  },
  {
    title: "a command whose value contains objects and lists",
    content: html`<form live-submit=${js.push("record", { value: { user: { name: "Ada", tags: ["a", "b"] }, rows: [{ id: 1 }], none: null, yes: true } })}>
      <input name="user[name]" value="Bo"></form>`,
    action: enter,
  },
];

const filledIn: readonly ControlRow[] = [
  {
    title: "used and unused fields",
    content: live(
      html`<input type="hidden" name="h"><input name="a"><input name="user[b]"><input name="c[]"><input name="c[]"><input
        type="checkbox" name="d"><input type="checkbox" name="e" checked>`,
    ),
    action: { does: "change", values: { "user[b]": "1", d: true } },
  },
  {
    title: "text with line breaks",
    content: live(html`<textarea name="a"></textarea>`),
    action: { does: "change", values: { a: "1\r\n2\n3" } },
  },
  {
    title: "a field with its own live-change",
    content: html`<form live-value-a="1"><input name="x[]" value="0"><input name="x[]" live-change="record"
      live-value-b="2"><input name="y"></form>`,
    action: { does: "change", values: { "x[]": ["0", "1"] } },
  },
  {
    title: "a checkbox that is cleared",
    content: live(
      html`<input type="hidden" name="a" value="false"><input type="checkbox" name="a" value="true" checked>`,
    ),
    action: { does: "change", values: { a: false } },
  },
  {
    title: "a radio button",
    content: live(
      html`<input type="radio" name="a" value="1" checked><input type="radio" name="a" value="2"><input name="b">`,
    ),
    action: { does: "change", values: { a: "2" } },
  },
  {
    title: "selects",
    content: live(
      html`<select name="a"><option>1<option>2</select><select name="b[]" multiple><option selected>1<option>2<option>3</select>`,
    ),
    action: { does: "change", values: { a: "2", "b[]": ["2", "3"] } },
  },
  {
    title: "dates, numbers and colors",
    content: live(
      html`<input type="date" name="a"><input type="number" name="b"><input type="color" name="c"><input type="range" name="d">`,
    ),
    action: { does: "change", values: { a: "2024-02-29", b: 1.5, c: "#00ff00", d: 7 } },
  },
  {
    title: "a file, which a live form leaves out",
    content: live(html`<input name="a" value="1"><input type="file" name="file">`),
    action: {
      does: "submit",
      values: { file: new File(["text"], "a.txt", { type: "text/plain" }) },
    },
  },
  ...encodings.map(
    (type): ControlRow => ({
      title: `files, as ${type}`,
      content: native(
        html`<input name="a" value="1"><input type="file" name="one"><input type="file" name="all" multiple>`,
        type,
      ),
      action: {
        does: "submit",
        values: {
          one: new File(["1"], 'ä "1".txt', { type: "text/plain" }),
          all: [
            new File(["2"], "2.png", { type: "image/png" }),
            new File(["3\n"], "3.json", { type: "application/json" }),
          ],
        },
      },
    }),
  ),
];

const clicked: readonly ControlRow[] = [
  ...(
    [
      ["a button without a value", html`<button live-click="record">Go</button>`, "button"],
      [
        "a button with an empty value",
        html`<button value="" live-click="record">Go</button>`,
        "button",
      ],
      [
        "a button with a value and live-value-…",
        html`<button value="1" live-click="record" live-value-id="2" live-value-userId="3" live-value-empty="">Go</button>`,
        "button",
      ],
      [
        "a button whose live-value-value replaces its value",
        html`<button value="1" live-click="record" live-value-value="2">Go</button>`,
        "button",
      ],
      ["an input as button", html`<input type="button" live-click="record">`, "input"],
      ["a reset button", html`<input type="reset" live-click="record" value="1">`, "input"],
      [
        "a checkbox that the click checks",
        html`<input type="checkbox" live-click="record">`,
        "input",
      ],
      [
        "a checkbox that the click clears",
        html`<input type="checkbox" value="1" checked live-click="record">`,
        "input",
      ],
      [
        "a radio button that the click checks",
        html`<input type="radio" name="a" value="1" live-click="record">`,
        "input",
      ],
      [
        "a radio button that is checked already",
        html`<input type="radio" name="b" value="1" checked live-click="record">`,
        "input",
      ],
      ["a number field", html`<input type="number" value="x" live-click="record">`, "input"],
      [
        "an element around the clicked one",
        html`<div live-click="record" live-value-a="1"><b>Go</b></div>`,
        "b",
      ],
      ["an item of a list", html`<ul><li value="3" live-click="record">Go</li></ul>`, "li"],
      ["a data element", html`<data value="3" live-click="record">Go</data>`, "data"],
      ["an output", html`<output live-click="record"> 1  <b>2</b> </output>`, "output"],
      ["a meter", html`<meter value="0.5" live-click="record">Go</meter>`, "meter"],
      ["a link", html`<a href="#" live-click="record" live-value-id="1">Go</a>`, "a"],
      [
        "a label with a binding, and without a control",
        html`<label live-click="record">Go</label>`,
        "label",
      ],
      [
        "a command with a value",
        html`<button value="1" live-click=${js.push("record", { value: { a: { b: [1, null] }, value: 2 } })}>Go</button>`,
        "button",
      ],
    ] as const
  ).map(([title, content, on]) => ({ title, content, action: click(on) })),
  {
    title: "a reset button of a form with live-change",
    content: live(
      html`<input name="a" value="1"><button type="reset" name="again" value="2">Reset</button>`,
    ),
    action: click("button"),
  },
  {
    title: "a checkbox of a form with live-change",
    content: live(html`<input name="a"><input type="checkbox" name="b">`),
    action: click("[type=checkbox]"),
  },
  {
    title: "a radio button of a form with live-change",
    content: live(
      html`<input type="radio" name="a" value="1" checked><input type="radio" name="a" value="2" id="second-radio">`,
    ),
    action: click("#second-radio"),
  },
  {
    title: "the label of a checkbox in a form with live-change",
    content: live(
      html`<label>All <i>of it</i> <input type="checkbox" name="b[]" value="1"></label>`,
    ),
    action: click("i"),
  },
  {
    title: "the label elsewhere of a checkbox with live-click",
    content: html`<label for="labelled-box">Box</label><input type="checkbox" id="labelled-box" value="1" live-click="record">`,
    action: click("label"),
  },
];

const focused: readonly ControlRow[] = [
  {
    title: "the focus of a checkbox",
    content: html`<input type="checkbox" live-focus="record"><input type="checkbox" checked>`,
    action: { does: "focus", on: "[live-focus]" },
  },
  {
    title: "the blur of a checked checkbox",
    content: html`<input type="checkbox" checked live-blur="record">`,
    action: { does: "blur", on: "input" },
  },
  {
    title: "the blur of a select for several options",
    content: html`<select multiple live-blur="record"><option>1<option selected>2<option selected>3</select>`,
    action: { does: "blur", on: "select" },
  },
  {
    title: "the blur of a range",
    content: html`<input type="range" live-blur="record">`,
    action: { does: "blur", on: "input" },
  },
  {
    title: "the focus of a file field",
    content: html`<input type="file" value="x" live-focus="record">`,
    action: { does: "focus", on: "input" },
  },
  {
    title: "a key in a textarea",
    content: html`<textarea live-keyup="record" live-value-a="1">
x</textarea>`,
    action: { does: "keyup", on: "textarea", key: "Shift" },
  },
  {
    title: "a key on a button without a value",
    content: html`<button type="button" live-keydown="record">Go</button>`,
    action: { does: "keydown", on: "button", key: "F2" },
  },
];

const isNative = ({ title }: ControlRow) => /, as |GET|another action/.test(title);

/**
 * The table that runs through the test kit and through Chromium. Requests of forms are the last rows: the client does not
 * handle events for some time after a form has been sent.
 */
export const controlRows: readonly ControlRow[] = [
  ...clicked,
  ...focused,
  ...sent,
  ...encoded,
  ...submitters,
  ...filledIn,
].sort((a, b) => Number(isNative(a)) - Number(isNative(b)));
