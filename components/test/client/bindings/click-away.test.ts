import { expect } from "chai";
import { html } from "lit";
import { until } from "../../support/live-fixture.js";
import {
  closePages,
  joinPage,
  type LivePage,
  openPage,
  showLater,
} from "../../support/live-page.js";

const query = <T extends HTMLElement>({ session }: LivePage, selector: string): T =>
  session.querySelector<T>(selector)!;

/** Simulates a press and a release. The browser dispatches the click on the element that contains both. */
function click(from: Element, on: Element = from): void {
  from.dispatchEvent(new MouseEvent("mousedown", { bubbles: true, detail: 1 }));
  on.dispatchEvent(new MouseEvent("click", { bubbles: true, detail: 1 }));
}

/** Simulates a key press on a button, which causes a click without a mousedown. */
const pressKey = (button: HTMLElement): void => button.click();

describe("live-click-away", () => {
  afterEach(closePages);

  const open = (style = ""): Promise<LivePage> =>
    joinPage({
      view: html`<main>
        <div id="menu" style=${style} live-click-away="close" live-value-id="7">Menu <b>item</b></div>
        <p>Text</p><button hidden>Hidden</button>
      </main>`,
    });
  const count = ({ server }: LivePage): number => server.of("event").length;

  it("shows an element by a click that is outside of it", async () => {
    const view = html`<button live-click=${'[["show",{"to":"#menu"}]]'}>Open</button><p>Text</p>
      <div id="menu" style="display: none" live-click-away=${'[["hide",{}]]'}>Menu</div>`;
    const isShown = (page: LivePage): boolean => query(page, "#menu").getClientRects().length > 0;
    const page = await joinPage({ view });
    for (const act of [click, pressKey]) {
      act(query(page, "button"));
      await until(() => isShown(page));
      click(query(page, "p"));
      await until(() => !isShown(page));
    }
  });

  it("ignores the click that has shown an element while the module was loading", async () => {
    const page = openPage({
      view: html`<button live-click=${'[["show",{"to":"#menu"}]]'}>Open</button><p>Text</p>
        <div id="menu" style="display: none" live-click-away="close">Menu</div>`,
    });
    await until(() => page.session.status === "connected");
    query(page, "button").addEventListener("click", () => {
      query(page, "#menu").style.display = "";
    });
    click(query(page, "button"));
    await import("../../../src/client/bindings/input.js");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(count(page)).to.equal(0);
    click(query(page, "p"));
    expect(count(page)).to.equal(1);
  });

  it("sends an event when a click begins and ends outside", async () => {
    const page = await open();
    click(query(page, "p"));
    click(document.body);
    expect(page.server.of("event").map(({ payload }) => payload)).to.deep.equal(
      Array(2).fill({ type: "click", event: "close", value: { id: "7" } }),
    );
  });

  it("sends an event for an element that an update has added to a page without bindings", async () => {
    const page = await showLater(html`<div live-click-away="close">Menu</div>`);
    click(document.body);
    await until(() => count(page) > 0);
    expect(page.server.of("event")[0]!.payload).to.deep.equal({
      type: "click",
      event: "close",
      value: {},
    });
  });

  it("ignores clicks inside, and drags that begin or end inside", async () => {
    const page = await open();
    click(query(page, "b"));
    click(query(page, "b"), query(page, "main"));
    click(query(page, "p"), query(page, "#menu"));
    expect(count(page)).to.equal(0);
    click(query(page, "p"));
    expect(count(page)).to.equal(1);
  });

  it("treats a click without a pointer as one that begins where it ends", async () => {
    const page = await open();
    query(page, "b").dispatchEvent(new MouseEvent("mousedown", { bubbles: true, detail: 1 }));
    query(page, "p").click();
    expect(count(page)).to.equal(1);
  });

  it("ignores clicks of scripts on invisible elements", async () => {
    const page = await open();
    query(page, "button").click();
    expect(count(page)).to.equal(0);
    query(page, "p").click();
    expect(count(page)).to.equal(1);
  });

  for (const [where, style] of [
    ["hidden", "display: none"],
    ["below the viewport", "position: fixed; top: 200vh"],
    ["beside the viewport", "position: fixed; right: 200vw"],
  ] as const) {
    it(`sends no event for an element that is ${where}`, async () => {
      const page = await open(style);
      click(query(page, "p"));
      expect(count(page)).to.equal(0);
      query(page, "#menu").style.cssText = "";
      click(query(page, "p"));
      expect(count(page)).to.equal(1);
    });
  }
});
