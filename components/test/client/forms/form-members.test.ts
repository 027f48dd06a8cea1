import { expect } from "chai";
import { html } from "lit";
import { until } from "../../support/live-fixture.js";
import { closePages, joinPage, type LivePage } from "../../support/live-page.js";

/** Lit itself calls these methods of a form, so fields of these names are not possible. */
const usedByLit = ["insertBefore", "setAttribute"];

/** Lists the members of a prototype and of those it inherits from. */
function membersOf(prototype: object): string[] {
  const names = Object.getOwnPropertyNames(prototype).filter((name) => name !== "constructor");
  const parent = Object.getPrototypeOf(prototype);
  return parent === Object.prototype ? names : [...new Set([...names, ...membersOf(parent)])];
}

const query = <T extends HTMLElement>({ session }: LivePage, selector: string): T =>
  session.querySelector<T>(selector)!;

const sent = ({ server }: LivePage, from = 0): unknown[] =>
  server
    .of("event")
    .slice(from)
    .map(({ payload }) => payload.event);

const settled = (ms = 0): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, ms));

describe("a form with fields that have the names of its members", () => {
  afterEach(closePages);

  it("works like any other form", async () => {
    const names = membersOf(HTMLFormElement.prototype).filter((name) => !usedByLit.includes(name));
    const view = (text: string, isMarked: boolean) => html`<main>
      <form id="form" class=${text} live-change="change" live-submit="save" live-click="click" live-value-by="1"
        live-target="#main" live-hook="Form">
        <input id="first" .value=${text} live-debounce="blur" name="attributes" />
        ${isMarked ? html`<p>${text}</p>` : ""}
        ${names.map((name) => html`<input name=${name} />`)}
        <button id="save">Save</button>
      </form></main>`;
    const errors: string[] = [];
    const fail = (e: Event): number => errors.push(String((e as ErrorEvent).message));
    addEventListener("error", fail);
    addEventListener("live-error", fail);
    const page = await joinPage({ view: view("new", true) });
    let mounted = 0;
    page.session.hooks = { Form: { mounted: () => mounted++ } } as never;
    const first = query<HTMLInputElement>(page, "#first");
    first.focus();
    first.value = "typed";
    first.dispatchEvent(new InputEvent("input", { bubbles: true }));
    query(page, "[name=closest]").focus();
    await until(() => sent(page).length === 1);
    query(page, "#save").click();
    await until(() => sent(page).length === 3);
    expect(sent(page)).to.deep.equal(["change", "click", "save"]);
    expect(query<HTMLInputElement>(page, "[name=parentNode]").readOnly).to.equal(true);
    for (const event of page.server.of("event"))
      page.server.reply(event, { diff: { "0": "again", "1": "again" } });
    await until(() => !query<HTMLInputElement>(page, "[name=parentNode]").readOnly);
    expect(document.querySelector("main > .again")).to.not.equal(null);
    expect(first.value).to.equal("again");
    page.server.push("diff", { diff: { "2": "" } });
    await until(() => !page.session.querySelector("p"));
    page.server.drop();
    await until(() => page.server.of("phx_join").length === 2 && sent(page).length === 4);
    page.server.reply(page.server.of("event").at(-1)!, {});
    await until(() => page.session.querySelector("p"));
    await settled(20);
    removeEventListener("error", fail);
    removeEventListener("live-error", fail);
    expect(errors).to.deep.equal([]);
    expect(mounted).to.equal(1);
  });
});

describe("a page with a form or an image that has the name of a member of the document", () => {
  afterEach(closePages);

  for (const name of ["title", "body", "activeElement", "forms"]) {
    it(`shows its view (${name})`, async () => {
      const errors: string[] = [];
      const fail = (e: Event): number => errors.push(String((e as ErrorEvent).message));
      addEventListener("error", fail);
      addEventListener("live-error", fail);
      const image = document.createElement("img");
      image.name = name;
      document.documentElement.append(image);
      const page = await joinPage({
        view: html`<form live-change="change" live-submit="save"><input .value=${"old"} name="a" /><button>Save</button></form>`,
      });
      expect((document as unknown as Record<string, unknown>)[name]).to.equal(image);
      const input = query<HTMLInputElement>(page, "input");
      input.focus();
      input.value = "typed";
      input.dispatchEvent(new InputEvent("input", { bubbles: true }));
      query(page, "button").click();
      for (const event of page.server.of("event"))
        page.server.reply(event, { title: name, diff: { "0": "new" } });
      await until(() => input.value === "new" && !input.readOnly);
      await settled(20);
      image.remove();
      removeEventListener("error", fail);
      removeEventListener("live-error", fail);
      expect(document.title).to.equal(name);
      expect(errors).to.deep.equal([]);
      expect(sent(page)).to.deep.equal(["change", "save"]);
    });
  }
});
