import { expect } from "chai";
import { html } from "lit";
import type { LiveHookContext } from "../../../src/index.js";
import type { Received } from "../../support/fake-server.js";
import { until } from "../../support/live-fixture.js";
import { closePages, insert, joinPage, joinReply, type LivePage } from "../../support/live-page.js";

const query = <T extends HTMLElement = HTMLElement>({ session }: LivePage, selector: string): T =>
  session.querySelector<T>(selector)!;

/** Opens a page with two more live sessions beside the main one. */
async function open(view: unknown): Promise<LivePage> {
  const page = await joinPage({ view });
  page.server.onJoin = () => joinReply(html`<p class="inside"></p>`);
  const others = ["one", "two"].map((id) =>
    insert(`<live-session id="${id}" class="other" token="t"></live-session>`),
  );
  await until(() => others.every(({ status }) => status === "connected"));
  return page;
}

const events = ({ server }: LivePage): Received[] => server.of("event");
const sent = (page: LivePage): unknown[] =>
  events(page).map(({ topic, payload }) => [
    topic.slice("lv:".length),
    payload.type,
    payload.event,
    payload.value,
  ]);

const push = (options: object): string => JSON.stringify([["push", { event: "go", ...options }]]);

describe("events for other live sessions", () => {
  afterEach(closePages);

  it("go to every view that a selector finds, and not to their own view", async () => {
    const page = await open(
      html`<button live-click="go" live-target=".other" live-value-id="7"></button>`,
    );
    query(page, "button").click();
    await until(() => events(page).length === 2);
    expect(sent(page)).to.deep.equal([
      ["one", "click", "go", { id: "7" }],
      ["two", "click", "go", { id: "7" }],
    ]);
  });

  it("go once to the view that contains several elements", async () => {
    const page = await open(
      html`<button live-click="go" live-target="#one, #one .inside"></button>`,
    );
    query(page, "button").click();
    await until(() => events(page).length > 0);
    expect(sent(page)).to.deep.equal([["one", "click", "go", {}]]);
  });

  it("go to their own view without the attribute", async () => {
    const page = await open(html`<button live-click="go"></button>`);
    query(page, "button").click();
    expect(sent(page)).to.deep.equal([["main", "click", "go", {}]]);
  });

  it("contain forms", async () => {
    const page =
      await open(html`<form live-submit="save" live-target="#two"><input name="a" value="1" />
      <button></button></form>`);
    query(page, "button").click();
    await until(() => events(page).length > 0);
    expect(sent(page)).to.deep.equal([["two", "form", "save", "a=1"]]);
  });

  it("mark the element as loading until the last of the views has answered", async () => {
    const page = await open(
      html`<button live-click="go" live-target=".other" live-disable-with="Wait"></button>`,
    );
    const button = query<HTMLButtonElement>(page, "button");
    button.click();
    await until(() => events(page).length === 2);
    page.server.reply(events(page)[0]!, { diff: {}, reply: {} });
    page.server.push("diff", { title: "shown" }, page.server.of("phx_join")[0]);
    await until(() => document.title === "shown");
    expect([button.className, button.disabled]).to.deep.equal(["live-click-loading", true]);
    page.server.reply(events(page)[1]!, {}, "error");
    await until(() => button.className === "");
    expect(button.disabled).to.equal(false);
  });

  it("go to the target of a command rather than that of the attribute", async () => {
    const page = await open(
      html`<button live-target="#one" live-click=${push({ target: "#two", value: { a: 1 } })}></button>`,
    );
    query(page, "button").click();
    await until(() => events(page).length > 0);
    expect(sent(page)).to.deep.equal([["two", "click", "go", { a: 1 }]]);
  });

  it("go to the target of a command that the page runs", async () => {
    const page = await open(html`<p></p>`);
    page.session.exec(query(page, "p"), push({ target: "#two", value: { a: 1 } }));
    await until(() => events(page).length > 0);
    expect(sent(page)).to.deep.equal([["two", "hook", "go", { a: 1 }]]);
  });

  it("are reported as an error if the target is not in a live session", async () => {
    const page = await open(html`<button live-click="go" live-target="#nowhere"></button>`);
    const reported = new Promise<string>((resolve) => {
      page.session.addEventListener("live-error", ({ code, message }) =>
        resolve(`${code} ${message}`),
      );
    });
    query(page, "button").click();
    expect(await reported).to.equal(
      "LIVE_ERR_COMMAND the target of the event is not in a live session",
    );
    expect(events(page)).to.deep.equal([]);
  });

  it("are sent by hooks, which get the replies", async () => {
    const page = await open(html`<b live-hook="Sending"></b>`);
    let answered: Promise<unknown> = Promise.resolve();
    let missed: Promise<unknown> = Promise.resolve();
    page.session.hooks = {
      Sending: {
        mounted(this: LiveHookContext) {
          answered = this.pushEventTo(".other", "go", { a: 1 });
          missed = this.pushEventTo(document.body, "go").catch(({ message }) => message);
        },
      },
    };
    await until(() => events(page).length === 2);
    expect(sent(page)).to.deep.equal([
      ["one", "hook", "go", { a: 1 }],
      ["two", "hook", "go", { a: 1 }],
    ]);
    for (const [i, event] of events(page).entries()) page.server.reply(event, { reply: { i } });
    expect(await answered).to.deep.equal([{ i: 0 }, { i: 1 }]);
    expect(await missed).to.equal("the target of the event is not in a live session");
  });

  it("are not sent to recover forms after a rejoin", async () => {
    const view = html`<form id="f" live-change="change" live-target="#one"><input name="a" /></form>
      <form id="g" live-change="change"><input name="b" value="1" /></form>`;
    const page = await open(view);
    page.server.onJoin = () => joinReply(view);
    page.server.drop();
    await until(() => events(page).length > 0);
    expect(events(page).map(({ payload }) => payload.value)).to.deep.equal([
      "_unused_b=&b=1&_target=b",
    ]);
  });
});
