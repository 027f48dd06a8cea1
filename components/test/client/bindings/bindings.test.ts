import { expect } from "chai";
import { html, LitElement, type TemplateResult } from "lit";
import type { LiveSessionElement } from "../../../src/index.js";
import { until } from "../../support/live-fixture.js";
import { closePages, insert, joinPage, joinReply, type LivePage } from "../../support/live-page.js";
import type { RatingElement } from "../../support/rating-element.js";
import "../../support/rating-element.js";

class ButtonElement extends LitElement {
  override render(): TemplateResult {
    return html`<button live-click="shadow" live-value-id="1"><i>Press</i></button>`;
  }
}
customElements.define("test-button", ButtonElement);

/** A form-associated element with a text field in its shadow root. */
class TextElement extends HTMLElement {
  static formAssociated = true;
  readonly #internals = this.attachInternals();

  constructor() {
    super();
    const input = document.createElement("input");
    input.addEventListener("input", () => this.#internals.setFormValue(input.value));
    this.attachShadow({ mode: "open" }).append(input);
  }

  get name(): string | null {
    return this.getAttribute("name");
  }
}
customElements.define("test-text", TextElement);

const events = ({ server }: LivePage): unknown[] =>
  server.of("event").map(({ payload }) => payload);

const query = <T extends HTMLElement>({ session }: LivePage, selector: string): T =>
  session.querySelector<T>(selector)!;

const click = (page: LivePage, selector: string): void => query(page, selector).click();

const fill = (page: LivePage, selector: string, value: string, types = ["input"]): void => {
  const field = query<HTMLInputElement>(page, selector);
  field.value = value;
  for (const type of types)
    field.dispatchEvent(new Event(type, { bubbles: true, composed: type === "input" }));
};

/** The entries of the last form event. */
const form = (page: LivePage): [string, string][] => [
  ...new URLSearchParams(page.server.of("event").at(-1)!.payload.value),
];

describe("bindings", () => {
  afterEach(closePages);

  describe("live-click", () => {
    it("sends the values of the closest bound element", async () => {
      const page = await joinPage({
        view: html`<div live-click="outer">
          <button live-click="inc" live-value-id="7" live-value-user-name="Ada" value="3"><b>+</b></button>
        </div>`,
      });
      click(page, "b");
      expect(events(page)).to.deep.equal([
        { type: "click", event: "inc", value: { value: "3", id: "7", "user-name": "Ada" } },
      ]);
    });

    it("sends the value of a control that has one", async () => {
      const page = await joinPage({
        view: html`<button live-click="e">+</button><input live-click="e" /><li live-click="e"></li>
          <input id="off" type="checkbox" value="x" live-click="e" />
          <input id="on" type="checkbox" value="x" checked live-click="e" />`,
      });
      for (const selector of ["button", "input", "li", "#off", "#on"]) click(page, selector);
      expect(events(page).map((event) => (event as { value: unknown }).value)).to.deep.equal([
        {},
        { value: "" },
        {},
        { value: "x" },
        {},
      ]);
    });

    it("finds bindings inside of shadow roots", async () => {
      const page = await joinPage({ view: html`<test-button></test-button>` });
      const element = query<ButtonElement>(page, "test-button");
      await element.updateComplete;
      element.shadowRoot!.querySelector("i")!.click();
      expect(events(page)).to.deep.equal([{ type: "click", event: "shadow", value: { id: "1" } }]);
    });

    it("sends events of SVG elements, and passes the elements to the application's metadata", async () => {
      const page = await joinPage({
        view: html`<svg><g live-click="pick" live-value-id="7"><circle r="5"></circle></g></svg>`,
      });
      page.session.metadata = { click: (_, element) => ({ tag: element.localName }) };
      query(page, "circle").dispatchEvent(new MouseEvent("click", { bubbles: true }));
      expect(events(page)).to.deep.equal([
        { type: "click", event: "pick", value: { tag: "g", id: "7" } },
      ]);
      expect(query(page, "g").classList.contains("live-click-loading")).to.equal(true);
    });

    it("follows live links in SVG", async () => {
      const page = await joinPage({
        view: html`<svg><a href="/n" live-navigate><circle r="5"></circle></a></svg>`,
      });
      query(page, "circle").dispatchEvent(
        new MouseEvent("click", { bubbles: true, cancelable: true }),
      );
      await until(() => location.pathname === "/n");
      expect(page.server.of("phx_join")).to.have.length(2);
    });

    it("ignores a disabled button and its content, but not the elements around it", async () => {
      const page = await joinPage({
        view: html`<div live-click="around"><button disabled live-click="inner"><span>Off</span></button></div>
          <fieldset disabled><button live-click="inner"><i>Off</i></button></fieldset>`,
      });
      click(page, "span");
      click(page, "i");
      expect(events(page)).to.deep.equal([{ type: "click", event: "around", value: {} }]);
    });

    it("is dropped while an earlier click on the element waits for its reply", async () => {
      const page = await joinPage({
        view: html`<div live-click="around"><button live-click="inc" live-confirm="Sure?"><b>+</b></button></div>
          <button id="other" live-click="other">Other</button>`,
      });
      const { confirm } = window;
      let questions = 0;
      window.confirm = () => !!++questions;
      click(page, "button");
      click(page, "b");
      click(page, "#other");
      click(page, "div");
      window.confirm = confirm;
      const names = () => page.server.of("event").map(({ payload }) => payload.event);
      expect(names()).to.deep.equal(["inc", "other", "around"]);
      expect(questions).to.equal(1);
      const [first] = page.server.of("event");
      page.server.reply(first!, { title: "answered" });
      await until(() => document.title === "answered");
      click(page, "#other");
      expect(names()).to.have.length(3);
      window.confirm = () => true;
      click(page, "b");
      window.confirm = confirm;
      expect(names()).to.deep.equal(["inc", "other", "around", "inc"]);
    });

    it("is sent again after an event that was refused or not answered", async () => {
      const page = await joinPage({ view: html`<button live-click="inc">+</button>` });
      click(page, "button");
      page.server.reply(page.server.of("event")[0]!, {}, "error");
      await until(() => !query(page, "button").classList.contains("live-click-loading"));
      click(page, "button");
      expect(events(page)).to.have.length(2);
      page.server.drop();
      await until(() => page.server.of("phx_join").length === 2);
      await until(() => page.session.status === "connected");
      click(page, "button");
      expect(events(page)).to.have.length(3);
    });

    for (const [what, view] of [
      ["with live-every-click", html`<button live-click="e" live-every-click>+</button>`],
      [
        "with live-optimistic",
        html`<button live-click="e" live-optimistic='[["addClass",{"names":["on"]}]]'>+</button>`,
      ],
      ["whose content it changes", html`<input type="checkbox" live-click="e" />`],
    ] as const) {
      it(`is sent every time for an element ${what}`, async () => {
        const page = await joinPage({ view });
        const bound = page.session.firstElementChild as HTMLElement;
        bound.click();
        bound.click();
        await until(() => events(page).length === 2);
      });
    }

    it("does not follow a live link whose text the user edits", async () => {
      const page = await joinPage({
        view: html`<div contenteditable="true"><a href="/next" live-navigate>Next</a>
          <a href="?x=1" live-patch>Patch</a></div>`,
      });
      for (const link of page.session.querySelectorAll("a")) link.click();
      expect(page.server.received.map(({ event }) => event)).to.deep.equal(["phx_join"]);
      expect(location.pathname).to.not.equal("/next");
    });

    it("marks the element as loading until the last of its events is answered", async () => {
      const page = await joinPage({
        view: html`<button live-click="inc" live-every-click>+</button>`,
      });
      const isMarked = () => query(page, "button").classList.contains("live-click-loading");
      click(page, "button");
      click(page, "button");
      const [first, second] = page.server.of("event");
      page.server.reply(first!, { title: "first" });
      await until(() => document.title === "first");
      expect(isMarked()).to.equal(true);
      page.server.reply(second!, {});
      await until(() => !isMarked());
    });

    it("sends nothing, and ends the mark, while the view is not connected", async () => {
      const page = await joinPage({ view: html`<button live-click="inc">+</button>` });
      page.server.onJoin = () => undefined;
      page.server.push("phx_error", {});
      await until(() => page.session.status === "error");
      click(page, "button");
      await until(() => !query(page, "button").classList.contains("live-click-loading"));
      expect(events(page)).to.deep.equal([]);
    });

    it("does not follow a link to #", async () => {
      const page = await joinPage({ view: html`<a href="#" live-click="toggle">Toggle</a>` });
      const { href } = location;
      click(page, "a");
      expect(events(page)).to.have.length(1);
      expect(location.href).to.equal(href);
    });

    it("is sent besides the navigation of the same link", async () => {
      const page = await joinPage({
        view: html`<a id="p" href="?x=1" live-patch live-click="log">P</a>
          <a id="n" href="/n" live-navigate live-click="log">N</a>`,
      });
      click(page, "#p");
      click(page, "#n");
      for (const event of page.server.of("event")) page.server.reply(event, {});
      await until(() => page.server.of("phx_join").length === 2);
      const sent = page.server.received.map(({ event }) => event);
      expect(sent.filter((event) => event !== "heartbeat")).to.deep.equal([
        "phx_join",
        "live_patch",
        "event",
        "event",
        "phx_leave",
        "phx_join",
      ]);
      await until(() => location.pathname === "/n");
    });

    it("belongs to the closest live session", async () => {
      const { fetch } = globalThis;
      globalThis.fetch = async () => Response.json({ id: "inner", token: "t", csrfToken: "" });
      try {
        const page = await joinPage({ view: html`<p></p>` });
        page.server.onJoin = () => joinReply(html`<button live-click="inner">x</button>`);
        const inner = insert(`<live-session src="/inner"></live-session>`) as LiveSessionElement;
        query(page, "p").append(inner);
        await until(() => inner.querySelector("button"));
        inner.querySelector("button")!.click();
        expect(page.server.of("event").map(({ topic }) => topic)).to.deep.equal(["lv:inner"]);
      } finally {
        globalThis.fetch = fetch;
      }
    });

    it("uses the binding prefix of the live session", async () => {
      const page = await joinPage({
        view: html`<button data-click="yes" live-click="no" data-value-a="1">+</button>`,
        attributes: 'binding-prefix="data-"',
      });
      click(page, "button");
      expect(events(page)).to.deep.equal([{ type: "click", event: "yes", value: { a: "1" } }]);
    });
  });

  describe("live-change", () => {
    const view = html`<form id="f" live-change="validate" live-value-extra="1">
        <input name="user[name]" />
        <input name="user[email]" />
        <input type="hidden" name="token" value="t" />
        <input type="checkbox" name="tags[]" value="a" checked />
        <input type="file" name="upload" />
        <input type="number" name="age" />
        <input name="alone" live-change="alone" />
        <fieldset disabled><input name="disabled" value="no" /></fieldset>
        <button name="action" value="save">Save</button>
      </form>
      <input name="outside" form="f" value="o" />
      <input name="orphan" live-change="orphan" />`;

    it("sends the form with the field that has changed and the marks of unused fields", async () => {
      const page = await joinPage({ view });
      fill(page, '[name="user[name]"]', "Ada & Co");
      expect(page.server.of("event")[0]!.payload).to.deep.include({
        type: "form",
        event: "validate",
      });
      expect(form(page)).to.deep.equal([
        ["user[name]", "Ada & Co"],
        ["user[_unused_email]", ""],
        ["user[email]", ""],
        ["token", "t"],
        ["_unused_tags[]", ""],
        ["tags[]", "a"],
        ["_unused_age", ""],
        ["age", ""],
        ["_unused_alone", ""],
        ["alone", ""],
        ["_unused_outside", ""],
        ["outside", "o"],
        ["_target", "user[name]"],
        ["extra", "1"],
      ]);
    });

    it("remembers which fields were used", async () => {
      const page = await joinPage({ view });
      fill(page, '[name="user[name]"]', "Ada");
      fill(page, '[name="user[email]"]', "a@b.c");
      const names = form(page).map(([name]) => name);
      expect(names).to.not.include("user[_unused_name]");
      expect(names).to.not.include("user[_unused_email]");
      expect(names).to.include("_unused_age");
    });

    it("handles fields outside of the form that belong to it", async () => {
      const page = await joinPage({ view });
      fill(page, '[name="outside"]', "x");
      expect(form(page)).to.deep.include.members([
        ["outside", "x"],
        ["_target", "outside"],
      ]);
    });

    it("on a field sends only that field", async () => {
      const page = await joinPage({ view });
      fill(page, '[name="alone"]', "x");
      expect(page.server.of("event")[0]!.payload.event).to.equal("alone");
      expect(form(page)).to.deep.equal([
        ["alone", "x"],
        ["_target", "alone"],
        ["extra", "1"],
      ]);
    });

    it("on a field without a form sends nothing and reports an error", async () => {
      const page = await joinPage({ view });
      const errors: string[] = [];
      page.session.addEventListener("live-error", ({ code, message }) =>
        errors.push(`${code} ${message}`),
      );
      fill(page, '[name="orphan"]', "x");
      expect(events(page)).to.deep.equal([]);
      expect(errors).to.deep.equal([
        "LIVE_ERR_NO_FORM form events require the input to be inside a form",
      ]);
    });

    it("sends one event for an edit that the browser reports twice", async () => {
      const page = await joinPage({ view });
      fill(page, '[name="user[name]"]', "Ada", ["input", "change"]);
      expect(events(page)).to.have.length(1);
      fill(page, '[name="user[name]"]', "Grace", ["change"]);
      expect(events(page)).to.have.length(2);
    });

    it("sends a custom element that is a form field when the user types into its shadow root", async () => {
      const page = await joinPage({
        view: html`<form live-change="change"><input name="other" /><test-text name="text"></test-text></form>`,
      });
      const inner = query(page, "test-text").shadowRoot!.querySelector("input")!;
      inner.value = "typed";
      inner.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
      expect(form(page)).to.deep.equal([
        ["_unused_other", ""],
        ["other", ""],
        ["text", "typed"],
        ["_target", "text"],
      ]);
    });

    it("is not triggered by text in an editable element that a fieldset contains", async () => {
      const page = await joinPage({
        view: html`<form live-change="validate"><fieldset><div contenteditable="true">Text</div>
          <input name="a" /></fieldset></form>`,
      });
      const text = query(page, "div");
      text.focus();
      document.execCommand("insertText", false, "typed");
      text.dispatchEvent(new InputEvent("input", { bubbles: true }));
      expect(events(page)).to.deep.equal([]);
      fill(page, "input", "x");
      expect(form(page)).to.deep.equal([
        ["a", "x"],
        ["_target", "a"],
      ]);
    });

    it("sends a button that dispatches change, at its place and every time", async () => {
      const page = await joinPage({
        view: html`<form live-change="validate"><input type="hidden" name="sort[]" value="0" />
          <button type="button" name="sort[]" value="new" live-click='[["dispatch",{"event":"change"}]]'>Add</button>
          <input type="hidden" name="last" value="1" /></form>`,
      });
      click(page, "button");
      click(page, "button");
      await until(() => events(page).length === 2);
      expect(form(page)).to.deep.equal([
        ["sort[]", "0"],
        ["sort[]", "new"],
        ["last", "1"],
        ["_target", "sort[]"],
      ]);
      expect(query(page, "button").getAttribute("type")).to.equal("button");
    });

    it("sends nothing while a number is invalid", async () => {
      const page = await joinPage({ view });
      const field = query<HTMLInputElement>(page, '[name="age"]');
      field.focus();
      document.execCommand("insertText", false, "1e");
      expect(field.validity.badInput).to.equal(true);
      expect(
        events(page).filter((event) =>
          String((event as { value: string }).value).includes("age=1e"),
        ),
      ).to.deep.equal([]);
    });

    it("handles custom elements that are form fields", async () => {
      const page = await joinPage({
        view: html`<form live-change="change" live-submit="save"><test-rating name="stars"></test-rating>
          <test-rating name="other" live-change="alone"></test-rating><button></button></form>`,
      });
      const rating = query<RatingElement>(page, "test-rating");
      rating.rate("4");
      expect(page.server.of("event")[0]!.payload).to.deep.include({
        type: "form",
        event: "change",
      });
      expect(form(page)).to.deep.equal([
        ["stars", "4"],
        ["_target", "stars"],
      ]);
      expect(rating.className).to.equal("live-change-loading");
      query<RatingElement>(page, "[name=other]").rate("2");
      expect(page.server.of("event")[1]!.payload.event).to.equal("alone");
      expect(form(page)).to.deep.equal([
        ["other", "2"],
        ["_target", "other"],
      ]);
      for (const event of page.server.of("event")) page.server.reply(event, {});
      await until(() => rating.className === "");
      click(page, "button");
      expect(page.server.of("event")[2]!.payload.event).to.equal("save");
      expect(form(page)).to.deep.equal([
        ["stars", "4"],
        ["other", "2"],
      ]);
    });

    it("marks the field and the form as loading until the answer", async () => {
      const page = await joinPage({ view });
      fill(page, '[name="user[name]"]', "Ada");
      const marked = () =>
        [...page.session.querySelectorAll(".live-change-loading")].map(
          ({ localName }) => localName,
        );
      expect(marked()).to.deep.equal(["form", "input"]);
      page.server.reply(page.server.of("event")[0]!, {});
      await until(() => marked().length === 0);
    });
  });

  describe("live-submit", () => {
    const view = html`<form live-submit="save" action="/save" method="post">
      <input name="a" value="1" />
      <button name="action" value="draft">Draft</button>
    </form>`;

    it("sends the form with the button that was used, and all fields as used", async () => {
      const page = await joinPage({ view });
      click(page, "button");
      expect(page.server.of("event")[0]!.payload).to.deep.equal({
        type: "form",
        event: "save",
        value: "a=1&action=draft",
      });
    });

    it("marks the form and its controls as loading until the answer", async () => {
      const page = await joinPage({ view });
      click(page, "button");
      const marked = () =>
        [...page.session.querySelectorAll(".live-submit-loading")].map(
          ({ localName }) => localName,
        );
      expect(marked()).to.deep.equal(["form", "input", "button"]);
      page.server.reply(page.server.of("event")[0]!, {});
      await until(() => marked().length === 0);
    });

    it("neither sends an event nor posts the form while the view is not connected", async () => {
      const page = await joinPage({ view });
      page.server.onJoin = () => undefined;
      page.server.drop();
      await until(() => page.session.status === "disconnected");
      let isPrevented = false;
      window.addEventListener(
        "submit",
        (e) => {
          isPrevented = e.defaultPrevented;
          e.preventDefault();
        },
        { once: true },
      );
      click(page, "button");
      expect(isPrevented).to.equal(true);
      expect(events(page)).to.deep.equal([]);
    });
  });
});
