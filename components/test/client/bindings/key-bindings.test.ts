import { expect } from "chai";
import { html } from "lit";
import { resetClock, stopClock } from "../../support/clock.js";
import { until } from "../../support/live-fixture.js";
import { closePages, joinPage, type LivePage, showLater } from "../../support/live-page.js";

const query = <T extends HTMLElement>({ session }: LivePage, selector: string): T =>
  session.querySelector<T>(selector)!;

const payloads = ({ server }: LivePage): unknown[] =>
  server.of("event").map(({ payload }) => payload);

const press = (target: EventTarget, key: string, type = "keydown"): boolean =>
  target.dispatchEvent(new KeyboardEvent(type, { key, bubbles: true, composed: true }));

describe("key bindings", () => {
  afterEach(closePages);

  it("send the key and the element's value for the element that has the focus", async () => {
    const page = await joinPage({
      view: html`<input live-keydown="down" live-keyup="up" live-value-id="7" value="typed" />
        <div live-keydown="around"><input id="inner" /></div>`,
    });
    press(query(page, "input"), "a");
    press(query(page, "#inner"), "b");
    press(query(page, "input"), "c", "keyup");
    expect(payloads(page)).to.deep.equal([
      { type: "keydown", event: "down", value: { key: "a", value: "typed", id: "7" } },
      { type: "keyup", event: "up", value: { key: "c", value: "typed", id: "7" } },
    ]);
  });

  it("react only to the key of live-key, in upper or lower case", async () => {
    const page = await joinPage({
      view: html`<i tabindex="0" live-keydown="close" live-key="escape"></i>`,
    });
    press(query(page, "i"), "a");
    press(query(page, "i"), "Escape");
    expect(payloads(page)).to.deep.equal([
      { type: "keydown", event: "close", value: { key: "Escape" } },
    ]);
  });

  it("accept key events without a key, as for a field that the browser fills in", async () => {
    const page = await joinPage({
      view: html`<input live-keydown="any" /><input id="one" live-keydown="one" live-key="a" />`,
    });
    const errors: unknown[] = [];
    page.session.addEventListener("live-error", (e) => errors.push(e));
    const event = () => new Event("keydown", { bubbles: true });
    query(page, "#one").dispatchEvent(event());
    query(page, "input").dispatchEvent(event());
    expect(payloads(page)).to.deep.equal([{ type: "keydown", event: "any", value: { value: "" } }]);
    expect(errors).to.deep.equal([]);
  });

  it("of the window react to the whole page, except to keys that an element handles", async () => {
    const page = await joinPage({
      view: html`<p live-window-keydown="anywhere" live-window-keyup="released" live-key="x"></p>
        <input live-keydown="own" />`,
    });
    press(document.body, "x");
    press(document.body, "y");
    press(query(page, "input"), "x");
    press(document.body, "X", "keyup");
    expect(payloads(page)).to.deep.equal([
      { type: "keydown", event: "anywhere", value: { key: "x" } },
      { type: "keydown", event: "own", value: { key: "x", value: "" } },
      { type: "keyup", event: "released", value: { key: "X" } },
    ]);
  });

  it("of the window are sent after what was typed before a shortcut, but not for each typed character", async () => {
    const page = await joinPage({
      view: html`<form live-change="change"><input id="late" name="late" live-debounce="60000" />
          <input id="left" name="left" live-debounce="blur" /></form>
        <p live-window-keydown="key"></p><p live-window-keydown="undo" live-key="u"></p>`,
    });
    const type = (id: string, value: string): void => {
      const input = query<HTMLInputElement>(page, `#${id}`);
      input.value = value;
      input.dispatchEvent(new InputEvent("input", { bubbles: true }));
    };
    const names = (): unknown[] => page.server.of("event").map(({ payload }) => payload.event);
    const pressed = (id: string, init: KeyboardEventInit): unknown[] => {
      const before = names().length;
      query(page, `#${id}`).dispatchEvent(new KeyboardEvent("keydown", { ...init, bubbles: true }));
      return names().slice(before);
    };
    type("late", "a");
    expect(pressed("late", { key: "b" })).to.deep.equal(["key"]);
    expect(pressed("late", { key: "s", ctrlKey: true })).to.deep.equal(["change", "key"]);
    type("left", "c");
    expect(pressed("left", { key: "Escape" })).to.deep.equal(["change", "key"]);
    type("left", "d");
    expect(pressed("left", { key: "u" })).to.deep.equal(["key", "change", "undo"]);
    expect(pressed("left", { key: "F2" })).to.deep.equal(["key"]);
  });

  it("do not replace the waiting change of a field that has both", async () => {
    const page = await joinPage({
      view: html`<form live-change="change"><input name="a" live-debounce="blur" live-keydown="down" /></form>
        <button>Elsewhere</button>`,
    });
    const input = query<HTMLInputElement>(page, "input");
    input.focus();
    input.value = "x";
    input.dispatchEvent(new InputEvent("input", { bubbles: true }));
    press(input, "ArrowLeft");
    query(page, "button").focus();
    expect(page.server.of("event").map(({ payload }) => payload.event)).to.deep.equal([
      "change",
      "down",
    ]);
  });

  it("work on an element that an update has added to a page without bindings", async () => {
    const page = await showLater(html`<p live-window-keydown="close" live-key="escape"></p>`);
    press(document.body, "Escape");
    await until(() => payloads(page).length > 0);
    expect(payloads(page)).to.deep.equal([
      { type: "keydown", event: "close", value: { key: "Escape" } },
    ]);
  });

  it("send nothing for an element that has been removed", async () => {
    const page = await joinPage({
      view: html`<input live-keydown="down" /><button live-click="next"></button>`,
    });
    const input = query(page, "input");
    input.addEventListener("keydown", () => input.remove());
    press(input, "a");
    query(page, "button").click();
    expect(payloads(page)).to.deep.equal([{ type: "click", event: "next", value: {} }]);
  });

  it("end when the session is removed", async () => {
    const page = await joinPage({ view: html`<p live-window-keydown="anywhere"></p>` });
    press(document.body, "a");
    page.session.remove();
    await new Promise((resolve) => setTimeout(resolve));
    press(document.body, "b");
    expect(payloads(page)).to.have.length(1);
  });
});

