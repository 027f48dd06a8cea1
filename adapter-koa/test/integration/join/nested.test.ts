import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import {
  cont,
  LiveRouter,
  type LiveSessionOptions,
  liveComponent,
  liveView,
  nested,
  onMount,
  type Socket,
} from "@live-session/adapter-koa";
import { type Page, visit } from "@live-session/adapter-koa/testing";
import { html, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { createApp } from "../../support/app.js";
import { joinOf } from "../../support/connection.js";
import { gate } from "../../support/gate.js";
import { liveError } from "../../support/live-error.js";
import { startServer } from "../../support/server.js";
import { type LivePage, nestedPage, Visitor } from "../../support/visitor.js";

/** The actions of the hooks and views of a test, in order. */
const createLog = () => {
  const log: string[] = [];
  return { log, take: () => log.splice(0) };
};

const counterLive = liveView("CounterLive", {
  types: {} as { own: { n: number } },
  mount: ({ socket }) => socket.assign({ n: 0 }),
  handleEvent: { inc: ({ socket }) => socket.assign({ n: socket.assigns.n + 1 }) },
  render: ({ n }) => html`<button class="inc" live-click="inc">${n}</button>`,
});

/** An app whose home page shows chats, and whose layout contains a sticky player. */
function createChatApp(
  options: LiveSessionOptions = {},
  wait: (socket: Socket) => Promise<unknown> | undefined = () => undefined,
) {
  const { log, take } = createLog();
  const seen = onMount("seen", async ({ socket, session }) => {
    await wait(socket);
    log.push(`hook ${socket.connected ? "connected" : "page"} ${session.room ?? ""}`.trim());
    return cont({ user: "ada" });
  });
  const chatLive = liveView("ChatLive", {
    types: {} as {
      needs: { user: string };
      session: { room: string };
      own: { room: string; lines: readonly string[] };
    },
    mount({ socket, session }) {
      if (session.room === "moved") return socket.pushNavigate("/other");
      if (session.room === "broken" && !socket.connected) throw new Error("broken room");
      socket.assign({ room: session.room, lines: [] });
      if (socket.connected) socket.subscribe(`room:${session.room}`);
    },
    unmount: ({ reason }) => {
      log.push(`chat ${reason}`);
    },
    handleInfo: ({ message, socket }) =>
      socket.assign({ lines: [...socket.assigns.lines, String(message)] }),
    handleEvent: {
      say({ payload, socket }) {
        const { text } = payload as { text: string };
        socket.pushEvent("said", { text });
        socket.putFlash("info", `said ${text}`);
        socket.assign({ lines: [...socket.assigns.lines, text] });
      },
      crash() {
        throw new Error("chat failed");
      },
      leave({ socket }) {
        socket.putFlash("info", "left the chat");
        socket.pushNavigate("/other");
      },
      patch: ({ socket }) => socket.pushPatch("/?p=1"),
    },
    render: ({ room, lines, user, flash }, socket) => html`
      <section class="chat">
        <h2>${user} in ${room}</h2>
        <ol>${lines.map((line) => html`<li>${line}</li>`)}</ol>
        <output>${flash.info}</output>
        <form id=${`say-${socket.id}`} live-submit="say"><input name="text"></form>
        <button class="crash" live-click="crash"></button>
        <button class="leave" live-click="leave"></button>
        <button class="patch" live-click="patch"></button>
        ${nested(counterLive, { id: `${socket.id}-counter` })}
      </section>`,
  });
  const homeLive = liveView("HomeLive", {
    types: {} as { needs: { user: string }; own: { rooms: readonly string[]; renders: number } },
    mount: ({ socket }) => socket.assign({ rooms: ["lobby"], renders: 0 }),
    handleEvent: {
      rooms: ({ payload, socket }) => socket.assign({ rooms: payload as readonly string[] }),
      inc: ({ socket }) => socket.assign({ renders: socket.assigns.renders + 1 }),
      fail() {
        throw new Error("home failed");
      },
    },
    render: ({ rooms, renders }) => html`
      <h1>Home ${renders}</h1>
      ${repeat(
        rooms,
        (room) => room,
        (room) => nested(chatLive, { id: `chat-${room}`, session: { room } }),
      )}`,
  });
  const otherLive = liveView("OtherLive", {
    types: {} as { needs: { user: string } },
    render: ({ flash }) => html`<h1>Other</h1><p>${flash.info}</p>`,
  });
  const layout = ({ content }: { content: unknown }): TemplateResult => html`
    <header id="layout">${nested(counterLive, { id: "player", sticky: true })}</header>
    <main>${content}</main>`;
  const routes = (router: LiveRouter) => {
    router
      .liveSession("main", { layout, ...options, onMount: seen })
      .live("/", homeLive)
      .live("/other", otherLive);
    router.liveSession("bare", { onMount: seen }).live("/bare", otherLive);
  };
  return { ...createApp(routes), routes, take };
}

const say = (page: Page, room: string, text: string) =>
  page.form(`#say-chat-${room}`, { text }).submit();

async function connectedPage(app = createChatApp()) {
  const page = await visit(app.app, "/");
  app.take();
  await page.connect();
  return { ...app, page };
}

describe("a nested view", () => {
  it("is part of the first HTML, with the hooks of the live session and its session data", async () => {
    const { app, take } = createChatApp();
    const page = await visit(app, "/");
    assert.equal(page.element("#chat-lobby h2").text, "ada in lobby");
    assert.ok(page.hasElement("#chat-lobby #chat-lobby-counter button", "0"));
    assert.deepEqual(take().sort(), ["hook page", "hook page", "hook page", "hook page lobby"]);
  });

  it("runs the hooks of the live session when it is joined", async () => {
    const { take, page } = await connectedPage();
    assert.deepEqual(take().sort(), [
      "hook connected",
      "hook connected",
      "hook connected",
      "hook connected lobby",
    ]);
    assert.equal(page.element("#chat-lobby h2").text, "ada in lobby");
  });

  it("handles its own events, flash, pushed events and messages", async () => {
    const { page, live } = await connectedPage();
    await say(page, "lobby", "hello");
    assert.ok(page.hasElement("#chat-lobby li", "hello"));
    assert.deepEqual(page.nested("chat-lobby").flash, { info: "said hello" });
    assert.deepEqual(page.flash, {});
    page.nested("chat-lobby").assertPushEvent("said", { text: "hello" });
    page.refutePushEvent("said");
    live.broadcast("room:lobby", "from outside");
    await page.settled();
    assert.ok(page.hasElement("#chat-lobby li", "from outside"));
  });

  it("is not changed by a render of its parent, even in a row that moves", async () => {
    const { page, take } = await connectedPage();
    await say(page, "lobby", "hello");
    take();
    await page.push("inc");
    await page.push("rooms", ["garden", "lobby"]);
    assert.equal(page.element("h1").text, "Home 1");
    assert.ok(page.hasElement("#chat-lobby li", "hello"));
    assert.equal(page.element("#chat-garden h2").text, "ada in garden");
    assert.deepEqual(take(), ["hook connected garden", "hook connected"]);
  });

  it("ends when its parent no longer shows it, and starts again when it is shown again", async () => {
    const { page, take } = await connectedPage();
    await say(page, "lobby", "hello");
    await page.push("rooms", []);
    assert.ok(!page.hasElement(".chat"));
    assert.ok(take().includes("chat leave"));
    await page.push("rooms", ["lobby"]);
    assert.ok(page.hasElement("#chat-lobby") && !page.hasElement("#chat-lobby li"));
  });

  it("ends when a row that contains it is removed while the other rows are reused", async () => {
    const { page, take } = await connectedPage();
    await page.push("rooms", ["lobby", "garden", "attic"]);
    take();
    await page.push("rooms", ["lobby", "attic"]);
    assert.deepEqual(take(), ["chat leave"]);
    await say(page, "attic", "still here");
    assert.ok(page.hasElement("#chat-attic li", "still here"));
  });

  it("does not affect its parent when it crashes, and is joined again", async () => {
    const { page, errors } = await connectedPage();
    await say(page, "lobby", "hello");
    await page.push("inc");
    await assert.rejects(page.element("#chat-lobby .crash").click(), /chat failed/);
    assert.equal(errors.length, 1);
    await page.push("inc");
    assert.equal(page.element("h1").text, "Home 2");
    assert.ok(page.hasElement("#chat-lobby h2") && !page.hasElement("#chat-lobby li"));
  });

  it("leaves its element empty and reports the error when it cannot be mounted for the page", async () => {
    const { app, errors } = createApp((router) => {
      const brokenLive = liveView("BrokenLive", {
        mount({ socket }) {
          if (!socket.connected) throw new Error("not for pages");
        },
        render: () => html`<p>works</p>`,
      });
      const homeLive = liveView("HomeLive", {
        render: () => html`<h1>Home</h1>${nested(brokenLive, { id: "broken" })}`,
      });
      router.live("/", homeLive);
    });
    const page = await visit(app, "/");
    assert.equal(page.status, 200);
    assert.equal(page.element("#broken").text, "");
    assert.deepEqual(
      errors.map(({ message }) => message),
      ["not for pages"],
    );
    await page.connect();
    assert.equal(page.element("#broken").text, "works");
  });

  it("navigates the page, with its flash", async () => {
    const { page } = await connectedPage();
    await page.element("#chat-lobby .leave").click();
    await page.followRedirect("/other");
    assert.equal(page.element("p").text, "left the chat");
  });

  it("redirects the page when its mount navigates, before and after the join", async () => {
    const { page } = await connectedPage();
    await page.push("rooms", ["moved"]);
    await page.followRedirect("/other");
    assert.equal(page.element("h1").text, "Other");
    const { app } = createApp((router) => {
      const movedLive = liveView("MovedLive", {
        mount: ({ socket }) => socket.redirect("/elsewhere"),
        render: () => html``,
      });
      router.live(
        "/",
        liveView("HomeLive", { render: () => html`${nested(movedLive, { id: "moved" })}` }),
      );
      router.live("/elsewhere", liveView("Elsewhere", { render: () => html`<h1>Elsewhere</h1>` }));
    });
    const moved = await visit(app, "/");
    assert.deepEqual(moved.redirects, [{ status: 302, from: "/", to: "/elsewhere" }]);
  });

  it("cannot be patched", async () => {
    const { page } = await connectedPage();
    await assert.rejects(
      page.element("#chat-lobby .patch").click(),
      /is nested and requested a patch/,
    );
  });

  it("survives live navigations if it is sticky and the next page contains it", async () => {
    const { page, take } = await connectedPage();
    await page.element("#player .inc").click();
    take();
    await page.navigate("/other");
    assert.equal(page.element("h1").text, "Other");
    assert.equal(page.element("#player .inc").text, "1");
    await page.element("#player .inc").click();
    assert.equal(page.element("#player .inc").text, "2");
    assert.deepEqual(take(), ["chat leave", "hook connected"]);
  });

  it("works inside a component, and with a view that is adopted", async () => {
    const { app } = createApp((router) => {
      const box = liveComponent<{ id: string }, { open: boolean }>("Box", {
        mount: ({ socket }) => socket.assign({ open: true }),
        handleEvent: { toggle: ({ socket }) => socket.assign({ open: !socket.assigns.open }) },
        render: ({ id, open }) =>
          html`<button class="toggle" live-click="toggle"></button>${open ? nested(counterLive, { id }) : ""}`,
      });
      const homeLive = liveView("HomeLive", {
        render: () => html`${box.at("one", { id: "boxed" })}`,
      });
      router.liveSession("adopted", { adopt: true }).live("/", homeLive);
    });
    const page = await visit(app, "/");
    await page.connect();
    await page.element("#boxed .inc").click();
    assert.equal(page.element("#boxed .inc").text, "1");
    await page.element(".toggle").click();
    assert.ok(!page.hasElement("#boxed"));
    await page.element(".toggle").click();
    assert.equal(page.element("#boxed .inc").text, "0");
  });

  it("is plain HTML in a live session that does not connect", async () => {
    const { app } = createChatApp({ connect: false });
    const page = await visit(app, "/");
    assert.equal(page.element("#chat-lobby h2").text, "ada in lobby");
    assert.ok(!page.hasElement("live-session"));
  });

  it("throws for another view with its id, and for a view that needs a URL", async () => {
    const show = (id: string) => nested(counterLive, { id });
    const pages = [
      liveView("TwiceLive", { render: () => html`${show("a")}${show("a")}` }),
      liveView("SameLive", { render: (_, socket) => html`${show(socket.id)}` }),
      liveView("LaterLive", {
        render: (_, socket) => html`${socket.connected ? show(socket.id) : ""}`,
      }),
    ];
    for (const page of pages) {
      const { app } = createApp((router) => router.live("/", page));
      const opened = visit(app, "/").then((visited) => visited.connect());
      await assert.rejects(opened, /another view of the page has the id of CounterLive/);
    }
    const paged = liveView("PagedLive", { handleParams() {}, render: () => html`` });
    assert.throws(() => nested(paged, { id: "a" }), liveError("LIVE_ERR_NESTED", "needs a URL"));
    const invalid: readonly unknown[] = [
      {},
      { id: "" },
      { id: "a", sticky: 1 },
      { id: "a", session: [] },
    ];
    for (const options of invalid)
      assert.throws(() => nested(counterLive, options as never), liveError("LIVE_ERR_NESTED"));
    assert.throws(() => nested({} as never, { id: "a" }), liveError("LIVE_ERR_NESTED"));
  });
});

describe("the join of a nested view", () => {
  /** Loads the home page of two visitors, and opens their connections. */
  async function open(t: TestContext, wait?: (socket: Socket) => Promise<unknown> | undefined) {
    const { routes, take } = createChatApp({}, wait);
    const router = new LiveRouter();
    routes(router);
    const server = await startServer(t, router);
    const visit = async () => {
      const visitor = new Visitor(server);
      const page = await visitor.load("/");
      return {
        visitor,
        page,
        connection: await visitor.connect(),
        chat: nestedPage(page, "chat-lobby"),
      };
    };
    const [ada, bob] = [await visit(), await visit()];
    take();
    return { ada, bob, take };
  }

  const busy = { status: "error", response: { reason: "busy" } };
  const stale = { status: "error", response: { reason: "stale" } };

  it("is refused without its parent, and before and after the parent shows the view", async (t) => {
    const { ada, take } = await open(t);
    const { connection, page, chat } = ada;
    assert.deepEqual(await connection.join(chat), busy);
    assert.equal((await connection.join(page)).status, "ok");
    assert.equal((await connection.join(chat)).status, "ok");
    await connection.click(page, "rooms", ["garden"]);
    assert.deepEqual(await connection.join(chat), busy);
    assert.deepEqual(take(), ["hook connected", "hook connected lobby", "chat leave"]);
  });

  it("waits until the parent has been mounted", async (t) => {
    const { ada, take } = await open(t);
    const { connection, page, chat } = ada;
    const [parent, child] = await Promise.all([connection.join(page), connection.join(chat)]);
    assert.deepEqual([parent.status, child.status], ["ok", "ok"]);
    assert.deepEqual(take(), ["hook connected", "hook connected lobby"]);
  });

  it("has no effect if the browser leaves the view while the parent is being mounted", async (t) => {
    const mounting = gate();
    const { ada, take } = await open(t, (socket) =>
      socket.connected ? mounting.opened : undefined,
    );
    const { connection, page, chat } = ada;
    const joined = connection.join(page);
    const joinRef = connection.send(`lv:${chat.id}`, "phx_join", joinOf(chat));
    await connection.push(`lv:${chat.id}`, "phx_leave", {}, joinRef);
    mounting.open();
    assert.equal((await joined).status, "ok");
    await connection.settled();
    assert.deepEqual(take(), ["hook connected"]);
    assert.equal((await connection.push(`lv:${chat.id}`, "event", {})).status, "error");
  });

  it("is refused on the connection of another visitor, even with the parent of that visitor", async (t) => {
    const { ada, bob } = await open(t);
    await ada.connection.join(ada.page);
    await bob.connection.join(bob.page);
    assert.deepEqual(
      await bob.connection.join({ ...ada.chat, csrfToken: bob.page.csrfToken }),
      stale,
    );
    const second = await ada.visitor.load("/");
    const other = nestedPage(second, "chat-lobby");
    assert.deepEqual(await ada.connection.join(other), busy, "of a page that is not joined");
  });

  it("can be repeated after a restart, since the view ends with its connection and not with its parent", async (t) => {
    const { ada, take } = await open(t);
    const joined = [ada.connection.join(ada.page), ada.connection.join(ada.chat)];
    for (const { status } of await Promise.all(joined)) assert.equal(status, "ok");
    await ada.visitor.server.live.close();
    assert.deepEqual(ada.connection.of("phx_close"), []);
    assert.deepEqual(take(), ["hook connected", "hook connected lobby", "chat disconnect"]);
  });

  it("is not accepted by a parent that ends with the connection before it is shown", async (t) => {
    const [rendered, shown] = [gate(), gate()];
    const { ada, take } = await open(t, (socket) => {
      if (!socket.connected || socket.id === "chat-lobby") return undefined;
      socket.attachHook("slow", "afterRender", () => {
        rendered.open();
        return shown.opened;
      });
      return undefined;
    });
    ada.connection.send(`lv:${ada.page.id}`, "phx_join", joinOf(ada.page));
    ada.connection.send(`lv:${ada.chat.id}`, "phx_join", joinOf(ada.chat));
    await ada.connection.settled();
    await rendered.opened;
    const closed = ada.visitor.server.live.close();
    shown.open();
    await closed;
    assert.deepEqual(take(), ["hook connected"]);
  });

  it("is accepted in a drop-in on another site, which has no cookies", async (t) => {
    const router = new LiveRouter();
    const render = () => html`${nested(counterLive, { id: "counter" })}`;
    router.live("/", liveView("WidgetLive", { render }));
    const visitor = new Visitor(await startServer(t, router));
    const accept = "application/vnd.live-session+json";
    const { text } = await visitor.fetch("/", { headers: { accept } });
    visitor.forgetCookies();
    const connection = await visitor.connect();
    const page: LivePage = { ...JSON.parse(text), url: `${visitor.server.origin}/`, html: "" };
    const { response } = await connection.join(page);
    const [, token = ""] = / nested=(\S+)/.exec(connection.textOf(response.rendered)) ?? [];
    assert.equal((await connection.join({ ...page, id: "counter", token })).status, "ok");
  });

  it("cannot choose another topic, URL or view", async (t) => {
    const { ada, take } = await open(t);
    const { connection, page, chat } = ada;
    assert.deepEqual(await connection.join({ ...page, token: chat.token }), stale);
    await connection.join(page);
    assert.deepEqual(await connection.join({ ...chat, id: "chat-garden" }), stale);
    assert.deepEqual(await connection.join({ ...chat, token: page.token }), stale);
    take();
    const url = new URL("/bare", page.url).href;
    const joined = await connection.join(chat, { url, redirect: url });
    assert.equal(joined.status, "ok");
    assert.deepEqual(take(), ["hook connected lobby"]);
    assert.match(connection.textOf(joined.response.rendered), /ada in lobby/);
    const patched = await connection.push(`lv:${chat.id}`, "live_patch", { url });
    assert.equal(patched.status, "error");
  });

  it("continues after a crash of its parent, and ends if the parent does not show it then", async (t) => {
    const { ada, take } = await open(t);
    const { connection, page, chat } = ada;
    await connection.join(page);
    await connection.join(chat);
    await connection.click(chat, "say", { text: "before" });
    connection.send(`lv:${page.id}`, "event", { type: "click", event: "fail", value: {} });
    await connection.next(([, , , event]) => event === "phx_error");
    assert.equal((await connection.click(chat, "say", { text: "meanwhile" })).status, "ok");
    take();
    await connection.join(page);
    assert.equal((await connection.click(chat, "say", { text: "afterwards" })).status, "ok");
    assert.deepEqual(take(), ["hook connected"]);
    const url = new URL("/other", page.url).href;
    await connection.join(page, { redirect: url });
    assert.deepEqual(take(), ["chat leave", "hook connected"]);
  });
});

describe("a sticky view", () => {
  /** Opens a page whose layout contains a sticky player, and joins both. */
  async function open(t: TestContext) {
    const homeLive = liveView("HomeLive", {
      handleEvent: { leave: ({ socket }) => socket.redirect("/bare") },
      render: () => html`<h1>Home</h1>`,
    });
    const redirectLive = liveView("RedirectLive", {
      mount: ({ socket }) => socket.redirect("/bare"),
      render: () => html``,
    });
    const movedLive = liveView("MovedLive", {
      mount: ({ socket }) => socket.pushNavigate("/"),
      render: () => html``,
    });
    const forbiddenLive = liveView("ForbiddenLive", {
      mount() {
        throw Object.assign(new Error("forbidden"), { status: 403 });
      },
      render: () => html``,
    });
    const layout = ({ content }: { content: unknown }) =>
      html`${nested(counterLive, { id: "player", sticky: true })}${content}`;
    const router = new LiveRouter();
    router
      .liveSession("main", { layout })
      .live("/", homeLive)
      .live("/redirect", redirectLive)
      .live("/moved", movedLive)
      .live("/forbidden", forbiddenLive);
    router.liveSession("bare").live("/bare", homeLive);
    const server = await startServer(t, router);
    const { page, connection } = await new Visitor(server).visit("/");
    const player = nestedPage(page, "player");
    assert.equal((await connection.join(player)).status, "ok");
    return {
      page,
      connection,
      navigate: (to: string) => connection.join(page, { redirect: new URL(to, page.url).href }),
      play: async () => (await connection.click(player, "inc")).status,
    };
  }

  it("continues while the next page is another one", async (t) => {
    const { navigate, play } = await open(t);
    assert.equal((await navigate("/moved")).response.reason, "live_redirect");
    assert.equal(await play(), "ok");
    assert.equal((await navigate("/")).status, "ok");
    assert.equal(await play(), "ok");
  });

  for (const [to, reason] of [
    ["/redirect", "redirect"],
    ["/forbidden", "stale"],
    ["/bare", "unauthorized"],
  ] as const) {
    it(`ends when the join of the next page is refused as ${reason}`, async (t) => {
      const { navigate, play } = await open(t);
      assert.equal((await navigate(to)).response.reason, reason);
      assert.equal(await play(), "error");
    });
  }

  it("ends when its parent redirects", async (t) => {
    const { page, connection, play } = await open(t);
    assert.ok((await connection.click(page, "leave")).response.redirect);
    assert.equal(await play(), "error");
  });
});
