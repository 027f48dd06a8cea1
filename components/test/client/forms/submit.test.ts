import { expect } from "chai";
import { html, nothing } from "lit";
import { passTime, stopClock } from "../../support/clock.js";
import { fakeServer } from "../../support/fake-server.js";
import { until } from "../../support/live-fixture.js";
import {
  closePages,
  encodeDiff,
  insert,
  joinPage,
  joinReply,
  type LivePage,
} from "../../support/live-page.js";
import { stopPageLoadsOfTests } from "../../support/page-loads.js";

const query = <T extends HTMLElement>({ session }: LivePage, selector: string): T =>
  session.querySelector<T>(selector)!;

const reply = ({ server }: LivePage, response: object, status?: string): void =>
  server.reply(server.of("event").at(-1)!, response, status);

/** The form of a view; with `invalid` its second field has an error. */
const form = (invalid = false) => html`<form live-submit="save">
  <input name="a" value="1" /><input name="b" aria-invalid=${invalid ? "true" : "false"} />
  <button live-disable-with="Saving..."><b>Save</b> it</button><button id="other">Other</button>
</form><button id="outside">Outside</button>`;

describe("a form that is sent to its view", () => {
  afterEach(closePages);

  it("has a disabled button with another label until the view answers", async () => {
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

  it("has its button enabled when the view refuses", async () => {
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

  it("restores the focus, unless the user has moved it elsewhere", async () => {
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

describe("a form that the browser sends", () => {
  const loads = stopPageLoadsOfTests();

  /** A form without bindings. */
  const native = () => html`<form action="/native">
    <input name="a" value="1" /><button name="by" value="2" live-disable-with="Sending..."><b>Send</b> it</button>
    <input type="submit" name="other" value="Send" live-disable-with="Going..." />
  </form>`;
  const buttonsOf = (page: LivePage): unknown[] => [
    query<HTMLButtonElement>(page, "button").disabled,
    query(page, "button").textContent,
    query<HTMLInputElement>(page, "[type=submit]").disabled,
    query<HTMLInputElement>(page, "[type=submit]").value,
  ];

  it("contains its button, which is disabled with another label until the page is left", async () => {
    const page = await joinPage({ view: native() });
    query(page, "button").click();
    await until(() => loads.length === 1);
    expect(new URL(loads[0]!.url).search).to.equal("?a=1&by=2");
    await until(() => query<HTMLButtonElement>(page, "button").disabled);
    expect(buttonsOf(page)).to.deep.equal([true, "Sending...", true, "Going..."]);
    expect(query<HTMLInputElement>(page, "input").readOnly).to.equal(true);
  });

  it("is restored in a page from the back/forward cache", async () => {
    const page = await joinPage({ view: native() });
    query(page, "[type=submit]").click();
    await until(() => query<HTMLButtonElement>(page, "button").disabled);
    dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    await until(() => page.server.of("phx_join").length === 2);
    await until(() => !query<HTMLButtonElement>(page, "button").disabled);
    expect(buttonsOf(page)).to.deep.equal([false, "Send it", false, "Send"]);
    expect(query<HTMLInputElement>(page, "input").readOnly).to.equal(false);
  });

  it("is restored in a page that stays, even if the session only provides data", async () => {
    const { fetch } = globalThis;
    globalThis.fetch = async () =>
      Response.json({ id: "widget", token: "signed", csrfToken: "other" });
    const server = fakeServer();
    server.onJoin = () => joinReply(html`<h1>${"Widget"}</h1>`);
    const session = insert(`<live-session src="/widget">
      <form action="/native"><input name="a"><button>Send</button></form>
    </live-session>`);
    await until(() => session.status === "connected");
    globalThis.fetch = fetch;
    const button = session.querySelector("button")!;
    stopClock();
    button.click();
    await until(() => {
      passTime(0);
      return button.disabled;
    });
    passTime(5000);
    expect(button.disabled).to.equal(false);
    expect(session.querySelector("input")!.readOnly).to.equal(false);
  });

  it("is not frozen when the page prevents the submit", async () => {
    const page = await joinPage({ view: native() });
    query(page, "form").addEventListener("submit", (e) => e.preventDefault());
    query(page, "button").click();
    await new Promise((resolve) => setTimeout(resolve));
    expect(buttonsOf(page)).to.deep.equal([false, "Send it", false, "Send"]);
    expect(page.server.of("phx_leave")).to.deep.equal([]);
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

  it("sends the form to its action, with the user's input; the view stays until the page is left", async () => {
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
    expect(query<HTMLInputElement>(page, "input").readOnly).to.equal(true);
    expect(page.server.of("phx_leave")).to.deep.equal([]);
    expect(page.session.status).to.equal("connected");
  });

  /** Opens a page with a form that has a button with a name, and one without. */
  const openRemembering = (): Promise<LivePage> =>
    joinPage({
      view: html`<form live-submit="save" action="/sink" target="sink" ?live-trigger-action=${false}>
        <input name="a" value="1" /><button name="remember" value="yes">Stay</button><button>Once</button>
      </form>`,
    });

  /** Submits the form; the view keeps the page. */
  async function submitBy(page: LivePage, button: string): Promise<void> {
    query(page, button).click();
    reply(page, {});
    await until(() => !query<HTMLButtonElement>(page, "button").disabled);
  }

  it("sends the button that was used, if it has a name", async () => {
    const page = await openRemembering();
    await submitBy(page, "[name=remember]");
    await submitBy(page, "button:last-child");
    query(page, "[name=remember]").click();
    reply(page, { diff: { "0": true } });
    await until(() => frame.contentWindow?.location.search === "?a=1&remember=yes");
  });

  it("sends no other button than the last one that was used", async () => {
    const page = await openRemembering();
    await submitBy(page, "[name=remember]");
    query(page, "button:last-child").click();
    reply(page, { diff: { "0": true } });
    await until(() => frame.contentWindow?.location.search === "?a=1");
  });

  it("sends what the user has entered even if the same update resets the fields", async () => {
    const page = await joinPage({
      view: html`<form live-submit="save" action="/sink" target="sink" ?live-trigger-action=${false}>
        <input name="a" .value=${""} /><input type="checkbox" name="b" .checked=${true} />
        <input type="radio" name="c" value="1" .checked=${false} /><input type="radio" name="c" value="2" .checked=${true} />
        <select name="d" .value=${"x"}><option>x</option><option>y</option></select>
        <input type="hidden" name="token" value=${"old"} /><input name="e" .value=${"own"} /><button>Save</button>
      </form>`,
    });
    const enter = (selector: string, state: object): void => {
      const control = query<HTMLInputElement>(page, selector);
      Object.assign(control, state);
      for (const name of ["input", "change"])
        control.dispatchEvent(new Event(name, { bubbles: true }));
    };
    enter("[name=a]", { value: "typed" });
    enter("[name=b]", { checked: false });
    enter("[name=c]", { checked: true });
    enter("[name=d]", { value: "y" });
    query(page, "button").click();
    const reset = {
      "1": "again",
      "2": true,
      "3": false,
      "4": true,
      "5": "x",
      "6": "new",
      "7": "changed",
    };
    reply(page, { diff: { ...reset, "0": true } });
    expect(await until(() => frame.contentWindow?.location.search || null)).to.equal(
      "?a=typed&c=1&d=y&token=new&e=changed",
    );
    expect(query<HTMLInputElement>(page, "[name=a]").value).to.equal("again");
  });

  it("sends what the user has entered, with the button, even if the same update replaces the form", async () => {
    const fields = (
      first: string,
    ) => html`<input name="tag" value=${first} /><input name="tag" value="2" />
      <input type="password" name="password" /><input type="checkbox" name="b" checked />
      <select name="c"><option>x</option><option>y</option></select><input type="hidden" name="token" value=${first} />`;
    const page = await joinPage({
      view: html`<div>${html`<form id="login" live-submit="save">${fields("1")}<button name="by" value="x">Save</button></form>`}</div>`,
    });
    const [first, second] = page.session.querySelectorAll<HTMLInputElement>("[name=tag]");
    const enter = (control: Element | null | undefined, state: object): void => {
      Object.assign(control as Element, state);
      control?.dispatchEvent(new Event("change", { bubbles: true }));
    };
    enter(second, { value: "typed" });
    enter(query(page, "[type=password]"), { value: "secret" });
    enter(query(page, "[type=checkbox]"), { checked: false });
    enter(query(page, "select"), { value: "y" });
    query(page, "button").click();
    const replaced = html`<section><form id="login" action="/sink" target="sink" live-trigger-action>${fields("new")}</form></section>`;
    reply(page, encodeDiff(html`<div>${replaced}</div>`));
    expect(await until(() => frame.contentWindow?.location.search || null)).to.equal(
      "?tag=new&tag=typed&password=secret&c=y&token=new&by=x",
    );
    expect(first?.isConnected).to.equal(false);
  });

  it("sends a form that an update has added, once, and does not show a lost connection", async () => {
    const page = await joinPage({
      view: html`<live-flash connection-delay="0"></live-flash>${nothing}`,
    });
    const statuses = new Set<string>();
    const observer = new MutationObserver(() => statuses.add(page.session.status));
    observer.observe(page.session, { attributes: true });
    let sent = 0;
    page.session.addEventListener("formdata", () => sent++);
    page.server.push(
      "diff",
      encodeDiff(html`<form action="/sink" target="sink" live-trigger-action>
      <input name="new" value="1" /></form>`),
    );
    await until(() => frame.contentWindow?.location.search === "?new=1");
    page.server.push("diff", { title: "later" });
    await until(() => document.title === "later");
    page.server.drop();
    await until(() => page.server.sockets.length === 2);
    observer.disconnect();
    expect([...statuses]).to.deep.equal([]);
    expect(sent).to.equal(1);
    expect(query(page, "live-flash").shadowRoot!.querySelectorAll("[role=alert]")).to.have.length(
      0,
    );
  });

  it("works in the first render of a view", async () => {
    await joinPage({
      view: html`<form action="/sink" target="sink" live-trigger-action><input name="first" value="1" /></form>`,
    });
    await until(() => frame.contentWindow?.location.search === "?first=1");
  });

  it("works in a view that a live navigation has joined", async () => {
    const page = await joinPage({
      view: html`<a href="/next" live-navigate>Next</a>`,
      joined: (url) =>
        url.endsWith("/next")
          ? html`<form action="/sink" target="sink" live-trigger-action><input name="next" value="1" /></form>`
          : html`<a href="/next" live-navigate>Next</a>`,
    });
    query(page, "a").click();
    await until(() => frame.contentWindow?.location.search === "?next=1");
    expect(location.pathname).to.equal("/next");
  });

  it("works in an answer that also changes the URL", async () => {
    const page = await joinPage({
      view: html`<form live-submit="save" action="/sink" target="sink" ?live-trigger-action=${false}>
        <input name="patched" value="1" /><button>Save</button></form>`,
    });
    query(page, "button").click();
    reply(page, { diff: { "0": true }, live_patch: { to: "?saved", kind: "push" } });
    await until(() => frame.contentWindow?.location.search === "?patched=1");
    expect(location.search).to.equal("?saved");
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
