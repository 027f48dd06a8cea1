import { expect } from "chai";
import { html } from "lit";
import { until } from "../../support/live-fixture.js";
import { closePages, joinPage } from "../../support/live-page.js";

describe("the debugging tools of a live session", () => {
  const { log } = console;
  let logged: unknown[][];

  before(async () => {
    const { session } = await joinPage();
    await until(() => session.debug.enableDebug);
    await closePages();
  });

  beforeEach(() => {
    logged = [];
    console.log = (...entry) => logged.push(entry);
  });

  afterEach(async () => {
    const { debug } = document.querySelector("live-session")!;
    await debug.disableDebug();
    await debug.disableLatencySim();
    await closePages();
    console.log = log;
    expect(sessionStorage.getItem("live-session:debug")).to.equal(null);
  });

  const view = html`<button live-click="inc" live-every-click>${0}</button>`;

  it("log each frame to the console after enableDebug", async () => {
    const { session, server } = await joinPage({ view });
    session.querySelector("button")!.click();
    server.reply(await until(() => server.of("event")[0]), { diff: { "0": 1 } });
    await until(() => session.querySelector("button")!.textContent === "1");
    expect(logged).to.deep.equal([]);
    await session.debug.enableDebug();
    session.querySelector("button")!.click();
    server.reply(await until(() => server.of("event")[1]), { diff: { "0": 2 } });
    await until(() => session.querySelector("button")!.textContent === "2");
    expect(logged).to.deep.equal([
      ["→", "lv:main", "event", { type: "click", event: "inc", value: {} }],
      ["←", "lv:main", "phx_reply", { status: "ok", response: { diff: { "0": 2 } } }],
    ]);
    await session.debug.disableDebug();
    session.querySelector("button")!.click();
    expect(logged).to.have.length(2);
  });

  it("apply to the page only if the browser blocks storage", async () => {
    const { sessionStorage } = window;
    const rejections: unknown[] = [];
    const note = (e: PromiseRejectionEvent): void => void rejections.push(e.reason);
    addEventListener("unhandledrejection", note);
    Object.defineProperty(window, "sessionStorage", {
      configurable: true,
      get: () => {
        throw new DOMException("blocked", "SecurityError");
      },
    });
    try {
      const { session, server } = await joinPage({ view });
      await session.debug.enableDebug();
      session.querySelector("button")!.click();
      await until(() => server.of("event")[0]);
      expect(logged).to.have.length(1);
      await session.debug.disableDebug();
      expect(rejections).to.deep.equal([]);
    } finally {
      Object.defineProperty(window, "sessionStorage", {
        configurable: true,
        get: () => sessionStorage,
      });
      removeEventListener("unhandledrejection", note);
    }
  });

  it("delay frames in both directions and in order, even when the latency changes", async () => {
    const { session, server } = await joinPage({ view });
    await session.debug.enableLatencySim(200);
    const start = performance.now();
    const button = session.querySelector("button")!;
    button.setAttribute("live-every-click", "");
    button.click();
    await session.debug.enableLatencySim(100);
    button.click();
    await session.debug.disableLatencySim();
    button.click();
    expect(server.of("event")).to.deep.equal([]);
    const refs = await until(() =>
      server.of("event").length === 3 ? server.of("event") : undefined,
    );
    expect(refs.map(({ ref }) => Number(ref))).to.deep.equal(
      refs.map(({ ref }) => Number(ref)).sort((a, b) => a - b),
    );
    await session.debug.enableLatencySim(200);
    const answered = performance.now();
    server.reply(refs[0]!, { diff: { "0": 1 } });
    await until(() => button.textContent === "1");
    expect(performance.now() - answered).to.be.at.least(195);
    expect(answered - start).to.be.at.least(95);
  });

  it("are stored in the tab", async () => {
    const { session } = await joinPage();
    await session.debug.enableLatencySim(150);
    expect(JSON.parse(sessionStorage.getItem("live-session:debug")!)).to.deep.equal({
      log: false,
      latency: 150,
    });
    await closePages();
    const start = performance.now();
    const { server } = await joinPage();
    expect(performance.now() - start).to.be.at.least(290);
    expect(server.of("phx_join")).to.have.length(1);
  });
});
