import { expect } from "chai";
import { html, nothing } from "lit";
import { sendKeys } from "../../support/commands.js";
import { encode } from "../../support/encode.js";
import { until } from "../../support/live-fixture.js";
import {
  closePages,
  encodeDiff,
  joinPage,
  type LivePage,
  openPage,
} from "../../support/live-page.js";

const query = <T extends HTMLElement = HTMLInputElement>(
  { session }: LivePage,
  selector = "input",
): T => session.querySelector<T>(selector)!;

function edit(field: HTMLElement, value: string, type = "input"): void {
  Object.assign(field, { value });
  field.dispatchEvent(new InputEvent(type, { bubbles: true }));
}

/** Answers the last event. */
const answer = ({ server }: LivePage, response: object = {}, status?: string): void =>
  server.reply(server.of("event").at(-1)!, response, status);

const settled = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve));

/** Sends an update and waits until it is shown. The last value of the view is a counter in an `<output>`. */
async function update(page: LivePage, diff: object, counter: string): Promise<void> {
  page.server.push("diff", { diff: { ...diff, [counter]: "shown" } });
  await until(() => query(page, "output").textContent === "shown");
  query(page, "output").textContent = "";
}

const options = (...values: string[]) => values.map((value) => html`<option>${value}</option>`);

describe("a control that the user has changed before the join", () => {
  afterEach(closePages);

  const join = (page: LivePage): Promise<unknown> =>
    until(() => page.session.status === "connected");

  it("keeps its content, and other controls of the same kind take that of the joined view", async () => {
    const view = (on: boolean) => html`
      <input id="box" type="checkbox" .checked=${on} /><input id="other" type="checkbox" .checked=${on} />
      <input type="radio" name="r" id="r1" .checked=${!on} /><input type="radio" name="r" id="r2" .checked=${on} />
      <input type="range" id="range" .value=${on ? 7 : 3} /><input type="color" id="color" .value=${on ? "#ff0000" : "#00ff00"} />
      <select id="placeholder" .value=${on ? "b" : nothing}><option value="" disabled>Choose</option>${options("a", "b")}</select>
      <textarea id="text" .value=${on ? "new" : "old"}></textarea>`;
    const page = openPage({ view: view(false), joined: () => view(true) });
    query(page, "#other").checked = true;
    await join(page);
    const get = (id: string) => query(page, `#${id}`);
    await until(() => get("box").checked);
    expect(get("other").checked).to.equal(true);
    expect([get("r1").checked, get("r2").checked]).to.deep.equal([false, true]);
    expect([get("range").value, get("color").value]).to.deep.equal(["7", "#ff0000"]);
    expect([get("placeholder").value, get("text").value]).to.deep.equal(["b", "new"]);
  });

  it("keeps a choice, a tick and text that differ from the defaults", async () => {
    const view = (on: boolean) => html`
      <input id="box" type="checkbox" .checked=${on} /><input id="text" .value=${on ? "new" : "old"} />
      <select id="select" .value=${on ? "b" : "a"}>${options("a", "b", "c")}</select>`;
    const page = openPage({ view: view(true), joined: () => view(true) });
    query(page, "#box").checked = false;
    query(page, "#text").value = "typed";
    query<HTMLSelectElement>(page, "#select").value = "c";
    await join(page);
    expect(query(page, "#box").checked).to.equal(false);
    expect([query(page, "#text").value, query(page, "#select").value]).to.deep.equal([
      "typed",
      "c",
    ]);
  });
});

