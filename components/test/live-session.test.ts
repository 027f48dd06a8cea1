import { ContextConsumer } from "@lit/context";
import { expect } from "chai";
import { html, ReactiveElement } from "lit";
import type { LivePageLoadingStartEvent } from "../src/index.js";
import {
  type LiveSessionHandle,
  liveSessionContext,
  type MountData,
  mountDataContext,
} from "../src/index.js";
import { resetClock, speedUpClock } from "./support/clock.js";
import { encode } from "./support/encode.js";
import { fakeServer } from "./support/fake-server.js";
import { until } from "./support/live-fixture.js";
import { closePages, insert, joinPage, joinReply, openPage } from "./support/live-page.js";
import { entriesAdded } from "./support/page-loads.js";

/** Hears what the live session provides. */
class ListenerElement extends ReactiveElement {
  readonly handles: (LiveSessionHandle | undefined)[] = [];
  readonly data: MountData[] = [];

  constructor() {
    super();
    new ContextConsumer(this, {
      context: liveSessionContext,
      subscribe: true,
      callback: (handle) => this.handles.push(handle),
    });
    new ContextConsumer(this, {
      context: mountDataContext,
      subscribe: true,
      callback: (data) => this.data.push(data),
    });
  }
}
customElements.define("test-listener", ListenerElement);

const page = html`<h1>${"Page"}</h1>`;

