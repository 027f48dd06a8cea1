import { expect } from "chai";
import { html, type TemplateResult } from "lit";
import type { JoinPayload } from "../../../src/protocol/index.js";
import type { Received } from "../../support/fake-server.js";
import { until } from "../../support/live-fixture.js";
import {
  closePages,
  joinPage,
  type LivePage,
  type LivePageOptions,
} from "../../support/live-page.js";

const query = <T extends HTMLElement = HTMLInputElement>(
  { session }: LivePage,
  selector: string,
): T => session.querySelector<T>(selector)!;

/** Changes a control as a user does, without the focus. */
function enter(control: HTMLElement, change: object): void {
  Object.assign(control, change);
  control.dispatchEvent(new Event("input", { bubbles: true }));
}

const fields = html`<input name="text" value="first" /><textarea name="area"></textarea>
  <input type="checkbox" name="check" /><input type="radio" name="radio" value="1" checked /><input
    type="radio" name="radio" value="2" /><select name="select"><option>a</option><option>b</option></select
  ><select name="many" multiple><option>c</option><option>d</option></select>`;

/** A form, and a paragraph that tells how often the view has been mounted. */
const view = (form: TemplateResult, mounts = 0) => html`<p>${`mount ${mounts}`}</p>
  ${form}`;

/** How often the view had been joined before. */
const mountsOf = ({ params }: JoinPayload): number => Number(params?._mounts ?? 0);

const open = (form: TemplateResult, options: LivePageOptions = {}): Promise<LivePage> =>
  joinPage({
    view: view(form),
    joined: (_url, payload) => view(form, mountsOf(payload)),
    ...options,
  });

/** Breaks the connection and waits for the next join; gives the events that the view is told since. */
async function rejoin({ server, session }: LivePage): Promise<() => Received[]> {
  const joins = server.of("phx_join").length;
  const events = server.of("event").length;
  server.drop();
  await until(() => session.status === "disconnected");
  await until(() => server.of("phx_join").length > joins && session.status === "connected");
  // Whatever it tells of forms goes out with it.
  await new Promise((resolve) => setTimeout(resolve));
  return () => server.of("event").slice(events);
}

const paragraph = (page: LivePage): string => query(page, "p").textContent!;