describe("a control that has the focus", () => {
  afterEach(closePages);

  const open = (): Promise<LivePage> =>
    joinPage({
      view: html`<form><input id="text" .value=${"a"} /><textarea .value=${"a"}></textarea>
        <input type="checkbox" .checked=${false} /><input type="range" .value=${1} />
        <select .value=${"a"}>${options("a", "b", "c")}</select>
        <input type="radio" id="r1" name="r" .checked=${true} /><input type="radio" id="r2" name="r" .checked=${false} />
        <button id="other">Other</button></form><output>${""}</output>`,
    });
  const counter = "8";

  for (const field of ["#text", "textarea"]) {
    it(`keeps its text while it has the focus, and then takes the view's (${field})`, async () => {
      const page = await open();
      query(page, field).focus();
      await update(page, { "0": "b", "1": "b" }, counter);
      expect(query(page, field).value).to.equal("a");
      query(page, "#other").focus();
      await until(() => query(page, field).value === "b");
    });
  }

  it("keeps text that the user has typed since the update", async () => {
    const page = await open();
    query(page).focus();
    await update(page, { "0": "b" }, counter);
    await sendKeys({ press: "x" });
    query(page, "#other").focus();
    await settled();
    expect(query(page).value).to.contain("x");
  });

  it("keeps typed text that was never sent, even when it loses the focus", async () => {
    const page = await open();
    query(page).focus();
    await sendKeys({ press: "x" });
    await update(page, { "0": "b" }, counter);
    query(page, "#other").focus();
    await settled();
    expect(query(page).value).to.contain("x");
  });

  it("follows the view if the user does not type in it", async () => {
    const page = await open();
    query(page, "[type=checkbox]").focus();
    await update(page, { "2": true }, counter);
    expect(query(page, "[type=checkbox]").checked).to.equal(true);
    query(page, "[type=checkbox]").click();
    await update(page, { "2": false }, counter);
    await update(page, { "2": true }, counter);
    expect(query(page, "[type=checkbox]").checked).to.equal(true);
    query(page, "[type=range]").focus();
    await update(page, { "3": 5 }, counter);
    expect(query(page, "[type=range]").value).to.equal("5");
    query(page, "select").focus();
    await sendKeys({ press: "ArrowDown" });
    await update(page, { "4": "c" }, counter);
    expect(query(page, "select").value).to.equal("c");
    query(page, "#r1").focus();
    await update(page, { "6": false, "7": true }, counter);
    expect([query(page, "#r1").checked, query(page, "#r2").checked]).to.deep.equal([false, true]);
  });
});

describe("a control whose view changes the value that it was sent", () => {
  afterEach(closePages);

  it("shows trimmed text when it loses the focus", async () => {
    const page = await joinPage({
      view: html`<form live-change="change"><input .value=${""} name="a" /></form><button>Other</button>`,
    });
    query(page).focus();
    await sendKeys({ press: "a" });
    answer(page, { diff: { "0": "A" } });
    await settled();
    expect(query(page).value).to.equal("a");
    query(page, "button").focus();
    await until(() => query(page).value === "A");
  });

  it("shows a value that the view had already", async () => {
    const page = await joinPage({
      view: html`<form live-change="change"><input type="number" name="a" .value=${10} />
        <input type="checkbox" name="b" .checked=${false} />
        <input type="radio" name="c" value="1" .checked=${true} /><input type="radio" name="c" value="2" .checked=${false} />
        <select name="d" .value=${"a"}>${options("a", "b")}</select><textarea name="e" .value=${""}></textarea>
      </form>`,
    });
    edit(query(page), "50");
    answer(page);
    await until(() => query(page).value === "10");
    const box = query(page, "[type=checkbox]");
    box.click();
    expect(box.checked).to.equal(true);
    answer(page);
    await until(() => !box.checked);
    const [one, two] = page.session.querySelectorAll<HTMLInputElement>("[type=radio]");
    two!.click();
    answer(page);
    await until(() => one!.checked && !two!.checked);
    edit(query(page, "select"), "b");
    answer(page);
    await until(() => query(page, "select").value === "a");
    edit(query(page, "textarea"), "typed");
    answer(page);
    await until(() => query(page, "textarea").value === "");
  });

  it("keeps the user's newer edits until the view knows them", async () => {
    const page = await joinPage({
      view: html`<form live-change="change"><input name="a" .value=${""} live-debounce="50000" /></form>`,
    });
    edit(query(page), "one");
    query(page).dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
    edit(query(page), "two");
    answer(page, { diff: { "0": "ONE" } });
    await settled();
    expect(query(page).value).to.equal("two");
  });

  it("keeps its content when the connection is lost before the answer", async () => {
    const page = await joinPage({
      view: html`<form live-change="change" live-auto-recover="ignore"><input name="a" .value=${""} /></form>`,
    });
    edit(query(page), "typed");
    page.server.drop();
    await until(() => page.session.status === "disconnected");
    await until(() => page.session.status === "connected");
    await settled();
    expect(query(page).value).to.equal("typed");
  });
});

