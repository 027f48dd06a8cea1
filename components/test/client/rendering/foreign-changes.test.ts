import "../../../src/index.js";
import { expect } from "chai";
import { html, nothing, type TemplateResult } from "lit";
import { inputKeeper } from "../../../src/client/forms/keeper.js";
import { show } from "../../../src/client/rendering/hydrate.js";
import { setInputKeeper } from "../../../src/client/rendering/input-keeper.js";
import { registerTemplates } from "../../../src/client/rendering/templates.js";
import { encode, keyedList, serverHtml } from "../../support/encode.js";

let container: HTMLElement;

function update(view: unknown): void {
  const { rendered, templates } = encode(view);
  registerTemplates(templates, "[live-ignore]");
  show(rendered, container);
}

const find = <T extends HTMLElement>(selector: string): T => container.querySelector<T>(selector)!;

/** Waits until mutation observers have run. */
const observed = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

before(async () => {
  // The first view loads the module for repairs.
  container = document.createElement("div");
  update(html`<p></p>`);
  await import("../../../src/client/rendering/foreign-changes.js");
  await observed();
});
beforeEach(() => {
  container = document.createElement("div");
  document.body.append(container);
});
afterEach(() => container.remove());

describe("a view whose text a script has replaced", () => {
  const view = (count: number, name = "a"): TemplateResult =>
    html`<p id="p">Count: <b>${count}</b> of ${name} apples</p>`;

  it("shows the next value of a replaced text node", async () => {
    update(view(1));
    find("b").textContent = "changed";
    await observed();
    update(view(2));
    expect(find("p").textContent).to.equal("Count: 2 of a apples");
  });

  it("shows the next value when the update comes before observers run", () => {
    update(view(1));
    find("b").textContent = "changed";
    update(view(2));
    expect(find("p").textContent).to.equal("Count: 2 of a apples");
  });

  it("shows an empty value", async () => {
    const page = (text: string) => html`<b>${text}</b>`;
    update(page("a"));
    find("b").firstChild!.nextSibling!.replaceWith("changed");
    await observed();
    expect(find("b").textContent).to.equal("changed");
    update(page(""));
    expect(find("b").textContent).to.equal("");
  });

  it("is complete after the next update when elements were removed too", async () => {
    update(view(1));
    find("#p").textContent = "gone";
    await observed();
    update(view(2));
    expect(find("p").textContent).to.equal("Count: 2 of a apples");
  });

  it("is complete when the script has replaced the text twice", async () => {
    update(view(1));
    find("#p").textContent = "gone";
    await observed();
    find("#p").textContent = "gone again";
    await observed();
    update(view(2, "b"));
    expect(find("p").textContent).to.equal("Count: 2 of b apples");
  });

  it("shows another template in its place", async () => {
    const page = (content: unknown) => html`<div id="d">${content}<i>end</i></div>`;
    update(page(html`<p>one</p>`));
    find("#d").innerHTML = "<u>other</u>";
    await observed();
    update(page(html`<h1>two</h1>`));
    expect(find("h1").textContent).to.equal("two");
    update(page(nothing));
    expect(container.querySelector("h1")).to.equal(null);
    expect(find("#d").textContent).to.equal("end");
  });

  it("shows its own text after an update of another one", async () => {
    update(view(1));
    find("b").textContent = "changed";
    await observed();
    expect(find("b").textContent).to.equal("changed");
    update(view(1, "b"));
    expect(find("p").textContent).to.equal("Count: 1 of b apples");
  });

  it("shows text where it had none", async () => {
    const page = (text: unknown) => html`<b>${text}</b>`;
    update(page(nothing));
    find("b").textContent = "changed";
    await observed();
    update(page("own"));
    update(page("own too"));
    expect(container.textContent).to.equal("own too");
  });
});

