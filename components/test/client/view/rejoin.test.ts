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

/** Changes a control like a user, without focusing it. */
function enter(control: HTMLElement, change: object): void {
  Object.assign(control, change);
  control.dispatchEvent(new Event("input", { bubbles: true }));
}

const fields = html`<input name="text" value="first" /><textarea name="area"></textarea>
  <input type="checkbox" name="check" /><input type="radio" name="radio" value="1" checked /><input
    type="radio" name="radio" value="2" /><select name="select"><option>a</option><option>b</option></select
  ><select name="many" multiple><option>c</option><option>d</option></select>`;

/** Renders a form, and a paragraph with the number of mounts of the view. */
const view = (form: TemplateResult, mounts = 0) => html`<p>${`mount ${mounts}`}</p>
  ${form}`;

/** Returns the number of earlier joins of the view. */
const mountsOf = ({ params }: JoinPayload): number => Number(params?._mounts ?? 0);

const open = (form: TemplateResult, options: LivePageOptions = {}): Promise<LivePage> =>
  joinPage({
    view: view(form),
    joined: (_url, payload) => view(form, mountsOf(payload)),
    ...options,
  });

/** Breaks the connection, waits for the next join, and returns the events that the view receives since then. */
async function rejoin({ server, session }: LivePage): Promise<() => Received[]> {
  const joins = server.of("phx_join").length;
  const events = server.of("event").length;
  server.drop();
  await until(() => session.status === "disconnected");
  await until(() => server.of("phx_join").length > joins && session.status === "connected");
  // The events for forms are sent in the same task.
  await new Promise((resolve) => setTimeout(resolve));
  return () => server.of("event").slice(events);
}

const paragraph = (page: LivePage): string => query(page, "p").textContent!;

