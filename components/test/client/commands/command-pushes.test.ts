import { expect } from "chai";
import { html, nothing } from "lit";
import type { LiveHookContext } from "../../../src/index.js";
import type { Received } from "../../support/fake-server.js";
import { until } from "../../support/live-fixture.js";
import {
  closePages,
  encodeDiff,
  insert,
  joinPage,
  joinReply,
  type LivePage,
} from "../../support/live-page.js";

const push = (event: string, options: object = {}): string =>
  JSON.stringify([["push", { event, ...options }]]);
const exec = (attribute: string, to?: string): string =>
  JSON.stringify([["exec", { attribute, to }]]);

const query = <T extends HTMLElement = HTMLElement>({ session }: LivePage, selector: string): T =>
  session.querySelector<T>(selector)!;

/** Waits for a number of events and returns them as the views received them. */
const received = async ({ server }: LivePage, count = 1): Promise<unknown[]> => {
  await until(() => server.of("event").length >= count);
  return server
    .of("event")
    .map(({ topic, payload }) => [topic, payload.type, payload.event, payload.value]);
};

const answerAll = ({ server }: LivePage): void => {
  for (const event of server.of("event")) server.reply(event as Received, {});
};

/** Opens a page with another live session beside the main one. */
async function openTwo(view: unknown): Promise<LivePage> {
  const page = await joinPage({ view });
  page.server.onJoin = () => joinReply(html`<p></p>`);
  const other = insert(`<live-session id="other" token="t"></live-session>`);
  await until(() => other.status === "connected");
  return page;
}

/** Records the kinds of page loading that begin and end. */
const loadingOf = ({ session }: LivePage): string[] => {
  const seen: string[] = [];
  for (const step of ["start", "stop"] as const) {
    session.addEventListener(`live-page-loading-${step}`, ({ kind }) =>
      seen.push(`${step} ${kind}`),
    );
  }
  return seen;
};

describe("push commands outside of bindings", () => {
  afterEach(closePages);

  it("send the values of their element; values of the command replace them", async () => {
    const come = push("come", { value: { b: 2 } });
    const page = await joinPage({
      view: html`<input live-mounted=${come} live-value-a="1" live-value-b="1" value="typed" />`,
    });
    expect(await received(page)).to.deep.equal([
      ["lv:main", "hook", "come", { value: "typed", a: "1", b: 2 }],
    ]);
  });

  it("mark their element and those of loading, and show page loading, until the answer", async () => {
    const page = await joinPage({ view: html`<p></p><i></i>` });
    const seen = loadingOf(page);
    page.session.exec(query(page, "p"), push("save", { loading: "i", pageLoading: true }));
    await received(page);
    expect([query(page, "p").className, query(page, "i").className]).to.deep.equal(
      Array(2).fill("live-hook-loading"),
    );
    expect(seen).to.deep.equal(["start element"]);
    answerAll(page);
    await until(() => seen.length === 2);
    expect([query(page, "p").className, query(page, "i").className, seen[1]]).to.deep.equal([
      "",
      "",
      "stop element",
    ]);
  });

  it("send to the views of their element's live-target, even from hooks", async () => {
    const page = await openTwo(html`<div>${nothing}</div>`);
    page.session.hooks = {
      Sending: {
        mounted(this: LiveHookContext) {
          this.exec(push("hooked"));
        },
      },
    };
    page.server.push(
      "diff",
      encodeDiff(html`<b live-hook="Sending" live-target="#other" live-value-a="1"></b>
        <i live-mounted=${push("come")} live-target="#other"></i>`),
      page.server.of("phx_join")[0],
    );
    expect((await received(page, 2)).sort()).to.deep.equal([
      ["lv:other", "hook", "come", {}],
      ["lv:other", "hook", "hooked", { a: "1" }],
    ]);
  });

  it("send the values of an element that is removed", async () => {
    const page = await joinPage({
      view: html`<div>${html`<p live-remove=${push("gone", { loading: "div" })} live-value-id="7">A</p>`}</div>`,
    });
    const ping = document.createElement("i");
    page.session.exec(ping, JSON.stringify([["addClass", { names: ["here"] }]]));
    await until(() => ping.className === "here");
    page.server.push("diff", encodeDiff(html`<b>B</b>`));
    expect(await received(page)).to.deep.equal([["lv:main", "hook", "gone", { id: "7" }]]);
    expect(query(page, "div").className).to.equal("live-hook-loading");
  });

  it("work for an element outside of the page", async () => {
    const page = await joinPage();
    page.session.exec(document.createElement("i"), push("alone"));
    expect(await received(page)).to.deep.equal([["lv:main", "hook", "alone", {}]]);
  });
});

describe("push commands that exec runs from another element", () => {
  afterEach(closePages);

  it("use that element's values, marks and live-target", async () => {
    const page = await openTwo(
      html`<button live-click=${exec("data-run", "#a")} live-value-of="button"></button>
        <p id="a" data-run=${push("run")} live-value-of="a" live-target="#other"></p>`,
    );
    query(page, "button").click();
    expect(await received(page)).to.deep.equal([["lv:other", "hook", "run", { of: "a" }]]);
    expect([query(page, "button").className, query(page, "#a").className]).to.deep.equal([
      "",
      "live-hook-loading",
    ]);
  });

  it("end the binding's optimistic changes with their answer", async () => {
    const page = await joinPage({
      view: html`<button live-click=${exec("data-run", "#a")} live-optimistic='[["addClass",{"names":["on"]}]]'>
        </button><p id="a" data-run=${push("run")}></p>`,
    });
    query(page, "button").click();
    await received(page);
    expect(query(page, "button").className).to.equal("on");
    answerAll(page);
    await until(() => query(page, "button").className === "");
  });

  it("send the binding's own event if the attribute is on the bound element", async () => {
    const page = await joinPage({
      view: html`<form live-submit=${exec("data-run")} data-run=${push("save", { value: { c: 3 } })}>
        <input name="a" value="1" /><button></button></form>`,
    });
    query(page, "button").click();
    expect(await received(page)).to.deep.equal([["lv:main", "form", "save", "a=1&c=3"]]);
  });
});

describe("values of push commands", () => {
  afterEach(closePages);

  const sent = async (value: object): Promise<[string, string][]> => {
    const page = await joinPage({
      view: html`<form live-submit=${push("save", { value })}>
        <input name="user[name]" value="Ada" /><input name="user[email]" value="a@b.c" />
        <input name="tags[]" value="old" /><input name="note" value="text" /><button></button></form>`,
    });
    query(page, "button").click();
    await received(page);
    return [...new URLSearchParams(page.server.of("event")[0]!.payload.value)];
  };

  it("are serialized like form fields and replace fields of the same name", async () => {
    const value = {
      user: { name: "Grace", roles: ["a", "b"], address: { city: "Ulm" } },
      tags: ["new", 2],
      rows: [{ n: 1 }, { n: null }],
      note: null,
      isOn: true,
    };
    expect(await sent(value)).to.deep.equal([
      ["user[email]", "a@b.c"],
      ["user[name]", "Grace"],
      ["user[roles][]", "a"],
      ["user[roles][]", "b"],
      ["user[address][city]", "Ulm"],
      ["tags[]", "new"],
      ["tags[]", "2"],
      ["rows[0][n]", "1"],
      ["rows[1][n]", ""],
      ["note", ""],
      ["isOn", "true"],
    ]);
  });
});
