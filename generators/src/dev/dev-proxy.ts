import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { DEV_PATH, type DevPages } from "./dev-pages.js";

/** Options of `createDevProxy`. */
export interface DevProxyOptions {
  readonly pages: DevPages;
  /** Resolves with the port of the running app, when there is one, or with null if it could not start. */
  readonly appPort: () => Promise<number | null>;
}

/** A close frame with the code 1012: the service restarts. */
const restartFrame = Buffer.from([0x88, 2, 0x03, 0xf4]);
const CLOSE_MS = 200;

/**
 * The server that browsers connect to. It passes requests and WebSockets on to the app. While the app starts they wait, so
 * pages connect again as soon as it runs. HTML gets the script of the development server.
 */
export class DevProxy {
  readonly server: Server;
  readonly #webSockets = new Set<WebSocketPassage>();

  constructor({ pages, appPort }: DevProxyOptions) {
    this.server = createServer(async (incoming, outgoing) => {
      if (incoming.url?.startsWith(DEV_PATH)) return pages.handle(incoming, outgoing);
      const port = await appPort();
      if (port === null) return sendPage(outgoing, 500, "<title>The app could not start</title>");
      passRequest(incoming, outgoing, port);
    }).on("upgrade", async (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on("error", () => socket.destroy());
      const port = await appPort();
      if (port === null) return socket.destroy();
      const app = passUpgrade(incoming, socket, head, port);
      const passage = { socket, app };
      this.#webSockets.add(passage);
      socket.once("close", () => this.#webSockets.delete(passage));
    });
  }

  /** Closes all WebSockets, with the code of a restart. Resolves when the browsers have noticed, or after a short time. */
  async closeWebSockets(): Promise<void> {
    const closed = [...this.#webSockets].map(({ socket, app }) => {
      app.unpipe(socket);
      socket.end(restartFrame);
      return socket.closed ? undefined : once(socket, "close");
    });
    await Promise.race([Promise.all(closed), delay(CLOSE_MS)]);
  }
}

/** A WebSocket between a browser and the app. */
interface WebSocketPassage {
  readonly socket: Duplex;
  readonly app: Socket;
}

function passRequest(incoming: IncomingMessage, outgoing: ServerResponse, port: number): void {
  const { method, url: path, headers } = incoming;
  // Compressed HTML could not be changed.
  const options = { port, method, path, headers: { ...headers, "accept-encoding": "identity" } };
  const passed = request({ ...options, host: "127.0.0.1" }, (response) => {
    const { statusCode = 502, headers: responseHeaders } = response;
    if (isDocument(response)) {
      collect(response, (html) => sendPage(outgoing, statusCode, html, responseHeaders));
    } else {
      outgoing.writeHead(statusCode, responseHeaders);
      response.pipe(outgoing);
    }
  });
  passed.on("error", () => {
    // The app has ended. Its error is shown over the page.
    if (outgoing.headersSent || outgoing.destroyed) outgoing.destroy();
    else sendPage(outgoing, 502, "<title>The app has ended</title>");
  });
  outgoing.once("close", () => passed.destroy());
  incoming.pipe(passed);
}

function isDocument({ headers }: IncomingMessage): boolean {
  return /^text\/html/.test(headers["content-type"] ?? "");
}

function collect(response: IncomingMessage, done: (html: string) => void): void {
  const chunks: Buffer[] = [];
  response.on("data", (chunk) => chunks.push(chunk));
  response.on("end", () => done(Buffer.concat(chunks).toString()));
}

/** Sends HTML with the script of the development server, which needs to know the status of the page. */
function sendPage(
  outgoing: ServerResponse,
  status: number,
  html: string,
  headers: IncomingMessage["headers"] = { "content-type": "text/html; charset=utf-8" },
): void {
  const script = `<script type="module" src="${DEV_PATH}dev-client.js?status=${status}"></script>`;
  const end = /<\/(head|body|html)>/i.exec(html)?.index ?? html.length;
  const body = Buffer.from(`${html.slice(0, end)}${script}${html.slice(end)}`);
  const { "transfer-encoding": _, ...rest } = headers;
  outgoing.writeHead(status, { ...rest, "content-length": body.length }).end(body);
}

function passUpgrade(
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  port: number,
): Socket {
  const app = connect(port, "127.0.0.1", () => {
    const { method, url, rawHeaders } = incoming;
    const lines = rawHeaders.flatMap((name, index) =>
      index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : [],
    );
    app.write(`${method} ${url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
    app.write(head);
    app.pipe(socket).pipe(app);
  });
  app.on("error", () => socket.destroy());
  socket.once("close", () => app.destroy());
  return app;
}