describe("<live-session>", () => {
  afterEach(closePages);

  describe("on a page that the server rendered", () => {
    it("joins with the page's hand-over", async () => {
      const { server } = await joinPage();
      expect(server.sockets).to.have.length(1);
      const url = new URL(server.sockets[0]!.url);
      expect(url.pathname).to.equal("/live/websocket");
      expect(url.search).to.equal("?_csrf_token=csrf&vsn=2.0.0");
      const [join] = server.of("phx_join");
      expect(join!.topic).to.equal("lv:main");
      expect(join!.payload).to.deep.equal({
        token: "signed",
        url: location.href,
        params: { _csrf_token: "csrf", _mounts: 0, _attempts: 0, _navigations: 0 },
      });
    });

    it("asks the page before each join for further params, which take the place of none of its own", async () => {
      const server = fakeServer();
      server.onJoin = () => joinReply(page);
      const session = document.createElement("live-session");
      session.token = "signed";
      let zone = "CET";
      session.connectParams = () => ({ zone, _mounts: 7 });
      document.body.append(session);
      await until(() => session.status === "connected");
      zone = "CEST";
      server.push("phx_error", {});
      await until(() => session.status === "error");
      await until(() => server.of("phx_join").length === 2);
      const [first, second] = server.of("phx_join").map(({ payload }) => payload.params);
      expect(first).to.include({ zone: "CET", _mounts: 0 });
      expect(second).to.include({ zone: "CEST", _mounts: 1 });
      session.remove();
    });

    it("keeps the server's nodes and applies diffs to them", async () => {
      const view = html`<p class=${"a"}>${"Hello"}</p>`;
      const { server, session } = openPage({ view });
      const p = session.querySelector("p")!;
      await until(() => session.status === "connected");
      expect(session.querySelector("p")).to.equal(p);
      server.push("diff", { diff: { "0": "b", "1": "Bye" } });
      await until(() => p.textContent === "Bye");
      expect(p.className).to.equal("b");
    });

    it("reflects its status", async () => {
      const { session, server } = openPage();
      server.onJoin = () => undefined;
      await until(
        () => session.getAttribute("status") === "connecting" && server.of("phx_join")[0],
      );
      server.onJoin = () => joinReply(page);
      server.reply(server.of("phx_join")[0]!, joinReply(page).ok);
      await until(() => session.getAttribute("status") === "connected");
      server.drop();
      await until(() => session.getAttribute("status") === "disconnected");
      await until(() => session.getAttribute("status") === "connected");
    });

    it("rejoins after a lost connection with the current URL and keeps what was typed", async () => {
      const view = html`<input name="a" /><p>${"x"}</p>`;
      const { session, server } = await joinPage({ view });
      const input = session.querySelector("input")!;
      input.value = "typed";
      history.replaceState(history.state, "", "?elsewhere");
      server.drop();
      await until(() => server.of("phx_join").length === 2 && session.status === "connected");
      const { payload } = server.of("phx_join")[1]!;
      expect(payload.url).to.equal(location.href);
      expect(payload.params).to.deep.include({ _mounts: 1, _attempts: 0, _navigations: 0 });
      expect(session.querySelector("input")).to.equal(input);
      expect(input.value).to.equal("typed");
    });

    it("rejoins a view that crashed", async () => {
      const { session, server } = await joinPage();
      const errors: string[] = [];
      session.addEventListener("live-error", ({ code }) => errors.push(code));
      server.push("phx_error", {});
      await until(() => session.status === "error");
      expect(errors).to.deep.equal(["LIVE_ERR_CRASHED"]);
      await until(() => session.status === "connected");
      expect(server.of("phx_join")[1]!.payload.params._mounts).to.equal(1);
    });

    it("joins anew when an update does not fit the page", async () => {
      const { session, server } = await joinPage({ view: html`<p>${"x"}</p>` });
      const errors: string[] = [];
      session.addEventListener("live-error", ({ code }) => errors.push(code));
      server.push("diff", { diff: { "7.1": "nowhere" } });
      await until(() => server.of("phx_join").length === 2 && session.status === "connected");
      expect(errors).to.deep.equal(["LIVE_ERR_BAD_DIFF"]);
    });

    it("tells of a template that was never sent", async () => {
      const { session, server } = await joinPage({ view: html`<p>${"x"}</p>` });
      const errors: string[] = [];
      session.addEventListener("live-error", ({ code }) => errors.push(code));
      server.push("diff", { diff: { "0": { t: "never sent", v: [] } } });
      await until(() => errors.length > 0);
      expect(errors).to.deep.equal(["LIVE_ERR_UNKNOWN_TEMPLATE"]);
    });

    it("tells of an element of the page that takes no update", async () => {
      const { session, server } = await joinPage({ view: html`<p .title=${"x"}></p>` });
      const errors: string[] = [];
      session.addEventListener("live-error", ({ code }) => errors.push(code));
      Object.defineProperty(session.querySelector("p"), "title", {
        set() {
          throw new Error("no");
        },
      });
      server.push("diff", { diff: { "0": "y" } });
      await until(() => errors.length > 0);
      expect(errors[0]).to.equal("LIVE_ERR_RENDER");
    });

    it("stays joined while it is moved", async () => {
      const { session, server } = await joinPage();
      const other = document.createElement("div");
      document.body.append(other);
      other.append(session);
      await Promise.resolve();
      other.replaceWith(session);
      await Promise.resolve();
      expect(session.status).to.equal("connected");
      expect(server.of("phx_leave")).to.deep.equal([]);
    });

    it("leaves and disconnects when it is removed, and joins when it is back", async () => {
      const { session, server } = await joinPage({ view: html`<p>${"x"}</p>` });
      const p = session.querySelector("p");
      session.remove();
      await until(() => server.sockets[0]!.readyState === 3);
      expect(server.of("phx_leave")).to.have.length(1);
      expect(session.status).to.equal("disconnected");
      document.body.append(session);
      await until(() => session.status === "connected");
      expect(server.sockets).to.have.length(2);
      expect(session.querySelector("p")).to.equal(p);
      // The page's flash is for its first join.
      expect(server.of("phx_join")[1]!.payload.params).to.deep.include({
        _mounts: 1,
        _attempts: 0,
      });
    });

    it("balances page loading events", async () => {
      const { session, server } = openPage();
      const heard: string[] = [];
      const hear = (e: LivePageLoadingStartEvent) =>
        heard.push(`${e.type.split("-").at(-1)} ${e.kind}`);
      session.addEventListener("live-page-loading-start", hear);
      session.addEventListener("live-page-loading-stop", hear);
      await until(() => session.status === "connected");
      server.drop();
      await until(() => session.status === "disconnected");
      await until(() => session.status === "connected");
      expect(heard).to.deep.equal(["stop initial", "start error", "stop error"]);
    });
  });

  describe("title", () => {
    const title = () => document.head.querySelector("title")!;
    let before: string;

    beforeEach(() => {
      if (!document.head.querySelector("title"))
        document.head.append(document.createElement("title"));
      before = document.title;
    });

    afterEach(() => {
      document.title = before;
      for (const name of ["prefix", "suffix", "default"]) delete title().dataset[name];
    });

    it("is set as text between the prefix and suffix of the page", async () => {
      Object.assign(title().dataset, { prefix: "[ ", suffix: " ]", default: "Home" });
      const { server } = await joinPage();
      server.push("diff", { title: "<b>Inbox</b>" });
      await until(() => document.title === "[ <b>Inbox</b> ]");
      server.push("diff", { title: "" });
      await until(() => document.title === "[ Home ]");
    });

    it("is set by the join", async () => {
      const { session, server } = openPage();
      server.onJoin = () => ({ ok: { ...joinReply(page).ok, title: "Joined" } });
      await until(() => session.status === "connected");
      expect(document.title).to.equal("Joined");
    });
  });

  describe("provides", () => {
    const listen = (session: Element): ListenerElement => {
      const listener = document.createElement("test-listener") as ListenerElement;
      session.append(listener);
      return listener;
    };

    it("the mount data, with the flash", async () => {
      const { session, server } = openPage();
      server.onJoin = () => ({
        ok: { ...encode(page), provided: { user: { name: "Ada" } }, flash: { info: "Hi" } },
      });
      const { data } = listen(session);
      await until(() => session.status === "connected");
      expect(data).to.deep.equal([{}, { user: { name: "Ada" }, flash: { info: "Hi" } }]);
    });

    it("patched mount data, of which the unchanged parts keep their references", async () => {
      const provided = { user: { name: "Ada" }, list: [{ id: 1 }, { id: 2 }] };
      const { session, server } = await joinPage({ provided });
      const { data } = listen(session);
      server.push("diff", { provided: [{ op: "replace", path: "/list/1/id", value: 3 }] });
      await until(() => data.length === 2);
      const [before, after] = data as { user: object; list: object[]; flash: object }[];
      expect(after!.list).to.deep.equal([{ id: 1 }, { id: 3 }]);
      expect(after).to.not.equal(before);
      expect(after!.user).to.equal(before!.user);
      expect(after!.list[0]).to.equal(before!.list[0]);
      expect(after!.flash).to.equal(before!.flash);
    });

    it("the same reference after a rejoin that changes nothing", async () => {
      const { session, server } = await joinPage({ provided: { list: [{ id: 1 }], user: null } });
      const { data } = listen(session);
      server.drop();
      await until(() => server.of("phx_join").length === 2 && session.status === "connected");
      expect(data).to.have.length(1);
    });

    it("a new handle with each status", async () => {
      const { session, server } = openPage();
      const { handles } = listen(session);
      await until(() => session.status === "connected");
      server.drop();
      await until(() => session.status === "disconnected");
      expect(handles.map((handle) => handle!.status)).to.deep.equal([
        "connecting",
        "connected",
        "disconnected",
      ]);
      expect(handles[0]!.csrfToken).to.equal("csrf");
    });

    it("a handle whose push resolves with the handler's reply after the update", async () => {
      const { session, server } = await joinPage({ view: html`<p>${"before"}</p>` });
      const [handle] = listen(session).handles;
      const pushed = handle!.push("save", { a: 1 });
      const [message] = server.of("event");
      expect(message!.payload).to.deep.equal({ type: "event", event: "save", value: { a: 1 } });
      server.reply(message!, { diff: { "0": "after" }, reply: { ok: true } });
      expect(await pushed).to.deep.equal({ ok: true });
      expect(session.querySelector("p")!.textContent).to.equal("after");
      const second = handle!.push("save");
      server.reply(server.of("event")[1]!, {});
      expect(await second).to.deep.equal({});
    });

    it("a handle whose push rejects when refused, when the view crashes, and when not connected", async () => {
      const { session, server } = await joinPage();
      const [handle] = listen(session).handles;
      const codeOf = (pushed: Promise<unknown>) => pushed.catch(({ code }) => code);
      const refused = codeOf(handle!.push("a"));
      server.reply(server.of("event")[0]!, {}, "error");
      expect(await refused).to.equal("LIVE_ERR_REFUSED");
      const lost = codeOf(handle!.push("b"));
      server.push("phx_error", {});
      expect(await lost).to.equal("LIVE_ERR_NOT_CONNECTED");
      expect(await codeOf(handle!.push("c"))).to.equal("LIVE_ERR_NOT_CONNECTED");
      expect(server.of("event")).to.have.length(2);
    });

    it("a handle whose push rejects what is too large for the server, and sends nothing of it", async () => {
      const { session, server } = await joinPage({ maxPayload: 100 });
      const [handle] = listen(session).handles;
      const told: string[] = [];
      session.addEventListener("live-error", ({ code }) => told.push(code));
      const codeOf = (pushed: Promise<unknown>) => pushed.catch(({ code }) => code);
      // As bytes: each of these characters takes three.
      expect(await codeOf(handle!.push("a", { text: "\u2026".repeat(30) }))).to.equal(
        "LIVE_ERR_TOO_LARGE",
      );
      expect(told).to.deep.equal(["LIVE_ERR_TOO_LARGE"]);
      expect(server.of("event")).to.have.length(0);
      expect(session.status).to.equal("connected");
      void handle!.push("a", { text: "…".repeat(10) });
      expect(server.of("event")).to.have.length(1);
    });

    it("a handle whose push rejects when nobody answers", async () => {
      const { session } = await joinPage();
      const [handle] = listen(session).handles;
      speedUpClock();
      const pushed = handle!.push("a").catch(({ code }) => code);
      resetClock();
      expect(await pushed).to.equal("LIVE_ERR_TIMEOUT");
    });
  });

  describe("pushed events", () => {
    it("come before the update where the view says so", async () => {
      const { session, server } = await joinPage({ view: html`<p>${"before"}</p>` });
      const heard: unknown[] = [];
      session.addEventListener("live-event", ({ name }) =>
        heard.push([name, session.querySelector("p")!.textContent]),
      );
      server.push("diff", {
        diff: { "0": "after" },
        events: [
          ["last", {}],
          ["first", {}, "before"],
          ["second", {}, "before"],
        ],
      });
      await until(() => heard.length === 3);
      expect(heard).to.deep.equal([
        ["first", "before"],
        ["second", "before"],
        ["last", "after"],
      ]);
    });

    it("come after the update they belong to, in order, on the element and on the window", async () => {
      const { session, server } = await joinPage({ view: html`<p>${"before"}</p>` });
      const heard: unknown[] = [];
      const text = () => session.querySelector("p")!.textContent;
      const hear = (e: Event) => heard.push([(e as CustomEvent).detail, text()]);
      window.addEventListener("live:saved", hear);
      document.body.addEventListener(
        "live-event",
        ({ name, payload }) => heard.push([name, payload]),
        {
          once: true,
        },
      );
      server.push("diff", {
        diff: { "0": "after" },
        events: [
          ["saved", { id: 1 }],
          ["saved", { id: 2 }],
        ],
      });
      await until(() => heard.length === 3);
      window.removeEventListener("live:saved", hear);
      expect(heard).to.deep.equal([
        ["saved", { id: 1 }],
        [{ id: 1 }, "after"],
        [{ id: 2 }, "after"],
      ]);
    });
  });

  describe("dropped into a page", () => {
    const fetched: { url: string; init: RequestInit }[] = [];
    const { fetch } = globalThis;
    let handOver: () => Response;

    beforeEach(() => {
      fetched.length = 0;
      handOver = () => Response.json({ id: "widget", token: "signed", csrfToken: "other" });
      globalThis.fetch = async (url, init = {}) => {
        fetched.push({ url: String(url), init });
        return handOver();
      };
    });

    const { random } = Math;

    afterEach(() => {
      Math.random = random;
      resetClock();
      globalThis.fetch = fetch;
    });

    it("fetches its hand-over and renders the view", async () => {
      const server = fakeServer();
      server.onJoin = () => joinReply(html`<h1>${"Widget"}</h1>`);
      const session = insert(`<live-session src="/widget?a=1"></live-session>`);
      await until(() => session.status === "connected");
      const src = new URL("/widget?a=1", location.href).href;
      expect(fetched[0]!.url).to.equal(src);
      expect(new Headers(fetched[0]!.init.headers).get("accept")).to.equal(
        "application/vnd.live-session+json",
      );
      expect(fetched[0]!.init.credentials).to.equal("include");
      expect(server.of("phx_join")[0]).to.deep.include({ topic: "lv:widget" });
      expect(server.of("phx_join")[0]!.payload).to.deep.include({ token: "signed", url: src });
      expect(session.id).to.equal("widget");
      expect(session.querySelector("h1")!.textContent).to.equal("Widget");
      expect(location.href).to.not.contain("widget");
    });

    it("provides data only to children of the page's own", async () => {
      const server = fakeServer();
      server.onJoin = () => joinReply(html`<h1>${"Widget"}</h1>`, { count: 1 });
      const session = insert(`<live-session src="/widget"><p>Mine</p></live-session>`);
      await until(() => session.status === "connected");
      server.push("diff", {
        diff: { "0": "x" },
        provided: [{ op: "replace", path: "/count", value: 2 }],
      });
      await until(() => session.mountData.count === 2);
      expect(session.innerHTML).to.equal("<p>Mine</p>");
    });

    it("connects to the server of its src", async () => {
      const server = fakeServer();
      server.onJoin = () => joinReply(page);
      const session = insert(`<live-session src="https://example.org/app/widget"></live-session>`);
      await until(() => session.status === "connected");
      expect(server.sockets[0]!.url).to.match(
        /^wss:\/\/example\.org\/live\/websocket\?_csrf_token=other&/,
      );
    });

    it("shares one connection with the others of its server", async () => {
      const { server, session: main } = await joinPage({ joined: () => page });
      const session = insert(`<live-session src="/widget"></live-session>`);
      await until(() => session.status === "connected");
      expect(server.sockets).to.have.length(1);
      session.remove();
      await until(() => server.of("phx_leave").length === 1);
      expect(main.status).to.equal("connected");
      expect(server.sockets[0]!.readyState).to.equal(1);
    });

    it("joins again with all others when the connection was lost", async () => {
      const { server, session: main } = await joinPage({ joined: () => page });
      const session = insert(`<live-session src="/widget"></live-session>`);
      await until(() => session.status === "connected");
      server.drop();
      await until(() => main.status === "disconnected" && session.status === "disconnected");
      await until(() => main.status === "connected" && session.status === "connected");
      expect(server.sockets).to.have.length(2);
      const joins = server.of("phx_join").slice(2);
      expect(
        joins.map(({ topic, payload }) => [topic, payload.params._mounts]).sort(),
      ).to.deep.equal([
        ["lv:main", 1],
        ["lv:widget", 1],
      ]);
    });

    it("navigates without a change of the address bar or the history", async () => {
      const { href } = location;
      const state = JSON.stringify(history.state);
      const length = entriesAdded();
      const server = fakeServer();
      server.onJoin = () => joinReply(html`<a href="/widget/2" live-navigate>2</a>`);
      const session = insert(`<live-session src="/widget/1"></live-session>`);
      await until(() => session.status === "connected");
      let arrivedAt = "";
      session.addEventListener("live-navigate", (e) => {
        arrivedAt = new URL(e.href).pathname;
      });
      session.querySelector("a")!.click();
      await until(() => arrivedAt === "/widget/2");
      server.push("live_patch", { to: "/widget/3", kind: "push" });
      await until(() => arrivedAt === "/widget/3");
      expect([location.href, JSON.stringify(history.state)]).to.deep.equal([href, state]);
      expect(entriesAdded()).to.equal(length);
      server.drop();
      await until(() => server.of("phx_join").length === 3);
      expect(server.of("phx_join")[2]!.payload.url).to.equal(new URL("/widget/3", href).href);
    });

    it("does not touch the title", async () => {
      const server = fakeServer();
      const before = document.title;
      server.onJoin = () => ({ ok: { ...joinReply(page).ok, title: "Widget" } });
      const session = insert(`<live-session src="/widget"></live-session>`);
      await until(() => session.status === "connected");
      expect(document.title).to.equal(before);
    });

    it("tells of a hand-over that it does not get, and tries again", async () => {
      const server = fakeServer();
      server.onJoin = () => joinReply(page);
      handOver = () => new Response("", { status: 404 });
      const codes: string[] = [];
      window.addEventListener("live-error", ({ code }) => codes.push(code), { once: true });
      const session = insert(`<live-session src="/widget"></live-session>`);
      await until(() => codes.length > 0);
      expect(codes).to.deep.equal(["LIVE_ERR_JOIN_INFO"]);
      expect(session.status).to.equal("error");
      handOver = () => Response.json({ id: "widget", token: "signed", csrfToken: "" });
      await until(() => session.status === "connected");
    });

    it("fetches another hand-over when its own is stale", async () => {
      const server = fakeServer();
      server.onJoin = ({ token }) =>
        token === "old" ? { error: { reason: "stale" } } : joinReply(page);
      handOver = () =>
        Response.json({ id: "widget", token: fetched.length > 1 ? "new" : "old", csrfToken: "" });
      const session = insert(`<live-session src="/widget"></live-session>`);
      await until(() => session.status === "connected");
      expect(fetched).to.have.length(2);
    });

    it("fetches another as soon after each good join", async () => {
      Math.random = () => 0.5;
      const waits: number[] = [];
      const { setTimeout } = globalThis;
      const count = (run: () => void, ms = 0) => {
        if (ms > 900 && ms < 9000) waits.push(ms);
        return setTimeout(run, ms / 100);
      };
      globalThis.setTimeout = count as typeof globalThis.setTimeout;
      const server = fakeServer();
      let isStale = false;
      server.onJoin = () => {
        if (!isStale) return joinReply(page);
        isStale = false;
        return { error: { reason: "stale" } };
      };
      const session = insert(`<live-session src="/widget"></live-session>`);
      for (let i = 0; i < 3; i++) {
        await until(() => session.status === "connected");
        isStale = true;
        server.drop();
        await until(() => !isStale);
      }
      await until(() => session.status === "connected");
      expect([...new Set(waits)]).to.deep.equal([1000]);
    });
  });

  it("tells of a missing hand-over", async () => {
    const codes: string[] = [];
    window.addEventListener("live-error", ({ code }) => codes.push(code), { once: true });
    const session = insert("<live-session></live-session>");
    expect(codes).to.deep.equal(["LIVE_ERR_NO_VIEW"]);
    expect(session.status).to.equal("error");
  });
});
