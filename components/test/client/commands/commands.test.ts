import { expect } from "chai";
import { html } from "lit";
import { passTime, stopClock } from "../../support/clock.js";
import { encode } from "../../support/encode.js";
import { fakeServer } from "../../support/fake-server.js";
import { until } from "../../support/live-fixture.js";
import { insert, joinPage, joinReply, type LivePage } from "../../support/live-page.js";
import { stopPageLoadsOfTests } from "../../support/page-loads.js";
import { withReducedMotion } from "../../support/reduced-motion.js";

type Command = readonly [name: string, args?: object];

const commands = (...list: readonly Command[]): string => JSON.stringify(list);

const query = <T extends HTMLElement = HTMLElement>({ session }: LivePage, selector: string): T =>
  session.querySelector<T>(selector)!;

/** Clicks the button of a page and waits until its commands have run. The last of them marks the session. */
async function run(page: LivePage, ...list: readonly Command[]): Promise<void> {
  const button = query(page, "#run");
  page.session.removeAttribute("data-done");
  const done: Command = ["setAttribute", { to: "live-session", name: "data-done", values: ["1"] }];
  button.setAttribute("live-click", commands(...list, done));
  button.click();
  await until(() => page.session.hasAttribute("data-done"));
}

const page = (content: unknown): Promise<LivePage> =>
  joinPage({ view: html`<button id="run">Run</button>${content}` });

const isShown = (element: Element): boolean => element.getClientRects().length > 0;

const events = ({ server }: LivePage): unknown[] =>
  server.of("event").map(({ payload }) => payload);

const errorsOf = ({ session }: LivePage): string[] => {
  const codes: string[] = [];
  session.addEventListener("live-error", ({ code }) => codes.push(code));
  return codes;
};

