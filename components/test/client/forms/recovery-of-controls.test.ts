import { expect } from "chai";
import { html, type TemplateResult } from "lit";
import type { Received } from "../../support/fake-server.js";
import { until } from "../../support/live-fixture.js";
import { closePages, joinPage, type LivePage } from "../../support/live-page.js";
import type { RatingElement } from "../../support/rating-element.js";
import "../../support/rating-element.js";

const query = <T extends HTMLElement>({ session }: LivePage, selector: string): T =>
  session.querySelector<T>(selector)!;

/**
 * Opens a page that shows how often its view has been joined again. After a rejoin, `around` decides where its form is
 * rendered.
 */
const open = (form: TemplateResult, around: (form: unknown) => unknown = (content) => content) => {
  const view = (mounts = 0) => html`<p>${`${mounts}`}</p>${mounts > 0 ? around(form) : form}`;
  return joinPage({
    view: view(),
    joined: (_url, { params }) => view(Number(params?._mounts ?? 0)),
  });
};
const inAnother = (content: unknown) => html`<div>${content}</div>`;

async function rejoin(page: LivePage): Promise<Received[]> {
  const { server, session } = page;
  const before = server.of("event").length;
  server.drop();
  await until(() => session.status === "disconnected");
  await until(() => session.status === "connected");
  await new Promise((resolve) => setTimeout(resolve));
  const sent = server.of("event").slice(before);
  for (const event of sent) server.reply(event, {});
  await until(() => query(page, "p").textContent === "1");
  return sent;
}

describe("a view that is joined again and renders other elements", () => {
  afterEach(closePages);

  it("restores the user's choice in a custom element that is a form field", async () => {
    const page = await open(
      html`<form id="form" live-change="change"><test-rating name="stars"></test-rating></form>`,
      inAnother,
    );
    const before = query<RatingElement>(page, "test-rating");
    before.rate("5");
    const sent = await rejoin(page);
    expect(sent.map(({ payload }) => payload.value)).to.deep.equal(["stars=5&_target=stars"]);
    const after = query<RatingElement>(page, "test-rating");
    expect(after).to.not.equal(before);
    expect(after.value).to.equal("5");
    expect(new FormData(query<HTMLFormElement>(page, "form")).get("stars")).to.equal("5");
  });

  it("keeps chosen files and what was typed into fields of the same name", async () => {
    const page = await open(
      html`<form id="form" live-change="change"><input type="file" name="file" /><input name="tag" /><input name="tag" /></form>`,
      inAnother,
    );
    choose(query(page, "[type=file]"), "photo.png");
    const tags = () => [...page.session.querySelectorAll<HTMLInputElement>("[name=tag]")];
    for (const [i, tag] of tags().entries()) {
      tag.value = `typed ${i}`;
      tag.dispatchEvent(new Event("input", { bubbles: true }));
    }
    const before = query(page, "[type=file]");
    await rejoin(page);
    expect(tags().map(({ value }) => value)).to.deep.equal(["typed 0", "typed 1"]);
    const after = query<HTMLInputElement>(page, "[type=file]");
    expect(after).to.not.equal(before);
    expect(after.files?.[0]?.name).to.equal("photo.png");
    expect(page.session.status).to.equal("connected");
  });

  it("keeps the chosen option although another one precedes it by then", async () => {
    const select = (options: unknown) =>
      html`<select name="a">${options}<option>x</option><option>y</option></select>`;
    const view = (mounts: number) =>
      html`<p>${`${mounts}`}</p>${
        mounts > 0
          ? inAnother(
              html`<form id="form" live-change="change">${select(html`<option>new</option>`)}</form>`,
            )
          : html`<form id="form" live-change="change">${select("")}</form>`
      }`;
    const page = await joinPage({
      view: view(0),
      joined: (_url, { params }) => view(Number(params?._mounts ?? 0)),
    });
    const before = query<HTMLSelectElement>(page, "select");
    before.value = "y";
    before.dispatchEvent(new Event("change", { bubbles: true }));
    await rejoin(page);
    const after = query<HTMLSelectElement>(page, "select");
    expect(after).to.not.equal(before);
    expect(after.value).to.equal("y");
  });
});

describe("a view that is joined again and renders the same", () => {
  afterEach(closePages);

  it("keeps chosen files", async () => {
    const page = await open(
      html`<form id="form" live-change="change"><input type="file" name="file" /><input name="title" /></form>`,
    );
    const file = query<HTMLInputElement>(page, "[type=file]");
    choose(file, "photo.png");
    const sent = await rejoin(page);
    expect(query(page, "[type=file]")).to.equal(file);
    expect(file.files![0]!.name).to.equal("photo.png");
    expect(sent.map(({ payload }) => payload.value)).to.deep.equal([
      "_unused_title=&title=&_target=file",
    ]);
  });

  it("receives only its own forms if a page has several live sessions", async () => {
    const form = html`<form id="one" live-change="outer"><input name="a" value="1" /></form>`;
    const page = await open(form);
    page.session.insertAdjacentHTML(
      "afterend",
      '<live-session id="other" token="signed" csrf-token="csrf"></live-session>',
    );
    const other = page.session.nextElementSibling as typeof page.session;
    await until(() => other.status === "connected");
    for (const [session, text] of [
      [page.session, "typed here"],
      [other, "typed there"],
    ] as const) {
      const input = await until(() => session.querySelector("input"));
      input.value = text;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
    const before = page.server.of("event").length;
    page.server.drop();
    await until(() => other.status === "disconnected");
    await until(() => page.server.of("event").length === before + 2);
    expect(
      page.server
        .of("event")
        .slice(before)
        .map(({ topic, payload }) => [topic, payload.value]),
    ).to.have.deep.members([
      ["lv:main", "a=typed+here&_target=a"],
      ["lv:other", "a=typed+there&_target=a"],
    ]);
    other.remove();
  });
});

function choose(input: HTMLInputElement, name: string): void {
  const files = new DataTransfer();
  files.items.add(new File(["content"], name));
  input.files = files.files;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}