describe("a page that the browser translates", () => {
  const view = (count: number, isMore: boolean): TemplateResult =>
    html`<p>You have ${count} apples${isMore ? html` and <b>more</b>` : nothing}.</p><ul>${keyedList(
      [1, 2, 3].map((key) => [key, html`<li>Row ${key * count}</li>`]),
    )}</ul>`;

  /** Replaces each text as Chrome does. */
  function translate(): void {
    const walker = document.createTreeWalker(container, NodeFilter.SHOW_TEXT);
    const texts: Text[] = [];
    while (walker.nextNode()) texts.push(walker.currentNode as Text);
    for (const text of texts) {
      if (!text.data.trim() || text.parentElement?.localName === "font") continue;
      const font = document.createElement("font");
      font.innerHTML = "<font></font>";
      font.firstElementChild!.textContent = text.data.toUpperCase();
      text.replaceWith(font);
    }
  }

  it("continues to show the content of the view", async () => {
    update(view(1, false));
    translate();
    await observed();
    expect(find("p").textContent).to.equal("YOU HAVE 1 APPLES.");
    for (const [count, isMore, text] of [
      [2, true, "2 APPLES and more."],
      [3, false, "3 APPLES."],
      [4, true, "4 APPLES and more."],
    ] as const) {
      update(view(count, isMore));
      expect(find("p").textContent).to.equal(`YOU HAVE ${text}`);
      expect(find("li:last-child").textContent).to.match(new RegExp(`ROW ${count * 3}`, "i"));
      translate();
      await observed();
      translate();
      await observed();
    }
  });

  it("shows the original text again when the translation is undone", async () => {
    update(view(1, false));
    translate();
    await observed();
    for (const font of [...container.querySelectorAll("font")]) font.remove();
    await observed();
    expect(find("p").textContent).to.equal("You have 1 apples.");
    update(view(2, false));
    expect(find("p").textContent).to.equal("You have 2 apples.");
  });

  it("keeps rows that move", async () => {
    const list = (keys: readonly number[]) =>
      html`<ul>${keyedList(keys.map((key) => [key, html`<li>Row ${key}</li>`]))}</ul>`;
    update(list([1, 2, 3]));
    translate();
    await observed();
    update(list([3, 1]));
    expect([...container.querySelectorAll("li")].map((li) => li.textContent)).to.deep.equal([
      "ROW 3",
      "ROW 1",
    ]);
  });
});

describe("elements of a view that a script removes or moves", () => {
  const view = (label: string): TemplateResult =>
    html`<div id="d"><input id="i" title=${label}><b>${label}</b></div>`;

  it("are in the page again after the next update", async () => {
    update(view("a"));
    find("b").remove();
    await observed();
    update(view("b"));
    expect(find("#d").textContent).to.equal("b");
    expect(find("#d").lastElementChild).to.equal(find("b"));
  });

  it("stay in an element that the script has wrapped them in", async () => {
    update(view("a"));
    const wrapper = document.createElement("span");
    const input = find("#i");
    input.replaceWith(wrapper);
    wrapper.append(input);
    await observed();
    update(view("b"));
    expect(input.parentElement).to.equal(wrapper);
    expect(input.title).to.equal("b");
  });

  it("keep their bindings when they were wrapped before the join", () => {
    const encoded = encode(view("a"));
    registerTemplates(encoded.templates, "[live-ignore]");
    container.innerHTML = serverHtml(encoded).replace(
      "<!--lit-node 1-->",
      "<!--lit-node 1 input-->",
    );
    const wrapper = document.createElement("span");
    const input = find("#i");
    input.replaceWith(wrapper);
    wrapper.append(input);
    update(view("b"));
    expect(find("#i")).to.equal(input);
    expect(input.title).to.equal("b");
    expect(wrapper.hasAttribute("title")).to.equal(false);
  });

  it("are left alone in an element with live-ignore", async () => {
    const ignoring = (label: string) =>
      html`<div id="d" live-ignore><b>one</b></div><i>${label}</i>`;
    update(ignoring("a"));
    find("b").remove();
    await observed();
    update(ignoring("b"));
    expect(find("#d").textContent).to.equal("");
  });

  it("may be removed each time by a script that reacts to changes", async () => {
    update(view("a"));
    let changes = 0;
    const observer = new MutationObserver(() => {
      if (find("b").childNodes.length === 1) return;
      changes++;
      find("b").textContent = "mine";
    });
    observer.observe(find("b"), { childList: true });
    find("b").textContent = "mine";
    for (let i = 0; i < 20; i++) await observed();
    observer.disconnect();
    expect(changes).to.be.below(20);
    update(view("b"));
    update(view("c"));
    expect(find("b").textContent).to.equal("c");
  });
});

