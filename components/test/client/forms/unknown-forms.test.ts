import { expect } from "chai";
import { html, nothing } from "lit";
import { until } from "../../support/live-fixture.js";
import { closePages, joinPage, type LivePage, openPage } from "../../support/live-page.js";

const query = <T extends HTMLElement = HTMLInputElement>(
  { session }: LivePage,
  selector: string,
): T => session.querySelector<T>(selector)!;

const sent = ({ server }: LivePage): unknown[] =>
  server.of("event").map(({ payload: { event, value } }) => [event, value]);

/** Waits for the join, and until events for forms would have been sent. */
async function join(page: LivePage): Promise<void> {
  await until(() => page.session.status === "connected");
  await import("../../../src/client/bindings/input.js");
  await new Promise((resolve) => setTimeout(resolve, 50));
}

describe("a form that the user has changed before the view is joined", () => {
  afterEach(closePages);

  it("is sent at the join, with the field that has changed", async () => {
    const view = (text: string) => html`<form id="f" live-change="change">
      <input name="a" value="1" /><input name="b" .value=${text} /><select name="c"><option>x</option><option>y</option></select>
    </form>`;
    const page = openPage({ view: view("old"), joined: () => view("new") });
    // As a browser restores it: without an event.
    query(page, "[name=c]").value = "y";
    await join(page);
    expect(sent(page)).to.deep.equal([["change", "_unused_a=&a=1&_unused_b=&b=new&c=y&_target=c"]]);
    page.server.reply(page.server.of("event")[0]!, { diff: { "0": "answer" } });
    await until(() => query(page, "[name=b]").value === "answer");
    expect(query(page, "[name=c]").value).to.equal("y");
  });

  it("is sent once if it was typed before the join, with its waiting change", async () => {
    const page = openPage({
      view: html`<form live-change="change"><input name="a" .value=${""} live-debounce="20" /></form>`,
    });
    const input = query(page, "input");
    input.value = "typed";
    input.dispatchEvent(new InputEvent("input", { bubbles: true }));
    await join(page);
    expect(sent(page)).to.deep.equal([["change", "a=typed&_target=a"]]);
    expect(input.value).to.equal("typed");
  });

  it("is sent with the event of live-auto-recover, or not at all if it is ignore", async () => {
    const page = openPage({
      view: html`<form live-change="change" live-auto-recover="recover"><input name="a" /></form>
        <form live-change="change" live-auto-recover="ignore"><input name="b" /></form>
        <form><input name="c" live-change="alone" /><input name="d" live-change="alone" /></form>`,
    });
    for (const name of ["a", "b", "c"]) query(page, `[name=${name}]`).value = "typed";
    await join(page);
    expect(sent(page)).to.deep.equal([
      ["recover", "a=typed&_target=a"],
      ["alone", "c=typed&_target=c"],
    ]);
  });

  it("is not sent if it shows the values of the view, even if the join changes them", async () => {
    const view = (text: string, on: boolean) => html`<form live-change="change">
      <input name="a" .value=${text} /><input name="b" value=${text} /><input type="checkbox" name="c" .checked=${on} />
      <input type="range" name="d" /><select name="e" .value=${text}><option>old</option><option>new</option></select>
      <textarea name="f" .value=${text}></textarea><input type="hidden" name="g" value=${text} /><button name="h">Go</button>
    </form>`;
    const page = openPage({ view: view("old", false), joined: () => view("new", true) });
    await join(page);
    expect(query(page, "[name=b]").value).to.equal("new");
    expect(sent(page)).to.deep.equal([]);
  });

  it("is not sent again after a live navigation", async () => {
    const page = await joinPage({
      view: html`<form live-change="change"><input name="a" /></form><a href="/next" live-navigate>Next</a>${nothing}`,
    });
    query(page, "input").value = "typed";
    query(page, "a").click();
    await until(() => location.pathname === "/next");
    await join(page);
    expect(sent(page)).to.deep.equal([]);
  });
});
