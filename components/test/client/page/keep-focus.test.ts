import { expect } from "chai";
import { html, nothing, type TemplateResult } from "lit";
import { keepFocus } from "../../../src/client/rendering/input-keeper.js";
import { keyedList } from "../../support/encode.js";
import { until } from "../../support/live-fixture.js";
import { closePages, encodeDiff, joinPage, type LivePage } from "../../support/live-page.js";

const find = <T extends HTMLElement>({ session }: LivePage, selector: string): T =>
  session.querySelector<T>(selector)!;

/** Opens a page whose first value is `content`. */
async function open(content: unknown): Promise<LivePage> {
  const page = await joinPage({ view: html`<h1>Page</h1><main>${content}</main>` });
  await until(() => keepFocus);
  return page;
}

/** Shows other content and waits for it. */
async function update(page: LivePage, content: TemplateResult): Promise<void> {
  page.server.push("diff", encodeDiff(content));
  page.server.push("diff", { events: [["shown", {}]] });
  await new Promise((resolve) =>
    page.session.addEventListener("live-event", resolve, { once: true }),
  );
}

const focusedId = (): string | undefined => document.activeElement?.id;

const row = (key: string): TemplateResult =>
  html`<li id=${key}>
    <p><a id=${`edit-${key}`} href="/">Edit</a> <button id=${`delete-${key}`}>Delete</button></p>
  </li>`;

const list = (keys: string, rowOf = row): TemplateResult =>
  html`<section>
    <h2 id="heading">Tasks</h2>
    <button id="add">Add</button>
    <ul>${keyedList([...keys].map((key) => [key, rowOf(key)]))}</ul>
  </section>`;

describe("the focus, when an update removes the element that has it,", () => {
  afterEach(closePages);

  it("moves to the same control of the next row", async () => {
    const page = await open(list("abc"));
    find(page, "#delete-b").focus();
    await update(page, list("ac"));
    expect(focusedId()).to.equal("delete-c");
  });

  it("moves to the previous row if there is no next row", async () => {
    const page = await open(list("abc"));
    find(page, "#delete-c").focus();
    await update(page, list("ab"));
    expect(focusedId()).to.equal("delete-b");
    await update(page, list("a"));
    expect(focusedId()).to.equal("delete-a");
  });

  it("moves to the control that replaces a form that was sent from its field", async () => {
    const view = (isEditing: boolean) =>
      html`${isEditing ? html`<form live-submit="save"><input id="field" /></form>` : html`<button id="edit"></button>`}`;
    const page = await open(view(true));
    const field = find<HTMLInputElement>(page, "#field");
    field.focus();
    field.form?.requestSubmit();
    await until(() => page.server.of("event").length);
    page.server.reply(page.server.of("event").at(-1)!, encodeDiff(view(false)));
    await until(() => focusedId() === "edit");
  });

  it("moves to the next row that is still there when several rows are removed", async () => {
    const page = await open(list("abcde"));
    find(page, "#edit-b").focus();
    await update(page, list("ae"));
    expect(focusedId()).to.equal("edit-e");
  });

  it("skips rows where the control is disabled or missing", async () => {
    const rowOf = (key: string) =>
      key === "b"
        ? html`<li>No button</li>`
        : html`<li><button id=${key} ?disabled=${key === "c"}></button></li>`;
    const page = await open(list("abcd", rowOf));
    find(page, "#a").focus();
    await update(page, list("bcd", rowOf));
    expect(focusedId()).to.equal("d");
  });

  it("moves to the heading above if no row is left, and can leave it again", async () => {
    const page = await open(list("a"));
    find(page, "#delete-a").focus();
    await update(page, list(""));
    expect(focusedId()).to.equal("heading");
    find(page, "#add").focus();
    expect(find(page, "#heading").hasAttribute("tabindex")).to.equal(false);
  });

  it("moves to a focusable ancestor that is closer than the heading", async () => {
    const view = (content: unknown) =>
      html`<h2>Other</h2><div id="panel" tabindex="-1">${content}</div>`;
    const page = await open(view(html`<p><button id="go"></button></p>`));
    find(page, "#go").focus();
    await update(page, view(nothing));
    expect(focusedId()).to.equal("panel");
  });

  it("moves to the control that is shown instead", async () => {
    const view = (isEditing: boolean) =>
      html`<h2>Name</h2>${isEditing ? html`<p><input id="name" /></p>` : html`<div><button id="edit">Edit</button></div>`}`;
    const page = await open(view(true));
    find(page, "#name").focus();
    await update(page, view(false));
    expect(focusedId()).to.equal("edit");
  });

  it("stays where the page has moved it meanwhile", async () => {
    const page = await open(list("abc"));
    find(page, "#delete-b").focus();
    find(page, "#add").focus();
    await update(page, list("ac"));
    expect(focusedId()).to.equal("add");
  });
});

describe("an element with autofocus", () => {
  afterEach(closePages);

  const view = (content: unknown, field: unknown = nothing) =>
    html`<button id="open">Open</button>${field}<div>${content}</div>`;
  const dialog = html`<p><input id="title" autofocus /></p>`;

  it("gets the focus when an update adds it", async () => {
    const page = await open(view(nothing));
    find(page, "#open").focus();
    await update(page, view(dialog));
    expect(focusedId()).to.equal("title");
  });

  it("gets it once", async () => {
    const page = await open(view(dialog));
    find(page, "#open").focus();
    await update(page, view(dialog, html`<p>More</p>`));
    expect(focusedId()).to.equal("open");
  });

  it("does not get it when it moves", async () => {
    const rows = (keys: string) =>
      view(keyedList([...keys].map((key) => [key, html`<p><input id=${key} autofocus /></p>`])));
    const page = await open(rows("abc"));
    find(page, "#open").focus();
    await update(page, rows("cba"));
    expect(find(page, "p").firstElementChild?.id).to.equal("c");
    expect(focusedId()).to.equal("open");
  });

  it("gets it when an update adds the attribute", async () => {
    const button = (isFirst: boolean) =>
      view(html`<button id="first" ?autofocus=${isFirst}>First</button>`);
    const page = await open(button(false));
    find(page, "#open").focus();
    await update(page, button(true));
    expect(focusedId()).to.equal("first");
  });

  it("does not take it from a text field", async () => {
    const field = html`<input id="field" />`;
    const page = await open(view(nothing, field));
    find(page, "#field").focus();
    await update(page, view(dialog, field));
    expect(focusedId()).to.equal("field");
  });

  it("gets it when it replaces the text field that had it", async () => {
    const page = await open(view(html`<input id="first" />`));
    find(page, "#first").focus();
    await update(page, view(dialog));
    expect(focusedId()).to.equal("title");
  });
});
