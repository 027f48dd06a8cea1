import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { visit } from "@live-session/adapter-koa/testing";
import { html, type TemplateResult } from "lit";
import { appOf, tellingLive } from "../../support/app.js";

/** What the view is told of a form with these fields, or of one of them that loses the focus. */
async function told(fields: TemplateResult, blurred?: string): Promise<unknown> {
  const page = await visit(
    appOf(tellingLive(html`<form live-submit="tell">${fields}</form>`)).app,
    "/",
  );
  await page.connect();
  if (blurred === undefined) await page.form("form").submit();
  else await page.element(blurred).blur();
  return JSON.parse(page.element("output").text);
}

describe("what a field sends", () => {
  it("is the text of a text area but for one leading newline", async () => {
    const areas = html`<textarea name="a">
a</textarea><textarea name="b">

b</textarea><textarea name="c">c
</textarea>`;
    assert.deepEqual(await told(areas), { a: "a", b: "\nb", c: "c\n" });
  });

  it("is the last selected option of a select, and all of a multiple one", async () => {
    const selects = html`<select name="one"><option selected>1</option><option selected>2</option><option>3</option></select>
      <select name="all[]" multiple><option selected>1</option><option>2</option><option selected>3</option></select>`;
    assert.deepEqual(await told(selects), { one: "2", all: ["1", "3"] });
  });

  it("is the first option where none is selected, unless the list stays open or the choice is disabled", async () => {
    const selects = html`<select name="first"><option disabled>0</option><optgroup disabled><option>1</option></optgroup>
        <option>2</option></select>
      <select name="open" size="2"><option>1</option></select>
      <select name="prompt"><option value="" disabled selected>Choose</option><option>1</option></select>`;
    assert.deepEqual(await told(selects), { first: "2" });
  });

  it("is a date or a time as it stands", async () => {
    const values = {
      date: "2024-02-29",
      "datetime-local": "2024-02-29T12:30",
      month: "2024-02",
      time: "12:30",
      week: "2024-W09",
    };
    const fields = Object.entries(values).map(
      ([type, value]) => html`<input type=${type} name=${type} value=${value}>`,
    );
    assert.deepEqual(await told(html`${fields}`), values);
  });
});

describe("the value that an element tells", () => {
  it("is what it contains", async () => {
    const fields = html`<input id="text" live-blur="tell"><input id="box" type="checkbox" checked live-blur="tell">
      <select id="select" live-blur="tell"><option>a</option><option selected value="b">B</option></select>
      <select id="prompt" live-blur="tell"><option value="" disabled selected>Choose</option><option>1</option></select>
      <textarea id="area" live-blur="tell">
text</textarea><my-field id="own" value="x" live-blur="tell"></my-field>`;
    const values = {
      "#text": "",
      "#box": "on",
      "#select": "b",
      "#prompt": "",
      "#area": "text",
      "#own": "x",
    };
    for (const [selector, value] of Object.entries(values)) {
      assert.deepEqual(await told(fields, selector), { value }, selector);
    }
  });

  it("is none of what is unchecked, an empty button, or no control", async () => {
    const others = html`<input id="box" type="checkbox" value="x" live-blur="tell">
      <button id="button" value="" live-blur="tell"></button><ol><li id="item" value="3" live-blur="tell"></li></ol>`;
    for (const selector of ["#box", "#button", "#item"]) {
      assert.deepEqual(await told(others, selector), {}, selector);
    }
  });
});
