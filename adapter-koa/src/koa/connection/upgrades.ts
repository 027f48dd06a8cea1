import { type IncomingMessage, type Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Context } from "koa";
import { WebSocketServer } from "ws";
import type { LiveServices } from "../live-services.js";
import { Connection } from "./connection.js";
import { handshakeSession } from "./handshake-session.js";
import { isAllowedOrigin } from "./origin.js";
import { WebSocketCarrier } from "./web-socket-carrier.js";

interface PendingUpgrade {
  readonly stream: Socket;
  readonly head: Buffer;
  /** Takes the connection from the response that was bound to it. */
  release(): void;
  /** Hears of the connection that is made of it. */
  readonly onConnection: UpgradeOptions["onConnection"];
}

/** An upgrade request on its way through the app's middleware: for so many, a WeakMap burdens each collection. */
interface UpgradeRequest extends IncomingMessage {
  [pending]?: PendingUpgrade;
}

const pending = Symbol("pending upgrade");

/** What may be said of upgrades. */
export interface UpgradeOptions {
  /**
   * Where our own sockets are opened; requests of other paths are left to those who listen for upgrades besides
   * us, if anybody does.
   */
  readonly socketPath?: string;
  /** Hears of each connection that is made of a raw one; the test kit looks through it at the views. */
  readonly onConnection?: (connection: Connection, stream: Duplex) => void;
}

/** Our own listeners of servers' upgrade requests. */
const listeners = new WeakSet<object>();

/**
 * Lets a server's upgrade requests run through its ordinary request listener, with a response bound to
 * the raw connection. Whatever stands before `live.middleware()` thus applies to sockets too, and if it
 * answers, that answer is written to the connection.
 *
 * @returns takes that back
 */
export function attachUpgrades(
  server: Server,
  { socketPath, onConnection }: UpgradeOptions = {},
): () => void {
  const onUpgrade = (request: UpgradeRequest, stream: Socket, head: Buffer) => {
    if (request[pending]) return; // another Live of the same server has passed it on
    if (pathOf(request) !== socketPath && hasOtherListeners(server)) return;
    // What the server does for an ordinary request's connection is up to us once it is upgraded.
    stream.on("error", destroy); // a reset before the handshake must not end the process
    const response = responseOn(stream, request);
    if (!response) return;
    const onDrain = () => response.emit("drain");
    stream.on("drain", onDrain);
    const onFinish = () => stream.destroySoon();
    response.on("finish", onFinish);
    if (announcesBody(request)) {
      refuseBody(response, stream);
      return;
    }
    const release = () => {
      stream.off("drain", onDrain);
      response.off("finish", onFinish);
      response.detachSocket(stream);
      // The request is answered. Koa and access logs would otherwise wait for the WebSocket's end, hold all
      // that belongs to the request until then, and take a reset of it for an error of the request.
      response.emit("finish");
    };
    request[pending] = { stream, head, release, onConnection };
    server.emit("request", request, response);
  };
  listeners.add(onUpgrade);
  server.on("upgrade", onUpgrade);
  return () => server.off("upgrade", onUpgrade);
}

const pathOf = ({ url = "" }: IncomingMessage): string | undefined => url.split("?", 1)[0];

const hasOtherListeners = (server: Server): boolean =>
  server.listeners("upgrade").some((listener) => !listeners.has(listener));

/**
 * A response bound to the raw connection. There is none while an earlier request of the connection has no
 * answer yet: a client may send the handshake right behind it, which no browser does. Nobody tells us when
 * that answer has been written, so the connection ends.
 */
function responseOn(stream: Socket, request: IncomingMessage): ServerResponse | undefined {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  try {
    response.assignSocket(stream);
  } catch {
    stream.destroy();
    return undefined;
  }
  return response;
}

/** Whether a body follows. Node takes none of a request that asks for an upgrade, whichever protocol it names. */
const announcesBody = ({ headers }: IncomingMessage): boolean =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;

/** A handler of the app would take the lost body for an empty one. */
function refuseBody(response: ServerResponse, stream: Socket): void {
  stream.resume(); // a connection that ends with data unread may be reset before its answer is
  response.writeHead(501, { "Content-Type": "text/plain; charset=utf-8" });
  response.end("an upgrade of a request with a body is not supported");
}

/** A listener that keeps nothing of the request it was made for. */
function destroy(this: Socket): void {
  this.destroy();
}

/** Turns upgrade requests into connections. */
export class Upgrades {
  readonly #services: LiveServices;
  readonly #webSocketServer: WebSocketServer;
  readonly #onConnection: (connection: Connection) => void;

  constructor(services: LiveServices, onConnection: (connection: Connection) => void) {
    this.#services = services;
    this.#onConnection = onConnection;
    this.#webSocketServer = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      autoPong: false,
      maxPayload: services.options.limits.frameBytes,
    });
  }

  /**
   * Takes the handshake, or answers why not: 400 for what is no WebSocket request, 403 for a foreign
   * origin or another version of the protocol.
   */
  take(ctx: Context): void {
    const upgrade = (ctx.req as UpgradeRequest)[pending];
    if (ctx.method !== "GET" || !upgrade || ctx.get("upgrade").toLowerCase() !== "websocket") {
      ctx.throw(400, "a WebSocket upgrade is expected here");
    }
    if (!isAllowedOrigin(this.#services.options.origins, ctx.get("origin"), ctx.host)) {
      ctx.throw(403, "the origin is not allowed");
    }
    const params = new URLSearchParams(ctx.querystring);
    if (!params.get("vsn")?.startsWith("2."))
      ctx.throw(403, "the protocol version is not supported");
    const { stream, head, release, onConnection } = upgrade;
    const session = handshakeSession(ctx, params.get("_csrf_token"));
    ctx.respond = false;
    ctx.status = 101;
    release();
    this.#webSocketServer.handleUpgrade(ctx.req, stream, head, (webSocket) => {
      const carrier = new WebSocketCarrier(webSocket, stream);
      const connection = new Connection(carrier, session, this.#services);
      onConnection?.(connection, stream);
      this.#onConnection(connection);
    });
  }
}
