import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { visit } from "@live-session/adapter-koa/testing";
import { html, type TemplateResult } from "lit";
import { appOf, recordingLive } from "../../support/app.js";

/** Returns the values that a form with these fields sends, or that one of them sends when it loses the focus. */
async function recorded(fields: TemplateResult, blurred?: string): Promise<unknown> {
  const page = await visit(
    appOf(recordingLive(html`<form live-submit="record">${fields}</form>`)).app,
    "/",
  );
  await page.connect();
  if (blurred === undefined) await page.form("form").submit();
  else await page.element(blurred).blur();
  return JSON.parse(page.element("output").text);
}

describe("the value that a field sends", () => {
  it("is the content of a textarea without its first line break", async () => {
    const areas = html`<textarea name="a">
a</textarea><textarea name="b">

b</textarea><textarea name="c">c
</textarea>`;
    assert.deepEqual(await recorded(areas), { a: "a", b: "\nb", c: "c\n" });
  });

  it("is the last selected option of a select, and every selected option with multiple", async () => {
    const selects = html`<select name="one"><option selected>1</option><option selected>2</option><option>3</option></select>
      <select name="all[]" multiple><option selected>1</option><option>2</option><option selected>3</option></select>`;
    assert.deepEqual(await recorded(selects), { one: "2", all: ["1", "3"] });
  });

  it("is the first option if none is selected, unless the list is always open or the option is disabled", async () => {
    const selects = html`<select name="first"><option disabled>0</option><optgroup disabled><option>1</option></optgroup>
        <option>2</option></select>
      <select name="open" size="2"><option>1</option></select>
      <select name="prompt"><option value="" disabled selected>Choose</option><option>1</option></select>`;
    assert.deepEqual(await recorded(selects), { first: "2" });
  });

  it("is the date or time that its value attribute contains", async () => {
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
    assert.deepEqual(await recorded(html`${fields}`), values);
  });
});

describe("the value that an element sends with its event", () => {
  it("is its value", async () => {
    const fields = html`<input id="text" live-blur="record"><input id="box" type="checkbox" checked live-blur="record">
      <select id="select" live-blur="record"><option>a</option><option selected value="b">B</option></select>
      <select id="prompt" live-blur="record"><option value="" disabled selected>Choose</option><option>1</option></select>
      <textarea id="area" live-blur="record">
text</textarea><my-field id="own" value="x" live-blur="record"></my-field>`;
    const values = {
      "#text": "",
      "#box": "on",
      "#select": "b",
      "#prompt": "",
      "#area": "text",
      "#own": "x",
    };
    for (const [selector, value] of Object.entries(values)) {
      assert.deepEqual(await recorded(fields, selector), { value }, selector);
    }
  });

  it("is missing for unchecked boxes, empty buttons and elements that are not controls", async () => {
    const others = html`<input id="box" type="checkbox" value="x" live-blur="record">
      <button id="button" value="" live-blur="record"></button><ol><li id="item" value="3" live-blur="record"></li></ol>`;
    for (const selector of ["#box", "#button", "#item"]) {
      assert.deepEqual(await recorded(others, selector), {}, selector);
    }
  });
});
