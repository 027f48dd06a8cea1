import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

interface RequestStart {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly server: Server;
}

const reportPath = "/csp-report";

/**
 * What browsers send to an HTTP server of this process. The server sees it alike in every engine, while the
 * events of the engines' own drivers differ.
 */
export class ServerTraffic {
  readonly #port: number;
  readonly #servers = new WeakSet<Server>();
  /** Paths of the documents that were requested. */
  readonly documents: string[] = [];
  /** Connections that became WebSockets, oldest first. */
  readonly webSockets: Duplex[] = [];
  /** Number of violations of the Content-Security-Policy that browsers have reported. */
  violations = 0;

  constructor(url: string) {
    this.#port = Number(new URL(url).port);
    subscribe("http.server.request.start", this.#handleRequest);
  }

  /** Stops to watch. */
  stop(): void {
    unsubscribe("http.server.request.start", this.#handleRequest);
  }

  readonly #handleRequest = (message: unknown): void => {
    const { request, response, server } = message as RequestStart;
    if ((server.address() as AddressInfo | null)?.port !== this.#port) return;
    if (!this.#servers.has(server)) this.#watchUpgrades(server);
    const { url = "", method, headers } = request;
    if (url === reportPath) this.violations++;
    else if (method === "GET" && headers.accept?.startsWith("text/html")) this.documents.push(url);
    askForReports(response);
  };

  #watchUpgrades(server: Server): void {
    this.#servers.add(server);
    server.on("upgrade", (_request, socket) => this.webSockets.push(socket));
  }
}

/** Adds to the policy of a response where the browser reports violations to. */
function askForReports(response: ServerResponse): void {
  const setHeader = response.setHeader.bind(response);
  response.setHeader = (name, value) =>
    setHeader(
      name,
      name.toLowerCase() === "content-security-policy"
        ? `${value};report-uri ${reportPath}`
        : value,
    );
}
