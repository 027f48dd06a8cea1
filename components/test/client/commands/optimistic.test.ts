import { expect } from "chai";
import { html } from "lit";
import { resetClock, speedUpClock } from "../../support/clock.js";
import { until } from "../../support/live-fixture.js";
import { closePages, joinPage, type LivePage } from "../../support/live-page.js";

const query = <T extends HTMLElement = HTMLElement>({ session }: LivePage, selector: string): T =>
  session.querySelector<T>(selector)!;

const isShown = (live: LivePage, selector: string): boolean =>
  query(live, selector).getClientRects().length > 0;

const hide = JSON.stringify([["hide", { to: { closest: "li" } }]]);
const like = JSON.stringify([["addClass", { names: ["liked"] }]]);

/** Opens a page with an item whose button hides it before the server has answered. */
const listPage = (): Promise<LivePage> =>
  joinPage({
    view: html`<ul>
        ${html`<li><button live-click="close" live-optimistic=${hide}>Close</button></li>`}
      </ul>
      <p>${"one"}</p>`,
  });

/** Clicks and waits until the event has been sent. */
async function click(live: LivePage, selector = "button"): Promise<void> {
  const { length } = live.server.of("event");
  query(live, selector).click();
  await until(() => live.server.of("event").length > length);
}

describe("optimistic changes", () => {
  afterEach(closePages);

  it("are shown at once and replaced by what the server renders", async () => {
    const live = await listPage();
    await click(live);
    expect(isShown(live, "li")).to.equal(false);
    live.server.push("diff", { diff: { 1: "two" } });
    await until(() => query(live, "p").textContent === "two");
    expect(isShown(live, "li")).to.equal(false);
    live.server.reply(live.server.of("event")[0]!, { diff: { 0: { n: 1 } } });
    await until(() => !live.session.querySelector("li"));
  });

  it("are undone when the server changes nothing", async () => {
    const live = await listPage();
    await click(live);
    live.server.reply(live.server.of("event")[0]!, {});
    await until(() => isShown(live, "li"));
  });

  it("are undone when the server refuses", async () => {
    const live = await listPage();
    await click(live);
    live.server.reply(live.server.of("event")[0]!, {}, "error");
    await until(() => isShown(live, "li"));
  });

  it("are undone when the connection is lost before the answer", async () => {
    const live = await listPage();
    await click(live);
    live.server.drop();
    await until(() => isShown(live, "li"));
  });

  it("are undone when the answer does not come in time", async () => {
    const live = await listPage();
    speedUpClock();
    await click(live);
    expect(isShown(live, "li")).to.equal(false);
    await until(() => isShown(live, "li"));
    resetClock();
  });

  it("are not kept when the view is not connected", async () => {
    const live = await listPage();
    live.server.onJoin = () => undefined;
    live.server.push("phx_error", {});
    await until(() => live.session.status === "error");
    query(live, "button").click();
    await until(() => isShown(live, "li"));
    expect(live.server.of("event")).to.deep.equal([]);
  });

  it("of two clicks last until the last answer", async () => {
    const live = await joinPage({
      view: html`<button live-click="like" live-optimistic=${like}></button>`,
    });
    await click(live);
    await click(live);
    const [first, second] = live.server.of("event");
    const { classList } = query(live, "button");
    live.server.reply(first!, { title: "refused" }, "error");
    live.server.push("diff", { title: "after the first" });
    await until(() => document.title === "after the first");
    expect(classList.contains("liked")).to.equal(true);
    live.server.reply(second!, {});
    await until(() => !classList.contains("liked"));
  });

  it("keep what the server has changed meanwhile", async () => {
    const live = await joinPage({
      view: html`<button class=${"plain"} live-click="like" live-optimistic=${like}></button>`,
    });
    await click(live);
    const button = query(live, "button");
    live.server.push("diff", { diff: { 0: "bold" } });
    await until(() => button.classList.contains("bold"));
    expect(button.classList.contains("liked")).to.equal(true);
    live.server.reply(live.server.of("event")[0]!, { diff: { 0: "bold liked" } });
    await until(() => button.className === "bold liked");
  });

  it("may be a command without arguments", async () => {
    const live = await joinPage({
      view: html`<button live-click="close" live-optimistic="hide">x</button>`,
    });
    await click(live);
    expect(isShown(live, "button")).to.equal(false);
    live.server.reply(live.server.of("event")[0]!, {}, "error");
    await until(() => isShown(live, "button"));
  });

  it("are reported when they cannot be undone, and no event is sent", async () => {
    const live = await joinPage({
      view: html`<button live-click="close" live-optimistic="focus">x</button>`,
    });
    const messages: string[] = [];
    live.session.addEventListener("live-error", ({ message }) => messages.push(message));
    query(live, "button").click();
    await until(() => messages.length === 1);
    expect(messages).to.deep.equal(['the command "focus" is unknown or cannot be undone']);
    expect(live.server.of("event")).to.deep.equal([]);
  });
});
