import { expect } from "chai";
import type { LiveErrorEvent } from "../../../src/index.js";
import { speedUpClock } from "../../support/clock.js";
import { until } from "../../support/live-fixture.js";
import { closePages, joinReply, openPage } from "../../support/live-page.js";
import { stopPageLoadsOfTests } from "../../support/page-loads.js";

describe("a refused join of the page's view", () => {
  const loads = stopPageLoadsOfTests();

  const openRefused = (reason: string, error: object = {}) => {
    const page = openPage();
    page.server.onJoin = () => ({ error: { reason, ...error } });
    return page;
  };

  for (const reason of ["stale", "unauthorized"]) {
    it(`reloads the page when ${reason}`, async () => {
      openRefused(reason);
      await until(() => loads.length > 0);
      expect(loads).to.deep.equal([{ url: location.href, type: "reload" }]);
    });
  }

  it("stops reloading the page after three times and reports that", async () => {
    for (let i = 1; i <= 3; i++) {
      openRefused("stale");
      await until(() => loads.length === i);
      await closePages();
    }
    const { session } = openRefused("stale");
    const codes: string[] = [];
    session.addEventListener("live-error", ({ code }) => codes.push(code));
    await until(() => codes.length > 0);
    expect(codes).to.deep.equal(["LIVE_ERR_STALE"]);
    expect(session.status).to.equal("error");
    expect(loads).to.have.length(3);
  });

  it("resets the count of reloads when it joins", async () => {
    openRefused("stale");
    await until(() => loads.length === 1);
    await closePages();
    const { session } = openPage();
    await until(() => session.status === "connected");
    expect(sessionStorage).to.have.length(0);
  });

  it("does not reload the page if reloads cannot be counted", async () => {
    const { setItem } = Storage.prototype;
    Storage.prototype.setItem = () => {
      throw new DOMException("blocked", "SecurityError");
    };
    try {
      const { session } = openRefused("stale");
      await until(() => session.status === "error");
      expect(loads).to.deep.equal([]);
    } finally {
      Storage.prototype.setItem = setItem;
    }
  });

  it("loads the page that it is redirected to, with the flash in a cookie", async () => {
    openRefused("redirect", { to: "/users/log_in", flash: "signed" });
    await until(() => loads.length > 0);
    expect(loads).to.deep.equal([
      { url: new URL("/users/log_in", location.href).href, type: "replace" },
    ]);
    expect(document.cookie).to.contain("__live_flash__=signed");
    // biome-ignore lint/suspicious/noDocumentCookie: there is no other way to clear it at once
    document.cookie = "__live_flash__=; path=/; max-age=0";
  });

  it("stops following redirects from page to page without a join", async () => {
    for (let i = 1; i <= 3; i++) {
      openRefused("redirect", { to: `/round/${i}` });
      await until(() => loads.length === i);
      await closePages();
    }
    const { session } = openRefused("redirect", { to: "/round/4" });
    const { code } = await new Promise<LiveErrorEvent>((resolve) => {
      session.addEventListener("live-error", resolve, { once: true });
    });
    expect(code).to.equal("LIVE_ERR_STALE");
    expect(loads.map(({ url }) => new URL(url).pathname)).to.deep.equal([
      "/round/1",
      "/round/2",
      "/round/3",
    ]);
  });

  it("is tried again when the view crashed", async () => {
    const page = openRefused("crashed");
    const codes: string[] = [];
    page.session.addEventListener("live-error", ({ code }) => codes.push(code));
    await until(() => page.session.status === "error");
    page.server.onJoin = () => joinReply("up again");
    await until(() => page.session.status === "connected");
    expect(codes).to.deep.equal(["LIVE_ERR_JOIN_FAILED"]);
    expect(page.server.of("phx_join")[1]!.payload.params).to.deep.include({
      _mounts: 0,
      _attempts: 1,
    });
    expect(loads).to.deep.equal([]);
  });

  it("reloads the page when the view crashes repeatedly", async () => {
    speedUpClock();
    const page = openRefused("crashed");
    await until(() => loads.length > 0);
    expect(loads[0]).to.deep.equal({ url: location.href, type: "reload" });
    expect(page.server.of("phx_join").length).to.be.at.least(3);
  });

  it("does not reload the page if the view has been joined in the meantime", async () => {
    speedUpClock();
    // Makes the next attempt happen before the reload.
    Math.random = () => 0.5;
    const page = openRefused("crashed");
    await until(() => page.server.of("phx_join").length === 3);
    page.server.onJoin = () => joinReply("up again");
    await until(() => page.session.status === "connected");
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    expect(loads).to.deep.equal([]);
  });

  it("does not count when the socket does not open", async () => {
    speedUpClock();
    // Uses a server that no page has connected to before.
    const page = openPage({ attributes: 'url="/hung"' });
    page.server.ignoresSockets = true;
    const codes: string[] = [];
    page.session.addEventListener("live-error", ({ code }) => codes.push(code));
    await until(() => page.session.status === "disconnected");
    await new Promise((resolve) => setTimeout(resolve, 30_000));
    page.server.ignoresSockets = false;
    await until(() => page.session.status === "connected");
    expect([codes, loads]).to.deep.equal([[], []]);
  });

  it("is tried again when it is not answered", async () => {
    speedUpClock();
    const page = openPage();
    page.server.onJoin = () => undefined;
    await until(() => page.server.of("phx_join").length === 1);
    page.server.onJoin = () => joinReply("at last");
    await until(() => page.session.status === "connected");
    expect(page.server.of("phx_join")[1]!.payload.params._attempts).to.equal(1);
  });
});
