import { expect } from "chai";
import { html } from "lit";
import type { LiveHooks } from "../../../src/index.js";
import { keyedList } from "../../support/encode.js";
import { until } from "../../support/live-fixture.js";
import {
  closePages,
  insert,
  joinPage,
  joinReply,
  type LivePage,
  openPage,
} from "../../support/live-page.js";

const query = <T extends HTMLElement = HTMLElement>({ session }: LivePage, selector: string): T =>
  session.querySelector<T>(selector)!;

/** Creates a hook that logs its callbacks. */
function noting(log: string[]): LiveHooks {
  const note = (callback: string) =>
    function (this: { element: HTMLElement }): void {
      log.push(`${this.element.id} ${callback}`);
    };
  return {
    Note: {
      mounted: note("mounted"),
      updated: note("updated"),
      destroyed: note("destroyed"),
      disconnected: note("disconnected"),
      reconnected: note("reconnected"),
    },
  };
}

describe("hooks", () => {
  afterEach(closePages);

  it("are called when their element is added, changed and removed", async () => {
    const log: string[] = [];
    const live = openPage({
      view: html`<p>${html`<b id="a" live-hook="Note" title=${"one"}>${"1"}</b>`}</p><i>${"x"}</i>`,
    });
    live.session.hooks = noting(log);
    await until(() => log.length === 1);
    live.server.push("diff", { diff: { "0.0": "two" } });
    await until(() => log.length === 2);
    live.server.push("diff", { diff: { "0.1": "2" } });
    await until(() => log.length === 3);
    live.server.push("diff", { diff: { 1: "y" } });
    await until(() => query(live, "i").textContent === "y");
    live.server.push("diff", { diff: { 0: { n: 1 } } });
    await until(() => log.length === 4);
    expect(log).to.deep.equal(["a mounted", "a updated", "a updated", "a destroyed"]);
  });

  it("are called before an update is shown", async () => {
    const log: string[] = [];
    const live = await joinPage({ view: html`<b live-hook="Note">${"1"}</b>` });
    const note = function (this: { element: HTMLElement }): void {
      log.push(this.element.textContent ?? "");
    };
    live.session.hooks = { Note: { beforeUpdate: note, updated: note } };
    live.server.push("diff", { diff: { "0": "2" } });
    await until(() => log.length === 2);
    expect(log).to.deep.equal(["1", "2"]);
  });

  it("are mounted after the join even if commands run before it", async () => {
    const log: string[] = [];
    const show = JSON.stringify([["addClass", { names: ["ran"] }]]);
    const live = openPage({ view: html`<b id="a" live-hook="Note" live-click=${show}>${"1"}</b>` });
    const { onJoin } = live.server;
    live.server.onJoin = () => undefined;
    live.session.hooks = noting(log);
    const join = await until(() => live.server.of("phx_join")[0]);
    query(live, "#a").click();
    await until(() => query(live, "#a").className === "ran");
    expect(log).to.deep.equal([]);
    const reply = onJoin?.(join.payload, join) as { ok: object };
    live.server.reply(join, reply.ok);
    await until(() => log.length === 1);
    expect(log).to.deep.equal(["a mounted"]);
    expect(query(live, "#a").className).to.equal("ran");
  });

  it("are not called for changes by scripts", async () => {
    const log: string[] = [];
    const live = await joinPage({ view: html`<b id="a" live-hook="Note"></b><i>${"x"}</i>` });
    live.session.hooks = noting(log);
    await until(() => log.length === 1);
    query(live, "#a").append("mine");
    live.server.push("diff", { diff: { 0: "y" } });
    await until(() => query(live, "i").textContent === "y");
    expect(log).to.deep.equal(["a mounted"]);
  });

  it("stay mounted on elements that are moved", async () => {
    const log: string[] = [];
    const row = (id: string): unknown => html`<li id=${id} live-hook="Note"></li>`;
    const live = await joinPage({
      view: html`<ul>${keyedList([
        ["a", row("a")],
        ["b", row("b")],
        ["c", row("c")],
      ])}</ul>`,
    });
    live.session.hooks = noting(log);
    await until(() => log.length === 3);
    live.server.push("diff", {
      diff: {
        0: {
          o: [
            [2, 3],
            [0, 1],
          ],
        },
      },
    });
    await until(() => log.length === 4);
    expect([...live.session.querySelectorAll("li")].map(({ id }) => id)).to.deep.equal(["c", "a"]);
    expect(log[3]).to.equal("b destroyed");
  });

  it("may be set before the join and extended later", async () => {
    const log: string[] = [];
    const live = await joinPage({
      view: html`<b id="a" live-hook="Note"></b><b id="b" live-hook="Later"></b>`,
    });
    const codes: string[] = [];
    live.session.addEventListener("live-error", ({ code, message }) =>
      codes.push(`${code} ${message}`),
    );
    live.session.hooks = noting(log);
    await until(() => codes.length === 1);
    expect(codes).to.deep.equal(['LIVE_ERR_HOOK the hook "Later" is not defined']);
    live.session.hooks = { ...live.session.hooks, Later: noting(log).Note! };
    await until(() => log.length === 2);
    expect(log).to.deep.equal(["a mounted", "b mounted"]);
  });

  it("may be set on the element before its upgrade", async () => {
    const log: string[] = [];
    const plain = document.createElement("template");
    plain.innerHTML = "<live-session></live-session>";
    // Not upgraded, because the document of a template's content has no custom elements.
    const element = plain.content.firstElementChild as HTMLElement & { hooks?: LiveHooks };
    element.hooks = noting(log);
    document.body.append(element);
    await until(() => !Object.hasOwn(element, "hooks"));
    expect(element.hooks).to.have.property("Note");
    element.remove();
  });

  it("are called when the connection is lost and when the view is joined again", async () => {
    const log: string[] = [];
    const live = await joinPage({ view: html`<b id="a" live-hook="Note"></b>` });
    live.session.hooks = noting(log);
    await until(() => log.length === 1);
    live.server.drop();
    await until(() => log.includes("a disconnected"));
    await until(() => log.includes("a reconnected"));
    expect(log).to.deep.equal(["a mounted", "a disconnected", "a reconnected"]);
  });

  it("are destroyed when the page navigates, and when the session is removed", async () => {
    const log: string[] = [];
    const view = (id: string): unknown =>
      html`<main>${{ x: "keyed", v: [id, html`<b id=${id} live-hook="Note"></b>`] }}</main>`;
    const live = await joinPage({
      view: view("a"),
      joined: (url) => view(url.endsWith("/b") ? "b" : "a"),
    });
    live.session.hooks = noting(log);
    await until(() => log.length === 1);
    live.session.exec(live.session, JSON.stringify([["navigate", { href: "/b" }]]));
    await until(() => log.length === 3);
    expect(log.slice(1).sort()).to.deep.equal(["a destroyed", "b mounted"]);
    live.session.remove();
    await until(() => log.length === 4);
    expect(log[3]).to.equal("b destroyed");
  });

  it("send events and get replies", async () => {
    const live = await joinPage({ view: html`<b id="a" live-hook="Ask"></b>` });
    const replies: unknown[] = [];
    live.session.hooks = {
      Ask: {
        async mounted() {
          replies.push(await this.pushEvent("ask", { n: 1 }));
        },
      },
    };
    const event = await until(() => live.server.of("event")[0]);
    expect(event.payload).to.deep.equal({ type: "hook", event: "ask", value: { n: 1 } });
    live.server.reply(event, { reply: { n: 2 } });
    await until(() => replies.length === 1);
    expect(replies).to.deep.equal([{ n: 2 }]);
  });

  it("receive events from the first one on, in order, until they are destroyed", async () => {
    const received: unknown[] = [];
    const live = openPage({ view: html`${html`<b live-hook="Receive"></b>`}<i>${"x"}</i>` });
    live.server.onJoin = () => {
      const reply = joinReply(html`${html`<b live-hook="Receive"></b>`}<i>${"x"}</i>`);
      return { ok: { ...reply.ok, events: [["points", 1]] } };
    };
    live.session.hooks = {
      Receive: {
        mounted() {
          const stop = this.handleEvent("points", (payload) => {
            received.push(`first ${payload}`);
            stop();
          });
          this.handleEvent("points", (payload) => received.push(payload));
        },
      },
    };
    await until(() => live.session.status === "connected");
    live.server.push("diff", {
      events: [
        ["points", 2],
        ["other", 0],
      ],
    });
    await until(() => received.length === 3);
    live.server.push("diff", { diff: { 0: { n: 1 }, 1: "y" }, events: [["points", 3]] });
    await until(() => query(live, "i").textContent === "y");
    expect(received).to.deep.equal(["first 1", 1, 2]);
  });

  it("that throw are reported, and other hooks work", async () => {
    const log: string[] = [];
    const live = await joinPage({
      view: html`<b id="x" live-hook="Bad"></b><b id="y" live-hook="Slow"></b><b id="a" live-hook="Note"></b>`,
    });
    const errors: string[] = [];
    live.session.addEventListener("live-error", ({ code, message }) =>
      errors.push(`${code} ${message}`),
    );
    live.session.hooks = {
      ...noting(log),
      Bad: {
        mounted() {
          this.handleEvent("go", () => {
            throw new Error("two");
          });
          throw new Error("one");
        },
      },
      Slow: { mounted: () => Promise.reject(new Error("three")) },
    };
    await until(() => log.length === 1);
    live.server.push("diff", { events: [["go", {}]] });
    await until(() => errors.length === 3);
    expect(errors.sort()).to.deep.equal([
      'LIVE_ERR_HOOK the hook "Bad" threw in go: two',
      'LIVE_ERR_HOOK the hook "Bad" threw in mounted: one',
      'LIVE_ERR_HOOK the hook "Slow" threw in mounted: three',
    ]);
    expect(live.session.status).to.equal("connected");
  });

  it("of a nested live session belong to that session", async () => {
    const log: string[] = [];
    const outer = await joinPage({
      view: html`<b id="a" live-hook="Note"></b><div id="slot"></div>`,
    });
    const inner = insert(
      '<live-session id="inner" token="signed"><b id="b" live-hook="Note"></b></live-session>',
    );
    query(outer, "#slot").append(inner);
    outer.session.hooks = noting(log);
    await until(() => log.length > 0);
    expect(log).to.deep.equal(["a mounted"]);
  });
});
