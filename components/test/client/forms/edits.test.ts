import { expect } from "chai";
import { html } from "lit";
import { keepEdits } from "../../../src/client/forms/edits.js";
import { sendKeys } from "../../support/commands.js";
import { until } from "../../support/live-fixture.js";
import { closePages, insert, joinPage, joinReply, type LivePage } from "../../support/live-page.js";

const query = <T extends HTMLElement = HTMLInputElement>(
  { session }: LivePage,
  selector = "input",
): T => session.querySelector<T>(selector)!;

const values = ({ server }: LivePage): unknown[] =>
  server.of("event").map(({ payload }) => payload.value);

function edit(
  field: HTMLInputElement,
  value: string,
  type = "input",
  init: InputEventInit = {},
): void {
  field.value = value;
  field.dispatchEvent(new InputEvent(type, { bubbles: true, ...init }));
}

describe("a form that is reset", () => {
  afterEach(closePages);

  it("contains the defaults of its fields and sends them once, as unused, with the button as target", async () => {
    const page = await joinPage({
      view: html`<form live-change="change"><input name="a" value="first" /><button type="reset" name="again">
        Reset</button></form>`,
    });
    edit(query(page), "typed");
    query(page, "button").click();
    await until(() => page.server.of("event").length === 2);
    expect(query(page).value).to.equal("first");
    expect(values(page)).to.deep.equal([
      "a=typed&_target=a",
      "_unused_a=&a=first&again=&_target=again",
    ]);
  });

  it("sends nothing to a session that contains the form's own session", async () => {
    const page = await joinPage({
      view: html`<form live-change="around"><input name="a" /></form><div live-ignore></div>`,
    });
    page.server.onJoin = () =>
      joinReply(
        html`<form live-change="within"><input name="b" /><button type="reset">Reset</button></form>`,
      );
    const inner = insert(`<live-session id="inner" token="t"></live-session>`);
    query(page, "div").append(inner);
    const button = await until(() => inner.querySelector("button"));
    // Loads the module of the outer session, so that it handles the reset.
    edit(query(page), "typed");
    const errors: string[] = [];
    const note = (e: ErrorEvent): void => {
      errors.push(e.message);
      e.preventDefault();
    };
    addEventListener("error", note);
    button.click();
    await until(() => page.server.of("event").length === 2).finally(() =>
      removeEventListener("error", note),
    );
    expect(errors).to.deep.equal([]);
    expect(
      page.server.of("event").map(({ topic, payload }) => [topic, payload.event]),
    ).to.deep.equal([
      ["lv:main", "around"],
      ["lv:inner", "within"],
    ]);
  });

  it("sends nothing and keeps its values when the page prevents the reset", async () => {
    const page = await joinPage({
      view: html`<form live-change="change"><input name="a" value="first" /><button type="reset">Reset</button>
        </form>`,
    });
    edit(query(page), "typed");
    query(page, "form").addEventListener("reset", (e) => e.preventDefault());
    query(page, "button").click();
    await new Promise((resolve) => setTimeout(resolve));
    edit(query(page), "on");
    expect(values(page)).to.deep.equal(["a=typed&_target=a", "a=on&_target=a"]);
  });
});

describe("the value of a field", () => {
  afterEach(closePages);

  const open = (attributes = "", field: unknown = html`<input name="a" />`): Promise<LivePage> =>
    joinPage({ view: html`<form live-change="change">${field}</form>`, attributes });

  it("is sent once when `change` follows `input`", async () => {
    const page = await open();
    edit(query(page), "1");
    edit(query(page), "1", "change");
    edit(query(page), "2", "change");
    expect(values(page)).to.deep.equal(["a=1&_target=a", "a=2&_target=a"]);
  });

  it("is neither sent nor overwritten while a number is unfinished", async () => {
    const page = await open("", html`<input name="a" type="number" value=${"1"} />`);
    query(page).focus();
    query(page).select();
    for (const press of ["1", "e"]) await sendKeys({ press });
    expect(query(page).validity.badInput).to.equal(true);
    page.server.push("diff", { diff: { "0.0": "7" } });
    await until(() => query(page).getAttribute("value") === "7");
    await sendKeys({ press: "2" });
    expect(query(page).value).to.equal("1e2");
    expect(values(page)).to.deep.equal(["a=1&_target=a", "a=1e2&_target=a"]);
  });

  it("is kept while a number is unfinished, even if the field has lost the focus", async () => {
    const page = await joinPage({
      view: html`<form live-change="change"><input name="a" type="number" .value=${"1"} /><input name="b" /></form>
        <output>${0}</output>`,
    });
    query(page).focus();
    query(page).select();
    for (const press of ["5", "e"]) await sendKeys({ press });
    query(page, "[name=b]").focus();
    // The answer unlocks the field.
    page.server.reply(page.server.of("event").at(-1)!, { diff: { "0": "7" } });
    page.server.push("diff", { diff: { "0": "8", "1": 1 } });
    await until(() => query(page, "output").textContent === "1");
    expect(query(page).validity.badInput).to.equal(true);
    query(page).focus();
    await sendKeys({ press: "End" });
    await sendKeys({ press: "2" });
    expect(query(page).value).to.equal("5e2");
  });

  it("is sent after a composition if the session has hold-composition", async () => {
    const page = await open("hold-composition");
    edit(query(page), "n", "input", { isComposing: true });
    edit(query(page), "に", "input", { isComposing: true });
    expect(values(page)).to.deep.equal([]);
    query(page).dispatchEvent(new CompositionEvent("compositionend", { bubbles: true }));
    expect(values(page)).to.deep.equal([`${new URLSearchParams({ a: "に", _target: "a" })}`]);
  });

  it("is sent during a composition by default, and not again at its end", async () => {
    const page = await open();
    edit(query(page), "n", "input", { isComposing: true });
    query(page).dispatchEvent(new CompositionEvent("compositionend", { bubbles: true }));
    expect(values(page)).to.deep.equal(["a=n&_target=a"]);
  });
});

describe("keepEdits", () => {
  const inputs = (names: string): HTMLElement => {
    const form = document.createElement("form");
    for (const name of names) form.append(Object.assign(document.createElement("input"), { name }));
    document.body.append(form);
    return form;
  };
  const isTyped = ({ value }: { value?: string }): boolean => value !== "";

  afterEach(() => {
    document.body.replaceChildren();
  });

  it("restores edits in controls of the same name, but not in the one that has the focus", () => {
    const before = inputs("ab");
    const after = inputs("bca");
    for (const input of before.children) Object.assign(input, { value: "old" });
    const [b, , a] = [...after.children] as HTMLInputElement[];
    b!.focus();
    b!.value = "new";
    keepEdits(before, isTyped, before.lastElementChild)(after);
    expect([b!.value, a!.value]).to.deep.equal(["new", "old"]);
    expect(document.activeElement).to.equal(b);
  });

  it("restores the focus unless another element has it", () => {
    const before = inputs("a");
    const after = inputs("ac");
    const [a, c] = [...after.children] as HTMLInputElement[];
    c!.focus();
    keepEdits(before, isTyped, before.firstElementChild)(after);
    expect(document.activeElement).to.equal(c);
    c!.blur();
    keepEdits(before, isTyped, before.firstElementChild)(after);
    expect(document.activeElement).to.equal(a);
  });
});
