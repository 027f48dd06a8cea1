import type { Server, ServerResponse } from "node:http";

/** The requests that a server is answering. */
export class RunningRequests {
  readonly #responses = new Set<ServerResponse>();
  #closesConnections = false;
  #onEmpty: (() => void) | undefined;

  /** Create it before the server gets its first request. */
  constructor(server: Server) {
    server.prependListener("request", (_request, response) => this.#add(response));
  }

  /** Ends connections with their next responses. */
  closeConnections(): void {
    this.#closesConnections = true;
    for (const response of this.#responses) closeAfter(response);
  }

  /** Resolves when all requests are answered, or after `timeoutMs` milliseconds. New requests count too. */
  async finish(timeoutMs: number): Promise<void> {
    if (this.#responses.size === 0) return;
    let timeout: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
      timeout = setTimeout(resolve, timeoutMs);
    });
    clearTimeout(timeout);
  }

  #add(response: ServerResponse): void {
    this.#responses.add(response);
    if (this.#closesConnections) closeAfter(response);
    const remove = () => {
      this.#responses.delete(response);
      if (this.#responses.size === 0) this.#onEmpty?.();
    };
    // An upgraded request only emits "finish", a cut one only "close".
    response.once("finish", remove).once("close", remove);
  }
}

/** Makes the browser open a new connection, to the next process, for its next request. */
function closeAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader("Connection", "close");
}
