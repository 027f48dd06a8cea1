import type { Carrier, Connection } from "./connection.js";

const storageKey = "live-session:long-poll";
const retryMs = 60_000;
// A proxy that cuts off WebSockets does so earlier than this.
const provenMs = 2000;
const heartbeat = '[null,"0","phoenix","heartbeat",{}]';

// The server answers a waiting request within ten seconds.
const requestMs = 20_000;
// The code that a WebSocket reports when its connection is lost.
const lostCode = 1006;
const closedCleanly = 1000;
/** A request contains no further frames when it is this long. The server accepts four times as much. */
const maxLength = 64 * 1024;
const headers = { "content-type": "application/x-ndjson" };

/** The body of a response. The status is in the body. */
interface LongPollResponse {
  readonly status: number;
  readonly token?: string | null;
  readonly messages?: readonly string[];
}

const longPolling = new WeakSet<Connection>();

/** Carries frames over HTTP requests in Phoenix's protocol for long polling, with the interface of a WebSocket. */
export class LongPoll implements Carrier {
  onopen: Carrier["onopen"] = null;
  onmessage: Carrier["onmessage"] = null;
  onclose: Carrier["onclose"] = null;
  readonly #url: string;
  readonly #abort = new AbortController();
  #token = "";
  #polls = 0;
  #posts = 0;
  #frames: string[] = [];
  #isPosting = false;
  #isClosed = false;

  /** @param url the URL of long polling */
  constructor(url: string) {
    this.#url = url;
    void this.#receive();
  }

  send(frame: string | ArrayBuffer): void {
    this.#frames.push(typeof frame === "string" ? frame : toBase64(frame));
    // All frames of one task share a request.
    queueMicrotask(() => this.#post());
  }

  /** Closes the carrier. With the code 1000 the server ends the connection; otherwise it waits for another carrier. */
  close(code?: number): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#abort.abort();
    if (code === closedCleanly && this.#token) {
      fetch(this.#tokenUrl, { method: "DELETE", headers, keepalive: true }).catch(() => {});
    }
  }

  get #tokenUrl(): string {
    return `${this.#url}&token=${encodeURIComponent(this.#token)}`;
  }

  /** Opens the connection and then waits for frames, until the carrier is closed or a request fails. */
  async #receive(): Promise<void> {
    const { status, token } = await this.#request(this.#url);
    if (this.#isClosed) return;
    // A new connection has the status "gone" and a token.
    if (status !== 410 || !token) {
      this.#fail();
      return;
    }
    this.#token = token;
    this.onopen?.(new Event("open"));
    while (!this.#isClosed) {
      const { status, messages = [] } = await this.#request(`${this.#tokenUrl}&n=${++this.#polls}`);
      if (status !== 200 && status !== 204) this.#fail();
      for (const data of messages) {
        if (!this.#isClosed) this.onmessage?.(new MessageEvent("message", { data }));
      }
    }
  }

  async #post(): Promise<void> {
    if (this.#isPosting || this.#frames.length === 0) return;
    this.#isPosting = true;
    const body = this.#frames.splice(0, this.#batchSize).join("\n");
    // The browser may send the request again, which the server recognizes by its number.
    const url = `${this.#tokenUrl}&n=${++this.#posts}`;
    const { status } = await this.#request(url, { method: "POST", headers, body });
    this.#isPosting = false;
    if (status === 200) void this.#post();
    else this.#fail();
  }

  /** The number of waiting frames that one request contains. */
  get #batchSize(): number {
    let length = 0;
    let count = 0;
    for (const frame of this.#frames) {
      if (length > maxLength) break;
      length += frame.length;
      count++;
    }
    return count;
  }

  /** Sends a request. Without an answer, the status is 0. */
  async #request(url: string, init?: RequestInit): Promise<LongPollResponse> {
    const timer = setTimeout(() => this.#fail(), requestMs);
    try {
      const { signal } = this.#abort;
      const response = await fetch(url, { ...init, cache: "no-store", signal });
      return (await response.json()) as LongPollResponse;
    } catch {
      return { status: 0 };
    } finally {
      clearTimeout(timer);
    }
  }

  #fail(): void {
    if (this.#isClosed) return;
    this.close();
    this.onclose?.(new CloseEvent("close", { code: lostCode }));
  }
}

function toBase64(bytes: ArrayBuffer): string {
  let binary = "";
  for (const byte of new Uint8Array(bytes)) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/**
 * Falls back to long polling if the server answers HTTP requests although WebSockets fail.
 *
 * @param url returns the URL of the server's long polling
 * @param isWorking checks whether a WebSocket works after all
 */
export async function fallBack(
  connection: Connection,
  url: () => string,
  isWorking: () => boolean,
): Promise<void> {
  const { ok } = await fetch(url(), { method: "HEAD" }).catch(() => Response.error());
  if (ok && !isWorking()) useLongPoll(connection, url);
}

/**
 * Switches a connection to long polling. Once a minute it tries a WebSocket; when one stays open and carries frames, the
 * connection switches back. Until then other pages of this tab start with long polling.
 *
 * @param url returns the URL of the server's long polling
 */
export function useLongPoll(connection: Connection, url: () => string): void {
  if (longPolling.has(connection)) return;
  longPolling.add(connection);
  remember(true);
  switchCarrier(connection, () => new LongPoll(url()));
  retryLater(connection);
}

/** Replaces the carrier. The views continue on the new one. */
function switchCarrier(connection: Connection, createCarrier: Connection["createCarrier"]): void {
  connection.createCarrier = createCarrier;
  if (connection.state === "closed") return;
  connection.drop();
  connection.connect();
}

function retryLater(connection: Connection): void {
  setTimeout(() => {
    const webSocket = new WebSocket(connection.url());
    let isProven = false;
    webSocket.onopen = () =>
      setTimeout(() => webSocket.readyState === 1 && webSocket.send(heartbeat), provenMs);
    webSocket.onmessage = () => {
      isProven = true;
      webSocket.close();
    };
    webSocket.onclose = () => {
      if (!isProven) {
        retryLater(connection);
        return;
      }
      remember(false);
      longPolling.delete(connection);
      switchCarrier(connection, (url) => new WebSocket(url));
    };
  }, retryMs);
}

function remember(usesLongPoll: boolean): void {
  try {
    if (usesLongPoll) sessionStorage.setItem(storageKey, "true");
    else sessionStorage.removeItem(storageKey);
  } catch {
    // If the browser blocks storage, the next page starts with a WebSocket.
  }
}
