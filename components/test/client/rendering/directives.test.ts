import { expect } from "chai";
import { html } from "lit";
import { show } from "../../../src/client/rendering/hydrate.js";
import { registerTemplates } from "../../../src/client/rendering/templates.js";
import { encode, keyedList } from "../../support/encode.js";

describe("a directive in a template of the server", () => {
  const container = document.createElement("main");

  const showView = (view: unknown): Element => {
    const { rendered, templates } = encode(view);
    registerTemplates(templates, "[live-ignore]");
    show(rendered, container);
    return container.firstElementChild as Element;
  };

  afterEach(() => {
    showView("");
  });

  it("in a row runs in each render, even if the row is the same", () => {
    const live = { x: "live", v: ["the view's"] };
    const classes = { x: "classMap", v: [{ j: { a: true } }] };
    const row = html`<li title=${live} class=${classes}></li>`;
    const { rendered, templates } = encode(html`<ul>${keyedList([["a", row]])}</ul>`);
    registerTemplates(templates, "[live-ignore]");
    for (let render = 0; render < 4; render++) {
      show(rendered, container);
      const li = container.querySelector("li") as HTMLElement;
      expect(li.title).to.equal("the view's");
      expect(li.classList.contains("a")).to.equal(true);
      li.title = li.className = "another";
    }
  });

  it("classMap adds and removes classes, and keeps those of the template and of other scripts", () => {
    const view = (classes: object) =>
      html`<p class="fixed ${{ x: "classMap", v: [{ j: classes }] }}"></p>`;
    const p = showView(view({ a: true, b: false, c: 1 }));
    expect([...p.classList]).to.deep.equal(["fixed", "a", "c"]);
    p.classList.add("others");
    showView(view({ b: true, c: true }));
    expect([...p.classList].sort()).to.deep.equal(["b", "c", "fixed", "others"]);
  });

  it("styleMap sets and removes properties, and keeps those of the template", () => {
    const view = (styles: object) =>
      html`<p style="top: 1px; ${{ x: "styleMap", v: [{ j: styles }] }}"></p>`;
    const { style } = showView(
      view({ backgroundColor: "red", "--own": "1", color: "blue" }),
    ) as HTMLElement;
    expect([style.top, style.backgroundColor, style.color]).to.deep.equal(["1px", "red", "blue"]);
    expect(style.getPropertyValue("--own")).to.equal("1");
    showView(view({ color: "green !important", backgroundColor: null }));
    expect([style.top, style.backgroundColor, style.color]).to.deep.equal(["1px", "", "green"]);
    expect(style.getPropertyPriority("color")).to.equal("important");
    expect(style.getPropertyValue("--own")).to.equal("");
  });

  it("unsafeHTML keeps its nodes while the string is the same", () => {
    const view = (text: unknown) => html`<p>${{ x: "unsafeHTML", v: [text] }}</p>`;
    const p = showView(view("<b>bold</b>"));
    const b = p.querySelector("b");
    showView(view("<b>bold</b>"));
    expect(p.querySelector("b")).to.equal(b);
    showView(view("<i>other</i>"));
    expect(p.textContent).to.equal("other");
    showView(view(null));
    expect(p.textContent).to.equal("");
  });

  it("live restores what the page has changed", () => {
    const view = (value: string) =>
      html`<input .value=${{ x: "live", v: [value] }} ?disabled=${{ x: "live", v: [true] }} />`;
    const input = showView(view("a")) as HTMLInputElement;
    input.value = "typed";
    input.disabled = false;
    showView(view("a"));
    expect([input.value, input.disabled]).to.deep.equal(["a", true]);
  });

  it("live does not write an equal value", () => {
    const view = (value: string) => html`<input .value=${{ x: "live", v: [value] }} />`;
    const input = showView(view("a")) as HTMLInputElement;
    input.value = "typed";
    let writes = 0;
    Object.defineProperty(input, "value", {
      get: () => "typed",
      set: () => writes++,
      configurable: true,
    });
    showView(view("typed"));
    expect(writes).to.equal(0);
  });
});
