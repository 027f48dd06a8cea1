import { type RequestOptions, request } from "node:http";
import { WebSocket } from "ws";
import { type Answered, Connection } from "./connection.js";
import type { LiveServer } from "./server.js";

/** A complete HTTP answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  readonly text: string;
}

/** A live page as the browser has it. */
export interface LivePage {
  readonly id: string;
  readonly token: string;
  readonly csrfToken: string;
  readonly url: string;
  readonly html: string;
}

/** A person with a browser who visits a server. It keeps cookies and does not follow redirects. */
export class Visitor {
  readonly server: LiveServer;
  readonly #cookies = new Map<string, string>();

  constructor(server: LiveServer) {
    this.server = server;
  }

  /** Returns the same visitor for another server with the same secrets. */
  at(server: LiveServer): Visitor {
    const visitor = new Visitor(server);
    for (const [name, value] of this.#cookies) visitor.setCookie(name, value);
    return visitor;
  }

  get cookie(): string {
    return Array.from(this.#cookies, ([name, value]) => `${name}=${value}`).join("; ");
  }

  setCookie(name: string, value: string): void {
    this.#cookies.set(name, value);
  }

  hasCookie(name: string): boolean {
    return this.#cookies.has(name);
  }

  forgetCookies(): void {
    this.#cookies.clear();
  }

  /** Sends a request and keeps the cookies of the answer. */
  async fetch(
    path: string,
    { body, ...options }: RequestOptions & { body?: string } = {},
  ): Promise<Answer> {
    const cookie = this.cookie;
    const headers = {
      ...(cookie && { cookie }),
      ...(body !== undefined && { "content-length": String(Buffer.byteLength(body)) }),
      ...(options.headers as Record<string, string>),
    };
    const answer = await new Promise<Answer>((resolve, reject) => {
      const sent = request(
        `${this.server.origin}${path}`,
        { agent: false, ...options, headers },
        (res) => {
          const chunks: Buffer[] = [];
          res.on("data", (chunk: Buffer) => chunks.push(chunk));
          res.on("error", reject);
          res.on("end", () => {
            const all = Buffer.concat(chunks);
            resolve({
              status: res.statusCode ?? 0,
              headers: res.headers,
              body: all,
              text: all.toString(),
            });
          });
        },
      );
      sent.on("error", reject);
      sent.end(body);
    });
    for (const line of (answer.headers["set-cookie"] ?? []) as string[]) this.#take(line);
    return answer;
  }

  /** Loads a live page. */
  async load(path: string): Promise<LivePage> {
    const { status, text } = await this.fetch(path);
    if (status !== 200) throw new Error(`GET ${path} responded with ${status}: ${text}`);
    return toLivePage(text, `${this.server.origin}${path}`);
  }

  /** Returns the URL of the socket. */
  socketUrl(params: Readonly<Record<string, string>> = {}): string {
    const query = new URLSearchParams({ vsn: "2.0.0", ...params });
    return `ws://127.0.0.1:${this.server.port}/live/websocket?${query}`;
  }

  /** The headers that a page in a browser sends with a handshake. */
  get handshakeHeaders(): Record<string, string> {
    return { origin: this.server.origin, ...(this.cookie && { cookie: this.cookie }) };
  }

  /** Opens a socket. */
  async connect(params?: Readonly<Record<string, string>>): Promise<Connection> {
    const webSocket = new WebSocket(this.socketUrl(params), { headers: this.handshakeHeaders });
    const connection = new Connection(webSocket);
    await connection.opened;
    return connection;
  }

  /** Loads a live page, opens a socket and joins. */
  async visit(path: string): Promise<{ page: LivePage; connection: Connection; reply: Answered }> {
    const page = await this.load(path);
    const connection = await this.connect();
    const reply = await connection.join(page);
    return { page, connection, reply };
  }

  #take(line: string): void {
    const [pair = "", ...attributes] = line.split(";");
    const at = pair.indexOf("=");
    const name = pair.slice(0, at);
    const expires = attributes.find((attribute) => /^\s*expires=/i.test(attribute))?.split("=")[1];
    if (expires && Date.parse(expires) <= Date.now()) this.#cookies.delete(name);
    else this.#cookies.set(name, pair.slice(at + 1));
  }
}

/** Reads the attributes of the page's `<live-session>` element. */
export function toLivePage(html: string, url: string): LivePage {
  const element = /<live-session ([^>]*)>/.exec(html)?.[1];
  if (element === undefined) throw new Error(`no <live-session> in ${html}`);
  const attribute = (name: string): string =>
    new RegExp(`(?:^| )${name}="([^"]*)"`).exec(element)?.[1] ?? "";
  return {
    id: attribute("id"),
    token: attribute("token"),
    csrfToken: attribute("csrf-token"),
    url,
    html,
  };
}

/** Returns a nested view of a page in the form of a page. */
export function nestedPage(page: LivePage, id: string): LivePage {
  const token = new RegExp(`<live-session id="${id}" nested="([^"]+)"`).exec(page.html)?.[1] ?? "";
  return { ...page, id, token };
}
