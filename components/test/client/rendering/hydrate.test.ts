import "../../../src/index.js";
import { expect } from "chai";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { inputKeeper } from "../../../src/client/forms/keeper.js";
import { show } from "../../../src/client/rendering/hydrate.js";
import { setInputKeeper } from "../../../src/client/rendering/input-keeper.js";
import { registerTemplates } from "../../../src/client/rendering/templates.js";
import { type Encoded, encode, keyedList, serverHtml } from "../../support/encode.js";

class GreetingElement extends LitElement {
  static override properties = { name: {} };
  declare name: string;

  override render(): TemplateResult {
    return html`<b>${this.name}</b>`;
  }
}
customElements.define("test-greeting", GreetingElement);

function prepare(view: unknown): Encoded {
  const encoded = encode(view);
  registerTemplates(encoded.templates, "[live-ignore]");
  return encoded;
}

const showView = (view: unknown, container: HTMLElement): void =>
  show(prepare(view).rendered, container);

function serverRendered(view: unknown): HTMLElement {
  const container = document.createElement("div");
  container.innerHTML = `\n  ${serverHtml(prepare(view))}\n`;
  document.body.append(container);
  return container;
}

const query = <T extends HTMLElement = HTMLElement>(container: Element, selector: string): T =>
  container.querySelector<T>(selector)!;

const strange = (): [HTMLElement, HTMLInputElement[]] => {
  const container = document.createElement("div");
  container.innerHTML = '<input id="a"><input name="b"><input name="c">';
  document.body.append(container);
  return [container, [...container.querySelectorAll("input")]];
};

describe("show, while the module for input is loading", () => {
  const inputs = html`<input id="a" /><input name="b" /><input name="c" />`;

  afterEach(() => {
    document.body.replaceChildren();
  });

  it("restores typed text and the focus when the module has been loaded", () => {
    const [container, [a, b, c]] = strange();
    Object.assign(a!, { value: "typed in a" });
    Object.assign(b!, { value: "typed in b" });
    c!.focus();
    c!.value = "typed in c";
    c!.setSelectionRange(2, 2);
    showView(inputs, container);
    const shown = [...container.querySelectorAll("input")];
    expect(shown).to.not.include(a);
    setInputKeeper(inputKeeper);
    expect(shown.map(({ value }) => value)).to.deep.equal([
      "typed in a",
      "typed in b",
      "typed in c",
    ]);
    expect(document.activeElement).to.equal(shown[2]);
    expect(shown[2]!.selectionStart).to.equal(2);
    shown[0]!.value = "typed since";
    setInputKeeper(inputKeeper);
    expect(shown[0]!.value).to.equal("typed since");
  });
});

