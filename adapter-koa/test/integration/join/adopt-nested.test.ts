import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import {
  cont,
  LiveRouter,
  liveView,
  nested,
  onMount,
  type Socket,
} from "@live-session/adapter-koa";
import { html } from "lit";
import type { LiveLimits } from "../../../src/koa/options.js";
import type { Connection } from "../../support/connection.js";
import { startServer } from "../../support/server.js";
import { type LivePage, nestedPage, Visitor } from "../../support/visitor.js";
import { until } from "../../support/wait.js";

/**
 * Starts a server whose page contains a chat with a counter in it, and whose layout contains a sticky player. All of its views
 * write into a log what they do.
 */
async function start(t: TestContext, limits: Partial<LiveLimits> = {}) {
  const log: string[] = [];
  const sockets = new Map<string, Socket>();
  const name = (socket: Socket) => (socket.id.startsWith("live-") ? "page" : socket.id);
  const traced = onMount("traced", ({ socket }) => {
    log.push(`hook ${name(socket)}`);
    sockets.set(name(socket), socket);
    return cont();
  });
  const logged = {
    connected: ({ socket }: { socket: Socket }) => void log.push(`connected ${name(socket)}`),
    unmount: ({ reason, socket }: { reason: string; socket: Socket }) =>
      void log.push(`unmount ${name(socket)} ${reason}`),
  };
  const counterLive = liveView("CounterLive", {
    ...logged,
    types: {} as { session: { from: number }; own: { n: number } },
    mount({ session, socket }) {
      log.push(`mount ${name(socket)}`);
      socket.assign({ n: session.from });
      socket.subscribe("add");
    },
    handleInfo: ({ message, socket }) =>
      socket.assign({ n: socket.assigns.n + (message as number) }),
    handleEvent: {
      inc: ({ socket }) => socket.assign({ n: socket.assigns.n + 1 }),
      leave: ({ socket }) => socket.pushNavigate("/other"),
    },
    render: ({ n }) => html`<b>count: ${n}</b>`,
  });
  const chatLive = liveView("ChatLive", {
    ...logged,
    types: {} as { own: { lines: string } },
    mount({ session, socket }) {
      log.push(`mount ${name(socket)}`);
      if (session.broken) throw new Error("broken chat");
      if (session.moved) return socket.pushNavigate("/other");
      socket.assign({ lines: "" });
      socket.subscribe("chat");
      socket.startAsync("greet", () => "welcome");
    },
    handleInfo: ({ message, socket }) =>
      socket.assign({ lines: `${socket.assigns.lines}${message} ` }),
    handleAsync: ({ result, socket }) =>
      socket.assign({ lines: `${socket.assigns.lines}${result.ok && result.value} ` }),
    handleEvent: {
      crash() {
        throw new Error("chat failed");
      },
    },
    render: ({ lines }) =>
      html`<p>lines: ${lines}</p>${nested(counterLive, { id: "inner", session: { from: 10 } })}`,
  });
  const pageLive = liveView("PageLive", {
    ...logged,
    types: {} as { own: { chat: Readonly<Record<string, unknown>> } },
    mount({ socket }) {
      log.push("mount page");
      const { searchParams } = new URL(socket.url);
      socket.assign({ chat: Object.fromEntries(searchParams) });
    },
    render: ({ chat }) => html`<h1>Page</h1>${nested(chatLive, { id: "chat", session: chat })}`,
  });
  const layout = ({ content }: { content: unknown }) => html`
    ${nested(counterLive, { id: "player", sticky: true, session: { from: 1 } })}${content}`;
  const router = new LiveRouter();
  router
    .liveSession("adopted", { adopt: true, layout, onMount: traced })
    .live("/", pageLive)
    .live("/other", liveView("OtherLive", { ...logged, render: () => html`<h1>Other</h1>` }));
  const server = await startServer(t, router, {
    limits,
    before: [
      (ctx, next) => {
        const { user, role } = ctx.query;
        if (role) Object.assign(ctx.session ?? {}, { role });
        if (user) Object.assign(ctx.session ?? {}, { user, live_socket_id: `users:${user}` });
        return next();
      },
    ],
  });
  /** Returns what has been logged since the last call, in alphabetical order: views of a page are mounted concurrently. */
  const take = () => log.splice(0).sort();
  return { server, take, log, sockets };
}

const ids = ["chat", "inner", "player"];

/** Joins the views of a page in the order of the browser. */
async function joinAll(connection: Connection, page: LivePage): Promise<string[]> {
  const texts: string[] = [];
  for (const view of [page, ...ids.map((id) => nestedPage(page, id))]) {
    const { status, response } = await connection.join(view);
    assert.equal(status, "ok", JSON.stringify(response));
    texts.push(connection.textOf(response.rendered));
  }
  return texts;
}

const everywhere = (what: string) =>
  [what].flatMap((each) => views.map((view) => `${each} ${view}`));
const views = ["chat", "inner", "page", "player"];
const mounted = [...everywhere("hook"), "mount chat", "mount inner", "mount page", "mount player"];

