import { expect } from "chai";
import { html } from "lit";
import { closePages, joinPage } from "../support/live-page.js";

describe("metadata of the application", () => {
  afterEach(closePages);

  it("is added to the payload of its type of event, below what the element says", async () => {
    const { session, server } = await joinPage({
      view: html`<button live-click="pick" live-value-id="1"></button>`,
    });
    session.metadata = {
      click: (e, element) => ({ altKey: (e as MouseEvent).altKey, tag: element.localName, id: "of the app" }),
    };
    session
      .querySelector("button")!
      .dispatchEvent(new MouseEvent("click", { bubbles: true, composed: true, altKey: true }));
    expect(server.of("event")[0]!.payload.value).to.deep.equal({ altKey: true, tag: "button", id: "1" });
  });
});
