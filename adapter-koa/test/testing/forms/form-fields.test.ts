import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type FormValues, type Page, visit } from "@live-session/adapter-koa/testing";
import { html, type TemplateResult } from "lit";
import { appOf, tellingLive } from "../../support/app.js";

async function open(fields: TemplateResult): Promise<Page> {
  const form = html`<form id="f" live-submit="tell" live-change="tell">${fields}</form>`;
  const page = await visit(appOf(tellingLive(form)).app, "/");
  await page.connect();
  return page;
}

async function told(page: Page, values?: FormValues): Promise<unknown> {
  await page.form("form", values).submit();
  return JSON.parse(page.element("output").text);
}

describe("a checkbox behind a hidden field of its name", () => {
  const fields = html`<input type="hidden" name="user[admin]" value="false">
    <input type="checkbox" name="user[admin]" value="true" live-change="tell">`;

  it("is filled in, and told in its place when it is checked", async () => {
    const page = await open(fields);
    assert.deepEqual(await told(page), { user: { admin: "false" } });
    for (const value of [true, "true"]) {
      assert.deepEqual(await told(page, { "user[admin]": value }), { user: { admin: "true" } });
    }
    assert.deepEqual(await told(page, { "user[admin]": false }), { user: { admin: "false" } });
  });

  it("is what changes", async () => {
    const page = await open(fields);
    await page.form("form", { "user[admin]": true }).change();
    const sent = { user: { admin: "true" }, _target: "user[admin]" };
    assert.deepEqual(JSON.parse(page.element("output").text), sent);
  });

  it("refuses another value, and any when it is disabled", async () => {
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

describe("several fields of one name", () => {
  it("take a list in their order, and keep what they show where it ends", async () => {
    const page =
      await open(html`<input type="hidden" name="a[]" value="h"><input name="a[]" value="1">
      <input name="a[]" value="2"><select name="b[]"><option>1<option>2</select>
      <select name="b[]"><option>1<option>2</select>`);
    const sent = { a: ["h", "x", "2"], b: ["2", "1"] };
    assert.deepEqual(await told(page, { "a[]": ["x"], "b[]": ["2", "1"] }), sent);
  });

  it("take as many values as there are, and one by itself takes one", async () => {
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

  it("of a choice take what is offered", async () => {
    const page =
      await open(html`<select name="a[]" multiple><option>1<option>2<option disabled>3</select>
      <input type="radio" name="b" value="true"><input type="radio" name="b" value="false" disabled>`);
    assert.deepEqual(await told(page, { "a[]": ["2", "1"], b: true }), {
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

describe("a button that submits", () => {
  it("sends its value where it stands", async () => {
    const page = await open(
      html`<button name="by" value="button">Go</button><input name="by" value="field">`,
    );
    await page.element("button").click();
    assert.deepEqual(JSON.parse(page.element("output").text), { by: "field" });
  });
});
