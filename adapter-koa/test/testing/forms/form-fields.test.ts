import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type FormValues, type Page, visit } from "@live-session/adapter-koa/testing";
import { html, type TemplateResult } from "lit";
import { appOf, recordingLive } from "../../support/app.js";

async function open(fields: TemplateResult): Promise<Page> {
  const form = html`<form id="f" live-submit="record" live-change="record">${fields}</form>`;
  const page = await visit(appOf(recordingLive(form)).app, "/");
  await page.connect();
  return page;
}

async function recorded(page: Page, values?: FormValues): Promise<unknown> {
  await page.form("form", values).submit();
  return JSON.parse(page.element("output").text);
}

describe("a checkbox after a hidden field of the same name", () => {
  const fields = html`<input type="hidden" name="user[admin]" value="false">
    <input type="checkbox" name="user[admin]" value="true" live-change="record">`;

  it("is filled in, and sent instead of the hidden field while it is checked", async () => {
    const page = await open(fields);
    assert.deepEqual(await recorded(page), { user: { admin: "false" } });
    for (const value of [true, "true"]) {
      assert.deepEqual(await recorded(page, { "user[admin]": value }), { user: { admin: "true" } });
    }
    assert.deepEqual(await recorded(page, { "user[admin]": false }), { user: { admin: "false" } });
  });

  it("is the field that changes", async () => {
    const page = await open(fields);
    await page.form("form", { "user[admin]": true }).change();
    const sent = { user: { admin: "true" }, _target: "user[admin]" };
    assert.deepEqual(JSON.parse(page.element("output").text), sent);
  });

  it("refuses another value, and every value while it is disabled", async () => {
    const page = await open(fields);
    await assert.rejects(
      page.form("form", { "user[admin]": "yes" }).submit(),
      /"user\[admin\]" has no checkbox button with the value "yes"\nCandidates:\n {2}"true"/,
    );
    const off = await open(
      html`<input type="hidden" name="a" value="0"><input type="checkbox" name="a" disabled>`,
    );
    await assert.rejects(off.form("form", { a: true }).submit(), /the field "a" is disabled/);
  });
});

describe("several fields of the same name", () => {
  it("receive a list in their order, and keep their values after the end of the list", async () => {
    const page =
      await open(html`<input type="hidden" name="a[]" value="h"><input name="a[]" value="1">
      <input name="a[]" value="2"><select name="b[]"><option>1<option>2</select>
      <select name="b[]"><option>1<option>2</select>`);
    const sent = { a: ["h", "x", "2"], b: ["2", "1"] };
    assert.deepEqual(await recorded(page, { "a[]": ["x"], "b[]": ["2", "1"] }), sent);
  });

  it("receive as many values as there are fields, and a single field receives one", async () => {
    const page =
      await open(html`<input name="a[]"><input name="a[]"><select name="b"><option>1<option>2</select>
      <input type="radio" name="c" value="1"><input type="radio" name="c" value="2">`);
    const refused: [values: FormValues, message: RegExp][] = [
      [
        { "a[]": ["1", "2", "3"] },
        /the field "a\[\]" accepts 2 values\nGot: "1", "2", "3"\nCandidates:\n {2}<input/,
      ],
      [{ b: ["1", "2"] }, /the field "b" accepts one value\nGot: "1", "2"/],
      [{ c: ["1", "2"] }, /the field "c" accepts one value/],
    ];
    for (const [values, message] of refused)
      await assert.rejects(page.form("form", values).submit(), message);
  });

  it("accept only offered values if they are choices", async () => {
    const page =
      await open(html`<select name="a[]" multiple><option>1<option>2<option disabled>3</select>
      <input type="radio" name="b" value="true"><input type="radio" name="b" value="false" disabled>`);
    assert.deepEqual(await recorded(page, { "a[]": ["2", "1"], b: true }), {
      a: ["1", "2"],
      b: "true",
    });
    await assert.rejects(
      page.form("form", { "a[]": ["3"] }).submit(),
      /"a\[\]" has no option with the value "3"/,
    );
    await assert.rejects(
      page.form("form", { b: "false" }).submit(),
      /"b" has no radio button with the value/,
    );
  });
});

describe("a submit button", () => {
  it("sends its value at its position in the form", async () => {
    const page = await open(
      html`<button name="by" value="button">Go</button><input name="by" value="field">`,
    );
    await page.element("button").click();
    assert.deepEqual(JSON.parse(page.element("output").text), { by: "field" });
  });
});
