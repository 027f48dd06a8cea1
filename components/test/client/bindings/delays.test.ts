import { expect } from "chai";
import { html } from "lit";
import { passTime, resetClock, stopClock } from "../../support/clock.js";
import { until } from "../../support/live-fixture.js";
import { closePages, joinPage, type LivePage } from "../../support/live-page.js";

const query = <T extends HTMLElement>({ session }: LivePage, selector: string): T =>
  session.querySelector<T>(selector)!;

/** The events that were sent, without the marks of unused fields. */
const sent = ({ server }: LivePage): unknown[] =>
  server
    .of("event")
    .map(({ payload: { event, value } }) =>
      typeof value === "string" ? `${event} ${value.replace(/_unused_\w+=&/g, "")}` : event,
    );

function type(page: LivePage, selector: string, value: string): void {
  const input = query<HTMLInputElement>(page, selector);
  input.value = value;
  input.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

const press = (page: LivePage, key: string): boolean =>
  query(page, "i").dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));

describe("delays", () => {
  afterEach(async () => {
    resetClock();
    await closePages();
  });

  const form = (field: unknown) =>
    html`<form live-change="change" live-submit="save">${field}<input name="b" /><button type="button" live-click="next">
        Next</button><button id="save">Save</button></form>`;

  const open = async (
    field: unknown = html`<input name="a" live-debounce="500" />`,
  ): Promise<LivePage> => {
    const page = await joinPage({ view: form(field) });
    stopClock();
    return page;
  };

  it("send the event of a debounced field when it has not changed for the given time", async () => {
    const page = await open();
    type(page, "input", "1");
    passTime(499);
    type(page, "input", "12");
    passTime(499);
    expect(sent(page)).to.deep.equal([]);
    passTime(1);
    expect(sent(page)).to.deep.equal(["change a=12&b=&_target=a"]);
    passTime(5000);
    expect(sent(page)).to.have.length(1);
  });

  it("are 300 ms by default", async () => {
    const page = await open(html`<input name="a" live-debounce />`);
    type(page, "input", "1");
    passTime(299);
    expect(sent(page)).to.deep.equal([]);
    passTime(1);
    expect(sent(page)).to.have.length(1);
  });

  it("end when the field loses the focus", async () => {
    for (const debounce of ["500", "blur"]) {
      const page = await open(html`<input name="a" live-debounce=${debounce} />`);
      query(page, "input").focus();
      type(page, "input", "1");
      if (debounce === "blur") passTime(60_000);
      expect(sent(page)).to.deep.equal([]);
      query(page, "input").blur();
      passTime(60_000);
      expect(sent(page)).to.deep.equal(["change a=1&b=&_target=a"]);
      resetClock();
      await closePages();
    }
  });

  it("ignore fields outside of the session that lose the focus", async () => {
    await open();
    const outside = document.body.appendChild(document.createElement("input"));
    const errors: string[] = [];
    const note = (e: ErrorEvent): void => {
      errors.push(e.message);
      e.preventDefault();
    };
    addEventListener("error", note);
    outside.focus();
    outside.blur();
    removeEventListener("error", note);
    outside.remove();
    expect(errors).to.deep.equal([]);
  });

  it("end with the event of another field of the form, which contains all values", async () => {
    const page = await open();
    type(page, "input", "1");
    type(page, "[name=b]", "2");
    passTime(5000);
    expect(sent(page)).to.deep.equal(["change a=1&b=2&_target=b"]);
  });

  it("end with a submit, which contains all values", async () => {
    const page = await open();
    type(page, "input", "1");
    query(page, "#save").click();
    passTime(5000);
    expect(sent(page)).to.deep.equal(["save a=1&b="]);
  });

  it("end with a reset, without an event", async () => {
    const page = await open();
    type(page, "input", "1");
    query<HTMLFormElement>(page, "form").reset();
    passTime(5000);
    expect(sent(page)).to.deep.equal([]);
  });

  it("send the first event of a throttled element at once, and no more for the given time", async () => {
    const page = await open(html`<input name="a" live-throttle="500" />`);
    type(page, "input", "1");
    type(page, "input", "12");
    passTime(499);
    type(page, "input", "123");
    expect(sent(page)).to.deep.equal(["change a=1&b=&_target=a"]);
    passTime(1);
    type(page, "input", "1234");
    expect(sent(page).slice(1)).to.deep.equal(["change a=1234&b=&_target=a"]);
  });

  it("send what was typed into a throttled field meanwhile when it loses the focus", async () => {
    for (const ms of [0, 5000]) {
      const page = await open(html`<input name="a" live-throttle="500" />`);
      query(page, "input").focus();
      for (const value of ["1", "12", "123"]) type(page, "input", value);
      passTime(ms);
      query(page, "input").dispatchEvent(new Event("change", { bubbles: true }));
      query(page, "input").blur();
      expect(sent(page)).to.deep.equal(["change a=1&b=&_target=a", "change a=123&b=&_target=a"]);
      resetClock();
      await closePages();
    }
  });

  it("send what was typed into a throttled field once, with the event of another field", async () => {
    const page = await open(html`<input name="a" live-throttle="500" />`);
    query(page, "input").focus();
    for (const value of ["1", "12"]) type(page, "input", value);
    type(page, "[name=b]", "2");
    query(page, "input").blur();
    expect(sent(page)).to.deep.equal(["change a=1&b=&_target=a", "change a=12&b=2&_target=b"]);
  });

  it("drop throttled clicks and keys", async () => {
    const page =
      await open(html`<button type="button" id="go" live-click="go" live-throttle="500"></button>
      <i tabindex="0" live-keydown="down" live-throttle="500"></i>`);
    query(page, "#go").focus();
    for (const _ of [1, 2]) query(page, "#go").click();
    query(page, "i").focus();
    for (const _ of [1, 2]) press(page, "a");
    query(page, "i").blur();
    expect(sent(page)).to.deep.equal(["go", "down"]);
  });

  it("throttle only a key that repeats", async () => {
    const page = await open(html`<i tabindex="0" live-keydown="down" live-throttle="500"></i>`);
    for (const key of ["a", "a", "b", "b"]) press(page, key);
    expect(page.server.of("event").map(({ payload }) => payload.value.key)).to.deep.equal([
      "a",
      "b",
    ]);
  });

  it("send a debounced click when no other has followed", async () => {
    const page = await open(
      html`<button type="button" id="go" live-click="go" live-debounce="100"></button>`,
    );
    query(page, "#go").click();
    passTime(99);
    query(page, "#go").click();
    passTime(99);
    expect(sent(page)).to.deep.equal([]);
    passTime(1);
    expect(sent(page)).to.deep.equal(["go"]);
  });

  it("send nothing for a field that has been removed meanwhile", async () => {
    const page = await open(html`<input name="a" live-debounce="500" />`);
    type(page, "input", "1");
    page.server.push("diff", { diff: { 0: "gone" } });
    await until(() => !page.session.querySelector("[name=a]"));
    passTime(5000);
    query(page, "[live-click]").click();
    expect(sent(page)).to.deep.equal(["next"]);
  });

  it("send nothing when the session has been removed meanwhile", async () => {
    const page = await open();
    type(page, "input", "1");
    page.session.remove();
    passTime(5000);
    expect(sent(page)).to.deep.equal([]);
  });

  it("send nothing to the next view that was typed in the previous one", async () => {
    const view = html`<form live-change="change"><input name="a" live-debounce="500" /></form>
      <a href="/next" live-navigate>Next</a><button live-click="next">Go</button>`;
    const page = await joinPage({ view, attributes: 'no-view-transitions routes="^/"' });
    stopClock();
    type(page, "input", "1");
    query(page, "a").click();
    await until(
      () => page.server.of("phx_join").length === 2 && page.session.status === "connected",
    );
    passTime(5000);
    query(page, "button").click();
    expect(sent(page)).to.deep.equal(["next"]);
  });
});
