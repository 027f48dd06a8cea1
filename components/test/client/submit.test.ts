import { expect } from "chai";
import { html } from "lit";
import { until } from "../support/live-fixture.js";
import { closePages, joinPage, type LivePage } from "../support/live-page.js";

const query = <T extends HTMLElement>({ session }: LivePage, selector: string): T =>
  session.querySelector<T>(selector)!;

const reply = ({ server }: LivePage, response: object, status?: string): void =>
  server.reply(server.of("event").at(-1)!, response, status);

/** A form as a view renders it, with an error where `invalid` is true. */
const form = (invalid = false) => html`<form live-submit="save">
  <input name="a" value="1" /><input name="b" aria-invalid=${invalid ? "true" : "false"} />
  <button live-disable-with="Saving..."><b>Save</b> it</button><button id="other">Other</button>
</form><button id="outside">Outside</button>`;

describe("a form that is sent to its view", () => {
  afterEach(closePages);

  it("has its button disabled, with another label, until the view answers", async () => {
    const page = await joinPage({ view: form() });
    const button = query<HTMLButtonElement>(page, "[live-disable-with]");
    const label = button.firstElementChild;
    button.click();
    expect([button.disabled, button.textContent]).to.deep.equal([true, "Saving..."]);
    expect(query<HTMLButtonElement>(page, "#other").disabled).to.equal(true);
    expect(query<HTMLButtonElement>(page, "#other").textContent).to.equal("Other");
    expect(query<HTMLInputElement>(page, "input").readOnly).to.equal(true);
    reply(page, {});
    await until(() => !button.disabled);
    expect(button.textContent).to.equal("Save it");
    expect(button.firstElementChild).to.equal(label);
  });

  it("gets its button back when the view refuses", async () => {
    const page = await joinPage({ view: form() });
    const button = query<HTMLButtonElement>(page, "[live-disable-with]");
    button.click();
    reply(page, {}, "error");
    await until(() => !button.disabled);
    expect(button.textContent).to.equal("Save it");
  });

  it("moves the focus to the first control that the answer marks as invalid", async () => {
    const page = await joinPage({ view: form() });
    const button = query<HTMLButtonElement>(page, "[live-disable-with]");
    button.focus();
    button.click();
    reply(page, { diff: { "0": "true" } });
    await until(() => document.activeElement === query(page, "[name=b]"));
  });

  it("gives the focus back to what had it, unless the user has moved on", async () => {
    const page = await joinPage({ view: form() });
    const button = query<HTMLButtonElement>(page, "[live-disable-with]");
    button.focus();
    button.click();
    reply(page, {});
    await until(() => document.activeElement === button);
    button.click();
    query(page, "#outside").focus();
    reply(page, { diff: { "0": "true" } });
    await until(() => !button.disabled);
    expect(document.activeElement).to.equal(query(page, "#outside"));
  });
});

describe("live-trigger-action", () => {
  let frame: HTMLIFrameElement;
  beforeEach(() => {
    frame = document.createElement("iframe");
    frame.name = "sink";
    document.body.append(frame);
  });
  afterEach(async () => {
    await closePages();
    frame.remove();
  });

  it("leaves the view and sends the form to its action, with what the user typed", async () => {
    const page = await joinPage({
      view: html`<form live-submit="save" action="/sink" target="sink" ?live-trigger-action=${false}>
        <input name="a" /><input name="submit" value="2" />
      </form>`,
    });
    query<HTMLInputElement>(page, "input").value = "typed";
    query<HTMLFormElement>(page, "form").dispatchEvent(
      new SubmitEvent("submit", { cancelable: true, bubbles: true }),
    );
    reply(page, { diff: { "0": true } });
    await until(() => frame.contentWindow?.location.search === "?a=typed&submit=2");
    expect(page.server.of("phx_leave")).to.have.length(1);
    expect(page.session.status).to.equal("connected");
  });

  it("does nothing while the attribute is off", async () => {
    const page = await joinPage({
      view: html`<form live-submit="save" action="/sink" target="sink"><input name="a" value=${1} /></form>`,
    });
    page.server.push("diff", { diff: { "0": 2 } });
    await until(() => query(page, "input").getAttribute("value") === "2");
    expect(page.server.of("phx_leave")).to.deep.equal([]);
  });
});
