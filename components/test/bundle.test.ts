import { expect } from "chai";
import { html } from "lit";
import { resetClock, speedUpClock } from "./support/clock.js";

const bundle: string = new URL("../dist/script/live-session.js", import.meta.url).href;

describe("the script tag's bundle", () => {
  let support: typeof import("./support/live-page.js");
  let until: typeof import("./support/live-fixture.js").until;

  before(async () => {
    // Must be imported first, so that the bundle registers the elements and not the sources.
    await import(bundle);
    const { warn } = console;
    const warnings: unknown[] = [];
    console.warn = (warning) => warnings.push(warning);
    support = await import("./support/live-page.js");
    console.warn = warn;
    expect(warnings).to.have.length(4);
    for (const warning of warnings) expect(warning).to.match(/^<[a-z-]+> is defined already\./);
    ({ until } = await import("./support/live-fixture.js"));
  });

  afterEach(async () => {
    resetClock();
    await support.closePages();
  });

  it("joins with Phoenix's protocol and hydrates the page", async () => {
    const view = html`<p class=${"a"}>${"Hello"}</p>`;
    const { session, server } = support.openPage({ view });
    const p = session.querySelector("p")!;
    await until(() => session.status === "connected");
    const url = new URL(server.sockets[0]!.url);
    expect(url.pathname + url.search).to.equal("/live/websocket?_csrf_token=csrf&vsn=2.0.0");
    const [join] = server.received;
    expect(join!.topic).to.equal("lv:main");
    expect(join!.ref).to.equal(join!.joinRef);
    server.push("diff", { diff: { "0": "b", "1": "Bye" } });
    await until(() => p.textContent === "Bye");
    expect(p.className).to.equal("b");
  });

  it("pushes events and receives replies", async () => {
    const { session, server } = await support.joinPage({
      view: html`<button live-click="inc">${0}</button>`,
    });
    session.querySelector("button")!.click();
    const event = await until(() => server.of("event")[0]);
    expect(event.payload).to.deep.equal({ type: "click", event: "inc", value: {} });
    server.reply(event, { diff: { "0": 1 } });
    await until(() => session.querySelector("button")!.textContent === "1");
  });

  it("loads the module for commands when the first command runs", async () => {
    const hide = JSON.stringify([
      ["push", { event: "inc" }],
      ["hide", {}],
    ]);
    const { session, server } = await support.joinPage({
      view: html`<button live-click=${hide}>+</button>`,
    });
    const button = session.querySelector("button")!;
    button.click();
    await until(() => button.getClientRects().length === 0);
    expect(server.of("event")).to.have.length(1);
  });

  it("rejoins after a crash and after a lost connection, and leaves", async () => {
    const { session, server } = await support.joinPage();
    server.push("phx_error", {});
    await until(() => session.status === "error");
    await until(() => session.status === "connected");
    server.drop();
    await until(() => session.status === "disconnected");
    await until(() => session.status === "connected");
    expect(server.sockets).to.have.length(2);
    session.remove();
    await until(() => server.of("phx_leave").length === 1 && server.sockets[1]!.readyState === 3);
  });

  it("sends heartbeats, and connects again when the server does not answer", async () => {
    speedUpClock();
    const { server } = await support.joinPage();
    await until(() => server.of("heartbeat").length > 0);
    expect(server.of("heartbeat")[0]!.topic).to.equal("phoenix");
    await until(() => server.sockets.length === 2);
  });
});