describe("nested views of an adopted page", () => {
  it("are adopted too, including sticky ones and those inside other nested views", async (t) => {
    const { server, take } = await start(t);
    const visitor = new Visitor(server);
    const page = await visitor.load("/");
    assert.deepEqual(take(), mounted);
    const connection = await visitor.connect();
    const [, , inner, player] = await joinAll(connection, page);
    assert.deepEqual(take(), everywhere("connected"));
    assert.match(`${inner} ${player}`, /count: 10.*count: 1</);
    assert.equal((await connection.click(nestedPage(page, "inner"), "inc")).status, "ok");
  });

  it("receive the messages and outcomes of tasks since the page", async (t) => {
    const { server } = await start(t);
    const visitor = new Visitor(server);
    const page = await visitor.load("/");
    server.live.broadcast("chat", "first");
    server.live.broadcast("add", 5);
    const connection = await visitor.connect();
    await joinAll(connection, page);
    await connection.settled();
    const diffs = JSON.stringify(connection.of("diff"));
    for (const text of ["first", "welcome", "15", "6"]) assert.ok(diffs.includes(text), text);
  });

  it("navigate the page, and sticky ones survive that", async (t) => {
    const { server, take } = await start(t);
    const visitor = new Visitor(server);
    const page = await visitor.load("/");
    const connection = await visitor.connect();
    await joinAll(connection, page);
    take();
    await connection.click(nestedPage(page, "inner"), "leave");
    const [, , topic, , target] = await connection.next(
      ([, , , event]) => event === "live_redirect",
    );
    assert.deepEqual([topic, target.to], [`lv:${page.id}`, "/other"]);
    const redirect = new URL("/other", page.url).href;
    assert.equal((await connection.join(page, { redirect })).status, "ok");
    assert.equal((await connection.click(nestedPage(page, "player"), "inc")).status, "ok");
    const log = take();
    assert.ok(log.includes("unmount chat leave") && log.includes("unmount inner leave"));
    assert.ok(!log.some((line) => line.includes("player")));
  });

  it("are mounted again when they were joined before", async (t) => {
    const { server, take } = await start(t);
    const visitor = new Visitor(server);
    const page = await visitor.load("/");
    const connection = await visitor.connect();
    await joinAll(connection, page);
    const chat = nestedPage(page, "chat");
    connection.send(`lv:${chat.id}`, "event", { type: "click", event: "crash", value: {} });
    await connection.next(([, , , event]) => event === "phx_error");
    take();
    assert.equal((await connection.join(chat)).status, "ok");
    assert.deepEqual(take(), ["connected chat", "hook chat", "mount chat"]);
  });

  it("are mounted again when the view that contains them was mounted again", async (t) => {
    const { server, take } = await start(t);
    const visitor = new Visitor(server);
    const page = await visitor.load("/");
    await visitor.fetch("/other?role=admin"); // changes the session
    take();
    await joinAll(await visitor.connect(), page);
    const ended = views.map((view) => `unmount ${view} disconnect`);
    assert.deepEqual(take(), [...everywhere("connected"), ...mounted, ...ended].sort());
  });

  it("end with the page when no join can adopt it", async (t) => {
    const { server, take } = await start(t);
    const visitor = new Visitor(server);
    await visitor.load("/?user=ada");
    take();
    server.live.disconnect("users:ada");
    assert.deepEqual(
      take(),
      views.map((view) => `unmount ${view} disconnect`),
    );
  });

  it("end after limits.adopt", async (t) => {
    const { server, log } = await start(t, { adopt: 1 });
    await new Visitor(server).load("/");
    await until(() => log.filter((line) => line.startsWith("unmount")).length === 4);
  });

  it("count towards limits.adoptable, and end with their page when it is exceeded", async (t) => {
    const { server, take } = await start(t, { adoptable: 4 });
    const visitor = new Visitor(server);
    const first = await visitor.load("/");
    take();
    const second = await visitor.load("/");
    assert.deepEqual(
      take().filter((line) => line.startsWith("unmount")),
      views.map((view) => `unmount ${view} disconnect`),
    );
    await joinAll(await visitor.connect(), second);
    assert.deepEqual(take(), everywhere("connected"));
    await joinAll(await visitor.connect(), first);
    assert.deepEqual(take(), [...everywhere("connected"), ...mounted]);
  });

  it("are not adopted by another page of the visitor", async (t) => {
    const { server, take } = await start(t);
    const visitor = new Visitor(server);
    const [first, second] = [await visitor.load("/"), await visitor.load("/")];
    take();
    const connection = await visitor.connect();
    assert.equal((await connection.join(second)).status, "ok");
    const { response } = await connection.join(nestedPage(first, "chat"));
    assert.deepEqual(response, { reason: "busy" });
    assert.equal((await connection.join(nestedPage(second, "chat"))).status, "ok");
    assert.deepEqual(take(), ["connected chat", "connected page"]);
  });

  it("end when one of them navigates the page while it is rendered, or when it fails alone", async (t) => {
    const { server, take, sockets } = await start(t);
    const visitor = new Visitor(server);
    assert.equal((await visitor.fetch("/?moved=1")).status, 302);
    assert.deepEqual(
      take().filter((line) => line.startsWith("unmount")),
      ["unmount chat navigate", "unmount page navigate", "unmount player navigate"],
    );
    const page = await visitor.load("/?broken=1");
    assert.deepEqual(
      ["chat", "player"].map((view) => sockets.get(view)?.signal.aborted),
      [true, false],
    );
    take();
    const connection = await visitor.connect();
    assert.equal((await connection.join(page)).status, "ok");
    assert.equal((await connection.join(nestedPage(page, "player"))).status, "ok");
    assert.deepEqual(take(), ["connected page", "connected player"]);
    assert.deepEqual(
      server.errors.splice(0).map(({ message }) => message),
      ["broken chat"],
    );
  });
});