describe("focus bindings", () => {
  afterEach(async () => {
    resetClock();
    await closePages();
  });

  it("send events when an element gets and loses the focus", async () => {
    const page = await joinPage({
      view: html`<input live-focus="in" live-blur="out" value="a" /><button>Other</button>`,
    });
    query(page, "input").focus();
    query(page, "button").focus();
    expect(payloads(page)).to.deep.equal([
      { type: "focus", event: "in", value: { value: "a" } },
      { type: "blur", event: "out", value: { value: "a" } },
    ]);
  });

  it("work on an element that an update has added to a page without bindings", async () => {
    const page = await showLater(html`<b tabindex="0" live-focus="in" live-blur="out"></b>`);
    query(page, "b").focus();
    query(page, "b").blur();
    await until(() => payloads(page).length === 2);
    expect(page.server.of("event").map(({ payload }) => payload.event)).to.deep.equal([
      "in",
      "out",
    ]);
  });

  it("send nothing when a render removes the element that has the focus", async () => {
    const page = await joinPage({
      view: html`${html`<div><input live-blur="out" live-window-blur="away" /></div>`}<p>${0}</p>`,
    });
    query(page, "input").focus();
    page.server.push("diff", { diff: { "0": "gone", "1": 1 } });
    await until(() => query(page, "p").textContent === "1");
    expect(page.session.querySelector("input")).to.equal(null);
    expect(payloads(page)).to.deep.equal([]);
  });

  it("of the window send events when the window itself gets and loses the focus, but no element", async () => {
    const page = await joinPage({
      view: html`<p live-window-focus="back" live-window-blur="away"></p><input />`,
    });
    query(page, "input").focus();
    query(page, "input").blur();
    window.dispatchEvent(new FocusEvent("blur"));
    window.dispatchEvent(new FocusEvent("focus"));
    expect(payloads(page)).to.deep.equal([
      { type: "blur", event: "away", value: {} },
      { type: "focus", event: "back", value: {} },
    ]);
  });

  it("are not delayed when the focus is lost", async () => {
    const page = await joinPage({
      view: html`<input live-blur="out" live-debounce="500" /><p live-window-blur="away" live-throttle="500"></p>`,
    });
    stopClock();
    for (const _ of [1, 2]) {
      query(page, "input").focus();
      query(page, "input").blur();
      window.dispatchEvent(new FocusEvent("blur"));
    }
    expect(page.server.of("event").map(({ payload }) => payload.event)).to.deep.equal([
      "out",
      "away",
      "out",
      "away",
    ]);
  });
});
