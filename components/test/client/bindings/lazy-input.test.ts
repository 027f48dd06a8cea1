import { expect } from "chai";
import { html } from "lit";
import { until } from "../../support/live-fixture.js";
import { closePages, openPage } from "../../support/live-page.js";

describe("LazyInput", () => {
  afterEach(closePages);

  it("handles events that occur while the module is loading, once and in order", async () => {
    const { session, server } = openPage({
      view: html`<form live-submit="save" live-change="change"><input name="a" /><button>Go</button></form>`,
    });
    await until(() => session.status === "connected");
    const input = session.querySelector("input")!;
    input.value = "typed";
    input.dispatchEvent(new Event("input", { bubbles: true }));
    session.querySelector("button")!.click();
    await until(() => server.of("event").length === 2);
    expect(server.of("event").map(({ payload }) => payload)).to.deep.equal([
      { type: "form", event: "change", value: "a=typed&_target=a" },
      { type: "form", event: "save", value: "a=typed" },
    ]);
  });
});
