import type { EventEmitter } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  request,
  type Server,
} from "node:http";
import type { Socket } from "node:net";
import { type Duplex, duplexPair } from "node:stream";
import { type ClientOptions, WebSocket } from "ws";
import type { Connection } from "../../koa/connection/connection.js";
import { attachUpgrades } from "../../koa/transports/attach-upgrades.js";

/** A Koa app, as far as the test kit needs it. */
export interface TestedApp extends EventEmitter {
  callback(): RequestListener;
}

/** A request to the app. */
export interface AppRequest {
  readonly method: "GET" | "POST";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** The complete response of the app. */
export interface AppResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A WebSocket to the app, with the server's side of the connection. */
export interface AppSocket {
  readonly webSocket: WebSocket;
  /** The server's side; `undefined` until the handshake has been accepted. */
  readonly connection: Connection | undefined;
  /** Whether no data is in transit between the two sides. */
  readonly isQuiet: boolean;
}

// In milliseconds. Streams in memory do not report their end as sockets do, so `ws` would wait for its full timeout.
const closeTimeout = 20;

const servers = new WeakMap<TestedApp, AppServer>();

/**
 * Runs an app in an HTTP server that does not listen: each connection is a pair of streams in memory. Requests and
 * upgrades take the same path as in production, from the HTTP parser through the app's middleware to the channel.
 */
export class AppServer {
  readonly #server: Server;
  readonly #connections = new WeakMap<Duplex, Connection>();
  #lastError: unknown;
  #errorCount = 0;

  /** Returns the server of an app. There is one server for each app. */
  static of(app: TestedApp): AppServer {
    let server = servers.get(app);
    if (!server) {
      server = new AppServer(app);
      servers.set(app, server);
    }
    return server;
  }

  private constructor(app: TestedApp) {
    this.#server = createServer(app.callback());
    // Added after `callback()`, which adds Koa's own listener only to an app without listeners.
    app.on("error", (error) => {
      this.#lastError = error;
      this.#errorCount++;
    });
    attachUpgrades(this.#server, {
      onConnection: (connection, stream) => this.#connections.set(stream, connection),
    });
  }

  /** The number of `error` events that the app has emitted. */
  get errorCount(): number {
    return this.#errorCount;
  }

  /** Returns the newest error, if the app has emitted more than `count` errors. */
  errorSince(count: number): unknown {
    return this.#errorCount > count ? this.#lastError : undefined;
  }

  /** Sends a request. Redirects are not followed. */
  async request({ method, url, headers, body }: AppRequest): Promise<AppResponse> {
    // Its type allows only network sockets, but it is documented for any Duplex.
    const createConnection = (() => this.#open()[0] as unknown) as () => Socket;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request(
        {
          method,
          host: url.hostname,
          port: url.port,
          path: url.pathname + url.search,
          headers: {
            ...headers,
            ...(body !== undefined && { "content-length": String(Buffer.byteLength(body)) }),
          },
          createConnection,
        },
        resolve,
      );
      sent.on("error", reject);
      sent.end(body);
    });
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      text: Buffer.concat(chunks).toString(),
    };
  }

  /** Opens a WebSocket. */
  connect(url: URL, headers: Readonly<Record<string, string>>): AppSocket {
    const [near, far] = this.#open();
    const createConnection = (() => near as unknown) as () => Socket;
    const webSocket = new WebSocket(url, {
      headers: { ...headers },
      perMessageDeflate: false,
      createConnection,
      closeTimeout,
    } as ClientOptions);
    const connections = this.#connections;
    return {
      webSocket,
      get connection() {
        return connections.get(far);
      },
      get isQuiet() {
        return [near, far].every(
          ({ writableLength, readableLength }) => writableLength + readableLength === 0,
        );
      },
    };
  }

  /** Opens a connection and returns the client's side and the server's side. */
  #open(): [near: Duplex, far: Duplex] {
    const [near, far] = duplexPair();
    // The properties of network sockets that Koa, access logs and the upgrade use.
    const destroySoon = () => far.end(() => far.destroy());
    Object.assign(far, { remoteAddress: "127.0.0.1", destroySoon });
    // As over a network, the end of one side ends the other side.
    near.once("close", () => far.destroy());
    far.once("close", () => near.destroy());
    this.#server.emit("connection", far);
    return [near, far];
  }
}
