import { expect } from "chai";
import { html } from "lit";
import { passTime, resetClock, stopClock } from "../../support/clock.js";
import { encode, keyedList } from "../../support/encode.js";
import { until } from "../../support/live-fixture.js";
import { closePages, joinPage, type LivePage } from "../../support/live-page.js";

const row = (n: number) => html`<li id=${n} style="height: 50px">${n}</li>`;
const rows = (from: number, to: number): unknown =>
  keyedList(Array.from({ length: to - from + 1 }, (_, i) => [from + i, row(from + i)]));

/** Opens a page with a list of rows of 50 px in an area of 100 px. */
const open = (list: unknown, style = ""): Promise<LivePage> =>
  joinPage({
    view: html`<div id="area" style="height: 100px; overflow-y: auto">
      <ul live-viewport-top="before" live-viewport-bottom="after" live-value-of="news"
        style="margin: 0; padding: 0; ${style}">${list}</ul></div>`,
  });

const areaOf = ({ session }: LivePage): HTMLElement => session.querySelector<HTMLElement>("#area")!;

/** Scrolls and waits until the scroll event has been dispatched. */
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

describe("viewport bindings", () => {
  afterEach(async () => {
    resetClock();
    await closePages();
  });

  it("send the last child's id when the user has scrolled down to it", async () => {
    const page = await open(rows(1, 10));
    await scroll(areaOf(page), 300);
    expect(payloads(page)).to.deep.equal([]);
    await scroll(areaOf(page), 400);
    expect(payloads(page)).to.deep.equal([after("10")]);
  });

  it("send the first child's id when the user has scrolled up to it", async () => {
    const page = await open(rows(1, 10));
    await scroll(areaOf(page), 200);
    await scroll(areaOf(page), 100);
    expect(payloads(page)).to.deep.equal([]);
    await scroll(areaOf(page), 0);
    expect(payloads(page)).to.deep.equal([before("1")]);
  });

  it("keep the first child visible when the answer adds others above it", async () => {
    const page = await open(rows(11, 20), "overflow-anchor: none");
    await scroll(areaOf(page), 100);
    await scroll(areaOf(page), 0);
    await answer(page, rows(1, 20), 20);
    await until(() => areaOf(page).scrollTop === 500);
  });

  it("send the next event when the list has grown and the interval is over", async () => {
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

  it("send no second event for a list that has not grown, until the user scrolls again", async () => {
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

  it("wait for the answer longer than the interval", async () => {
    const page = await open(rows(1, 10));
    stopClock();
    await scroll(areaOf(page), 400);
    passTime(500);
    await scroll(areaOf(page), 200);
    await scroll(areaOf(page), 400);
    expect(payloads(page)).to.deep.equal([after("10")]);
  });

  it("send _overran when the user has scrolled past the children", async () => {
    const page = await open(rows(11, 20), "padding: 500px 0");
    await scroll(areaOf(page), 700);
    await scroll(areaOf(page), 100);
    expect(payloads(page)).to.deep.equal([before("11", { _overran: true })]);
  });

  it("react to the page's own scrolling if the list is not in another scrolling area", async () => {
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
