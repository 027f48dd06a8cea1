import { expect } from "chai";
import { html } from "lit";
import { until } from "../../support/live-fixture.js";
import {
  closePages,
  joinPage,
  joinReply,
  type LivePage,
  openPage,
} from "../../support/live-page.js";

const query = <T extends HTMLElement = HTMLElement>({ session }: LivePage, selector: string): T =>
  session.querySelector<T>(selector)!;

const view = (n: number): unknown => html`<h1 title=${`h${n}`}>${n}</h1>
  <div id="box" class=${`c${n}`} data-n=${n} live-ignore><b title=${`b${n}`}>${n}</b>${html`<i>${n}</i>`}</div>
  <p class=${`p${n}`}>${n}</p>`;

/** Reads the content around the ignored element, and its data attribute. */
const around = (live: LivePage): unknown[] => [
  query(live, "h1").title,
  query(live, "h1").textContent,
  query(live, "#box").dataset.n,
  query(live, "p").className,
  query(live, "p").textContent,
];

const diff = { 0: "h3", 1: 3, 2: "c3", 3: 3, 4: "b3", 5: 3, "6.0": 3, 7: "p3", 8: 3 };

/** Updates the view and checks that the third state is shown around the element. */
async function update(live: LivePage): Promise<void> {
  live.server.push("diff", { diff });
  await until(() => query(live, "p").textContent === "3");
  expect(around(live)).to.deep.equal(["h3", "3", "3", "p3", "3"]);
}

describe("live-ignore", () => {
  afterEach(closePages);

  it("keeps the content of the element and its attributes, except data-*, from the page", async () => {
    const live = await joinPage({ view: view(1), joined: () => view(2) });
    const box = query(live, "#box");
    expect(around(live)).to.deep.equal(["h2", "2", "2", "p2", "2"]);
    await update(live);
    expect(query(live, "#box") === box).to.equal(true);
    expect(box.className).to.equal("c1");
    expect([query(live, "b").title, box.textContent]).to.deep.equal(["b1", "11"]);
  });

  it("keeps content that scripts have set before the join", async () => {
    const live = openPage({ view: view(1), joined: () => view(2) });
    const box = query(live, "#box");
    const own = document.createElement("u");
    box.replaceChildren(own, "mine");
    await until(() => live.session.status === "connected");
    expect(query(live, "#box") === box).to.equal(true);
    expect([box.firstChild === own, box.textContent]).to.deep.equal([true, "mine"]);
    expect([query(live, "h1").title, query(live, "p").className]).to.deep.equal(["h2", "p2"]);
    live.server.push("diff", { diff });
    await until(() => query(live, "p").textContent === "3");
    expect([box.firstChild === own, box.textContent]).to.deep.equal([true, "mine"]);
    expect([query(live, "h1").title, query(live, "p").className]).to.deep.equal(["h3", "p3"]);
  });

  it("keeps content that scripts have added before the join, and every node around it", async () => {
    const live = openPage({ view: view(1), joined: () => view(2) });
    const [h1, box] = [query(live, "h1"), query(live, "#box")];
    box.append("mine");
    await until(() => live.session.status === "connected");
    expect([query(live, "h1") === h1, query(live, "#box") === box]).to.deep.equal([true, true]);
    await update(live);
    expect(box.textContent).to.equal("11mine");
  });

  it("keeps content that scripts have set through a rejoin", async () => {
    const live = await joinPage({ view: view(1) });
    const box = query(live, "#box");
    box.textContent = "mine";
    live.server.onJoin = () => joinReply(view(2));
    live.server.push("phx_error", {});
    await until(() => query(live, "p").textContent === "2");
    expect([query(live, "#box") === box, box.textContent, box.dataset.n]).to.deep.equal([
      true,
      "mine",
      "2",
    ]);
  });

  it("shows the first render of the server if the browser renders the element", async () => {
    const live = await joinPage({ view: html`<em></em>`, joined: () => view(1) });
    expect(query(live, "#box").textContent).to.equal("11");
    await update(live);
    expect(query(live, "#box").textContent).to.equal("11");
    expect([query(live, "b").title, query(live, "#box").className]).to.deep.equal(["b1", "c1"]);
  });

  it("has the binding prefix of the live session", async () => {
    const live = await joinPage({
      view: html`<div phx-ignore>${"one"}</div><div live-ignore>${"one"}</div><s>${1}</s>`,
      attributes: 'binding-prefix="phx-"',
    });
    live.server.push("diff", { diff: { 0: "two", 1: "two" } });
    await until(() => query(live, "[live-ignore]").textContent === "two");
    expect(query(live, "[phx-ignore]").textContent).to.equal("one");
  });

  it("does not prevent the removal of the element", async () => {
    const live = await joinPage({
      view: html`<section>${html`<div live-ignore>${"one"}</div>`}</section>`,
    });
    query(live, "div").textContent = "mine";
    live.server.push("diff", { diff: { 0: "gone" } });
    await until(() => query(live, "section").textContent === "gone");
  });
});
