import { expect } from "chai";
import { html } from "lit";
import { until } from "../../support/live-fixture.js";
import { closePages, joinPage } from "../../support/live-page.js";

describe("metadata of the application", () => {
  afterEach(closePages);

  it("is added to the payload of its type of event; values of the element replace it", async () => {
    const { session, server } = await joinPage({
      view: html`<button live-click="pick" live-value-id="1"></button>`,
    });
    session.metadata = {
      click: (e, element) => ({
        altKey: (e as MouseEvent).altKey,
        tag: element.localName,
        id: "of the app",
      }),
    };
    session
      .querySelector("button")!
      .dispatchEvent(new MouseEvent("click", { bubbles: true, composed: true, altKey: true }));
    expect(server.of("event")[0]!.payload.value).to.deep.equal({
      altKey: true,
      tag: "button",
      id: "1",
    });
  });

  it("is added to events of keys, the focus and scrolling, each by its type, and to no others", async () => {
    const { session, server } = await joinPage({
      view: html`<input live-keydown="down" live-keyup="up" live-focus="in" live-blur="out" />
        <ul live-viewport-bottom="more" style="height: 50px; overflow: auto">
          <li id="last" style="height: 200px"></li>
        </ul>`,
    });
    const input = session.querySelector("input")!;
    session.metadata = {
      keydown: (e) => ({ isRepeated: (e as KeyboardEvent).repeat }),
      focus: () => ({ from: "focus" }),
      viewport: (e, element) => ({ top: (e.target as Element).scrollTop, list: element.localName }),
    };
    input.focus();
    for (const type of ["keydown", "keyup"]) {
      input.dispatchEvent(new KeyboardEvent(type, { key: "a", repeat: true, bubbles: true }));
    }
    input.blur();
    session.querySelector("ul")!.scrollTo(0, 150);
    await until(() => server.of("event").length === 5);
    expect(server.of("event").map(({ payload }) => payload.value)).to.deep.equal([
      { from: "focus", value: "" },
      { isRepeated: true, key: "a", value: "" },
      { key: "a", value: "" },
      { value: "" },
      { top: 150, list: "ul", id: "last" },
    ]);
  });
});