describe("HTML that the parser has moved", () => {
  before(() => setInputKeeper(inputKeeper));

  it("is shown as the view has rendered it, and keeps what the user has typed", () => {
    const view = (text: string) => html`<p>${html`<div><input id="i" value=${text}></div>`}</p>`;
    const encoded = encode(view("a"));
    registerTemplates(encoded.templates, "[live-ignore]");
    container.innerHTML = serverHtml(encoded);
    expect(find("#i").closest("p"), "moved by the parser").to.equal(null);
    find<HTMLInputElement>("#i").value = "typed";
    find("#i").focus();
    update(view("a"));
    expect(find("#i").closest("p")).to.equal(find("p"));
    expect(container.querySelectorAll("#i").length).to.equal(1);
    expect(container.querySelectorAll("p").length).to.equal(1);
    expect(find<HTMLInputElement>("#i").value).to.equal("typed");
  });
});

describe("rows that a script has moved", () => {
  const list = (ids: readonly string[]) =>
    keyedList(ids.map((id) => [id, html`<li id=${id}><input /></li>`]));
  const board = (first: readonly string[], second: readonly string[] = [], count = 0) =>
    html`<p>${count}</p><ul>${list(first)}</ul><ol>${list(second)}</ol>`;
  const shown = () =>
    ["ul", "ol"].map((list) => Array.from(find(list).children, ({ id }) => id).join(""));
  /** Moves a row like a script for sorting by drag and drop. */
  const drag = async (id: string, next: string | null, into = "ul"): Promise<void> => {
    find(into).insertBefore(find(`#${id}`), next === null ? null : find(`#${next}`));
    await observed();
  };

  it("are in the order of the view after each update of the list", async () => {
    update(board(["a", "b", "c", "d"]));
    const input = find<HTMLInputElement>("#c input");
    input.value = "typed";
    await drag("c", "a");
    update(board(["c", "a", "b", "d"]));
    expect(shown()).to.deep.equal(["cabd", ""]);
    await drag("a", null);
    await drag("b", "c");
    update(board(["b", "c", "d", "a", "e"]));
    expect(shown()).to.deep.equal(["bcdae", ""]);
    update(board(["e", "b", "d", "a"]));
    expect(shown()).to.deep.equal(["ebda", ""]);
    expect(input.value).to.equal("typed");
  });

  it("stay where the script has moved them while the list does not change", async () => {
    update(board(["a", "b", "c"]));
    find("#c input").focus();
    await drag("c", "a");
    await drag("b", "c");
    find("#b input").focus();
    update(board(["a", "b", "c"], [], 1));
    expect(shown()).to.deep.equal(["bca", ""]);
    expect(document.activeElement).to.equal(find("#b input"));
    update(board(["b", "c", "a"], [], 2));
    expect(shown()).to.deep.equal(["bca", ""]);
  });

  it("can move to another list", async () => {
    update(board(["a", "b"], ["c"]));
    await drag("a", "c", "ol");
    expect(shown()).to.deep.equal(["b", "ac"]);
    update(board(["b"], ["a", "c"]));
    expect(shown()).to.deep.equal(["b", "ac"]);
    await drag("a", null, "ol");
    update(board(["b", "d"], ["c", "a"]));
    expect(shown()).to.deep.equal(["bd", "ca"]);
  });

  it("are in the order of the view if the list has no keys", async () => {
    const plain = (...ids: string[]) =>
      html`<ul>${ids.map((id) => html`<li id=${id}></li>`)}</ul><ol></ol>`;
    update(plain("a", "b", "c"));
    await drag("c", "a");
    update(plain("c", "a", "b"));
    expect(shown()).to.deep.equal(["cab", ""]);
  });

  it("stay outside of the view", async () => {
    update(board(["a", "b"]));
    const row = find("#a");
    document.body.append(row);
    await observed();
    update(board(["b", "a"]));
    expect(row.parentNode).to.equal(document.body);
    row.remove();
  });
});
