import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import {
  cont,
  createPresence,
  LiveRouter,
  liveComponent,
  liveView,
  onMount,
  type Socket,
  upload,
} from "@live-session/adapter-koa";
import { encodeChunk, uploadEvent } from "@live-session/components/protocol/uploads";
import { html } from "lit";
import { encodeBinaryMessage } from "../../../../components/src/protocol/binary-message.js";
import type { Connection } from "../../support/connection.js";
import { type LiveServer, openServer } from "../../support/server.js";
import { type LivePage, Visitor } from "../../support/visitor.js";
import { until } from "../../support/wait.js";

/** The actions of hooks and callbacks, in order. */
let done: string[] = [];
let connectParams: unknown;
/** The views that have been mounted. */
let sockets: Socket[] = [];

const traced = onMount("traced", ({ socket }) => {
  done.push("hook");
  socket.attachHook("traced", "connected", () => {
    done.push("connected hook");
    return cont();
  });
  return cont();
});

const newsLive = liveView("NewsLive", {
  types: {} as { own: { news: string; loaded: string } },
  mount({ socket }) {
    done.push(`mount, connected: ${socket.connected}`);
    sockets.push(socket);
    socket.assign({ news: "", loaded: "" });
    socket.subscribe("news");
    socket.startAsync("load", () => "loaded");
    socket.broadcast("arrivals", "somebody");
    socket.pushEvent("mounted");
  },
  connected({ socket }) {
    done.push(`connected: ${socket.connected}`);
    connectParams = socket.connectParams;
  },
  handleParams() {
    done.push("handleParams");
  },
  handleInfo({ message, socket }) {
    socket.assign({ news: `${socket.assigns.news}${message} ` });
  },
  handleAsync({ result, socket }) {
    if (result.ok) socket.assign({ loaded: String(result.value) });
  },
  unmount({ reason }) {
    done.push(`unmount ${reason}`);
  },
  render: ({ news, loaded }) => html`<p>news: ${news} ${loaded}</p>`,
});

const arrivalsLive = liveView("ArrivalsLive", {
  types: {} as { own: { arrivals: number } },
  mount({ socket }) {
    socket.assign({ arrivals: 0 });
    socket.subscribe("arrivals");
  },
  handleInfo({ socket }) {
    socket.assign({ arrivals: socket.assigns.arrivals + 1 });
  },
  render: ({ arrivals }) => html`<p>${arrivals} arrivals</p>`,
});

const failingLive = liveView("FailingLive", {
  mount({ socket }) {
    sockets.push(socket);
  },
  render: () => {
    throw new Error("thrown by render");
  },
});

const redirectingLive = liveView("RedirectingLive", {
  mount({ socket }) {
    sockets.push(socket);
    socket.redirect("/");
  },
  render: () => html`<p></p>`,
});

const online = createPresence();
const present = () => online.list("room").map(({ key }) => key);

const counter = liveComponent<object, { count: number }>("Counter", {
  mount: ({ socket }) => socket.assign({ count: 0 }),
  handleEvent: {
    inc: ({ socket }) => socket.assign({ count: socket.assigns.count + 1 }),
  },
  render: ({ count }) => html`<b>count: ${count}</b>`,
});

/** A view with everything that a view can have besides its assigns. */
const fullLive = liveView("FullLive", {
  types: {} as { own: { news: string; file: string } },
  uploads: { files: upload() },
  mount({ session, socket, uploads }) {
    socket.assign({ news: "", file: "" });
    socket.subscribe("news");
    socket.track(online, "room", String(session.user), {});
    uploads.files.onComplete(({ entry }) => socket.assign({ file: entry.name }));
  },
  handleInfo: ({ message, socket }) => socket.assign({ news: `${socket.assigns.news}${message} ` }),
  render: ({ news, file }) => html`<p>${news}${file}</p>${counter.at("counter", {})}`,
});

function createRouter(): LiveRouter {
  const router = new LiveRouter();
  router
    .liveSession("adopted", { onMount: traced, adopt: true })
    .live("/", newsLive)
    .live("/failing", failingLive)
    .live("/redirecting", redirectingLive)
    .live("/full", fullLive);
  router.liveSession("usual", { onMount: traced }).live("/usual", newsLive);
  router.liveSession("arrivals").live("/arrivals", arrivalsLive);
  return router;
}

const open = (adopt?: number) =>
  openServer(createRouter(), {
    limits: { adoptable: 2, ...(adopt && { adopt }) },
    before: [
      (ctx, next) => {
        const { user, role } = ctx.query;
        if (user) Object.assign(ctx.session ?? {}, { user, live_socket_id: `users:${user}` });
        if (role) Object.assign(ctx.session ?? {}, { role });
        return next();
      },
    ],
  });

