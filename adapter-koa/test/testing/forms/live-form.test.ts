import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bodyParser } from "@koa/bodyparser";
import { type FormValues, type Page, visit } from "@live-session/adapter-koa/testing";
import { html, type TemplateResult } from "lit";
import { appOf, pageOf, recordingLive } from "../../support/app.js";

async function open(content: TemplateResult): Promise<Page> {
  const page = await visit(appOf(recordingLive(content)).app, "/");
  await page.connect();
  return page;
}

const recorded = (page: Page): unknown => JSON.parse(page.element("output").text);

const fields = html`<form id="all" live-submit="record" live-change="record">
  <input type="hidden" name="token" value="t">
  <input name="user[name]" value="Ada">
  <input type="checkbox" name="news" value="yes" checked>
  <input type="checkbox" name="more">
  <input type="radio" name="size" value="s"><input type="radio" name="size" value="m" checked>
  <select name="color"><option value="r">Red</option><option selected>Blue</option></select>
  <textarea name="text">
a
b</textarea>
  <input name="off" value="x" disabled>
  <button name="by" value="save">Save</button><button type="button" id="other">Other</button>
</form>`;

describe("the submit of a form", () => {
  it("sends the values that the page shows, without a button on request", async () => {
    const page = await open(fields);
    await page.form("form").submit({ submitter: null });
    assert.deepEqual(recorded(page), {
      token: "t",
      user: { name: "Ada" },
      news: "yes",
      size: "m",
      color: "Blue",
      text: "a\nb",
    });
  });

  it("sends the values that the test fills in, and the submitter", async () => {
    const page = await open(fields);
    const values = { "user[name]": "Bo", news: false, more: true, size: "s", color: "r", text: "" };
    await page.form("form", values).submit({ submitter: "button[name=by]" });
    assert.deepEqual(recorded(page), {
      token: "t",
      user: { name: "Bo" },
      more: "on",
      size: "s",
      color: "r",
      text: "",
      by: "save",
    });
  });

  it("refuses values that a user could not enter", async () => {
    const page = await open(fields);
    const refused: [values: Record<string, string>, message: RegExp][] = [
      [
        { missing: "1" },
        /has no field "missing"\nCandidates:\n {2}<input type="hidden" name="token"/,
      ],
      [
        { color: "green" },
        /"color" has no option with the value "green"\nCandidates:\n {2}"r"\n {2}"Blue"/,
      ],
      [
        { size: "xl" },
        /"size" has no radio button with the value "xl"\nCandidates:\n {2}"s"\n {2}"m"/,
      ],
      [{ off: "1" }, /"off" is disabled/],
      [{ token: "1" }, /"token" is hidden/],
    ];
    for (const [values, message] of refused)
      await assert.rejects(page.form("form", values).submit(), message);
    await assert.rejects(
      page.form("form").submit({ submitter: "#other" }),
      /not submit the form[\s\S]*name="by"/,
    );
    await assert.rejects(
      page.form("input[name=off]").submit(),
      /is not a form[\s\S]*Candidates:\n {2}<form/,
    );
  });

  it("presses the first button as Enter does, unless it is disabled", async () => {
    const page =
      await open(html`<form id="a" live-submit="record"><button name="by" value="1"></button>
        <button name="by" value="2"></button></form>
      <form id="b" live-submit="record"><button disabled>Go</button></form>`);
    await page.form("#a").submit();
    assert.deepEqual(recorded(page), { by: "1" });
    await assert.rejects(page.form("#b").submit(), /the button is disabled\nGot: <button disabled/);
  });

  it("marks all fields of later changes as used", async () => {
    const page = await open(
      html`<form id="f" live-change="record" live-submit="record"><input name="a"><input name="b"></form>`,
    );
    const form = page.form("form", { a: "1" });
    await form.submit();
    await form.change();
    assert.deepEqual(recorded(page), { a: "1", b: "", _target: "a" });
  });

  it("accepts a File in fields for files only", async () => {
    const page = await open(
      html`<form live-submit="record"><input type="file" name="file"><input name="text"></form>`,
    );
    const file = new File(["1"], "a.txt");
    await page.form("form", { file, text: "1" }).submit();
    assert.deepEqual(recorded(page), { text: "1" });
    const refused: [values: FormValues, message: RegExp][] = [
      [
        { file: "a.txt" },
        /the field "file" requires a File\nGot: "a.txt"\nCandidates:\n {2}<input/,
      ],
      [{ text: file }, /the field "text" is not for files\nGot: a File/],
      [{ file: [file, file] }, /the field "file" accepts one value/],
    ];
    for (const [values, message] of refused)
      await assert.rejects(page.form("form", values).submit(), message);
  });

  it("requires a live-submit or an action", async () => {
    const page = await open(html`<form></form>`);
    await assert.rejects(page.form("form").submit(), /the form has no live-submit or action/);
  });
});

describe("the change of a form", () => {
  it("sends the target and the unused fields", async () => {
    const page = await open(
      html`<form id="user" live-change="record"><input name="user[a]"><input name="user[b]"></form>`,
    );
    await page.form("form", { "user[a]": "1" }).change();
    assert.deepEqual(recorded(page), {
      user: { a: "1", _unused_b: "", b: "" },
      _target: "user[a]",
    });
  });

  it("sends only the changed field if it has its own binding", async () => {
    const page = await open(
      html`<form><input name="a" live-change="record"><input name="b"></form>`,
    );
    await page.form("form", { a: "1" }).change();
    assert.deepEqual(recorded(page), { a: "1", _target: "a" });
  });

  it("requires a live-change", async () => {
    const page = await open(html`<form><input name="a"></form>`);
    await assert.rejects(page.form("form", { a: "1" }).change(), /the form has no live-change/);
  });
});

describe("the action of a form", () => {
  const posting = () => {
    const { app } = appOf(
      pageOf(
        ({
          ready,
        }) => html`<form method="post" action="/done" live-submit="go" ?live-trigger-action=${ready}>
          <input name="a"><button name="by" value="me"></button></form><form id="get" action="/"><input name="q"></form>`,
        {
          handleEvent: {
            go({ socket }: { socket: { assign(assigns: object): void } }) {
              socket.assign({ ready: true });
            },
          },
        },
      ),
    );
    app.use(bodyParser());
    app.use((ctx) => {
      ctx.body = `<p>${ctx.method} ${JSON.stringify((ctx.request as { body?: unknown }).body)}</p>`;
    });
    return app;
  };

  it("is requested after the view has triggered it", async () => {
    const page = await visit(posting(), "/");
    await page.connect();
    const form = page.form("form[method]", { a: "1" });
    await assert.rejects(
      form.followTriggerAction(),
      /the view has not triggered the form's action/,
    );
    await form.submit();
    await form.followTriggerAction();
    assert.deepEqual([page.path, page.isConnected], ["/done", false]);
    assert.equal(page.element("p").text, 'POST {"a":"1","by":"me"}');
  });

  it("receives the form on a page that is not connected", async () => {
    const page = await visit(posting(), "/");
    await page.form("#get", { q: "x" }).submit();
    assert.equal(page.path, "/?q=x");
    await page.form("form[method]", { a: "2" }).submit();
    assert.equal(page.element("p").text, 'POST {"a":"2","by":"me"}');
  });
});
