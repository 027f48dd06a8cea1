import { ContextConsumer } from "@lit/context";
import { expect } from "chai";
import { html, ReactiveElement } from "lit";
import type { LivePageLoadingStartEvent, LiveSessionElement } from "../src/index.js";
import {
  type LiveSessionHandle,
  liveSessionContext,
  type MountData,
  mountDataContext,
} from "../src/index.js";
import { resetClock, speedUpClock } from "./support/clock.js";
import { encode, serverHtml } from "./support/encode.js";
import { fakeServer } from "./support/fake-server.js";
import { until } from "./support/live-fixture.js";
import { closePages, insert, joinPage, joinReply, openPage } from "./support/live-page.js";
import { entriesAdded } from "./support/page-loads.js";

/** Consumes the contexts of the live session. */
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

/** An element that throws when it receives a certain state. */
class FragileElement extends HTMLElement {
  set state(state: string) {
    if (state === "y") throw new Error("no");
  }
}
customElements.define("test-fragile", FragileElement);

describe("<live-session>", () => {
  afterEach(closePages);

  describe("in a page that the server rendered", () => {
    it("joins with the page's token", async () => {
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
        parts: true,
        resume: true,
      });
    });

    it("adds the connect params of the page to each join, without replacing its own", async () => {
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

    it("rejoins with the current URL after a lost connection and keeps typed text", async () => {
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

    it("joins again when an update does not fit the page", async () => {
      const { session, server } = await joinPage({ view: html`<p>${"x"}</p>` });
      const errors: string[] = [];
      session.addEventListener("live-error", ({ code }) => errors.push(code));
      server.push("diff", { diff: { "7.1": "nowhere" } });
      await until(() => server.of("phx_join").length === 2 && session.status === "connected");
      expect(errors).to.deep.equal(["LIVE_ERR_BAD_DIFF"]);
    });

    it("reports a template that was never sent", async () => {
      const { session, server } = await joinPage({ view: html`<p>${"x"}</p>` });
      const errors: string[] = [];
      session.addEventListener("live-error", ({ code }) => errors.push(code));
      server.push("diff", { diff: { "0": { t: "never sent", v: [] } } });
      await until(() => errors.length > 0);
      expect(errors).to.deep.equal(["LIVE_ERR_UNKNOWN_TEMPLATE"]);
    });

    it("reports an element that throws during an update", async () => {
      const view = html`<test-fragile .state=${"x"}></test-fragile>`;
      const { session, server } = await joinPage({ view });
      const errors: string[] = [];
      session.addEventListener("live-error", ({ code }) => errors.push(code));
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

    it("leaves and disconnects when it is removed, and joins when it is inserted again", async () => {
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
      // The flash of the page is used for the first join only.
      expect(server.of("phx_join")[1]!.payload.params).to.deep.include({
        _mounts: 1,
        _attempts: 0,
      });
    });

    it("dispatches a stop for each page loading start", async () => {
      const { session, server } = openPage();
      const events: string[] = [];
      const record = (e: LivePageLoadingStartEvent) =>
        events.push(`${e.type.split("-").at(-1)} ${e.kind}`);
      session.addEventListener("live-page-loading-start", record);
      session.addEventListener("live-page-loading-stop", record);
      await until(() => session.status === "connected");
      server.drop();
      await until(() => session.status === "disconnected");
      await until(() => session.status === "connected");
      expect(events).to.deep.equal(["stop initial", "start error", "stop error"]);
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

    it("is set as plain text between the prefix and suffix of the page", async () => {
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

    it("is that of the document again after a live navigation to a view without a title", async () => {
      document.title = "Document";
      const { session, server } = openPage({
        view: html`<a href="/titled" live-navigate>Titled</a><a href="/plain" live-navigate>Plain</a>`,
      });
      const { onJoin } = server;
      server.onJoin = (payload, message) => {
        const { ok } = (onJoin?.(payload, message) ?? {}) as { ok: object };
        const isTitled = (payload.redirect ?? payload.url).endsWith("/titled");
        return { ok: { ...ok, ...(isTitled && { title: "Titled" }) } };
      };
      await until(() => session.status === "connected");
      expect(document.title).to.equal("Document");
      for (const [path, title] of [
        ["/titled", "Titled"],
        ["/plain", "Document"],
      ] as const) {
        session.querySelector<HTMLElement>(`[href="${path}"]`)?.click();
        await until(() => document.title === title);
      }
    });

    it("is data-default after a view with a title, if the document had that title from the start", async () => {
      Object.assign(title().dataset, { suffix: " · Site", default: "Home" });
      const { session, server } = openPage({
        view: html`<a href="/plain" live-navigate>Plain</a>`,
      });
      const { onJoin } = server;
      server.onJoin = (payload, message) => {
        const { ok } = (onJoin?.(payload, message) ?? {}) as { ok: object };
        return { ok: { ...ok, ...(!payload.redirect && { title: "First" }) } };
      };
      await until(() => document.title === "First · Site");
      session.querySelector("a")?.click();
      await until(() => document.title === "Home · Site");
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
      const { ok } = joinReply(page, { user: { name: "Ada" } });
      server.onJoin = () => ({ ok: { ...ok, flash: { info: "Hi" } } });
      const { data } = listen(session);
      await until(() => session.status === "connected");
      expect(data).to.deep.equal([{}, { user: { name: "Ada" }, flash: { info: "Hi" } }]);
    });

    it("patched mount data whose unchanged parts keep their references", async () => {
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

    it("a handle whose push rejects a payload that is too large for the server, and sends nothing", async () => {
      const { session, server } = await joinPage({ maxPayload: 100 });
      const [handle] = listen(session).handles;
      const codes: string[] = [];
      session.addEventListener("live-error", ({ code }) => codes.push(code));
      const codeOf = (pushed: Promise<unknown>) => pushed.catch(({ code }) => code);
      // Each of these characters takes three bytes.
      expect(await codeOf(handle!.push("a", { text: "\u2026".repeat(30) }))).to.equal(
        "LIVE_ERR_TOO_LARGE",
      );
      expect(codes).to.deep.equal(["LIVE_ERR_TOO_LARGE"]);
      expect(server.of("event")).to.have.length(0);
      expect(session.status).to.equal("connected");
      const sent = handle!.push("a", { text: "…".repeat(10) });
      expect(server.of("event")).to.have.length(1);
      server.reply(server.of("event")[0]!, {});
      await sent;
    });

    it("a handle whose push rejects when the view does not answer", async () => {
      const { session } = await joinPage();
      const [handle] = listen(session).handles;
      speedUpClock();
      const pushed = handle!.push("a").catch(({ code }) => code);
      resetClock();
      expect(await pushed).to.equal("LIVE_ERR_TIMEOUT");
    });
  });

  describe("pushed events", () => {
    it("are dispatched before the update if the view has requested that", async () => {
      const { session, server } = await joinPage({ view: html`<p>${"before"}</p>` });
      const events: unknown[] = [];
      session.addEventListener("live-event", ({ name }) =>
        events.push([name, session.querySelector("p")!.textContent]),
      );
      server.push("diff", {
        diff: { "0": "after" },
        events: [
          ["last", {}],
          ["first", {}, "before"],
          ["second", {}, "before"],
        ],
      });
      await until(() => events.length === 3);
      expect(events).to.deep.equal([
        ["first", "before"],
        ["second", "before"],
        ["last", "after"],
      ]);
    });

    it("are dispatched after their update, in order, on the element and on the window", async () => {
      const { session, server } = await joinPage({ view: html`<p>${"before"}</p>` });
      const events: unknown[] = [];
      const text = () => session.querySelector("p")!.textContent;
      const record = (e: Event) => events.push([(e as CustomEvent).detail, text()]);
      window.addEventListener("live:saved", record);
      document.body.addEventListener(
        "live-event",
        ({ name, payload }) => events.push([name, payload]),
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
      await until(() => events.length === 3);
      window.removeEventListener("live:saved", record);
      expect(events).to.deep.equal([
        ["saved", { id: 1 }],
        [{ id: 1 }, "after"],
        [{ id: 2 }, "after"],
      ]);
    });
  });

  describe("in a page of another server", () => {
    const fetched: { url: string; init: RequestInit }[] = [];
    const { fetch } = globalThis;
    let joinInfo: () => Response;

    beforeEach(() => {
      fetched.length = 0;
      joinInfo = () => Response.json({ id: "widget", token: "signed", csrfToken: "other" });
      globalThis.fetch = async (url, init = {}) => {
        fetched.push({ url: String(url), init });
        return joinInfo();
      };
    });

    const { random } = Math;

    afterEach(() => {
      Math.random = random;
      resetClock();
      globalThis.fetch = fetch;
    });

    it("fetches its join information and renders the view", async () => {
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

    it("only provides data if the page has given it children", async () => {
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

    it("shares one connection with the other elements of its server", async () => {
      const { server, session: main } = await joinPage({ joined: () => page });
      const session = insert(`<live-session src="/widget"></live-session>`);
      await until(() => session.status === "connected");
      expect(server.sockets).to.have.length(1);
      session.remove();
      await until(() => server.of("phx_leave").length === 1);
      expect(main.status).to.equal("connected");
      expect(server.sockets[0]!.readyState).to.equal(1);
    });

    it("joins again with all other elements when the connection was lost", async () => {
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

    it("navigates without changing the address bar or the history", async () => {
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

    it("does not change the title", async () => {
      const server = fakeServer();
      const before = document.title;
      server.onJoin = () => ({ ok: { ...joinReply(page).ok, title: "Widget" } });
      const session = insert(`<live-session src="/widget"></live-session>`);
      await until(() => session.status === "connected");
      expect(document.title).to.equal(before);
    });

    it("reports that the join information could not be fetched, and tries again", async () => {
      const server = fakeServer();
      server.onJoin = () => joinReply(page);
      joinInfo = () => new Response("", { status: 404 });
      const codes: string[] = [];
      window.addEventListener("live-error", ({ code }) => codes.push(code), { once: true });
      const session = insert(`<live-session src="/widget"></live-session>`);
      await until(() => codes.length > 0);
      expect(codes).to.deep.equal(["LIVE_ERR_JOIN_INFO"]);
      expect(session.status).to.equal("error");
      joinInfo = () => Response.json({ id: "widget", token: "signed", csrfToken: "" });
      await until(() => session.status === "connected");
    });

    it("fetches new join information when its token is stale", async () => {
      const server = fakeServer();
      server.onJoin = ({ token }) =>
        token === "old" ? { error: { reason: "stale" } } : joinReply(page);
      joinInfo = () =>
        Response.json({ id: "widget", token: fetched.length > 1 ? "new" : "old", csrfToken: "" });
      const session = insert(`<live-session src="/widget"></live-session>`);
      await until(() => session.status === "connected");
      expect(fetched).to.have.length(2);
    });

    it("joins a nested view with its new token when it gets another id itself", async () => {
      const { setTimeout } = globalThis;
      globalThis.setTimeout = ((run: () => void, ms = 0) =>
        setTimeout(run, ms < 2500 ? ms / 100 : ms)) as typeof globalThis.setTimeout;
      const server = fakeServer();
      let id = "first";
      joinInfo = () => Response.json({ id, token: id, csrfToken: "" });
      server.onJoin = (_, { topic, payload }) => {
        if (topic === "lv:chat") return joinReply(page);
        if (payload.token !== id) return { error: { reason: "stale" } };
        return joinReply(
          html`<live-session id="chat" nested=${`in ${id}`} url="/live"></live-session>`,
        );
      };
      const session = insert(`<live-session src="/widget"></live-session>`);
      const tokens = () =>
        server
          .of("phx_join")
          .flatMap(({ topic, payload }) => (topic === "lv:chat" ? [payload.token] : []));
      await until(() => tokens().length === 1);
      const chat = session.querySelector<LiveSessionElement>("#chat")!;
      await until(() => chat.status === "connected");
      id = "second";
      server.drop();
      await until(() => tokens().at(-1) === "in second" && chat.status === "connected");
      const { length } = tokens();
      const ofParent = () => server.of("phx_join").filter(({ topic }) => topic === "lv:second");
      server.push("phx_error", {}, ofParent().at(-1));
      await until(() => ofParent().length === 2 && session.status === "connected");
      expect(tokens()).to.have.length(length);
      expect(session.querySelector("#chat")).to.equal(chat);
    });

    it("resets the delay before the next fetch with each successful join", async () => {
      Math.random = () => 0.5;
      const waits: number[] = [];
      const { setTimeout } = globalThis;
      const count = (run: () => void, ms = 0) => {
        // The second delay would be 2000 ms; the checks of a connection start after 2500 ms.
        if (ms > 900 && ms < 2500) waits.push(ms);
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

  describe("inside another view", () => {
    const inner = (count: number) =>
      html`<p>${count}</p><input name="text"><a href="other?q=1" live-navigate>Other</a>`;
    const outer = (token: string) =>
      html`<h1>${"Page"}</h1><live-session id="chat" nested=${token} url="/live"></live-session>`;

    /** Opens a page that contains a nested view, in the form in which the server sends it. */
    async function openNested() {
      const server = fakeServer();
      server.answersHeartbeats = true;
      server.onJoin = (_, { topic }) => joinReply(topic === "lv:main" ? outer("second") : inner(1));
      const content = serverHtml(encode(inner(0))).replaceAll(/<!--(?=\/?lit-)/g, "<!--~");
      const html = serverHtml(encode(outer("first"))).replace("</live-session>", `${content}$&`);
      const session = insert(
        `<live-session id="main" token="signed" csrf-token="csrf">${html}</live-session>`,
      );
      const nested = session.querySelector<LiveSessionElement>("#chat")!;
      const before = [...session.querySelectorAll("h1, p, input")];
      session.querySelector("input")!.value = "typed";
      await until(() => nested.status === "connected");
      return { server, session, nested, before };
    }

    it("joins after the view around it, and adopts its own HTML", async () => {
      const { server, session, before } = await openNested();
      expect(server.sockets).to.have.length(1);
      expect(
        server.of("phx_join").map(({ topic, payload }) => [topic, payload.token]),
      ).to.deep.equal([
        ["lv:main", "signed"],
        ["lv:chat", "second"],
      ]);
      expect([...session.querySelectorAll("h1, p, input")]).to.deep.equal(before);
      expect(session.querySelector("p")!.textContent).to.equal("1");
      expect(session.querySelector("input")!.value).to.equal("typed");
    });

    it("leaves its links to the view around it", async () => {
      const { server, session } = await openNested();
      server.onJoin = () => joinReply(html`<h1>${"Other"}</h1>`);
      session.querySelector("a")!.click();
      await until(() => session.querySelector("h1")!.textContent === "Other");
      expect(location.href).to.equal(new URL("other?q=1", document.baseURI).href);
      const last = server.of("phx_join").at(-1)!;
      expect([last.topic, last.payload.redirect]).to.deep.equal(["lv:main", location.href]);
      await until(() => server.of("phx_leave").some(({ topic }) => topic === "lv:chat"));
    });

    it("leaves the stored assigns to the main view, which stores those of the present page only", async () => {
      const server = fakeServer();
      server.onJoin = (_, { topic }) => {
        const { ok } = joinReply(topic === "lv:main" ? outer("signed") : inner(1));
        return { ok: { ...ok, kept: { sealed: topic, reload: true } } };
      };
      const joined = (topic: string) =>
        server.of("phx_join").filter((join) => join.topic === topic);
      const stored = () => Object.entries(sessionStorage).filter(([key]) => key.includes(":kept:"));
      const session = insert(`<live-session id="main" token="signed" csrf-token="csrf">`);
      await until(() => session.querySelector<LiveSessionElement>("#chat")?.status === "connected");
      const [[key, sealed] = []] = stored();
      expect([sealed, stored()]).to.deep.equal(["lv:main", [[key, "lv:main"]]]);
      session.querySelector("a")!.click();
      await until(() => joined("lv:main").length === 2 && stored()[0]?.[0] !== key);
      expect(stored()).to.have.length(1);
      server.push("phx_error", {}, joined("lv:chat")[0]);
      await until(() => joined("lv:chat").length === 2);
      expect(joined("lv:chat")[1]!.payload.kept).to.equal("lv:chat");
      sessionStorage.clear();
    });

    it("waits while the view around it is joined again, when it is inserted meanwhile", async () => {
      const { server, session, nested } = await openNested();
      server.push("phx_error", {}, server.of("phx_join")[0]);
      await until(() => session.status === "error");
      expect(nested.status).to.equal("connected");
      const other = document.createElement("live-session");
      other.id = "late";
      other.setAttribute("nested", "third");
      session.append(other);
      await until(() => other.status === "connected");
      expect(server.of("phx_join").map(({ topic }) => topic)).to.deep.equal([
        "lv:main",
        "lv:chat",
        "lv:main",
        "lv:late",
      ]);
    });
  });

  it("reports that it has neither a token nor a src", async () => {
    const codes: string[] = [];
    window.addEventListener("live-error", ({ code }) => codes.push(code), { once: true });
    const session = insert("<live-session></live-session>");
    await until(() => session.status === "error");
    expect(codes).to.deep.equal(["LIVE_ERR_NO_VIEW"]);
  });
});
