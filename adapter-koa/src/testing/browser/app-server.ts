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
import { attachUpgrades } from "../../koa/connection/attach-upgrades.js";

/** A Koa app, as far as the kit needs it. */
export interface TestedApp extends EventEmitter {
  callback(): RequestListener;
}

/** A request to the app. */
export interface AppRequest {
  readonly method: "GET" | "POST";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The app's answer, read to its end. */
export interface AppResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A WebSocket to the app, with the server's side of it. */
export interface AppSocket {
  readonly webSocket: WebSocket;
  /** The server's side; `undefined` until the handshake is taken. */
  readonly connection: Connection | undefined;
  /** Whether nothing is under way between the two sides. */
  readonly isQuiet: boolean;
}

// Streams in memory do not tell their end as sockets do; there is nothing to wait for either, in milliseconds.
const closeTimeout = 20;

const servers = new WeakMap<TestedApp, AppServer>();

/**
 * An app's HTTP server that listens nowhere: each connection is a pair of streams in memory. Requests and
 * upgrades thus go the production way, from the HTTP parser through the app's middleware to the channel.
 */
export class AppServer {
  readonly #server: Server;
  readonly #connections = new WeakMap<Duplex, Connection>();
  #lastError: unknown;
  #errorCount = 0;

  /** The server of an app; there is one for each. */
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
    // After `callback()`, which gives an app without a listener Koa's own; that one stays.
    app.on("error", (error) => {
      this.#lastError = error;
      this.#errorCount++;
    });
    attachUpgrades(this.#server, {
      onConnection: (connection, stream) => this.#connections.set(stream, connection),
    });
  }

  /** How many errors have reached the app's `error` event. */
  get errorCount(): number {
    return this.#errorCount;
  }

  /** The newest error that has reached the app's `error` event since there were so many, if one has. */
  errorSince(count: number): unknown {
    return this.#errorCount > count ? this.#lastError : undefined;
  }

  /** Sends a request. Redirects are answers like any other. */
  async request({ method, url, headers, body }: AppRequest): Promise<AppResponse> {
    // Declared for network sockets, documented for any Duplex.
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

  /** A connection: the client's side and the server's. */
  #open(): [near: Duplex, far: Duplex] {
    const [near, far] = duplexPair();
    // What Koa, access logs and the upgrade take from a network socket.
    const destroySoon = () => far.end(() => far.destroy());
    Object.assign(far, { remoteAddress: "127.0.0.1", destroySoon });
    // As over a network, where a side that is gone takes the other along.
    near.once("close", () => far.destroy());
    far.once("close", () => near.destroy());
    this.#server.emit("connection", far);
    return [near, far];
  }
}