describe("show", () => {
  before(() => setInputKeeper(inputKeeper));

  afterEach(() => {
    document.body.replaceChildren();
  });

  describe("in HTML of the server", () => {
    it("keeps every node of an equal view", () => {
      const view = () =>
        html`<p class=${"a"}>${"Hello"}<b>${1}</b></p>${[html`<i>${"x"}</i>`, html`<i>${"y"}</i>`]}`;
      const container = serverRendered(view());
      const before = [...container.querySelectorAll("*")];
      const text = query(container, "i").childNodes[1];
      showView(view(), container);
      expect([...container.querySelectorAll("*")]).to.deep.equal(before);
      expect(query(container, "i").childNodes[1]).to.equal(text);
    });

    it("renders rows again that a script has wrapped in another element", () => {
      const view = (...rows: string[]) =>
        html`<div>${rows.map((row) => html`<i>${row}</i>`)}</div>`;
      const container = serverRendered(view("b", "c"));
      const parent = query(container, "div");
      const wrapper = document.createElement("span");
      wrapper.append(...[...parent.childNodes].slice(1, -1));
      parent.insertBefore(wrapper, parent.lastChild);
      showView(view("b", "c"), container);
      showView(view("a", "b", "c"), container);
      expect([...parent.children].map(({ textContent }) => textContent)).to.deep.equal([
        "a",
        "b",
        "c",
      ]);
    });

    it("keeps focus, selection and typed text", () => {
      const view = () =>
        html`<form><input name="a" .value=${"server"} /><textarea name="b"></textarea></form>`;
      const container = serverRendered(view());
      const input = query<HTMLInputElement>(container, "input");
      const textarea = query<HTMLTextAreaElement>(container, "textarea");
      textarea.value = "typed too";
      input.focus();
      input.value = "typed";
      input.setSelectionRange(2, 4);
      showView(view(), container);
      expect(document.activeElement).to.equal(input);
      expect(input.value).to.equal("typed");
      expect([input.selectionStart, input.selectionEnd]).to.deep.equal([2, 4]);
      expect(textarea.value).to.equal("typed too");
    });

    it("keeps what was typed into a control that has lost focus", () => {
      const view = () =>
        html`<input .value=${"server"} /><input type="checkbox" .checked=${false} />`;
      const container = serverRendered(view());
      const [text, box] = [...container.querySelectorAll("input")];
      text!.value = "typed";
      box!.checked = true;
      showView(view(), container);
      expect(text!.value).to.equal("typed");
      expect(box!.checked).to.equal(true);
    });

    it("sets a property that HTML cannot express", () => {
      const view = () => html`<select .value=${"b"}><option>a</option><option>b</option></select>`;
      const container = serverRendered(view());
      showView(view(), container);
      expect(query<HTMLSelectElement>(container, "select").value).to.equal("b");
    });

    it("keeps the choice in a select that the user has changed", () => {
      const view = () =>
        html`<select .value=${"b"}><option>a</option><option>b</option><option>c</option></select>`;
      const container = serverRendered(view());
      query<HTMLSelectElement>(container, "select").value = "c";
      showView(view(), container);
      expect(query<HTMLSelectElement>(container, "select").value).to.equal("c");
    });

    it("corrects text that differs and keeps its node", () => {
      const view = (text: unknown) => html`<p>${text}</p>`;
      const container = serverRendered(view("dead"));
      const text = query(container, "p").childNodes[1];
      showView(view("live"), container);
      expect(query(container, "p").textContent).to.equal("live");
      expect(query(container, "p").childNodes[1]).to.equal(text);
    });

    it("inserts text that was empty", () => {
      const view = (...texts: unknown[]) =>
        html`<p>${texts[0]}</p><p>${texts[1]}</p><p>${texts[2]}</p>`;
      const container = serverRendered(view(null, "", nothing));
      showView(view(null, "", nothing), container);
      expect(container.textContent!.trim()).to.equal("");
      showView(view("a", "b", "c"), container);
      expect(container.textContent!.trim()).to.equal("abc");
    });

    it("removes text that is gone", () => {
      const view = (text: unknown) => html`<p>${text}</p>`;
      const container = serverRendered(view("dead"));
      showView(view(nothing), container);
      expect(query(container, "p").textContent).to.equal("");
    });

    it("corrects attributes that differ", () => {
      const view = (title: unknown, on: boolean, part: string) =>
        html`<p title=${title} ?hidden=${on} class="a ${part} b ${"same"}"></p>`;
      const container = serverRendered(view("dead", false, "x"));
      const p = query(container, "p");
      showView(view("live", true, "y"), container);
      expect(query(container, "p")).to.equal(p);
      expect(p.title).to.equal("live");
      expect(p.hidden).to.equal(true);
      expect(p.className).to.equal("a y b same");
    });

    it("removes an attribute that is gone and adds a new one", () => {
      const view = (title: unknown, lang: unknown) => html`<p title=${title} lang=${lang}></p>`;
      const container = serverRendered(view("dead", nothing));
      showView(view(nothing, "de"), container);
      expect(query(container, "p").hasAttribute("title")).to.equal(false);
      expect(query(container, "p").lang).to.equal("de");
    });

    it("does not write attributes that are equal", async () => {
      const view = () => html`<p title=${"a"} class="b ${"c"} d ${"e"}" ?hidden=${true}>${"f"}</p>`;
      const container = serverRendered(view());
      const writes: MutationRecord[] = [];
      const observer = new MutationObserver((records) => writes.push(...records));
      observer.observe(query(container, "p"), {
        attributes: true,
        characterData: true,
        subtree: true,
      });
      showView(view(), container);
      writes.push(...observer.takeRecords());
      expect(writes).to.deep.equal([]);
    });

    it("corrects classes and styles given as objects", () => {
      const view = (on: boolean, color: string) =>
        html`<p class="fixed ${{ x: "classMap", v: [{ j: { on, off: !on } }] }}"
          style=${{ x: "styleMap", v: [{ j: { color } }] }}></p>`;
      const container = serverRendered(view(true, "red"));
      showView(view(false, "blue"), container);
      const p = query(container, "p");
      expect([...p.classList]).to.deep.equal(["fixed", "off"]);
      expect(p.style.color).to.equal("blue");
      showView(view(true, "green"), container);
      expect([...p.classList].sort()).to.deep.equal(["fixed", "on"]);
      expect(p.style.color).to.equal("green");
    });

    it("replaces only the part whose template differs", () => {
      const view = (inner: unknown) => html`<input />${inner}<p>${"after"}</p>`;
      const container = serverRendered(view(html`<i class=${"x"}>${"Loading"}</i>`));
      const [input, p] = [query(container, "input"), query(container, "p")];
      showView(view(html`<b>${"Loaded"}</b>`), container);
      expect(query(container, "input")).to.equal(input);
      expect(query(container, "p")).to.equal(p);
      expect(container.textContent!.trim()).to.equal("Loadedafter");
      expect(query(container, "i")).to.equal(null);
    });

    const one = [html`<b>${1}</b>`];
    const two = [html`<b>${1}</b>`, html`<b>${2}</b>`];
    for (const [title, from, to] of [
      ["text by a template", "text", html`<b>template</b>`],
      ["a template by text", html`<b>${"template"}</b>`, "text"],
      ["a list by text", two, "text"],
      ["text by a list", "text", one],
      ["text by an empty list", "text", []],
      ["an empty list by a list", [], two],
      ["a list by a shorter one", two, one],
      ["nothing by a template", nothing, html`<b>template</b>`],
      ["a template by nothing", html`<b>${"template"}</b>`, nothing],
      ["a list by a template", one, html`<b>${1}</b>`],
    ] as const) {
      it(`replaces ${title}`, () => {
        const view = (inner: unknown) => html`<input /><div>${inner}</div>`;
        const container = serverRendered(view(from));
        const input = query(container, "input");
        showView(view(to), container);
        const fresh = document.createElement("div");
        showView(view(to), fresh);
        expect(query(container, "div").textContent).to.equal(query(fresh, "div").textContent);
        expect(query(container, "input")).to.equal(input);
      });
    }

    it("keeps the nodes of a keyed list and moves them later", () => {
      const view = (...keys: string[]) =>
        html`<ul>${keyedList(keys.map((key) => [key, html`<li id=${key}>${key}</li>`]))}</ul>`;
      const container = serverRendered(view("a", "b", "c"));
      const [a, b, c] = [...container.querySelectorAll("li")];
      showView(view("a", "b", "c"), container);
      expect([...container.querySelectorAll("li")]).to.deep.equal([a, b, c]);
      showView(view("c", "a", "d"), container);
      const items = [...container.querySelectorAll("li")];
      expect(items.map(({ id }) => id)).to.deep.equal(["c", "a", "d"]);
      expect(items.slice(0, 2)).to.deep.equal([c, a]);
    });

    it("keeps the nodes of keyed content, until the key changes", () => {
      const view = (key: number) =>
        html`<main>${{ x: "keyed", v: [key, html`<p>${"content"}</p>`] }}</main>`;
      const container = serverRendered(view(0));
      const p = query(container, "p");
      showView(view(0), container);
      expect(query(container, "p")).to.equal(p);
      showView(view(1), container);
      expect(query(container, "p")).to.not.equal(p);
    });

    it("keeps raw HTML while it is the same", () => {
      const view = (raw: string) => html`<main>${{ x: "unsafeHTML", v: [raw] }}</main>`;
      const container = serverRendered(view("<b>raw</b>"));
      const b = query(container, "b");
      showView(view("<b>raw</b>"), container);
      expect(query(container, "b")).to.equal(b);
      showView(view("<i>other</i>"), container);
      expect(query(container, "main").textContent).to.equal("other");
      expect(query(container, "b")).to.equal(null);
    });

    it("corrects raw HTML that differs", () => {
      const view = (raw: string) => html`<input /><main>${{ x: "unsafeHTML", v: [raw] }}</main>`;
      const container = serverRendered(view("<b>dead</b>"));
      const input = query(container, "input");
      showView(view("<b>live</b>"), container);
      expect(query(container, "main").textContent).to.equal("live");
      expect(query(container, "input")).to.equal(input);
    });

    it("joins long text that the parser has split", () => {
      const long = "x".repeat(200_000);
      const view = (text: string) => html`<p>${text}</p>`;
      const container = serverRendered(view(long));
      showView(view("short"), container);
      expect(query(container, "p").textContent).to.equal("short");
    });

    it("hydrates deferred elements, including those without bindings", async () => {
      const greeting = html`<test-greeting .name=${"Ada"}></test-greeting><test-greeting></test-greeting>`;
      const container = serverRendered(greeting);
      for (const element of container.querySelectorAll("test-greeting")) element.remove();
      container.innerHTML = serverHtml(prepare(greeting)).replaceAll(
        "></test-greeting>",
        ' defer-hydration><template shadowrootmode="open"></template></test-greeting>',
      );
      showView(greeting, container);
      const elements = [...container.querySelectorAll<GreetingElement>("test-greeting")];
      expect(elements.map((element) => element.hasAttribute("defer-hydration"))).to.deep.equal([
        false,
        false,
      ]);
      await Promise.all(elements.map((element) => element.updateComplete));
      expect(elements[0]!.shadowRoot!.textContent).to.equal("Ada");
    });
  });

  describe("in other HTML", () => {
    it("renders the view and restores focus and typed text by id or name", () => {
      const view = () =>
        html`<input id="a" /><input name="b" /><input type="radio" name="c" value="2" />`;
      const container = document.createElement("div");
      container.innerHTML = `<p>${"strange"}</p><input id="a"><input name="b">
        <input type="radio" name="c" value="1"><input type="radio" name="c" value="2">`;
      document.body.append(container);
      const [a, b, , two] = [...container.querySelectorAll("input")];
      a!.value = "typed in a";
      b!.value = "typed in b";
      two!.checked = true;
      a!.focus();
      a!.setSelectionRange(1, 3);
      showView(view(), container);
      const inputs = [...container.querySelectorAll("input")];
      expect(inputs).to.not.include(a);
      expect(inputs.map(({ value }) => value)).to.deep.equal(["typed in a", "typed in b", "2"]);
      expect(inputs[2]!.checked).to.equal(true);
      expect(document.activeElement).to.equal(inputs[0]);
      expect(inputs[0]!.selectionEnd).to.equal(3);
      expect(query(container, "p")).to.equal(null);
    });
  });

  describe("in an earlier render", () => {
    it("keeps the nodes that the view still has, and typed text", () => {
      const view = (text: string) => html`<input .value=${"server"} /><p>${text}</p>`;
      const container = document.createElement("div");
      showView(view("before"), container);
      const input = query<HTMLInputElement>(container, "input");
      input.value = "typed";
      showView(view("after"), container);
      expect(query(container, "input")).to.equal(input);
      expect(input.value).to.equal("typed");
      expect(query(container, "p").textContent).to.equal("after");
    });
  });
});
