import { createServer, type Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createLive } from "@live-session/adapter-koa";
import Koa, { type Middleware } from "koa";
import session from "koa-session";
import { Server as SocketIoServer } from "socket.io";
import { WebSocketServer } from "ws";
import { createRouter } from "./pages.js";
import type { ServerReport, ServerRequest, ServerRole } from "./protocol.js";

/**
 * The measured process. Depending on its role it serves our pages, a bare `ws` echo, bare Koa with fixed HTML, without an HTTP
 * session or with one that its pages and WebSocket handshakes read, or the same with other libraries. Each is written as a user
 * would write it, except that the limits of our server allow more frames than one visitor sends, and that no server closes a
 * connection that is idle during the measurement. The load generator requests CPU time and memory over IPC.
 */
const role = process.argv[2] as ServerRole;

const keys = ["a key for measuring only"];

/** The HTML that bare Koa sends. */
let html = "";

const sendHtml: Middleware = (ctx) => {
  ctx.type = "html";
  ctx.body = html;
};

/** A server that does not listen yet, and a function that sends a number to all of its sockets. */
interface Started {
  readonly server: Server;
  readonly tick: (n: number) => void;
}

/** @param hibernate how long a view is idle before it sleeps, in milliseconds */
function startLive({ hibernate }: { readonly hibernate: number }): Started {
  const limits = { eventsPerSecond: 1e6, joinsPerSecond: 1e6, idle: 600_000, hibernate };
  const live = createLive(createRouter(), {
    secret: "a secret for measuring only, nothing else",
    limits,
  });
  const app = new Koa();
  app.keys = keys;
  app.use(session(app)).use(live.middleware());
  const server = live.attach(createServer(app.callback()));
  return { server, tick: (n) => live.broadcast("ticks", n) };
}

const starts: Record<ServerRole, () => Started | Promise<Started>> = {
  live: () => startLive({ hibernate: 600_000 }),
  quiet: () => startLive({ hibernate: 1000 }),
  echo() {
    const server = createServer();
    const webSocketServer = new WebSocketServer({ server });
    webSocketServer.on("connection", (webSocket) => {
      webSocket.on("message", (data) => webSocket.send(data.toString()));
    });
    const tick = (n: number) => {
      const frame = JSON.stringify([
        "3",
        null,
        "lv:live-AAAAAAAA",
        "diff",
        { diff: { "0.1.0": n } },
      ]);
      for (const webSocket of webSocketServer.clients) webSocket.send(frame);
    };
    return { server, tick };
  },
  koa() {
    const app = new Koa();
    app.use(sendHtml);
    return { server: createServer(app.callback()), tick: () => {} };
  },
  session() {
    const app = new Koa();
    app.keys = keys;
    app.use(session(app)).use((ctx, next) => {
      if (ctx.session) ctx.session.user ??= "a user";
      return next();
    });
    app.use(sendHtml);
    const server = createServer(app.callback());
    const webSocketServer = new WebSocketServer({ noServer: true });
    server.on("upgrade", (request, stream, head) => {
      const ctx = app.createContext(request, new ServerResponse(request));
      if (!ctx.session?.user) {
        stream.destroy();
        return;
      }
      webSocketServer.handleUpgrade(request, stream, head, (webSocket) => {
        webSocket.on("message", (data) => webSocket.send(data.toString()));
      });
    });
    return { server, tick: () => {} };
  },
  "socket.io"() {
    const server = createServer();
    const io = new SocketIoServer(server, { pingInterval: 600_000 });
    io.on("connection", (socket) => {
      let count = 0;
      socket.on("inc", () => socket.emit("count", ++count));
    });
    return { server, tick: (n) => io.emit("tick", n) };
  },
  async liveviewjs() {
    // Only this folder has LiveViewJS, so its types are unknown here.
    const module = new URL("../others/live-view-js.mjs", import.meta.url).href;
    return (await import(module)).start() as Started;
  },
};

const { server, tick } = await starts[role]();
// While another server is measured, connections stay open without a request.
server.keepAliveTimeout = 0;
server.listen(0, "127.0.0.1", () => {
  report({ port: (server.address() as AddressInfo).port });
});

process.on("message", (request: ServerRequest) => {
  if (request.type === "serve") html = request.html;
  if (request.type === "tick") tick(request.n);
  if (request.type === "measure") {
    // The first collection frees objects, and later ones return memory pages to the system.
    if (request.gc) for (let i = 0; i < 3; i++) global.gc?.();
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed, external } = process.memoryUsage();
    report({ cpu: user + system, rss, heap: heapUsed + external });
  }
});
process.on("disconnect", () => process.exit());

function report(what: ServerReport): void {
  process.send?.(what);
}