describe("a form whose submit is answered", () => {
  afterEach(closePages);

  it("shows the values of the view even if they have not changed", async () => {
    const page = await joinPage({
      view: html`<form live-submit="send"><input name="a" .value=${""} />
        <input type="checkbox" name="b" .checked=${false} /><select name="c" .value=${"a"}>${options("a", "b")}</select>
        <input id="free" name="d" /><button>Send</button></form>`,
    });
    query(page).focus();
    await sendKeys({ press: "x" });
    query(page, "[type=checkbox]").click();
    edit(query(page, "select"), "b");
    edit(query(page, "#free"), "typed");
    query(page).focus();
    await sendKeys({ press: "Enter" });
    await until(() => page.server.of("event").length === 1);
    answer(page);
    await until(() => query(page).value === "");
    expect(query(page, "[type=checkbox]").checked).to.equal(false);
    expect(query(page, "select").value).to.equal("a");
    expect(query(page, "#free").value).to.equal("typed");
    expect(document.activeElement).to.equal(query(page));
  });

  it("keeps the user's input if the view has refused it", async () => {
    const page = await joinPage({
      view: html`<form live-submit="send"><input name="a" .value=${""} /><button>Send</button></form>`,
    });
    edit(query(page), "typed");
    query(page, "button").click();
    answer(page, {}, "error");
    await until(() => !query<HTMLButtonElement>(page, "button").disabled);
    await settled();
    expect(query(page).value).to.equal("typed");
  });
});

describe("a select", () => {
  afterEach(closePages);

  const open = (value: unknown, ...values: string[]): Promise<LivePage> =>
    joinPage({
      view: html`<form><select .value=${value}>${options(...values)}</select></form><output>${""}</output>`,
    });
  const shift = (page: LivePage, diff: object, ...values: string[]): Promise<void> =>
    update(page, { ...diff, "1": encode(options(...values)).rendered }, "2");

  it("shows its value among options that are rendered with it", async () => {
    const page = await joinPage({ view: html`<main>${nothing}</main>` });
    const { rendered, templates } = encode(
      html`<select .value=${"b"}>${options("a", "b", "c")}</select><select multiple .value=${{ j: ["a", "c"] }}>${options("a", "b", "c")}</select>`,
    );
    page.server.push("diff", { diff: { "0": rendered }, templates });
    await until(() => page.session.querySelector("select"));
    const [one, several] = page.session.querySelectorAll("select");
    expect(one!.value).to.equal("b");
    // The lazy module for input writes a list of values.
    await until(() => several!.selectedOptions.length === 2);
    expect([...several!.selectedOptions].map(({ value }) => value)).to.deep.equal(["a", "c"]);
  });

  it("shows its value when options shift", async () => {
    const page = await open("b", "a", "b", "c");
    await shift(page, {}, "new", "a", "b", "c");
    expect(query(page, "select").value).to.equal("b");
  });

  it("keeps the user's choice when options shift", async () => {
    const page = await open("a", "a", "b", "c");
    edit(query(page, "select"), "b");
    await shift(page, {}, "new", "a", "b", "c");
    expect(query(page, "select").value).to.equal("b");
  });

  it("shows the view's choice if the user's option is gone", async () => {
    const page = await open("a", "a", "b", "c");
    edit(query(page, "select"), "b");
    await shift(page, {}, "c", "a");
    expect(query(page, "select").value).to.equal("a");
  });

  it("without a value keeps the user's choice when options shift", async () => {
    const page = await joinPage({
      view: html`<form><select>${options("a", "b", "c")}</select></form><output>${""}</output>`,
    });
    edit(query(page, "select"), "b");
    await update(page, { "0": encode(options("new", "a", "b")).rendered }, "1");
    expect(query(page, "select").value).to.equal("b");
  });

  it("shows several values, and changes of them", async () => {
    const page = await joinPage({
      view: html`<select multiple .value=${{ j: ["a"] }}>${options("a", "b", "c")}</select><output>${""}</output>`,
    });
    const chosen = () =>
      [...query<HTMLSelectElement>(page, "select").selectedOptions].map((o) => o.value);
    await until(() => chosen().length === 1);
    expect(chosen()).to.deep.equal(["a"]);
    await update(page, { "0": { j: ["b", "c"] } }, "2");
    expect(chosen()).to.deep.equal(["b", "c"]);
  });

  it("shows its first option if no option has the view's value", async () => {
    const page = await open("a", "a", "b");
    await update(page, { "0": "missing" }, "2");
    expect(query(page, "select").value).to.equal("a");
  });
});