describe("commands", () => {
  const loads = stopPageLoadsOfTests();

  it("run in the order in which they are written, before and after a push", async () => {
    const live = await page(html`<p id="a"></p>`);
    const seen: string[] = [];
    live.session.addEventListener("one", () => seen.push(`one ${events(live).length}`));
    live.session.addEventListener("two", () => seen.push(`two ${events(live).length}`));
    await run(
      live,
      ["dispatch", { event: "one" }],
      ["push", { event: "save" }],
      ["dispatch", { event: "two" }],
    );
    expect(seen).to.deep.equal(["one 0", "two 1"]);
  });

  it("keep the order of events while their module is loading", async () => {
    const live = await joinPage({
      view: html`<button id="a" live-click=${commands(["push", { event: "first" }])}></button>
        <button id="b" live-click="second"></button>`,
    });
    query(live, "#a").click();
    query(live, "#b").click();
    await until(() => events(live).length === 2);
    expect(live.server.of("event").map(({ payload }) => payload.event)).to.deep.equal([
      "first",
      "second",
    ]);
  });

  it("push values that replace those of attributes, and mark further elements", async () => {
    const live = await joinPage({
      view: html`<button
          live-value-id="1"
          live-value-name="a"
          live-click=${commands(["push", { event: "save", value: { id: 2 }, loading: "i" }])}
        ></button>
        <i></i>`,
    });
    query(live, "button").click();
    await until(() => events(live).length === 1);
    expect(events(live)).to.deep.equal([
      { type: "click", event: "save", value: { id: 2, name: "a" } },
    ]);
    expect(query(live, "i").className).to.equal("live-click-loading");
    live.server.reply(live.server.of("event")[0]!, {});
    await until(() => query(live, "i").className === "");
  });

  it("push a form with values that replace its fields", async () => {
    const live = await joinPage({
      view: html`<form live-submit=${commands(["push", { event: "save", value: { a: "2" } }])}>
        <input name="a" value="1" /><input name="b" value="1" /><button></button>
      </form>`,
    });
    query(live, "button").click();
    const [event] = await until(() => live.server.of("event")[0] && live.server.of("event"));
    const params = new URLSearchParams(event!.payload.value);
    expect([params.get("a"), params.get("b")]).to.deep.equal(["2", "1"]);
  });

  it("dispatch the events of page loading around a push with pageLoading", async () => {
    const live = await page(null);
    const seen: string[] = [];
    for (const type of ["live-page-loading-start", "live-page-loading-stop"] as const) {
      live.session.addEventListener(type, ({ kind }) => seen.push(`${type} ${kind}`));
    }
    await run(live, ["push", { event: "save", pageLoading: true }]);
    expect(seen).to.deep.equal(["live-page-loading-start element"]);
    live.server.reply(live.server.of("event")[0]!, {});
    await until(() => seen[1] === "live-page-loading-stop element");
  });

  it("dispatch the events of page loading for the element of each push until its answer", async () => {
    const live = await page(
      html`<button id="other" live-click=${'[["push",{"event":"other","pageLoading":true}]]'}></button>`,
    );
    const seen: string[] = [];
    for (const type of ["live-page-loading-start", "live-page-loading-stop"] as const) {
      live.session.addEventListener(type, ({ element }) =>
        seen.push(`${type.split("-").at(-1)} ${element?.id}`),
      );
    }
    await run(live, ["push", { event: "save", pageLoading: true }]);
    query(live, "#other").click();
    await until(() => live.server.of("event").length === 2);
    live.server.reply(live.server.of("event")[0]!, {});
    await until(() => seen.length === 3);
    live.server.reply(live.server.of("event")[1]!, {});
    await until(() => seen.length === 4);
    expect(seen).to.deep.equal(["start run", "start other", "stop run", "stop other"]);
  });

  it("apply to every element that matches, and to scopes of the bound one", async () => {
    const live = await page(html`<p class="x"></p><p class="x"></p>`);
    query(live, "#run").innerHTML = "<b></b>";
    await run(
      live,
      ["addClass", { to: ".x", names: ["on"] }],
      ["addClass", { to: { inner: "b" }, names: ["in"] }],
      ["addClass", { to: { closest: "live-session" }, names: ["up"] }],
      ["addClass", { names: ["self"] }],
    );
    expect(live.session.querySelectorAll("p.on")).to.have.length(2);
    expect(query(live, "b").className).to.equal("in");
    expect(live.session.classList.contains("up")).to.equal(true);
    expect(query(live, "#run").className).to.equal("self");
  });

  it("set, remove and toggle attributes and classes", async () => {
    const live = await page(html`<p id="a" hidden class="x" data-on="1"></p>`);
    const target = query(live, "#a");
    const toggle: Command = ["toggleAttribute", { to: "#a", name: "open", values: [""] }];
    const turn: Command = ["toggleAttribute", { to: "#a", name: "dir", values: ["ltr", "rtl"] }];
    await run(
      live,
      ["removeAttribute", { to: "#a", name: "hidden", values: [] }],
      ["setAttribute", { to: "#a", name: "data-on", values: ["2"] }],
      ["toggleClass", { to: "#a", names: ["x", "y"] }],
      toggle,
      turn,
    );
    expect([target.hidden, target.dataset.on, target.className]).to.deep.equal([false, "2", "y"]);
    expect([target.hasAttribute("open"), target.dir]).to.deep.equal([true, "ltr"]);
    await run(live, toggle, turn, ["removeClass", { to: "#a", names: ["y"] }]);
    expect([target.hasAttribute("open"), target.dir, target.className]).to.deep.equal([
      false,
      "rtl",
      "",
    ]);
  });

  describe("show and hide", () => {
    it("do nothing if the element is already visible, or hidden", async () => {
      const live = await page(html`<p id="a">A</p>`);
      const seen: string[] = [];
      for (const type of ["show-start", "show-end", "hide-start", "hide-end"]) {
        query(live, "#a").addEventListener(`live-${type}`, () => seen.push(type));
      }
      await run(live, ["show", { to: "#a" }]);
      expect(seen).to.deep.equal([]);
      await run(live, ["hide", { to: "#a" }]);
      expect(isShown(query(live, "#a"))).to.equal(false);
      await run(live, ["hide", { to: "#a" }]);
      expect(seen).to.deep.equal(["hide-start", "hide-end"]);
      await run(live, ["toggle", { to: "#a" }]);
      expect(seen.slice(2)).to.deep.equal(["show-start", "show-end"]);
      expect(isShown(query(live, "#a"))).to.equal(true);
    });

    it("show an element that its stylesheet or an attribute hides", async () => {
      const live = await page(
        html`<p id="a" hidden>A</p><span id="b" hidden>B</span><i id="c">C</i>`,
      );
      await run(live, ["hide", { to: "#c" }]);
      await run(
        live,
        ["show", { to: "#a" }],
        ["show", { to: "#b", display: "inline" }],
        ["show", { to: "#c" }],
      );
      const displays = ["#a", "#b", "#c"].map((id) => getComputedStyle(query(live, id)).display);
      expect(displays).to.deep.equal(["block", "inline", "inline"]);
    });

    it("apply the classes of a transition", async () => {
      const live = await page(html`<p id="a">A</p>`);
      const target = query(live, "#a");
      const transition = [["t"], ["from"], ["to"]];
      let ended = 0;
      target.addEventListener("live-hide-end", () => ended++);
      stopClock();
      await run(live, ["hide", { to: "#a", transition, time: 80 }]);
      await until(() => target.className === "t to");
      expect([isShown(target), ended]).to.deep.equal([true, 0]);
      passTime(80);
      expect([target.className, isShown(target), ended]).to.deep.equal(["", false, 1]);
      await run(live, ["show", { to: "#a", transition, time: 80 }]);
      expect(isShown(target)).to.equal(true);
      await until(() => target.className === "t to");
      passTime(80);
      expect(target.className).to.equal("");
    });

    it("do not delay an update of the same element", async () => {
      const live = await joinPage({
        view: html`<button id="run"></button><p id="a" class=${"x"} title=${"one"}>${"A"}</p>`,
      });
      await run(live, ["transition", { to: "#a", transition: [["t"], [], []], time: 60_000 }]);
      live.server.push("diff", { diff: { 0: "y", 1: "two", 2: "B" } });
      await until(() => query(live, "#a").textContent === "B");
      expect([query(live, "#a").className, query(live, "#a").title]).to.deep.equal(["y", "two"]);
    });

    it("cancel a transition by the opposite command", async () => {
      const live = await page(html`<p id="a">A</p>`);
      const target = query(live, "#a");
      let hidden = 0;
      target.addEventListener("live-hide-end", () => hidden++);
      await run(live, ["hide", { to: "#a", transition: [["t"], [], []], time: 60_000 }]);
      await run(live, ["show", { to: "#a" }]);
      expect([target.className, isShown(target), hidden]).to.deep.equal(["", true, 0]);
    });

    it("do not wait if the user prefers reduced motion", async () => {
      await withReducedMotion([], async () => {
        const live = await page(html`<p id="a">A</p>`);
        await run(live, ["hide", { to: "#a", transition: [["t"], [], []], time: 60_000 }]);
        const target = query(live, "#a");
        expect([target.className, isShown(target)]).to.deep.equal(["", false]);
      });
    });
  });

  it("move the focus and restore it", async () => {
    const live = await page(
      html`<div id="box"><button disabled>A</button><a>B</a><input id="in" /></div><input id="other" />`,
    );
    query(live, "#run").focus();
    await run(live, ["pushFocus"], ["focusFirst", { to: "#box" }]);
    expect(document.activeElement).to.equal(query(live, "#in"));
    await run(live, ["focus", { to: "#other" }]);
    expect(document.activeElement).to.equal(query(live, "#other"));
    await run(live, ["popFocus"]);
    expect(document.activeElement).to.equal(query(live, "#run"));
  });

  it("dispatch events, and run the commands of other elements", async () => {
    const inner = commands(["addClass", { names: ["ran"] }]);
    const live = await page(
      html`<p id="a" data-run=${inner}></p><input id="box" type="checkbox" />`,
    );
    let detail: Record<string, unknown> = {};
    live.session.addEventListener("copied", (e) => {
      detail = (e as CustomEvent).detail;
    });
    await run(
      live,
      ["dispatch", { event: "copied", to: "#a", detail: { n: 1 } }],
      ["dispatch", { event: "click", to: "#box" }],
      ["exec", { attribute: "data-run", to: "#a" }],
    );
    expect(detail).to.deep.equal({ n: 1, dispatcher: query(live, "#run") });
    expect(query<HTMLInputElement>(live, "#box").checked).to.equal(true);
    expect(query(live, "#a").className).to.equal("ran");
  });

  it("patch and navigate", async () => {
    const live = await page(null);
    await run(live, ["patch", { href: "/p?x=1", replace: true }]);
    const [patch] = live.server.of("live_patch");
    expect(new URL(patch!.payload.url).search).to.equal("?x=1");
    await run(live, ["navigate", { href: "/elsewhere" }]);
    const join = await until(() => live.server.of("phx_join")[1]);
    expect(new URL(join.payload.redirect).pathname).to.equal("/elsewhere");
  });

  it("patch and navigate a view of another site on that site", async () => {
    const { fetch } = globalThis;
    const server = fakeServer();
    const go = (name: string, href: string): string => commands([name, { href }]);
    server.onJoin = () =>
      joinReply(
        html`<b live-click=${go("patch", "?x=1")}></b><i live-click=${go("navigate", "/next")}></i>`,
      );
    globalThis.fetch = async () => Response.json({ id: "widget", token: "signed", csrfToken: "" });
    const session = insert(`<live-session src="https://example.org/items/1"></live-session>`);
    await until(() => session.status === "connected").finally(() => {
      globalThis.fetch = fetch;
    });
    const { href } = location;
    query({ session, server }, "b").click();
    const patch = await until(() => server.of("live_patch")[0]);
    expect(patch.payload.url).to.equal("https://example.org/items/1?x=1");
    server.reply(patch, {});
    query({ session, server }, "i").click();
    const join = await until(() => server.of("phx_join")[1]);
    expect(join.payload.redirect).to.equal("https://example.org/next");
    expect([...loads, location.href]).to.deep.equal([href]);
  });

  it("keep their changes through updates of the same elements", async () => {
    const live = await joinPage({
      view: html`<button id="run"></button><p id="a" class=${"x"} title=${"one"} style=${"color: red"}>A</p>`,
    });
    await run(
      live,
      ["addClass", { to: "#a", names: ["mine"] }],
      ["setAttribute", { to: "#a", name: "title", values: ["mine"] }],
      ["hide", { to: "#a" }],
    );
    live.server.push("diff", { diff: { 0: "y", 1: "two", 2: "color: blue" } });
    await until(() => query(live, "#a").classList.contains("y"));
    expect(query(live, "#a").className).to.equal("y mine");
    expect(query(live, "#a").title).to.equal("mine");
    expect(isShown(query(live, "#a"))).to.equal(false);
    expect(query(live, "#a").style.color).to.equal("blue");
  });

  it("keep the server from changing ignored attributes", async () => {
    const live = await joinPage({
      view: html`<button id="run"></button>
        <details ?open=${false} data-a=${"1"} title=${"one"}></details>`,
    });
    await run(live, ["ignoreAttributes", { to: "details", names: ["open", "data-*"] }]);
    live.server.push("diff", { diff: { 0: true, 1: "2", 2: "two" } });
    await until(() => query(live, "details").title === "two");
    const { open, dataset } = query<HTMLDetailsElement>(live, "details");
    expect([open, dataset.a]).to.deep.equal([false, "1"]);
  });

  it("report errors, and the rest of the page works", async () => {
    const live = await joinPage({
      view: html`<button id="a"></button><button id="b" live-click="plain"></button>`,
    });
    const codes = errorsOf(live);
    for (const text of [
      commands(["fly"]),
      "[[",
      commands(["hide", { to: "#(" }]),
      commands(["exec", { attribute: "x" }]),
    ]) {
      query(live, "#a").setAttribute("live-click", text);
      query(live, "#a").click();
    }
    await until(() => codes.length === 4);
    expect(codes).to.deep.equal(Array(4).fill("LIVE_ERR_COMMAND"));
    query(live, "#b").click();
    expect(events(live)).to.have.length(1);
    expect(live.session.status).to.equal("connected");
  });

  it("run for an element when the page calls exec", async () => {
    const live = await page(html`<p></p>`);
    live.session.exec(
      query(live, "p"),
      commands(["addClass", { names: ["a"] }], ["push", { event: "e" }]),
    );
    await until(() => query(live, "p").classList.contains("a"));
    expect(events(live)).to.deep.equal([{ type: "hook", event: "e", value: {} }]);
  });

  describe("of live-connected and live-disconnected", () => {
    const note = (name: string): string => commands(["push", { event: name }]);
    const show = commands(["removeAttribute", { name: "hidden" }]);
    const hide = commands(["setAttribute", { name: "hidden", values: [""] }]);
    const view = (text: string) => html`
      <i live-connected=${note("on")} live-disconnected=${commands(["addClass", { names: ["off"] }])}>${text}</i>
      <p hidden live-disconnected=${show} live-connected=${hide}>offline</p>`;
    const eventsOf = (live: LivePage): unknown[] =>
      live.server.of("event").map(({ payload }) => payload.event);

    it("run when the view is joined and when the connection is lost", async () => {
      const live = await joinPage({ view: view("text") });
      await until(() => eventsOf(live).length === 1);
      expect(query(live, "p").hidden).to.equal(true);
      live.server.drop();
      await until(() => !query(live, "p").hidden);
      expect(query(live, "i").className).to.equal("off");
      await until(() => query(live, "p").hidden);
      await until(() => eventsOf(live).length === 2);
      live.server.push("diff", { diff: { 2: "changed" } });
      await until(() => query(live, "i").textContent === "changed");
      expect(eventsOf(live)).to.deep.equal(["on", "on"]);
    });

    it("run when the view has crashed", async () => {
      const live = await joinPage({ view: view("text") });
      await until(() => eventsOf(live).length === 1);
      live.server.push("phx_error", {});
      await until(() => !query(live, "p").hidden);
      await until(() => eventsOf(live).length === 2);
    });

    it("run for the view that a live navigation has joined", async () => {
      const link = html`<a href="/next" live-navigate>Next</a>`;
      const live = await joinPage({
        view: link,
        joined: (url) => (url.endsWith("/next") ? view("next") : link),
      });
      query(live, "a").click();
      await until(() => eventsOf(live).length === 1);
      expect(query(live, "i").textContent).to.equal("next");
    });

    it("do not run for an element that an update adds", async () => {
      const live = await joinPage({
        view: html`<u live-connected=${note("on")}></u>${"none"}<b>${"one"}</b>`,
      });
      await until(() => eventsOf(live).length === 1);
      const { rendered, templates } = encode(html`<i live-connected=${note("late")}></i>`);
      live.server.push("diff", { diff: { 1: rendered, 2: "two" }, templates });
      await until(() => query(live, "b").textContent === "two");
      live.server.push("diff", { diff: { 2: "three" } });
      await until(() => query(live, "b").textContent === "three");
      expect(eventsOf(live)).to.deep.equal(["on"]);
    });
  });

  describe("of elements that are added and removed", () => {
    it("run once when an element has been added", async () => {
      const come = commands(["addClass", { names: ["come"] }], ["push", { event: "come" }]);
      const item = (id: string): unknown => html`<b id=${id} live-mounted=${come}></b>`;
      const live = await joinPage({ view: html`${item("a")}${"none"}<p>${"one"}</p>` });
      await until(() => events(live).length === 1);
      const { rendered, templates } = encode(item("b"));
      live.server.push("diff", { diff: { 1: rendered, 2: "two" }, templates });
      await until(() => query(live, "p").textContent === "two");
      expect(query(live, "#b").classList.contains("come")).to.equal(true);
      live.server.push("diff", { diff: { 2: "three" } });
      await until(() => query(live, "p").textContent === "three");
      expect(events(live)).to.have.length(2);
    });

    it("keep an element that an update removes until its transition is over", async () => {
      const go = commands(["hide", { transition: [["fade"], [], []], time: 100 }]);
      const live = await joinPage({
        view: html`<div>${html`<p id="a" live-remove=${go}>A</p>`}<b>${"one"}</b></div>`,
      });
      await waitForScripting(live);
      stopClock();
      const leaving = query(live, "#a");
      live.server.push("diff", { diff: { 0: { n: 1 }, 1: "two" } });
      await until(() => query(live, "b").textContent === "two");
      expect(query(live, "#a")).to.equal(leaving);
      expect([leaving.inert, leaving.className]).to.deep.equal([true, "fade"]);
      expect(leaving.nextElementSibling).to.equal(query(live, "b"));
      passTime(100);
      expect(leaving.isConnected).to.equal(false);
    });

    it("remove an element at once if its commands take no time", async () => {
      const go = commands(["push", { event: "gone" }]);
      const live = await joinPage({
        view: html`<div>${html`<p id="a" live-remove=${go}>A</p>`}</div>`,
      });
      await waitForScripting(live);
      live.server.push("diff", { diff: { 0: { n: 1 } } });
      await until(() => events(live).length === 1);
      expect(query(live, "#a")).to.equal(null);
    });

    const fade = (...more: readonly Command[]): string =>
      commands(["hide", { transition: [["fade"], [], []], time: 100 }], ...more);

    it("run when the parent of their element is removed, which stays as long", async () => {
      const live = await joinPage({
        view: html`<div>
          ${html`<section id="parent">Text <p id="a" live-remove=${fade()}>A</p></section>`}
        </div>`,
      });
      await waitForScripting(live);
      const [parent, child] = [query(live, "#parent"), query(live, "#a")];
      stopClock();
      live.server.push("diff", { diff: { 0: { n: 1 } } });
      await until(() => parent.inert);
      expect(child.className).to.equal("fade");
      expect(parent.isConnected).to.equal(true);
      expect(parent.textContent).to.equal("Text A");
      passTime(100);
      expect(parent.isConnected).to.equal(false);
    });

    it("do not run when the view is rendered from scratch", async () => {
      const view = (n: number) =>
        html`<section><p live-remove=${fade()}>A</p><b>${n}</b></section>`;
      const live = await joinPage({ view: html`<div>${view(1)}</div>` });
      await waitForScripting(live);
      query(live, "section").replaceChildren();
      live.server.push("diff", { diff: { "0.1": 2 } });
      await until(() => query(live, "b")?.textContent === "2");
      expect(live.session.querySelectorAll("section")).to.have.length(1);
    });

    it("run on a live navigation, where only their elements stay visible", async () => {
      const old = html`<h1>Old</h1>
        <div id="around">Around <dialog open id="a" live-remove=${fade()}>A</dialog></div>
        <a href="/new" live-navigate>New</a>`;
      const live = await joinPage({
        view: html`<main>${{ x: "keyed", v: [0, old] }}</main>`,
        joined: (url) =>
          html`<main>${
            url.endsWith("/new")
              ? { x: "keyed", v: [1, html`<h1>New</h1>`] }
              : { x: "keyed", v: [0, old] }
          }</main>`,
      });
      await waitForScripting(live);
      const leaving = query(live, "#a");
      query(live, "a").click();
      await until(() => query(live, "h1").textContent === "New");
      expect(leaving.isConnected).to.equal(true);
      expect(leaving.className).to.equal("fade");
      expect(query(live, "#around").textContent).to.equal("A");
      expect(live.session.querySelectorAll("h1")).to.have.length(1);
      expect(query(live, "a")).to.equal(null);
      await until(() => !query(live, "#around"));
    });

    it("leave no binding of an element that is being removed", async () => {
      const live = await joinPage({
        view: html`<div>
          ${html`<section
            live-remove=${fade()}
            live-window-keydown="close"
            live-click-away="close"
          >
            <p live-window-keydown="inner"></p>
          </section>`}
        </div>
        <button live-window-keydown="other"></button>`,
      });
      await waitForScripting(live);
      const leaving = query(live, "section");
      live.server.push("diff", { diff: { 0: { n: 1 } } });
      await until(() => leaving.inert);
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
      document.body.click();
      await until(() => events(live).length > 0);
      expect(leaving.isConnected).to.equal(true);
      expect(live.server.of("event").map(({ payload }) => payload.event)).to.deep.equal(["other"]);
      await until(() => !leaving.isConnected);
    });
  });

  it("hide only their row of a list without keys, when the server removes it", async () => {
    const rows = (keys: string) =>
      [...keys].map(
        (key) => html`<li id=${key}>
          <button live-click=${commands(["hide", { to: { closest: "li" } }], ["push", { event: "delete" }])}>
            ${key}
          </button>
        </li>`,
      );
    const live = await joinPage({ view: html`<ul>${rows("abc")}</ul>` });
    query(live, "#b button").click();
    const [event] = await until(() => live.server.of("event")[0] && live.server.of("event"));
    expect(isShown(query(live, "#b"))).to.equal(false);
    const { rendered, templates } = encode(rows("ac"));
    live.server.reply(event!, { diff: { 0: rendered }, templates });
    await until(() => !query(live, "#b"));
    expect([isShown(query(live, "#a")), isShown(query(live, "#c"))]).to.deep.equal([true, true]);
  });

  describe("for an element whose transition is running", () => {
    const transition = [["fade"], [], []];

    it("do not cancel the transition", async () => {
      const live = await page(html`<p id="m"></p>`);
      const element = query(live, "#m");
      let ended = 0;
      element.addEventListener("live-hide-end", () => ended++);
      stopClock();
      await run(
        live,
        ["hide", { to: "#m", transition, time: 50 }],
        ["setAttribute", { to: "#m", name: "aria-busy", values: ["true"] }],
        ["addClass", { to: "#m", names: ["x"], transition: [["move"], [], []], time: 50 }],
        ["removeClass", { to: "#m", names: ["y"] }],
      );
      expect([...element.classList]).to.have.members(["fade", "move"]);
      expect(element.getAttribute("aria-busy")).to.equal("true");
      passTime(50);
      expect([ended, element.className, isShown(element)]).to.deep.equal([1, "x", false]);
    });

    it("run after its change if they change the same property", async () => {
      const live = await page(html`<p id="m"></p>`);
      const element = query(live, "#m");
      await run(
        live,
        ["addClass", { to: "#m", names: ["x"], transition, time: 60_000 }],
        ["toggleClass", { to: "#m", names: ["x"] }],
      );
      expect(element.className).to.equal("");
      await run(
        live,
        ["addClass", { to: "#m", names: ["x"], transition, time: 60_000 }],
        ["addClass", { to: "#m", names: ["x"] }],
      );
      expect(element.className).to.equal("x");
    });
  });
});

/** Resolves when the module for commands has been loaded. */
async function waitForScripting(live: LivePage): Promise<void> {
  const ping = document.createElement("i");
  live.session.exec(ping, commands(["addClass", { names: ["here"] }]));
  await until(() => ping.className === "here");
}