describe("a view that is joined again", () => {
  afterEach(closePages);

  it("does not render after its session has been removed", async () => {
    const page = await open(html`<form id="one" live-change="change"><input name="a" /></form>`);
    const received = await rejoin(page);
    await until(() => received().length === 1);
    page.session.remove();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(paragraph(page)).to.equal("mount 0");
  });

  it("receives the contents of a form with an id and live-change once", async () => {
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
    const received = await rejoin(page);
    expect(received().map(({ payload }) => payload)).to.deep.equal([
      {
        type: "form",
        event: "change",
        value: "text=typed&area=long&check=on&radio=2&select=b&many=d&_target=text",
      },
    ]);
    expect(received()[0]!.joinRef).to.equal(page.server.of("phx_join")[1]!.joinRef);
  });

  it("receives the contents of every such form, after every join", async () => {
    const page = await open(html`<form id="one" live-change="a"><input name="x" value="1" /></form>
      <form id="two" live-change="b"><input name="y" value="2" /></form>`);
    for (let i = 0; i < 2; i++) {
      const received = await rejoin(page);
      expect(received().map(({ payload }) => payload.event)).to.deep.equal(["a", "b"]);
      for (const event of received()) page.server.reply(event, {});
      await until(() => paragraph(page) === `mount ${i + 1}`);
    }
  });

  for (const [what, form] of [
    ["without an id", html`<form live-change="change"><input name="a" /></form>`],
    ["without live-change", html`<form id="one"><input name="a" /></form>`],
    ["without fields", html`<form id="one" live-change="change"><button>Go</button></form>`],
    [
      "with live-auto-recover=ignore",
      html`<form id="one" live-change="change" live-auto-recover="ignore"><input name="a" /></form>`,
    ],
  ] as const) {
    it(`does not receive a form ${what}, which still shows the typed text`, async () => {
      const page = await open(form);
      const input = query(page, "input");
      if (input) enter(input, { value: "typed" });
      const received = await rejoin(page);
      await until(() => paragraph(page) === "mount 1");
      expect(received()).to.deep.equal([]);
      if (input) expect(query(page, "input").value).to.equal("typed");
    });
  }

  it("keeps the text, checks and choices of fields without live-change", async () => {
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

  it("receives the event that live-auto-recover names", async () => {
    const page = await open(
      html`<form id="one" live-change="change" live-auto-recover="recover"><input name="a" value="1" /></form>`,
    );
    const received = await rejoin(page);
    expect(received().map(({ payload }) => payload)).to.deep.equal([
      { type: "form", event: "recover", value: "_unused_a=&a=1&_target=a" },
    ]);
  });

  for (const [what, form] of [
    [
      "whose live-change contains commands",
      html`<form id="one" live-change='[["addClass",{"names":["dirty"]}],["push",{"event":"check","value":{"by":1}}]]'>
        <input name="a" /></form>`,
    ],
    [
      "whose live-auto-recover contains commands",
      html`<form id="one" live-change="change" live-auto-recover='[["push",{"event":"check","value":{"by":1}}]]'>
        <input name="a" /></form>`,
    ],
    [
      "whose live-target selects the form's own view",
      html`<form id="one" live-change="check" live-value-by="1" live-target="#main"><input name="a" /></form>`,
    ],
  ] as const) {
    it(`receives a form ${what}, and is shown after its answer`, async () => {
      const page = await open(form);
      enter(query(page, "input"), { value: "typed" });
      await until(() => page.server.of("event").length === 1);
      const received = await rejoin(page);
      await until(() => received().length === 1);
      expect(received()[0]!.payload).to.deep.equal({
        type: "form",
        event: "check",
        value: "a=typed&_target=a&by=1",
      });
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(paragraph(page)).to.equal("mount 0");
      page.server.reply(received()[0]!, {});
      await until(() => paragraph(page) === "mount 1");
      expect(query(page, "input").value).to.equal("typed");
    });
  }

  it("is shown if the commands of a form send nothing", async () => {
    const page = await open(html`<form id="one" live-change='[["addClass",{"names":["dirty"]}]]'>
      <input name="a" /></form>`);
    const received = await rejoin(page);
    await until(() => paragraph(page) === "mount 1");
    expect(received()).to.deep.equal([]);
  });

  it("receives changed fields with a live-change of their own", async () => {
    const page =
      await open(html`<form id="one"><input name="a" live-change="a" /><input name="b" live-change="b" /></form>
      <form><input id="own" name="c" live-change="c" /></form>`);
    enter(query(page, "[name=b]"), { value: "typed" });
    enter(query(page, "#own"), { value: "too" });
    const received = await rejoin(page);
    expect(received().map(({ payload: { event, value } }) => [event, value])).to.deep.equal([
      ["b", "b=typed&_target=b"],
      ["c", "c=too&_target=c"],
    ]);
  });

  it("receives which fields the user has not used", async () => {
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

  it("receives fields outside of a form that belong to it, without disabled fields", async () => {
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
    it(`receives nothing if it then renders ${what}`, async () => {
      const first = html`<form id="one" live-change="change"><input name="a" /></form>`;
      const page = await open(first, {
        joined: (_url, payload) => view(mountsOf(payload) ? form : first, mountsOf(payload)),
      });
      const received = await rejoin(page);
      await until(() => paragraph(page) === "mount 1");
      expect(received()).to.deep.equal([]);
    });
  }

  describe("and has not answered yet", () => {
    const form = (value: string) =>
      html`<form id="one" live-change="change"><input name="a" .value=${value} /><output>${value}</output></form>`;
    const blank = {
      view: view(form("")),
      joined: (_: string, payload: JoinPayload) => view(form(""), mountsOf(payload)),
    };

    it("does not render before it answers, so that the page does not flicker", async () => {
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

    it("is shown with the typed text when it refuses", async () => {
      const page = await open(form(""), blank);
      enter(query(page, "input"), { value: "typed" });
      const [event] = (await rejoin(page))();
      page.server.reply(event!, {}, "error");
      await until(() => paragraph(page) === "mount 1");
      expect(query(page, "input").value).to.equal("typed");
    });

    it("determines the content of a field by its answer", async () => {
      const page = await open(form(""), blank);
      enter(query(page, "input"), { value: "typed" });
      const [event] = (await rejoin(page))();
      page.server.reply(event!, { diff: { "1.0": "TYPED", "1.1": "TYPED" } });
      await until(() => paragraph(page) === "mount 1");
      expect(query(page, "input").value).to.equal("TYPED");
    });

    it("keeps the focused field and its caret", async () => {
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

    it("keeps text that is typed before the answer", async () => {
      const page = await open(form(""), blank);
      const input = query(page, "input");
      enter(input, { value: "ty" });
      const received = await rejoin(page);
      enter(input, { value: "typed" });
      expect(received().map(({ payload }) => payload.value)).to.deep.equal([
        "a=ty&_target=a",
        "a=typed&_target=a",
      ]);
      page.server.reply(received()[0]!, { diff: { "1.0": "ty", "1.1": "ty" } });
      await until(() => query(page, "output").textContent === "ty");
      expect(input.value).to.equal("typed");
      page.server.reply(received()[1]!, { diff: { "1.0": "typed!", "1.1": "typed!" } });
      await until(() => input.value === "typed!");
    });

    it("can navigate, and shows updates at the new URL", async () => {
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

    it("receives the form again when the connection breaks before the answer", async () => {
      const page = await open(form(""), blank);
      enter(query(page, "input"), { value: "typed" });
      await rejoin(page);
      const received = await rejoin(page);
      expect(received()).to.have.length(1);
      expect(paragraph(page)).to.equal("mount 0");
      page.server.reply(received()[0]!, {});
      await until(() => paragraph(page) === "mount 2");
      expect(query(page, "input").value).to.equal("typed");
      expect(page.session.querySelector("[class*=loading]")).to.equal(null);
    });

    it("keeps the contents of a form that is too large to send, and receives the other forms", async () => {
      const page = await open(
        html`<form id="one" live-change="change"><textarea name="area"></textarea></form>
          <form id="two" live-change="change"><input name="a" /></form>`,
        { maxPayload: 1000 },
      );
      enter(query(page, "textarea"), { value: "x".repeat(2000) });
      enter(query(page, "input"), { value: "typed" });
      const received = await rejoin(page);
      await until(() => received().length === 1);
      page.server.reply(received()[0]!, {});
      await until(() => paragraph(page) === "mount 1");
      expect(received()[0]!.payload.value).to.contain("a=typed");
      expect(query(page, "textarea").value).to.have.length(2000);
      expect(query(page, "input").value).to.equal("typed");
    });

    it("does not receive the form again after it crashed on it", async () => {
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
