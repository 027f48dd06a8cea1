import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { DevError } from "./dev-error.js";

/** The path under which the development server answers itself. */
export const DEV_PATH = "/__live-session-dev/";

/** A message of the development server to open pages. */
export type DevEvent =
  | { readonly type: "errors"; readonly errors: readonly DevError[] }
  | { readonly type: "style"; readonly file: string }
  | { readonly type: "restarted" }
  | { readonly type: "reload" };

/** Sends events to the pages that are open, and serves the script that receives them. */
export class DevPages {
  readonly #open = new Set<ServerResponse>();
  #errors: readonly DevError[] = [];

  /** The errors since the app has started. Pages show them. */
  set errors(errors: readonly DevError[]) {
    this.#errors = errors;
    this.send({ type: "errors", errors });
  }

  get errors(): readonly DevError[] {
    return this.#errors;
  }

  /** Sends an event to all open pages. */
  send(event: DevEvent): void {
    for (const page of this.#open) write(page, event);
  }

  /** Answers a request below `DEV_PATH`. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    const name = new URL(request.url ?? "/", "http://localhost").pathname.slice(DEV_PATH.length);
    if (name === "events") this.#addPage(response);
    else if (/^[a-z-]+\.js$/.test(name)) sendScript(name, response);
    else response.writeHead(404).end();
  }

  /** Closes the connections to all pages. */
  close(): void {
    for (const page of this.#open) page.end();
  }

  #addPage(response: ServerResponse): void {
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    write(response, { type: "errors", errors: this.#errors });
    this.#open.add(response);
    response.once("close", () => this.#open.delete(response));
  }
}

function write(page: ServerResponse, event: DevEvent): void {
  page.write(`data: ${JSON.stringify(event)}\n\n`);
}

function sendScript(name: string, response: ServerResponse): void {
  try {
    const code = readFileSync(new URL(`./browser/${name}`, import.meta.url));
    response.writeHead(200, { "Content-Type": "text/javascript", "Cache-Control": "no-store" });
    response.end(code);
  } catch {
    response.writeHead(404).end();
  }
}
