import { expect } from "chai";
import { html } from "lit";
import { passTime, resetClock, stopClock } from "../../support/clock.js";
import { encode, keyedList } from "../../support/encode.js";
import { until } from "../../support/live-fixture.js";
import { closePages, joinPage, type LivePage } from "../../support/live-page.js";

const row = (n: number) => html`<li id=${n} style="height: 50px">${n}</li>`;
const rows = (from: number, to: number): unknown =>
  keyedList(Array.from({ length: to - from + 1 }, (_, i) => [from + i, row(from + i)]));

/** A list of rows of 50 px, in an area of 100. */
const open = (list: unknown, style = ""): Promise<LivePage> =>
  joinPage({
    view: html`<div id="area" style="height: 100px; overflow-y: auto">
      <ul live-viewport-top="before" live-viewport-bottom="after" live-value-of="news"
        style="margin: 0; padding: 0; ${style}">${list}</ul></div>`,
  });

const areaOf = ({ session }: LivePage): HTMLElement => session.querySelector<HTMLElement>("#area")!;

/** Scrolls, and waits until everybody has heard of it. */
async function scroll(area: Element, to: number): Promise<void> {
  const scrolled = new Promise((resolve) => {
    window.addEventListener("scroll", resolve, { once: true, capture: true });
  });
  area.scrollTop = to;
  await scrolled;
}

const payloads = ({ server }: LivePage): object[] =>
  server.of("event").map(({ payload }) => payload);

/** Answers the last event with other rows. */
async function answer(page: LivePage, list: unknown, last: number): Promise<void> {
  page.server.reply(page.server.of("event").at(-1)!, { diff: { "1": encode(list).rendered } });
  await until(() => page.session.querySelector("ul")!.lastElementChild?.id === String(last));
  await new Promise(requestAnimationFrame);
}

const after = (id: string, more = {}) => ({
  type: "viewport",
  event: "after",
  value: { id, ...more, of: "news" },
});
const before = (id: string, more = {}) => ({ ...after(id, more), event: "before" });

describe("bindings of scrolling", () => {
  afterEach(async () => {
    resetClock();
    await closePages();
  });

  it("push the last child's id when the user has scrolled down to it", async () => {
    const page = await open(rows(1, 10));
    await scroll(areaOf(page), 300);
    expect(payloads(page)).to.deep.equal([]);
    await scroll(areaOf(page), 400);
    expect(payloads(page)).to.deep.equal([after("10")]);
  });

  it("push the first child's id when the user has scrolled up to it", async () => {
    const page = await open(rows(1, 10));
    await scroll(areaOf(page), 200);
    await scroll(areaOf(page), 100);
    expect(payloads(page)).to.deep.equal([]);
    await scroll(areaOf(page), 0);
    expect(payloads(page)).to.deep.equal([before("1")]);
  });

  it("leave the first child in sight when the answer puts others above it", async () => {
    const page = await open(rows(11, 20), "overflow-anchor: none");
    await scroll(areaOf(page), 100);
    await scroll(areaOf(page), 0);
    await answer(page, rows(1, 20), 20);
    await until(() => areaOf(page).scrollTop === 500);
  });

  it("push again when the list has grown, once an interval is over", async () => {
    const page = await open(rows(1, 10));
    stopClock();
    await scroll(areaOf(page), 400);
    await answer(page, rows(1, 12), 12);
    await scroll(areaOf(page), 450);
    await scroll(areaOf(page), 500);
    passTime(499);
    expect(payloads(page)).to.deep.equal([after("10")]);
    passTime(1);
    expect(payloads(page)).to.deep.equal([after("10"), after("12")]);
  });

  it("push nothing more of a list that has not grown, until the user scrolls again", async () => {
    const page = await open(rows(1, 10));
    stopClock();
    for (const to of [400, 399, 400]) await scroll(areaOf(page), to);
    await answer(page, rows(1, 10), 10);
    passTime(500);
    expect(payloads(page)).to.deep.equal([after("10")]);
    await scroll(areaOf(page), 300);
    await scroll(areaOf(page), 400);
    expect(payloads(page)).to.deep.equal([after("10"), after("10")]);
  });

  it("wait for the answer, however long it takes", async () => {
    const page = await open(rows(1, 10));
    stopClock();
    await scroll(areaOf(page), 400);
    passTime(500);
    await scroll(areaOf(page), 200);
    await scroll(areaOf(page), 400);
    expect(payloads(page)).to.deep.equal([after("10")]);
  });

  it("tell when the user has scrolled past the children", async () => {
    const page = await open(rows(11, 20), "padding: 500px 0");
    await scroll(areaOf(page), 700);
    await scroll(areaOf(page), 100);
    expect(payloads(page)).to.deep.equal([before("11", { _overran: true })]);
  });

  it("hear of the page's own scrolling where the list is in no other area", async () => {
    const page = await joinPage({
      view: html`<ul live-viewport-bottom="after" live-value-of="news">
        ${rows(1, 3)}<li style="height: 200vh"></li><li id="end">The end</li></ul>`,
    });
    await scroll(document.scrollingElement!, 100);
    expect(payloads(page)).to.deep.equal([]);
    await scroll(document.scrollingElement!, document.scrollingElement!.scrollHeight);
    expect(payloads(page)).to.deep.equal([after("end")]);
  });
});
