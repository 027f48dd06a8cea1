import { expect } from "chai";
import { html } from "lit";
import { until } from "../../support/live-fixture.js";
import { closePages, joinPage } from "../../support/live-page.js";

describe("live-confirm", () => {
  const { confirm } = window;
  let asked: (string | undefined)[] = [];

  const answerWith = (answer: boolean): void => {
    asked = [];
    window.confirm = (text) => {
      asked.push(text);
      return answer;
    };
  };

  const open = () =>
    joinPage({
      view: html`<button id="a" live-click="delete" live-confirm="Sure?"><b>Delete</b></button>
        <a id="l" href="/n" live-navigate live-confirm="Leave?">Leave</a>
        <form live-submit="save"><button id="s" live-confirm="Save?">Save</button></form>
        <button id="p" live-click="plain">Plain</button>`,
    });

  afterEach(async () => {
    window.confirm = confirm;
    await closePages();
  });

  it("sends no event and follows no link when the user refuses", async () => {
    answerWith(false);
    const { session, server } = await open();
    const { href } = location;
    for (const selector of ["#a b", "#l", "#s"])
      session.querySelector<HTMLElement>(selector)!.click();
    expect(asked).to.deep.equal(["Sure?", "Leave?", "Save?"]);
    expect(server.received.map(({ event }) => event)).to.deep.equal(["phx_join"]);
    expect(location.href).to.equal(href);
  });

  it("asks once, and continues when the user agrees", async () => {
    answerWith(true);
    const { session, server } = await open();
    for (const selector of ["#a b", "#s", "#p", "#l"])
      session.querySelector<HTMLElement>(selector)!.click();
    expect(asked).to.deep.equal(["Sure?", "Save?", "Leave?"]);
    const events = server.of("event");
    expect(events.map(({ payload }) => payload.event)).to.deep.equal(["delete", "save", "plain"]);
    // The link waits for the replies.
    for (const event of events) server.reply(event, {});
    await until(() => server.of("phx_join").length === 2);
  });
});
