import { expect } from "chai";
import { passTime, stopClock } from "../../support/clock.js";
import { click, heading, layout, startPage } from "../../support/linked-page.js";
import { until } from "../../support/live-fixture.js";
import { joinReply, type LivePage, openPage } from "../../support/live-page.js";
import { entriesAdded, stopPageLoadsOfTests } from "../../support/page-loads.js";

/** Moves in the history and waits for the browser. */
const go = (steps: number): Promise<void> =>
  new Promise((resolve) => {
    window.addEventListener("popstate", () => resolve(), { once: true });
    history.go(steps);
  });

const push = (page: LivePage, to: string): void =>
  page.server.push("live_patch", { to, kind: "push" });

/** Returns the URL of a path. */
const at = (path: string): string => new URL(path, location.href).href;

describe("the history of a page", () => {
  stopPageLoadsOfTests();
  const { pushState, replaceState } = history;
  let calls = 0;

  /** Allows a number of changes. Further ones throw as in Firefox and WebKit, or do nothing as in Chromium. */
  const limitHistory = (max: number, throws = true): void => {
    calls = 0;
    const limited =
      (change: typeof pushState): typeof pushState =>
      (...args) => {
        calls++;
        if (calls <= max) change.apply(history, args);
        else if (throws) throw new DOMException("too many calls", "SecurityError");
      };
    history.pushState = limited(pushState);
    history.replaceState = limited(replaceState);
  };
  const unlimitHistory = (): void => {
    Object.assign(history, { pushState, replaceState });
  };
  afterEach(unlimitHistory);

  it("is changed once by a patch", async () => {
    const page = await startPage();
    limitHistory(Number.POSITIVE_INFINITY);
    for (let i = 0; i < 10; i++) push(page, `/a?page=${i}`);
    await until(() => location.search === "?page=9");
    expect(calls).to.equal(10);
  });

  it("is not changed by a rejoin", async () => {
    const page = await startPage();
    limitHistory(Number.POSITIVE_INFINITY);
    page.server.drop();
    await until(() => page.server.of("phx_join").length === 2);
    await until(() => page.session.status === "connected");
    expect(calls).to.equal(0);
  });

  for (const throws of [true, false]) {
    const how = throws ? "throws" : "ignores calls";

    it(`gets the last URL later if the browser ${how} after too many changes`, async () => {
      const page = await startPage();
      const length = entriesAdded();
      stopClock();
      limitHistory(3, throws);
      const hrefs: string[] = [];
      page.session.addEventListener("live-navigate", ({ href }) => hrefs.push(href));
      for (let i = 1; i <= 6; i++) push(page, `/a?page=${i}`);
      await until(() => hrefs.length === 6);
      expect(location.href).to.equal(at("/a?page=3"));
      expect(hrefs.at(-1)).to.equal(at("/a?page=6"));
      passTime(1000);
      expect(location.href).to.equal(at("/a?page=3"));
      unlimitHistory();
      passTime(1000);
      expect(location.href).to.equal(at("/a?page=6"));
      expect(entriesAdded()).to.equal(length + 4);
      expect(page.session.status).to.equal("connected");
    });

    it(`does not stop a view from joining if the browser ${how}`, async () => {
      const page = openPage({ view: layout(location.href), joined: layout });
      limitHistory(0, throws);
      await until(() => page.session.status === "connected");
      click(page, "a");
      await until(() => heading(page) === "/a");
      expect(page.session.status).to.equal("connected");
      expect(location.pathname).to.not.equal("/a");
      page.server.drop();
      await until(() => page.server.of("phx_join").length === 3);
      expect(page.server.of("phx_join")[2]!.payload.url).to.equal(at("/a"));
      await until(() => page.session.status === "connected");
    });
  }

  it("agrees with the view if a patch of the server crosses with back", async () => {
    const page = await startPage();
    const { server } = page;
    push(page, "/a?page=1");
    push(page, "/a?page=2");
    await until(() => location.search === "?page=2");
    await go(-1);
    const patch = await until(() => server.of("live_patch")[0]);
    expect(patch.payload.url).to.equal(at("/a?page=1"));
    push(page, "/a?page=3");
    await until(() => location.search === "?page=3");
    server.reply(patch, {});
    await until(() => location.search === "?page=1");
    server.drop();
    const rejoin = await until(() => server.of("phx_join")[1]);
    expect(rejoin.payload.url).to.equal(at("/a?page=1"));
  });

  it("mounts the view of an earlier entry again after a reload", async () => {
    const page = await startPage();
    push(page, "/a?page=1");
    push(page, "/a?page=2");
    await until(() => location.search === "?page=2");
    // A page that is loaded again finds the state of its entry.
    page.session.remove();
    await new Promise((resolve) => setTimeout(resolve));
    const reloaded = await startPage();
    await go(-1);
    const join = await until(() => reloaded.server.of("phx_join")[1]);
    expect(join.payload.redirect).to.equal(at("/a?page=1"));
    expect(reloaded.server.of("live_patch")).to.deep.equal([]);
  });

  describe("when a redirect answers", () => {
    /** Redirects joins at a path to `/b`. */
    const redirectFrom = (page: LivePage, path: string): void => {
      page.server.onJoin = (payload) => {
        const url = payload.redirect ?? payload.url;
        return new URL(url).pathname === path
          ? { error: { reason: "live_redirect", to: "/b", kind: "push" } }
          : joinReply(layout(url, payload));
      };
    };

    it("the first join, has no entry of the first URL", async () => {
      const length = entriesAdded();
      const page = openPage({ view: layout(location.href) });
      redirectFrom(page, location.pathname);
      await until(() => location.pathname === "/b" && heading(page) === "/b");
      expect(entriesAdded()).to.equal(length);
    });

    it("a rejoin, has no entry of the earlier URL", async () => {
      const page = await startPage();
      click(page, "a");
      await until(() => location.pathname === "/a");
      const length = entriesAdded();
      redirectFrom(page, "/a");
      page.server.drop();
      await until(() => location.pathname === "/b" && heading(page) === "/b");
      expect(entriesAdded()).to.equal(length);
    });

    it("a step back to another view, replaces the entry of that view", async () => {
      const page = await startPage();
      const start = location.pathname;
      click(page, "a");
      await until(() => location.pathname === "/a");
      push(page, "/a?page=2");
      await until(() => location.search === "?page=2");
      click(page, "b");
      await until(() => location.pathname === "/b" && heading(page) === "/b");
      redirectFrom(page, "/a");
      const length = entriesAdded();
      await go(-1);
      await until(() => location.pathname === "/b" && heading(page) === "/b");
      expect(entriesAdded()).to.equal(length);
      await go(-1);
      await until(() => location.pathname === "/b" && heading(page) === "/b");
      await go(-1);
      await until(() => location.pathname === start && heading(page) === start);
    });

    it("a step back to a patch, replaces the entry of that patch", async () => {
      const page = await startPage();
      const { server } = page;
      push(page, "/a?page=1");
      push(page, "/a?page=2");
      await until(() => location.search === "?page=2");
      const length = entriesAdded();
      await go(-1);
      const patch = await until(() => server.of("live_patch")[0]);
      server.reply(patch, { live_redirect: { to: "/b", kind: "push" } });
      await until(() => location.pathname === "/b");
      expect(entriesAdded()).to.equal(length);
      await go(1);
      expect(location.search).to.equal("?page=2");
    });

    it("a step back with another patch, replaces the entry", async () => {
      const page = await startPage();
      const { server } = page;
      push(page, "/a?page=1");
      push(page, "/a?page=2");
      await until(() => location.search === "?page=2");
      const length = entriesAdded();
      await go(-1);
      const patch = await until(() => server.of("live_patch")[0]);
      server.reply(patch, { live_patch: { to: "/a?page=7", kind: "push" } });
      await until(() => location.search === "?page=7");
      expect(entriesAdded()).to.equal(length);
    });
  });
});
