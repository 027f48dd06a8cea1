import { expect } from "chai";
import { html } from "lit";
import { closePages, joinPage, type LivePage } from "../support/live-page.js";

const query = <T extends HTMLElement>({ session }: LivePage, selector: string): T =>
  session.querySelector<T>(selector)!;

/** A press and its release, which a browser calls a click of what both are in. */
function click(from: Element, on: Element = from): void {
  from.dispatchEvent(new MouseEvent("mousedown", { bubbles: true, detail: 1 }));
  on.dispatchEvent(new MouseEvent("click", { bubbles: true, detail: 1 }));
}

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

  it("pushes when a click begins and ends outside", async () => {
    const page = await open();
    click(query(page, "p"));
    click(document.body);
    expect(page.server.of("event").map(({ payload }) => payload)).to.deep.equal(
      Array(2).fill({ type: "click", event: "close", value: { id: "7" } }),
    );
  });

  it("does not push of a click inside, nor of a drag that begins or ends there", async () => {
    const page = await open();
    click(query(page, "b"));
    click(query(page, "b"), query(page, "main"));
    click(query(page, "p"), query(page, "#menu"));
    expect(count(page)).to.equal(0);
    click(query(page, "p"));
    expect(count(page)).to.equal(1);
  });

  it("takes a click without a pointer for one that begins where it ends", async () => {
    const page = await open();
    query(page, "b").dispatchEvent(new MouseEvent("mousedown", { bubbles: true, detail: 1 }));
    query(page, "p").click();
    expect(count(page)).to.equal(1);
  });

  it("does not push of a click that a script makes on what nobody sees", async () => {
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
    it(`does not push of an element that is ${where}`, async () => {
      const page = await open(style);
      click(query(page, "p"));
      expect(count(page)).to.equal(0);
      query(page, "#menu").style.cssText = "";
      click(query(page, "p"));
      expect(count(page)).to.equal(1);
    });
  }
});
