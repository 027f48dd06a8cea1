import { expect } from "chai";
import { html } from "lit";
import { sendKeys } from "../../support/commands.js";
import { encode } from "../../support/encode.js";
import type { Received } from "../../support/fake-server.js";
import { until } from "../../support/live-fixture.js";
import { closePages, joinPage, type LivePage } from "../../support/live-page.js";

const query = <T extends HTMLElement = HTMLInputElement>(
  { session }: LivePage,
  selector = "input",
): T => session.querySelector<T>(selector)!;

function type(field: HTMLInputElement, value: string): void {
  field.value = value;
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

const events = ({ server }: LivePage): Received[] => server.of("event");

/** Answers the n-th event, beginning with 0. */
const answer = (page: LivePage, n: number, response: object = {}, status?: string): void =>
  page.server.reply(events(page)[n] as Received, response, status);

/** The loading classes of an element, sorted. */
const loading = (element: Element): string[] =>
  [...element.classList].filter((name) => name.endsWith("-loading")).sort();

/** All elements in the page that are still marked, disabled or read-only. */
const marks = ({ session }: LivePage): Element[] =>
  [...session.querySelectorAll("*")].filter(
    (each) => loading(each).length > 0 || each.matches(":disabled,input:read-only"),
  );

const shows = (page: LivePage, text: string): Promise<unknown> =>
  until(() => query(page, "output").textContent === text);

/** Opens a page with a form of two fields, and a counter beside it that shows when an update has been rendered. */
const open = (a: unknown = "", b: unknown = ""): Promise<LivePage> =>
  joinPage({
    view: html`<form live-change="change" live-submit="save" live-auto-recover="ignore" class="plain">
        <input name="a" .value=${a} /><input name="b" .value=${b} /><button>Save</button>
      </form>
      <output>${0}</output><button id="other">Other</button>`,
  });

describe("an edit that is not answered yet", () => {
  afterEach(closePages);

  it("delays the server's value of that field until the answer, and of no other field", async () => {
    const page = await open();
    type(query(page), "typed");
    page.server.push("diff", { diff: { "0": "old", "1": "news", "2": 1 } });
    await shows(page, "1");
    expect([query(page).value, query(page, "[name=b]").value]).to.deep.equal(["typed", "news"]);
    answer(page, 0);
    await until(() => query(page).value === "old");
    expect(marks(page)).to.deep.equal([]);
  });

  it("lasts until the last of several answers", async () => {
    const page = await open();
    type(query(page), "one");
    type(query(page), "two");
    type(query(page), "three");
    answer(page, 0, { diff: { "0": "ONE", "2": 1 } });
    await shows(page, "1");
    answer(page, 1, { diff: { "0": "TWO", "2": 2 } });
    await shows(page, "2");
    expect(query(page).value).to.equal("three");
    expect(loading(query(page))).to.deep.equal(["live-change-loading"]);
    answer(page, 2, { diff: { "0": "THREE" } });
    await until(() => query(page).value === "THREE");
    expect(marks(page)).to.deep.equal([]);
  });

  it("lasts for each field until its own answer", async () => {
    const page = await open();
    type(query(page), "a");
    type(query(page, "[name=b]"), "b");
    answer(page, 1, { diff: { "0": "A", "1": "B", "2": 1 } });
    await shows(page, "1");
    expect([query(page).value, query(page, "[name=b]").value]).to.deep.equal(["a", "B"]);
    expect(loading(query(page, "[name=b]"))).to.deep.equal([]);
    expect(loading(query(page, "form"))).to.deep.equal(["live-change-loading"]);
    answer(page, 0);
    await until(() => query(page).value === "A");
  });

  it("is replaced by the server's value when the view refuses", async () => {
    const page = await open();
    type(query(page), "typed");
    page.server.push("diff", { diff: { "0": "said", "2": 1 } });
    await shows(page, "1");
    answer(page, 0, {}, "error");
    await until(() => query(page).value === "said");
    expect(marks(page)).to.deep.equal([]);
  });

  it("is sent once, even if the view changes another field before the browser reports the change", async () => {
    const page = await open();
    const field = query(page);
    type(field, "typed");
    page.server.push("diff", { diff: { "1": "news", "2": 1 } });
    await shows(page, "1");
    field.dispatchEvent(new Event("change", { bubbles: true }));
    expect(events(page)).to.have.length(1);
  });

  it("stays when the connection is lost, although the view has rendered an earlier one", async () => {
    const page = await open();
    const field = query(page);
    field.focus();
    type(field, "a");
    type(field, "ab");
    answer(page, 0, { diff: { "0": "a", "2": 1 } });
    await shows(page, "1");
    field.blur();
    page.server.drop();
    await until(() => page.session.status === "disconnected" && marks(page).length === 0);
    expect(field.value).to.equal("ab");
  });

  it("stays in the field that has the focus, with the caret, after all answers", async () => {
    const page = await open();
    query(page).focus();
    for (const press of ["x", "y", "ArrowLeft"]) await sendKeys({ press });
    expect(events(page)).to.have.length(2);
    page.server.push("diff", { diff: { "0": "old", "2": 1 } });
    await shows(page, "1");
    answer(page, 0, { diff: { "0": "X", "2": 2 } });
    answer(page, 1, { diff: { "0": "XY", "2": 3 } });
    await shows(page, "3");
    expect([query(page).value, query(page).selectionStart]).to.deep.equal(["xy", 1]);
    expect(marks(page)).to.deep.equal([]);
  });

  it("of a checkbox and a select is protected like text", async () => {
    const page = await joinPage({
      view: html`<form live-change="change"><input type="checkbox" name="a" .checked=${false} />
        <select name="b" .value=${"1"}><option>1</option><option>2</option><option>3</option></select></form>
        <output>${0}</output>`,
    });
    query(page).click();
    const select = query<HTMLSelectElement>(page, "select");
    select.value = "2";
    select.dispatchEvent(new InputEvent("input", { bubbles: true }));
    page.server.push("diff", { diff: { "0": true } });
    page.server.push("diff", { diff: { "0": false, "1": "3", "2": 1 } });
    await shows(page, "1");
    expect([query(page).checked, select.value]).to.deep.equal([true, "2"]);
    answer(page, 0);
    answer(page, 1);
    await until(() => !query(page).checked && select.value === "3");
  });
});

describe("a select that has the focus", () => {
  afterEach(closePages);

  /** Opens a page with a select whose options and choice come from the view, and that sends no events. */
  const openSelect = async (): Promise<[LivePage, HTMLSelectElement]> => {
    const page = await joinPage({
      view: html`<form><select .value=${"1"}>${html`<option>1</option><option>2</option><option>3</option>`}</select>
        </form><output>${0}</output>`,
    });
    const select = query<HTMLSelectElement>(page, "select");
    select.focus();
    await sendKeys({ press: "ArrowDown" });
    expect(select.value).to.equal("2");
    return [page, select];
  };

  it("keeps the user's choice until the view makes another one", async () => {
    const [page, select] = await openSelect();
    page.server.push("diff", { diff: { "2": 1 } });
    await shows(page, "1");
    expect(select.value).to.equal("2");
    page.server.push("diff", { diff: { "0": "3", "2": 2 } });
    await shows(page, "2");
    expect(select.value).to.equal("3");
  });

  it("takes the view's choice among other options", async () => {
    const [page, select] = await openSelect();
    const options = encode(html`<option>1</option><option>2</option><option selected>4</option>`);
    page.server.push("diff", {
      diff: { "0": "4", "1": options.rendered, "2": 1 },
      templates: options.templates,
    });
    await shows(page, "1");
    expect(select.value).to.equal("4");
    expect(document.activeElement).to.equal(select);
  });
});

describe("the marks of a form", () => {
  afterEach(closePages);

  it("of changes and of the submit each end with their own answer", async () => {
    const page = await open();
    const form = query(page, "form");
    type(query(page), "typed");
    query(page, "form button").click();
    expect(loading(form)).to.deep.equal(["live-change-loading", "live-submit-loading"]);
    expect(loading(query(page))).to.deep.equal(["live-change-loading", "live-submit-loading"]);
    expect(loading(query(page, "form button"))).to.deep.equal(["live-submit-loading"]);
    expect(loading(query(page, "#other"))).to.deep.equal([]);
    answer(page, 0, { diff: { "2": 1 } });
    await shows(page, "1");
    expect(loading(form)).to.deep.equal(["live-submit-loading"]);
    expect(query(page).readOnly).to.equal(true);
    answer(page, 1, { diff: { "2": 2 } });
    await shows(page, "2");
    expect(marks(page)).to.deep.equal([]);
    expect(form.className).to.equal("plain");
  });

  it("end in the order of the answers, not of the events", async () => {
    const page = await open();
    query(page, "form button").click();
    query<HTMLInputElement>(page, "input").dispatchEvent(
      new InputEvent("input", { bubbles: true }),
    );
    answer(page, 0, { diff: { "2": 1 } });
    await shows(page, "1");
    expect(loading(query(page, "form"))).to.deep.equal(["live-change-loading"]);
    expect(query<HTMLButtonElement>(page, "form button").disabled).to.equal(false);
    answer(page, 1, { diff: { "2": 2 } });
    await shows(page, "2");
    expect(marks(page)).to.deep.equal([]);
  });

  it("stay when the server gives the form other classes", async () => {
    const page = await joinPage({
      view: html`<form live-change="change" class=${"one"}><input name="a" /></form><output>${0}</output>`,
    });
    type(query(page), "typed");
    page.server.push("diff", { diff: { "0": "two", "1": 1 } });
    await shows(page, "1");
    expect(query(page, "form").className).to.equal("two live-change-loading");
    answer(page, 0);
    await until(() => query(page, "form").className === "two");
  });

  it("end when the connection is lost, and fields then take the values of the new view", async () => {
    const page = await open("first");
    type(query(page), "typed");
    query(page, "form button").click();
    page.server.drop();
    await until(() => marks(page).length === 0);
    await until(
      () => page.server.of("phx_join").length === 2 && page.session.status === "connected",
    );
    type(query(page, "[name=b]"), "b");
    answer(page, 2, { diff: { "2": 1 } });
    await shows(page, "1");
    expect(marks(page)).to.deep.equal([]);
    page.server.push("diff", { diff: { "0": "second", "2": 2 } });
    await shows(page, "2");
    expect(query(page).value).to.equal("second");
  });
});