describe("a bound property", () => {
  afterEach(closePages);

  it("is empty for null, undefined and nothing", async () => {
    const page = await joinPage({ view: html`<input .value=${"a"} /><output>${""}</output>` });
    await update(page, { "0": { n: 1 } }, "1");
    expect(query(page).value).to.equal("");
    await update(page, { "0": "b" }, "1");
    await update(page, { "0": null }, "1");
    expect(query(page).value).to.equal("");
  });

  it("with live is compared with the control at each render", async () => {
    const page = await joinPage({
      view: html`<input type="checkbox" .checked=${{ x: "live", v: [false] }} /><output>${""}</output>`,
    });
    query(page).checked = true;
    await update(page, {}, "1");
    expect(query(page).checked).to.equal(false);
  });

  it("of a range is written after its limits", async () => {
    const page = await joinPage({ view: html`<main>${nothing}</main>` });
    const { rendered, templates } = encode(html`<input type="range" .value=${150} max=${200} />`);
    page.server.push("diff", { diff: { "0": rendered }, templates });
    await until(() => page.session.querySelector("input"));
    expect(query(page).value).to.equal("150");
  });
});

describe("live-disable-with and read-only fields", () => {
  afterEach(closePages);

  const open = (): Promise<LivePage> =>
    joinPage({
      view: html`<form live-submit="save"><input name="a" ?readonly=${false} />
        <button ?disabled=${false} live-disable-with="Saving">Save ${"it"}</button></form><output>${""}</output>`,
    });

  it("end in the state that the view has rendered last", async () => {
    const page = await open();
    const button = query<HTMLButtonElement>(page, "button");
    button.click();
    await update(page, { "0": true, "1": true, "2": "all" }, "3");
    expect([query(page).readOnly, button.disabled, button.textContent]).to.deep.equal([
      true,
      true,
      "Saving",
    ]);
    answer(page);
    await until(() => button.textContent === "Save all");
    expect([query(page).readOnly, button.disabled]).to.deep.equal([true, true]);
    page.server.push("diff", { diff: { "0": false, "1": false } });
    await until(() => !button.disabled);
    expect(query(page).readOnly).to.equal(false);
  });

  it("stay although the view enables them before the answer", async () => {
    const page = await open();
    const button = query<HTMLButtonElement>(page, "button");
    button.click();
    await update(page, { "0": true, "1": true }, "3");
    await update(page, { "0": false, "1": false }, "3");
    expect([query(page).readOnly, button.disabled]).to.deep.equal([true, true]);
    answer(page);
    await until(() => !button.disabled);
    expect(query(page).readOnly).to.equal(false);
  });

  it("takes back the choice of radio buttons and options, although the user has chosen others", async () => {
    const choice = (chosen: string) => html`
      ${["a", "b", "c"].map((each) => html`<input type="radio" name="r" id="r-${each}" value=${each} .checked=${each === chosen} />`)}
      <select>${["", "a", "b", "c"].map((each) => html`<option .selected=${each === chosen}>${each}</option>`)}</select>`;
    const page = await joinPage({ view: html`<form>${choice("b")}</form>` });
    const [select, c] = [query<HTMLSelectElement>(page, "select"), query(page, "#r-c")];
    c.click();
    edit(select, "c", "change");
    page.server.push("diff", encodeDiff(choice("")));
    await until(() => !c.checked);
    expect(page.session.querySelectorAll("input:checked")).to.have.lengthOf(0);
    expect(select.value).to.equal("");
  });
});
