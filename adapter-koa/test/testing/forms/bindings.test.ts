import assert from "node:assert/strict";
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { describe, it } from "node:test";
import { js } from "@live-session/adapter-koa";
import { type Page, visit } from "@live-session/adapter-koa/testing";
import { html, type TemplateResult } from "lit";
import { appOf, pageOf, recordingLive } from "../../support/app.js";

async function open(content: TemplateResult): Promise<Page> {
  const page = await visit(appOf(recordingLive(content)).app, "/");
  await page.connect();
  return page;
}

const recorded = (page: Page): unknown => JSON.parse(page.element("output").text);

describe("keyDown and keyUp", () => {
  const keys = html`<input value="x" live-keydown="record" live-key="Enter" live-value-id="1"><p live-keyup="record"></p>
    <i>none</i>`;

  it("send the key to the element with the binding", async () => {
    const page = await open(keys);
    await page.element("input").keydown("Enter", { shiftKey: true });
    assert.deepEqual(recorded(page), { key: "Enter", shiftKey: true, value: "x", id: "1" });
    await page.element("p").keyup("a");
    assert.deepEqual(recorded(page), { key: "a" });
  });

  it("fail on an element without a binding for keys", async () => {
    const page = await open(keys);
    await assert.rejects(
      page.element("input").keydown("a"),
      /does not listen for the key "a"\nGot: <input/,
    );
    await assert.rejects(
      page.element("i").keydown("a"),
      /no live-keydown\nGot: <i>none\nCandidates:\n {2}<input/,
    );
    await assert.rejects(
      page.window.keydown("a"),
      /no element has live-window-keydown for the key "a"/,
    );
  });

  it("reach elements with a binding for keys of the window", async () => {
    const page = await open(
      html`<a live-window-keydown="record" live-key="Escape"></a><i>here</i>`,
    );
    await page.window.keydown("Escape");
    assert.deepEqual(recorded(page), { key: "Escape" });
    await page.element("i").keydown("escape");
    assert.deepEqual(recorded(page), { key: "escape" });
    await assert.rejects(
      page.window.keydown("a"),
      /for the key "a"\nCandidates:\n {2}<a live-window-keydown/,
    );
  });
});

describe("focus and blur", () => {
  it("are sent by the element or by the window", async () => {
    const page = await open(
      html`<input live-focus="record" live-blur="record" live-value-a="1"><b live-window-focus="record" live-value-b="2"></b
        ><b live-window-blur="record" live-value-c="3"></b>`,
    );
    await page.element("input").focus();
    assert.deepEqual(recorded(page), { value: "", a: "1" });
    await page.window.focus();
    assert.deepEqual(recorded(page), { b: "2" });
    await page.element("input").blur();
    assert.deepEqual(recorded(page), { value: "", a: "1" });
    await page.window.blur();
    assert.deepEqual(recorded(page), { c: "3" });
  });

  it("fail on a disabled element", async () => {
    const page = await open(html`<input disabled live-focus="record"><input name="other">`);
    await assert.rejects(
      page.element("input[disabled]").focus(),
      /the element is disabled\nGot: <input disabled.*\nCandidates:\n {2}<input name="other">/,
    );
  });
});

describe("a click outside of an element with live-click-away", () => {
  const menu = html`<div live-click-away="record" live-value-id="menu"><i>inside</i></div><p>outside</p>`;

  it("sends the event of that element", async () => {
    const page = await open(menu);
    await page.element("p").click();
    assert.deepEqual(recorded(page), { id: "menu" });
    await assert.rejects(page.element("i").click(), /has no effect/);
  });

  it("may be sent for one element with clickAway", async () => {
    const page = await open(menu);
    await page.element("div").clickAway();
    assert.deepEqual(recorded(page), { id: "menu" });
    await assert.rejects(
      page.element("p").clickAway(),
      /no live-click-away\nGot: <p>outside\nCandidates:\n {2}<div/,
    );
  });
});

describe("a click outside of a hidden element with live-click-away", () => {
  it("does not send the event of that element", async () => {
    const page = await open(html`<i live-click-away="record" hidden></i>
      <div style="color: red; display:none"><i live-click-away="record"></i></div><p>outside</p>`);
    await assert.rejects(page.element("p").click(), /has no effect/);
  });
});

describe("commands in a binding", () => {
  it("push all their events, in order", async () => {
    const seen: unknown[] = [];
    const note = ({ payload }: { payload: unknown }) => void seen.push(payload);
    const commands = js
      .push("one", { value: { n: 1 } })
      .hide("#a")
      .push("two", { value: { n: 2 } });
    const view = pageOf(() => html`<button value="v" live-click=${commands}>Go</button>`, {
      handleEvent: { one: note, two: note },
    });
    const page = await visit(appOf(view).app, "/");
    await page.connect();
    await page.element("button").click();
    assert.deepEqual(seen, [
      { value: "v", n: 1 },
      { value: "v", n: 2 },
    ]);
  });

  it("run the commands of other elements", async () => {
    const inner = js.exec("data-record", { to: { inner: "b" } });
    const page =
      await open(html`<i id="in" live-click=${inner}><b data-record=${js.push("record", { value: { n: 1 } })}></b></i>
      <div data-record=${js.push("record", { value: { n: 2 } })}>
        <i id="out" live-click=${js.exec("data-record", { to: { closest: "div" } })}></i></div>
      <i id="any" live-click=${js.exec("data-none", { to: "b" })}></i>`);
    await page.element("#in").click();
    assert.deepEqual(recorded(page), { n: 1 });
    await page.element("#out").click();
    assert.deepEqual(recorded(page), { n: 2 });
    await assert.rejects(
      page.element("#any").click(),
      /exec found no attribute "data-none"\nGot: <b/,
    );
  });

  it("navigate by a patch", async () => {
    const page = await open(html`<button live-click=${js.patch("/?q=1")}>Go</button>`);
    await page.element("button").click();
    page.assertPatch("/?q=1");
  });
});