describe("a view that is joined again", () => {
  afterEach(closePages);

  it("shows nothing more once its session is gone", async () => {
    const page = await open(html`<form id="one" live-change="change"><input name="a" /></form>`);
    const told = await rejoin(page);
    await until(() => told().length === 1);
    page.session.remove();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(paragraph(page)).to.equal("mount 0");
  });

  it("is told once what a form contains that has an id and live-change", async () => {
    const page = await open(html`<form id="one" live-change="change">${fields}</form>`);
    expect(page.server.of("event")).to.deep.equal([]);
    const [text, area, check, , radio, select, many] = query<HTMLFormElement>(
      page,
      "form",
    ).elements;
    const changes = [
      [text, { value: "typed" }],
      [area, { value: "long" }],
      [check, { checked: true }],
      [radio, { checked: true }],
      [select, { selectedIndex: 1 }],
      [many, { value: "d" }],
    ] as const;
    for (const [control, change] of changes) enter(control as HTMLElement, change);
    const told = await rejoin(page);
    expect(told().map(({ payload }) => payload)).to.deep.equal([
      {
        type: "form",
        event: "change",
        value: "text=typed&area=long&check=on&radio=2&select=b&many=d&_target=text",
      },
    ]);
    expect(told()[0]!.joinRef).to.equal(page.server.of("phx_join")[1]!.joinRef);
  });

  it("is told of every such form, and after every join", async () => {
    const page = await open(html`<form id="one" live-change="a"><input name="x" value="1" /></form>
      <form id="two" live-change="b"><input name="y" value="2" /></form>`);
    for (let i = 0; i < 2; i++) {
      const told = await rejoin(page);
      expect(told().map(({ payload }) => payload.event)).to.deep.equal(["a", "b"]);
      for (const event of told()) page.server.reply(event, {});
      await until(() => paragraph(page) === `mount ${i + 1}`);
    }
  });

  for (const [what, form] of [
    ["without an id", html`<form live-change="change"><input name="a" /></form>`],
    ["without live-change", html`<form id="one"><input name="a" /></form>`],
    ["without fields", html`<form id="one" live-change="change"><button>Go</button></form>`],
    [
      "that is not to be told",
      html`<form id="one" live-change="change" live-auto-recover="ignore"><input name="a" /></form>`,
    ],
  ] as const) {
    it(`is not told of a form ${what}, which shows what was typed all the same`, async () => {
      const page = await open(form);
      const input = query(page, "input");
      if (input) enter(input, { value: "typed" });
      const told = await rejoin(page);
      await until(() => paragraph(page) === "mount 1");
      expect(told()).to.deep.equal([]);
      if (input) expect(query(page, "input").value).to.equal("typed");
    });
  }

  it("keeps texts, checks and choices of fields that nobody listens to", async () => {
    const page = await open(fields);
    const controls = [...page.session.querySelectorAll<HTMLInputElement>("input,select,textarea")];
    const changes = [
      { value: "typed" },
      { value: "long" },
      { checked: true },
      {},
      { checked: true },
    ];
    for (const [i, change] of [...changes, { value: "b" }, { value: "d" }].entries()) {
      Object.assign(controls[i]!, change);
    }
    await rejoin(page);
    await until(() => paragraph(page) === "mount 1");
    const [text, area, check, , radio, select, many] = controls as never as HTMLInputElement[];
    expect([text, area, select, many].map((each) => each?.value)).to.deep.equal([
      "typed",
      "long",
      "b",
      "d",
    ]);
    expect([check?.checked, radio?.checked]).to.deep.equal([true, true]);
    for (const control of controls) expect(control.isConnected).to.equal(true);
  });

  it("is told by another event that live-auto-recover names", async () => {
    const page = await open(
      html`<form id="one" live-change="change" live-auto-recover="recover"><input name="a" value="1" /></form>`,
    );
    const told = await rejoin(page);
    expect(told().map(({ payload }) => payload)).to.deep.equal([
      { type: "form", event: "recover", value: "_unused_a=&a=1&_target=a" },
    ]);
  });

  it("learns which fields the user has not used", async () => {
    const page = await open(
      html`<form id="one" live-change="change"><input name="u[a]" /><input name="u[b]" /></form>`,
    );
    enter(query(page, "[name='u[b]']"), { value: "2" });
    const [event] = (await rejoin(page))();
    expect([...new URLSearchParams(event!.payload.value)]).to.deep.equal([
      ["u[_unused_a]", ""],
      ["u[a]", ""],
      ["u[b]", "2"],
      ["_target", "u[a]"],
    ]);
  });

  it("learns of fields outside of a form that belong to it, not of those disabled", async () => {
    const page =
      await open(html`<form id="one" live-change="change"><input type="hidden" name="a" value="1" />
      <fieldset disabled><input name="b" value="2" /></fieldset></form><input form="one" name="c" value="3" />`);
    const [event] = (await rejoin(page))();
    const params = new URLSearchParams(event!.payload.value);
    expect([params.get("a"), params.get("b"), params.get("c")]).to.deep.equal(["1", null, "3"]);
  });

  for (const [what, form] of [
    ["no form of that id", html`<form id="two" live-change="change"><input name="a" /></form>`],
    ["another live-change", html`<form id="one" live-change="other"><input name="a" /></form>`],
  ] as const) {
    it(`is told nothing if it then renders ${what}`, async () => {
      const first = html`<form id="one" live-change="change"><input name="a" /></form>`;
      const page = await open(first, {
        joined: (_url, payload) => view(mountsOf(payload) ? form : first, mountsOf(payload)),
      });
      const told = await rejoin(page);
      await until(() => paragraph(page) === "mount 1");
      expect(told()).to.deep.equal([]);
    });
  }

  describe("and has yet to answer", () => {
    const form = (value: string) =>
      html`<form id="one" live-change="change"><input name="a" .value=${value} /><output>${value}</output></form>`;
    const blank = {
      view: view(form("")),
      joined: (_: string, payload: JoinPayload) => view(form(""), mountsOf(payload)),
    };

    it("shows nothing new before it has, so that nothing flickers", async () => {
      const page = await open(form(""), blank);
      const { server } = page;
      const input = query(page, "input");
      enter(input, { value: "typed" });
      server.reply(server.of("event")[0]!, { diff: { "1.0": "typed", "1.1": "typed" } });
      await until(() => query(page, "output").textContent === "typed");
      const seen: (string | null)[] = [];
      new MutationObserver(() => seen.push(page.session.textContent)).observe(page.session, {
        characterData: true,
        childList: true,
        subtree: true,
      });
      const [event] = (await rejoin(page))();
      expect(seen).to.deep.equal([]);
      expect([paragraph(page), input.value]).to.deep.equal(["mount 0", "typed"]);
      server.reply(event!, { diff: { "1.0": "typed", "1.1": "typed" } });
      await until(() => paragraph(page) === "mount 1");
      expect(query(page, "output").textContent).to.equal("typed");
      expect(seen.length > 0 && seen.every((text) => text?.includes("typed"))).to.equal(true);
      expect(input.isConnected && input.value).to.equal("typed");
    });

    it("is shown when it refuses, with what was typed", async () => {
      const page = await open(form(""), blank);
      enter(query(page, "input"), { value: "typed" });
      const [event] = (await rejoin(page))();
      page.server.reply(event!, {}, "error");
      await until(() => paragraph(page) === "mount 1");
      expect(query(page, "input").value).to.equal("typed");
    });

    it("has the last word on what a field contains", async () => {
      const page = await open(form(""), blank);
      enter(query(page, "input"), { value: "typed" });
      const [event] = (await rejoin(page))();
      page.server.reply(event!, { diff: { "1.0": "TYPED", "1.1": "TYPED" } });
      await until(() => paragraph(page) === "mount 1");
      expect(query(page, "input").value).to.equal("TYPED");
    });

    it("leaves alone the field that has the focus, and the caret in it", async () => {
      const page = await open(form(""), blank);
      const input = query(page, "input");
      input.focus();
      enter(input, { value: "typed" });
      input.setSelectionRange(1, 3);
      const [event] = (await rejoin(page))();
      expect(document.activeElement).to.equal(input);
      page.server.reply(event!, { diff: { "1.0": "TYPED", "1.1": "TYPED" } });
      await until(() => paragraph(page) === "mount 1");
      expect(document.activeElement).to.equal(input);
      expect([input.value, input.selectionStart, input.selectionEnd]).to.deep.equal([
        "typed",
        1,
        3,
      ]);
    });

    it("takes what is typed meanwhile", async () => {
      const page = await open(form(""), blank);
      const input = query(page, "input");
      enter(input, { value: "ty" });
      const told = await rejoin(page);
      enter(input, { value: "typed" });
      expect(told().map(({ payload }) => payload.value)).to.deep.equal([
        "a=ty&_target=a",
        "a=typed&_target=a",
      ]);
      page.server.reply(told()[0]!, { diff: { "1.0": "ty", "1.1": "ty" } });
      await until(() => query(page, "output").textContent === "ty");
      expect(input.value).to.equal("typed");
      page.server.reply(told()[1]!, { diff: { "1.0": "typed!", "1.1": "typed!" } });
      await until(() => input.value === "typed!");
    });

    it("goes to another URL, and shows what it sends there", async () => {
      const page = await open(form(""), blank);
      const [event] = (await rejoin(page))();
      page.server.push("diff", { diff: { "1.1": "patched" } });
      page.server.push("live_patch", { to: "/patched", kind: "push" });
      await until(() => location.pathname === "/patched");
      expect(paragraph(page)).to.equal("mount 0");
      page.server.reply(event!, {});
      await until(() => paragraph(page) === "mount 1");
      expect(query(page, "output").textContent).to.equal("patched");
    });

    it("is told again when the connection breaks before", async () => {
      const page = await open(form(""), blank);
      enter(query(page, "input"), { value: "typed" });
      await rejoin(page);
      const told = await rejoin(page);
      expect(told()).to.have.length(1);
      expect(paragraph(page)).to.equal("mount 0");
      page.server.reply(told()[0]!, {});
      await until(() => paragraph(page) === "mount 2");
      expect(query(page, "input").value).to.equal("typed");
      expect(page.session.querySelector("[class*=loading]")).to.equal(null);
    });

    it("keeps what is too much to tell, and is told the other forms", async () => {
      const page = await open(
        html`<form id="one" live-change="change"><textarea name="area"></textarea></form>
          <form id="two" live-change="change"><input name="a" /></form>`,
        { maxPayload: 1000 },
      );
      enter(query(page, "textarea"), { value: "x".repeat(2000) });
      enter(query(page, "input"), { value: "typed" });
      const told = await rejoin(page);
      await until(() => told().length === 1);
      page.server.reply(told()[0]!, {});
      await until(() => paragraph(page) === "mount 1");
      expect(told()[0]!.payload.value).to.contain("a=typed");
      expect(query(page, "textarea").value).to.have.length(2000);
      expect(query(page, "input").value).to.equal("typed");
    });

    it("is not told again what it crashed at", async () => {
      const page = await open(form(""), blank);
      enter(query(page, "input"), { value: "typed" });
      await rejoin(page);
      page.server.push("phx_error", {});
      await until(() => page.server.of("phx_join").length === 3 && paragraph(page) === "mount 2");
      expect(page.server.of("event")).to.have.length(2);
      expect(query(page, "input").value).to.equal("typed");
    });
  });
});
