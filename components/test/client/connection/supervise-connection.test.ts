import { expect } from "chai";
import { html } from "lit";
import { passTime, speedUpClock, stopClock } from "../../support/clock.js";
import { fakeServer } from "../../support/fake-server.js";
import { until } from "../../support/live-fixture.js";
import { closePages, insert, joinPage, joinReply, type LivePage } from "../../support/live-page.js";
import { stopPageLoadsOfTests } from "../../support/page-loads.js";

describe("the connection of a page", () => {
  const loads = stopPageLoadsOfTests();

  before(async () => {
    // The client loads this module too; the test waits for it.
    await joinPage();
    await import("../../../src/client/connection/supervise-connection.js");
    await closePages();
  });

  const statuses = ({ session }: LivePage): string[] => {
    const seen: string[] = [];
    new MutationObserver(() => seen.push(session.status)).observe(session, {
      attributeFilter: ["status"],
    });
    return seen;
  };
  const settled = () => new Promise((resolve) => setTimeout(resolve, 50));

  describe("when the user returns to the page", () => {
    const look = () => document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));

    it("is closed if the server does not answer a heartbeat", async () => {
      const page = await joinPage();
      speedUpClock();
      look();
      await until(() => page.server.of("heartbeat").length === 1);
      await until(() => page.server.sockets.length === 2 && page.session.status === "connected");
      expect(page.server.of("phx_join")).to.have.length(2);
      expect(page.server.sockets[0]!.readyState).to.equal(3);
    });

    it("stays if the server answers", async () => {
      const page = await joinPage();
      page.server.answersHeartbeats = true;
      const seen = statuses(page);
      speedUpClock();
      for (const event of ["resume", "visibilitychange"]) document.dispatchEvent(new Event(event));
      window.dispatchEvent(new Event("online"));
      await until(() => page.server.of("heartbeat").length === 3);
      await settled();
      expect(page.server.sockets).to.have.length(1);
      expect(seen).to.deep.equal([]);
    });

    it("stays if the server answers after the user has returned a second time", async () => {
      const { server } = await joinPage();
      stopClock();
      look();
      passTime(1900);
      look();
      passTime(0);
      expect(server.of("heartbeat")).to.have.length(2);
      passTime(1000);
      expect(server.sockets[0]!.readyState).to.equal(1);
      passTime(1000);
      expect(server.sockets[0]!.readyState).to.equal(3);
    });

    it("stays if a frame arrives before the answer, which may wait behind large updates", async () => {
      const { server, session } = await joinPage();
      stopClock();
      look();
      passTime(1900);
      server.push("diff", { title: "large" });
      await until(() => document.title === "large");
      passTime(1000);
      expect(server.sockets[0]!.readyState).to.equal(1);
      expect(session.status).to.equal("connected");
    });

    it("stays while the parts of a large update arrive, and shows the update", async () => {
      const { server, session } = await joinPage({ view: html`<p>${"small"}</p>` });
      const socket = server.sockets[0]!;
      const [join] = server.of("phx_join");
      const update = { diff: { 0: "large".repeat(100) } };
      const frame = JSON.stringify([join!.joinRef, null, join!.topic, "diff", update]);
      stopClock();
      look();
      for (let i = 0; i < 5; i++) {
        passTime(1900);
        socket.onmessage?.({ data: `+${frame.slice(i * 50, (i + 1) * 50)}` });
      }
      socket.onmessage?.({ data: frame.slice(250) });
      passTime(1900);
      expect(session.querySelector("p")!.textContent).to.equal("large".repeat(100));
      expect(server.sockets).to.have.length(1);
      expect(session.status).to.equal("connected");
    });

    it("forgets the parts of a frame that a lost connection has cut", async () => {
      const { server, session } = await joinPage();
      server.sockets[0]!.onmessage?.({ data: '+[null,null,"lv:main","diff",{"title":"cut' });
      server.drop();
      await until(() => server.of("phx_join").length === 2);
      await until(() => session.status === "connected");
      server.push("diff", { title: "whole" });
      await until(() => document.title === "whole");
    });

    for (const type of ["online", "visibilitychange"]) {
      it(`is opened at once on ${type} if it was lost`, async () => {
        const page = await joinPage();
        const { server, session } = page;
        // Makes the delay after the first attempts longer than the test.
        Math.random = () => 1000;
        server.refusesSockets = true;
        server.drop();
        await until(() => session.status === "disconnected");
        server.refusesSockets = false;
        if (type === "online") window.dispatchEvent(new Event("online"));
        else look();
        await until(() => session.status === "connected");
        expect(server.sockets).to.have.length(2);
      });
    }
  });

  describe("that delivers nothing after an event", () => {
    const sendEvent = async () => {
      const page = await joinPage({ view: html`<button live-click="inc">+</button>` });
      stopClock();
      page.session.querySelector("button")?.click();
      expect(page.server.of("event")).to.have.length(1);
      return page;
    };

    it("is closed if a heartbeat is not answered either", async () => {
      const { server } = await sendEvent();
      passTime(3000);
      expect(server.of("heartbeat")).to.have.length(1);
      expect(server.sockets[0]!.readyState).to.equal(1);
      passTime(5000);
      expect(server.sockets[0]!.readyState).to.equal(3);
    });

    it("stays if a heartbeat is answered, because the event only takes long", async () => {
      const { server } = await sendEvent();
      server.answersHeartbeats = true;
      passTime(3000);
      expect(server.of("heartbeat")).to.have.length(1);
      await Promise.resolve();
      passTime(10_000);
      expect(server.sockets[0]!.readyState).to.equal(1);
    });

    it("stays while the browser has not sent everything, as with a large file", async () => {
      const { server } = await sendEvent();
      server.sockets[0]!.bufferedAmount = 1;
      passTime(20_000);
      expect(server.sockets[0]!.readyState).to.equal(1);
    });
  });

  it("is tried again when a socket does not open", async () => {
    const { server, session } = await joinPage();
    server.ignoresSockets = true;
    speedUpClock();
    server.drop();
    await until(() => server.sockets.length === 2);
    server.ignoresSockets = false;
    await until(() => session.status === "connected");
    expect(server.sockets).to.have.length(3);
    expect(server.sockets[1]!.readyState).to.equal(3);
  });

  it("keeps a socket that does not open while the server answers no request", async () => {
    const { server, session } = await joinPage();
    server.ignoresSockets = true;
    server.requestStatus = 0;
    speedUpClock();
    server.drop();
    await until(() => server.requests.length >= 3);
    expect(server.sockets).to.have.length(2);
    expect(server.sockets[1]!.readyState).to.equal(0);
    server.ignoresSockets = false;
    server.requestStatus = 404;
    await until(() => session.status === "connected");
  });

  it("opens few sockets while the server answers no request", async () => {
    const { server, session } = await joinPage();
    server.refusesSockets = true;
    server.requestStatus = 502;
    speedUpClock();
    server.drop();
    await until(() => server.requests.length >= 6);
    expect(server.sockets.length).to.be.below(6);
    server.refusesSockets = false;
    server.requestStatus = 404;
    await until(() => session.status === "connected");
  });

  it("is tried again when the very first socket does not open", async () => {
    speedUpClock();
    const server = fakeServer();
    server.ignoresSockets = true;
    server.onJoin = () => joinReply(html`<p>Hello</p>`);
    // Uses a server that no page has connected to before.
    const session = insert('<live-session token="signed" url="/fresh"></live-session>');
    await until(() => server.sockets[0]?.readyState === 3);
    server.ignoresSockets = false;
    await until(() => session.status === "connected");
    expect(server.sockets).to.have.length.at.least(2);
  });

  it("is opened once if all sessions are inserted again while it is closing", async () => {
    const { server, session } = await joinPage();
    const other = insert('<live-session id="other" token="signed"></live-session>');
    await until(() => other.status === "connected");
    server.closesSlowly = true;
    for (const each of [session, other]) each.remove();
    await settled();
    expect(server.sockets[0]!.readyState).to.equal(2);
    document.body.append(session, other);
    await until(() => session.status === "connected" && other.status === "connected");
    const seen = statuses({ server, session });
    server.sockets[0]!.finishClosing();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(server.sockets).to.have.length(2);
    expect(seen).to.deep.equal([]);
    server.closesSlowly = false;
  });

  it("tries long polling, and keeps trying WebSockets if the server has none", async () => {
    const { server, session } = await joinPage();
    server.refusesSockets = true;
    server.drop(1006);
    await until(() => server.sockets.length > 4);
    server.refusesSockets = false;
    await until(() => session.status === "connected");
    expect(new Set(server.requests.map((url) => new URL(url).pathname))).to.deep.equal(
      new Set(["/live/longpoll"]),
    );
    expect(sessionStorage).to.have.length(0);
  });

  describe("that the server closes cleanly", () => {
    it("reloads the page when the server answers again, rather than a proxy", async () => {
      const { server, session } = await joinPage();
      server.requestStatus = 502;
      speedUpClock();
      server.drop(1000);
      await until(() => server.requests.length >= 2);
      expect(loads).to.deep.equal([]);
      server.requestStatus = 404;
      await until(() => loads.length > 0);
      expect(new Set(server.requests)).to.deep.equal(new Set([location.href]));
      expect(session.status).to.equal("disconnected");
    });

    it("reloads the page after a delay", async () => {
      const { server, session } = await joinPage();
      speedUpClock();
      server.drop(1000);
      await until(() => loads.length > 0);
      expect(loads).to.deep.equal([{ url: location.href, type: "reload" }]);
      expect(session.status).to.equal("disconnected");
      expect(server.sockets).to.have.length(1);
    });

    it("loads the page of a live navigation that was in progress", async () => {
      const { server, session } = await joinPage({ view: html`<a href="/b" live-navigate>b</a>` });
      server.onJoin = () => undefined;
      session.querySelector("a")!.click();
      speedUpClock();
      server.drop(1000);
      await until(() => loads.length > 0);
      expect(loads).to.deep.equal([{ url: new URL("/b", location.href).href, type: "push" }]);
    });

    it("does not reload the page if the view is joined again in time", async () => {
      const { server, session } = await joinPage();
      server.answersHeartbeats = true;
      server.drop(1000);
      window.dispatchEvent(new Event("online"));
      await until(() => session.status === "connected" && server.sockets.length === 2);
      speedUpClock();
      await new Promise((resolve) => setTimeout(resolve, 20_000));
      expect(loads).to.deep.equal([]);
    });
  });

  describe("with an event without an answer", () => {
    const view = html`<button live-click="inc">${0}</button>`;

    it("reloads the page after a delay", async () => {
      const { server, session } = await joinPage({ view });
      server.answersHeartbeats = true;
      speedUpClock();
      session.querySelector("button")!.click();
      await until(() => loads.length > 0);
      expect(loads).to.deep.equal([{ url: location.href, type: "reload" }]);
    });

    it("does not reload the page if the view is joined again in time", async () => {
      const { server, session } = await joinPage({ view });
      server.answersHeartbeats = true;
      speedUpClock();
      session.querySelector("button")!.click();
      await until(() => !session.querySelector(".live-click-loading"));
      server.drop();
      await until(() => server.of("phx_join").length === 2 && session.status === "connected");
      await new Promise((resolve) => setTimeout(resolve, 20_000));
      expect(loads).to.deep.equal([]);
    });
  });

  describe("in a page that the browser may be leaving", () => {
    const send = async (form: ReturnType<typeof html>, button = "button") => {
      const page = await joinPage({ view: form });
      const seen = statuses(page);
      page.session.querySelector<HTMLElement>(button)!.click();
      await settled();
      return { ...page, seen };
    };

    const inc = html`<button id="inc" live-click="inc">+</button>`;
    const ways = [
      ["a form", html`<form action="/sent"><button>Send</button></form>${inc}`, "form button"],
      ["a link", html`<a href="/sent">Send</a>${inc}`, "a"],
    ] as const;

    for (const [way, view, clicked] of ways) {
      it(`stays open while ${way} may be a download, and sends the next click`, async () => {
        const { server, session, seen } = await send(view, clicked);
        expect(loads.map(({ url }) => new URL(url).pathname)).to.deep.equal(["/sent"]);
        session.querySelector<HTMLElement>("#inc")!.click();
        expect(server.of("event")).to.have.length(1);
        expect(server.of("phx_leave")).to.deep.equal([]);
        expect(server.sockets[0]!.readyState).to.equal(1);
        expect(seen).to.deep.equal([]);
      });

      it(`is lost without a visible change when ${way} logs out, and loads no other page`, async () => {
        const { server, seen } = await send(view, clicked);
        server.onJoin = () => ({ error: { reason: "stale" } });
        server.drop(1012);
        await until(() => server.of("phx_join").length === 2);
        await settled();
        expect(loads.map(({ url }) => new URL(url).pathname)).to.deep.equal(["/sent"]);
        expect(seen).to.deep.equal([]);
      });

      it(`joins the view again ten seconds after ${way} if the page stays`, async () => {
        const { server, session } = await joinPage({ view });
        stopClock();
        session.querySelector<HTMLElement>(clicked)!.click();
        server.onJoin = () => ({ error: { reason: "stale" } });
        server.drop(1012);
        passTime(1000);
        await until(() => server.of("phx_join").length === 2);
        server.onJoin = () => joinReply(view);
        passTime(8000);
        expect(server.of("phx_join")).to.have.length(2);
        passTime(1000);
        await until(() => server.of("phx_join").length === 3 && session.status === "connected");
        expect(loads).to.have.length(1);
      });
    }

    it("loads no other page after the submit of a form in a shadow root", async () => {
      const page = await joinPage();
      const host = document.createElement("div");
      page.session.append(host);
      const root = host.attachShadow({ mode: "open" });
      root.innerHTML = `<form action="/sent"><button><b>Send</b></button></form>`;
      root.querySelector("b")!.click();
      await until(() => loads.length > 0);
      page.server.onJoin = () => ({ error: { reason: "stale" } });
      page.server.drop(1012);
      await until(() => page.server.of("phx_join").length === 2);
      await settled();
      expect(loads).to.have.length(1);
    });

    it("reloads the page at once if the link belongs to another application", async () => {
      const { server, session } = await joinPage({
        view: html`<a href="mailto:a@example.org">Mail</a>`,
      });
      // Runs after the listener of the client. Some engines would leave the page for the other application.
      window.addEventListener("click", (e) => e.preventDefault(), { once: true });
      session.querySelector("a")!.click();
      const before = loads.length;
      server.onJoin = () => ({ error: { reason: "stale" } });
      server.drop(1012);
      await until(() => loads.length > before);
      expect(loads.at(-1)).to.deep.equal({ url: location.href, type: "reload" });
    });

    for (const [what, form] of [
      [
        "a dialog's",
        html`<dialog open><form method="dialog"><button>Close</button></form></dialog>`,
      ],
      [
        "a dialog's by its button",
        html`<dialog open><form><button formmethod="dialog">x</button></form></dialog>`,
      ],
      ["of another frame", html`<form action="/sink" target="other"><button>Send</button></form>`],
      [
        "kept back",
        html`<form action="/sent" onsubmit="return false"><button>Send</button></form>`,
      ],
    ] as const) {
      it(`stays open for a form that is ${what}`, async () => {
        const frame = Object.assign(document.createElement("iframe"), { name: "other" });
        document.body.append(frame);
        const { server } = await send(form);
        frame.remove();
        expect(server.of("phx_leave")).to.deep.equal([]);
        expect(server.sockets[0]!.readyState).to.equal(1);
        expect(loads).to.deep.equal([]);
      });
    }
  });

  describe("of a page that the browser restores from its cache", () => {
    const restore = () =>
      window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));

    it("is opened again, and the view joined at the current URL", async () => {
      const { server, session } = await joinPage();
      window.dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
      await until(() => server.sockets[0]!.readyState === 3);
      restore();
      await until(() => server.of("phx_join").length > 1 && session.status === "connected");
      expect(server.of("phx_join").at(-1)!.payload).to.deep.include({ url: location.href });
      expect(server.of("phx_join").at(-1)!.payload).to.not.have.property("redirect");
      expect(loads).to.deep.equal([]);
    });

    it("is opened once for several views while the previous one is still closing", async () => {
      const { server, session } = await joinPage();
      const other = insert('<live-session id="other" token="signed"></live-session>');
      await until(() => other.status === "connected");
      server.closesSlowly = true;
      window.dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
      restore();
      await until(() => session.status === "connected" && other.status === "connected");
      const seen = [session, other].map((each) => statuses({ server, session: each }));
      server.sockets[0]!.finishClosing();
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(server.sockets).to.have.length(2);
      expect(seen.flat()).to.deep.equal([]);
      const joins = server.of("phx_join").map(({ topic }) => topic);
      expect(joins.slice(2).sort()).to.deep.equal(["lv:main", "lv:other"]);
      server.closesSlowly = false;
    });

    it("joins the view at the URL of the address bar if that has changed", async () => {
      const { server, session } = await joinPage();
      window.dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
      history.replaceState(history.state, "", "?kept");
      restore();
      await until(() => server.of("phx_join").length > 1 && session.status === "connected");
      expect(server.of("phx_join").at(-1)!.payload.url).to.equal(
        new URL("?kept", location.href).href,
      );
    });

    it("cancels a navigation that was in progress", async () => {
      const { server, session } = await joinPage({ view: html`<a href="/b" live-navigate>b</a>` });
      const { onJoin } = server;
      server.onJoin = () => ({ error: { reason: "unauthorized" } });
      session.querySelector("a")!.click();
      await until(() => loads.length > 0);
      server.onJoin = onJoin;
      restore();
      await until(() => server.of("phx_join").length === 3 && session.status === "connected");
      expect(server.of("phx_join")[2]!.payload).to.not.have.property("redirect");
      expect(session.querySelector(".live-click-loading")).to.equal(null);
    });

    it("reloads the page if the user has logged out", async () => {
      const { server } = await joinPage();
      server.onJoin = () => ({ error: { reason: "stale" } });
      restore();
      await until(() => loads.length > 0);
      expect(loads).to.deep.equal([{ url: location.href, type: "reload" }]);
    });
  });
});