describe("a visited form", () => {
  const form = html`<form id="f" live-change="record" live-submit="record"><input name="user[a]" value="1">
    <input type="hidden" name="token" value="t"></form>`;

  it("accepts values of fields that the kit does not check", async () => {
    const page = await open(form);
    await page.form("form").submit({ unchecked: { token: "other", more: "1" } });
    assert.deepEqual(recorded(page), { user: { a: "1" }, token: "other", more: "1" });
    await page.form("form").change({ target: ["user", "a"], unchecked: { token: "new" } });
    assert.deepEqual(recorded(page), {
      user: { a: "1" },
      token: "new",
      _target: "user[a]",
    });
  });

  it("sends live-value-… instead of a submitter's value, in a change and in a submit", async () => {
    const page =
      await open(html`<form id="f" live-change="record" live-submit="record" live-value-token="attribute">
      <input name="a" value="1"></form>`);
    const unchecked = { token: "other", more: "1" };
    await page.form("form").submit({ unchecked });
    assert.deepEqual(recorded(page), { a: "1", token: "attribute", more: "1" });
    await page.form("form", { a: "2" }).change({ unchecked });
    assert.deepEqual(recorded(page), { a: "2", _target: "a", token: "attribute", more: "1" });
  });

  it("sends its live-value-… with a field that has its own binding", async () => {
    const page = await open(html`<form live-value-a="form" live-value-b="form">
      <input name="x" live-change="record" live-value-b="field"></form>`);
    await page.form("form", { x: "1" }).change();
    assert.deepEqual(recorded(page), { x: "1", _target: "x", a: "form", b: "field" });
  });

  it("runs commands, whose values replace all others", async () => {
    const seen: unknown[] = [];
    const note = ({ payload }: { payload: unknown }) =>
      void seen.push(JSON.parse(JSON.stringify(payload)));
    const commands = js
      .push("one", { value: { x: "command", n: 1 } })
      .hide("#a")
      .push("two");
    const form = html`<form id="f" live-change=${commands} live-submit=${commands} live-value-y="attribute">
      <input name="x" value="field"><input type="hidden" name="y" value="field"></form>`;
    const page = await visit(
      appOf(pageOf(() => form, { handleEvent: { one: note, two: note } })).app,
      "/",
    );
    await page.connect();
    await page.form("form").submit();
    await page.form("form", { x: "typed" }).change();
    assert.deepEqual(seen, [
      { x: "command", y: "attribute", n: "1" },
      { x: "field", y: "attribute" },
      { x: "command", y: "attribute", _target: "x", n: "1" },
      { x: "typed", y: "attribute", _target: "x" },
    ]);
  });

  it("is sent to its action over HTTP when the test requests it, if it has an action", async () => {
    const page = await open(
      html`<form id="f" action="/?from=form" live-submit="record"><input name="q" value="1"></form>`,
    );
    await page.form("form", { q: "2" }).submitToAction();
    assert.deepEqual([page.path, page.isConnected], ["/?q=2", false]);
    const other = await open(form);
    await assert.rejects(other.form("form").submitToAction(), /the form has no action/);
  });
});

describe("a visited page", () => {
  it("is saved to a file, without scripts", async (t) => {
    const page = await open(html`<h1>Saved</h1><script>alert(1)</script>`);
    const file = await page.save();
    t.after(() => rm(path.dirname(file), { recursive: true }));
    const saved = await readFile(file, "utf8");
    assert.match(saved, /<h1>Saved<\/h1>/);
    assert.doesNotMatch(saved, /<script/);
  });

  it("waits as long as the option of one call allows", async () => {
    const view = pageOf(() => html`<p></p>`, {
      mount({ socket }: { socket: { startAsync(key: string, run: () => unknown): void } }) {
        socket.startAsync("endless", () => new Promise(() => {}));
      },
    });
    const page = await visit(appOf(view).app, "/");
    await page.connect();
    await assert.rejects(page.settled({ timeout: 10 }), /still busy after 10 ms/);
  });
});

describe("an event with live-target for another view", () => {
  const content = html`<a live-click="record" live-target="#cart">a</a><b live-click=${js.push("record", { target: "#cart" })}>
      b</b><i id="own" live-click="record" live-target="#own">own</i><form id="form" live-change="record" live-submit="record"
      live-target="#cart"><input name="x"></form><form id="commands" live-submit=${js.push("record")} live-target="#cart"></form>`;

  it("is refused, because the test does not visit that view", async () => {
    const page = await open(content);
    const refusal = /the event is for "#cart", which is not in the visited view\nGot: </;
    await assert.rejects(page.element("a").click(), refusal);
    await assert.rejects(page.element("b").click(), refusal);
    await assert.rejects(page.form("#form", { x: "1" }).change(), refusal);
    await assert.rejects(page.form("#form", { x: "1" }).submit(), refusal);
    await assert.rejects(page.form("#commands").submit(), refusal);
  });

  it("uses the target of its command, and is sent without a target if nothing is pushed", async () => {
    const page =
      await open(html`<a id="own" live-click=${js.push("record", { target: "#own" })} live-target="#cart"></a>
      <b live-click=${js.hide()} live-target="#cart"></b>`);
    await page.element("b").click();
    await page.element("a").click();
    assert.deepEqual(recorded(page), {});
  });

  it("is sent to the visited view if that contains the target", async () => {
    const page = await open(content);
    await page.element("i").click();
    assert.deepEqual(recorded(page), {});
  });
});
