import { type IncomingMessage, type Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Connection } from "../connection/connection.js";

/** Options of {@link attachUpgrades}. */
export interface UpgradeOptions {
  /**
   * The path of our own sockets. Requests for other paths are left to the server's other listeners for upgrades; if it
   * has none, the app answers them too.
   */
  readonly socketPath?: string;
  /** Called with each connection that is made from a raw one. The test kit uses it to look at the views. */
  readonly onConnection?: (connection: Connection, stream: Duplex) => void;
}

/** An upgrade request that is on its way through the app's middleware. */
export interface PendingUpgrade {
  readonly stream: Socket;
  readonly head: Buffer;
  readonly onConnection: UpgradeOptions["onConnection"];
  /** Detaches the raw connection from the response that was bound to it. */
  release(): void;
}

// A property of the request, because a WeakMap with many entries makes each garbage collection slower.
const pending = Symbol("pending upgrade");

interface UpgradeRequest extends IncomingMessage {
  [pending]?: PendingUpgrade;
}

/** Returns the pending upgrade of a request; `undefined` for an ordinary request. */
export const pendingUpgradeOf = (request: IncomingMessage): PendingUpgrade | undefined =>
  (request as UpgradeRequest)[pending];

/** The listeners that this module has added to servers. */
const ownListeners = new WeakSet<object>();

/**
 * Passes a server's upgrade requests to its ordinary request listener, with a response bound to the raw connection. So
 * the middleware before `live.middleware()` also applies to sockets, and if it responds, the connection gets that
 * response.
 *
 * @returns a function that removes the listener
 */
export function attachUpgrades(
  server: Server,
  { socketPath, onConnection }: UpgradeOptions = {},
): () => void {
  const onUpgrade = (request: UpgradeRequest, stream: Socket, head: Buffer) => {
    if (request[pending]) return; // another `Live` on the same server has already passed it on
    if (!isOwnPath(request, socketPath) && hasOtherListeners(server)) return;
    // Node no longer handles errors of an upgraded connection: a reset before the handshake would end the process.
    stream.on("error", destroy);
    const response = responseOn(stream, request);
    if (!response) return;
    const detach = forwardEvents(stream, response);
    if (announcesBody(request)) {
      refuseBody(response, stream);
      return;
    }
    const release = () => {
      detach();
      stream.off("error", destroy); // `ws` has its own listener, and each one takes memory in every connection
      response.detachSocket(stream);
      // Marks the request as answered. Otherwise Koa and access logs would wait for the end of the WebSocket, keep
      // everything that belongs to the request until then, and report a reset as an error of the request.
      response.emit("finish");
    };
    request[pending] = { stream, head, release, onConnection };
    server.emit("request", request, response);
  };
  ownListeners.add(onUpgrade);
  server.on("upgrade", onUpgrade);
  return () => server.off("upgrade", onUpgrade);
}

/** The path may have a prefix, which middleware of the app removes. */
const isOwnPath = ({ url = "" }: IncomingMessage, socketPath: string | undefined): boolean =>
  socketPath !== undefined && url.split("?", 1)[0]?.endsWith(socketPath) === true;

const hasOtherListeners = (server: Server): boolean =>
  server.listeners("upgrade").some((listener) => !ownListeners.has(listener));

/**
 * Creates a response that is bound to the raw connection.
 *
 * A client may send the handshake before an earlier request on the same connection has been answered, which no browser
 * does. Node does not report when that answer has been written, so the connection is destroyed and `undefined` returned.
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

/** Connects the events of stream and response as Node does for ordinary requests. Returns a function that undoes it. */
function forwardEvents(stream: Socket, response: ServerResponse): () => void {
  const onDrain = () => response.emit("drain");
  const onFinish = () => stream.destroySoon();
  stream.on("drain", onDrain);
  response.on("finish", onFinish);
  return () => {
    stream.off("drain", onDrain);
    response.off("finish", onFinish);
  };
}

/** Returns whether a request has a body. Node reads no body of a request that asks for any upgrade. */
const announcesBody = ({ headers }: IncomingMessage): boolean =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;

/** Answers 501, because a handler of the app would see an empty body instead of the lost one. */
function refuseBody(response: ServerResponse, stream: Socket): void {
  stream.resume(); // a connection that ends with unread data may be reset before the client gets the response
  response.writeHead(501, { "Content-Type": "text/plain; charset=utf-8" });
  response.end("an upgrade of a request with a body is not supported");
}

/** A shared listener: a closure for each request would keep that request in memory. */
function destroy(this: Socket): void {
  this.destroy();
}
