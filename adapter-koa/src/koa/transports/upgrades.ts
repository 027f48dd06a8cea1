import type { Context } from "koa";
import { WebSocketServer } from "ws";
import { Connection } from "../connection/connection.js";
import { handshakeSession } from "../connection/handshake-session.js";
import type { LiveServices } from "../live-services.js";
import { pendingUpgradeOf } from "./attach-upgrades.js";
import { isAllowedOrigin } from "./origin.js";
import { WebSocketCarrier } from "./web-socket-carrier.js";

/** How long a browser may take to answer our close frame, in milliseconds. */
const closeTimeoutMs = 1500;

/** Turns upgrade requests that arrive at the middleware into connections over WebSockets. */
export class Upgrades {
  readonly #services: LiveServices;
  readonly #webSocketServer: WebSocketServer;
  readonly #onConnection: (connection: Connection) => void;

  constructor(services: LiveServices, onConnection: (connection: Connection) => void) {
    const { frameBytes } = services.options.limits;
    this.#services = services;
    this.#onConnection = onConnection;
    const options = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      autoPong: false,
      maxPayload: frameBytes,
      // Each fragment and each chunk takes memory beyond its bytes. Proxies may split a frame, but not into single bytes.
      maxFragments: 16 + Math.ceil(frameBytes / 1024),
      maxBufferedChunks: 64 + Math.ceil(frameBytes / 128),
      closeTimeout: closeTimeoutMs, // not in the types of ws yet
    };
    this.#webSocketServer = new WebSocketServer(options);
  }

  /**
   * Accepts the handshake of a request. Throws the HTTP error 400 if the request does not ask for a WebSocket, and 403
   * for an origin that is not allowed or another version of the protocol.
   */
  take(ctx: Context): void {
    const upgrade = pendingUpgradeOf(ctx.req);
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
    const session = handshakeSession(
      ctx,
      this.#services.options.basePath,
      params.get("_csrf_token"),
    );
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