const mounted = ["hook", "mount, connected: false", "handleParams"];
const mountedAgain = ["hook", "mount, connected: true", "handleParams"];
const connected = ["connected hook", "connected: true"];

/** Joins the view of a page on a new socket. */
async function joined(visitor: Visitor, page: LivePage, params: Record<string, unknown> = {}) {
  const connection = await visitor.connect();
  const reply = await connection.join(page, { params: { _csrf_token: page.csrfToken, ...params } });
  assert.equal(reply.status, "ok", JSON.stringify(reply));
  return { connection, reply: reply.response };
}

/** Waits until a diff contains a string. */
const shown = (connection: Connection, text: string) =>
  connection.next(
    ([, , , event, payload]) => event === "diff" && JSON.stringify(payload).includes(text),
  );

describe("a join in a live session with adopt", () => {
  let server: LiveServer;
  before(async () => {
    server = await open();
  });
  after(() => server.stop());
  beforeEach(() => {
    done = [];
    sockets = [];
  });

  it("takes over the view of its page, and runs only connected", async () => {
    const visitor = new Visitor(server);
    const page = await visitor.load("/");
    assert.deepEqual(done.splice(0), mounted);
    const { reply } = await joined(visitor, page, { zone: "UTC" });
    assert.deepEqual(done, connected);
    assert.equal((connectParams as { zone?: string }).zone, "UTC");
    assert.throws(() => sockets[0]?.connectParams, { code: "LIVE_ERR_MOUNT_ONLY" });
    assert.deepEqual(reply.events, [["mounted", {}]]);
    assert.equal(sockets.length, 1);
  });

  it("delivers messages and outcomes of tasks since the page, after the reply", async () => {
    const visitor = new Visitor(server);
    const page = await visitor.load("/");
    server.live.broadcast("news", "first");
    await new Promise((resolve) => setImmediate(resolve)); // the task ends
    server.live.broadcast("news", "second");
    const { connection, reply } = await joined(visitor, page);
    assert.match(connection.textOf(reply.rendered), /news: {2}</);
    await shown(connection, "first second ");
    server.live.broadcast("news", "third");
    await shown(connection, "first second third ");
    assert.match(JSON.stringify(connection.of("diff")), /loaded/);
  });

  it("sends the broadcasts of the mount, which a page without a browser does not", async () => {
    const { connection } = await new Visitor(server).visit("/arrivals");
    const visitor = new Visitor(server);
    await visitor.load("/"); // as a crawler does
    await joined(visitor, await visitor.load("/"));
    await shown(connection, "1");
    await connection.settled();
    assert.equal(connection.of("diff").length, 1);
  });

  it("ends the view when its browser leaves", async () => {
    const visitor = new Visitor(server);
    const { connection } = await joined(visitor, await visitor.load("/"));
    connection.close();
    await until(() => done.includes("unmount disconnect"));
    assert.equal(sockets[0]?.signal.aborted, true);
  });

  it("mounts the view again when it was joined before", async () => {
    const visitor = new Visitor(server);
    const page = await visitor.load("/");
    await joined(visitor, page);
    done = [];
    await joined(visitor, page, { _mounts: 1 });
    assert.deepEqual(done.slice(0, 3), mountedAgain);
  });

  it("continues on another socket with its presence, uploads, components and messages", async () => {
    const visitor = new Visitor(server);
    await visitor.load("/full?user=nobody");
    assert.deepEqual(present(), []);
    const page = await visitor.load("/full?user=ada");
    const topic = `lv:${page.id}`;
    const sendPart = (to: Connection, ref: string, offset: number) => {
      const payload = encodeChunk({ ref: "file", offset, data: Buffer.from("half") });
      to.webSocket.send(
        encodeBinaryMessage({ joinRef: "", ref, topic, event: "upload_chunk", payload }),
      );
      return to.next((frame) => frame[1] === ref);
    };
    const lost = await visitor.connect({ _csrf_token: page.csrfToken });
    await lost.join(page, { resume: true });
    await lost.click(page, counter.event("counter", "inc"));
    const files = [{ ref: "file", name: "a.txt", size: 8, type: "text/plain" }];
    const value = { upload: "files", files };
    await lost.push(topic, "event", { type: "upload", event: uploadEvent, value });
    await sendPart(lost, "part-1", 0);
    assert.deepEqual(present(), ["ada"]);
    const [, , , , { secret }] = await lost.next((frame) => frame[3] === "resume");
    lost.webSocket.terminate();
    await lost.closed;
    assert.deepEqual(present(), ["ada"]);
    for (const news of ["first", "second"]) server.live.broadcast("news", news);

    const next = await visitor.connect({ _csrf_token: page.csrfToken });
    const received = lost.frames.length;
    next.webSocket.send(
      JSON.stringify([null, "resume", "phoenix", "resume", { secret, received }]),
    );
    await shown(next, "first second ");
    await sendPart(next, "part-2", 4);
    await shown(next, "a.txt");
    const { response } = await next.click(page, counter.event("counter", "inc"));
    assert.deepEqual(Object.values(response.diff), [2]);
    assert.deepEqual(server.errors, []);
    next.close();
    await until(() => present().length === 0);
  });

  it("is refused with the session of another visitor, and leaves the view to its own", async () => {
    const owner = new Visitor(server);
    const page = await owner.load("/");
    const other = new Visitor(server);
    await other.load("/arrivals");
    const thief = await other.connect();
    const { status, response } = await thief.join(page);
    assert.deepEqual([status, response], ["error", { reason: "stale" }]);
    done = [];
    await joined(owner, page);
    assert.deepEqual(done, connected);
  });

  it("mounts again when the session has changed since the page", async () => {
    const visitor = new Visitor(server);
    const page = await visitor.load("/");
    await visitor.fetch("/arrivals?role=admin");
    done = [];
    await joined(visitor, page);
    assert.deepEqual(done, ["unmount disconnect", ...mountedAgain, ...connected]);
  });

  it("mounts again when the visitor was disconnected since the page", async () => {
    const visitor = new Visitor(server);
    const page = await visitor.load("/?user=ada");
    server.live.disconnect("users:ada");
    assert.equal(done.at(-1), "unmount disconnect");
    done = [];
    await joined(visitor, page);
    assert.deepEqual(done, [...mountedAgain, ...connected]);
  });

  it("mounts again on a URL that is not the page's", async () => {
    const visitor = new Visitor(server);
    const page = await visitor.load("/");
    done = [];
    await joined(visitor, { ...page, url: `${page.url}?page=2` });
    assert.deepEqual(done, ["unmount disconnect", ...mountedAgain, ...connected]);
  });

  it("mounts again on another server", async (t) => {
    const visitor = new Visitor(server);
    const page = await visitor.load("/");
    const other = await open();
    t.after(() => other.stop());
    done = [];
    const url = `${other.origin}/`;
    await joined(visitor.at(other), { ...page, url });
    assert.deepEqual(done, [...mountedAgain, ...connected]);
  });

  it("mounts again when its view has ended because too many views waited", async () => {
    const visitor = new Visitor(server);
    const [oldest, , newest] = [
      await visitor.load("/"),
      await visitor.load("/"),
      await visitor.load("/"),
    ];
    assert.deepEqual(
      sockets.map(({ signal }) => signal.aborted),
      [true, false, false],
    );
    done = [];
    await joined(visitor, newest);
    await joined(visitor, oldest);
    assert.deepEqual(done, [...connected, ...mountedAgain, ...connected]);
  });

  it("mounts again after too many messages to the waiting view", async () => {
    const visitor = new Visitor(server);
    const page = await visitor.load("/");
    for (let i = 0; i <= 1000; i++) server.live.broadcast("news", "much");
    assert.equal(sockets[0]?.signal.aborted, true);
    done = [];
    await joined(visitor, page);
    assert.deepEqual(done, [...mountedAgain, ...connected]);
  });

  it("keeps no view of a page that fails or redirects", async () => {
    const visitor = new Visitor(server);
    assert.equal((await visitor.fetch("/failing")).status, 500);
    assert.equal((await visitor.fetch("/redirecting")).status, 302);
    assert.deepEqual(
      sockets.map(({ signal }) => signal.aborted),
      [true, true],
    );
  });

  it("mounts again after limits.adopt, when the view has ended", async (t) => {
    const hasty = await open(1);
    t.after(() => hasty.stop());
    const visitor = new Visitor(hasty);
    const page = await visitor.load("/");
    await until(() => done.includes("unmount disconnect"));
    done = [];
    await joined(visitor, page);
    assert.deepEqual(done, [...mountedAgain, ...connected]);
  });

  it("ends the waiting views when the server closes", async () => {
    const closing = await open();
    await new Visitor(closing).load("/");
    await closing.live.close();
    assert.equal(done.at(-1), "unmount disconnect");
    await new Visitor(closing).load("/");
    assert.equal(sockets[1]?.signal.aborted, true);
    await closing.stop();
  });
});

describe("a join in a live session without adopt", () => {
  it("mounts the view again and then runs connected", async (t) => {
    const server = await open();
    t.after(() => server.stop());
    const visitor = new Visitor(server);
    done = [];
    const page = await visitor.load("/usual");
    await joined(visitor, page);
    assert.deepEqual(done, [...mounted, ...mountedAgain, ...connected]);
  });
});
