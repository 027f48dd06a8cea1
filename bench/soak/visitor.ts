import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { WebSocket } from "ws";
import { getJoinInfo, type JoinInfo } from "../load/client.js";

/** A well-behaved visitor, whose every event must be answered. */
export class Visitor {
  /** Milliseconds from each click to its reply. */
  latencies: number[] = [];
  /** Closes of the connection that the visitor did not ask for. */
  readonly complaints: string[] = [];
  readonly #port: number;
  readonly #path: string;
  readonly #waiting = new Map<string, (status: string) => void>();
  #socket: WebSocket | undefined;
  #topic = "";
  #ref = 0;
  #isLeaving = false;

  constructor(port: number, path: string) {
    this.#port = port;
    this.#path = path;
  }

  /** The number of events without a reply. */
  get unanswered(): number {
    return this.#waiting.size;
  }

  /** Loads the page and joins its view. */
  async enter(): Promise<void> {
    const info = await getJoinInfo(this.#port, this.#path);
    const socket = openSocket(this.#port, info);
    this.#socket = socket;
    this.#isLeaving = false;
    socket.on("message", (data) => this.#receive(String(data)));
    socket.on("close", (code, reason) => {
      if (!this.#isLeaving) this.complaints.push(`closed with ${code} ${reason}`);
    });
    await once(socket, "open");
    this.#topic = `lv:${info.id}`;
    await this.#push("phx_join", joinPayload(this.#port, this.#path, info));
  }

  /** Sends an event and waits for its reply. */
  async event(event: string, value: unknown = {}, type = "click"): Promise<void> {
    const start = performance.now();
    await this.#push("event", { type, event, value });
    this.latencies.push(performance.now() - start);
  }

  /** Clicks again and again until the signal is aborted. */
  async clickUntil(signal: AbortSignal, everyMs = 10): Promise<void> {
    while (!signal.aborted) {
      await this.event("inc");
      await setTimeout(everyMs);
    }
  }

  /** Leaves by closing the page, or by losing the connection. */
  async leave(isCut = false): Promise<void> {
    const socket = this.#socket;
    this.#isLeaving = true;
    this.#waiting.clear();
    if (!socket || socket.readyState === socket.CLOSED) return;
    const closed = once(socket, "close");
    if (isCut) socket.terminate();
    else socket.close();
    await closed;
  }

  #push(event: string, payload: unknown): Promise<void> {
    const ref = String(++this.#ref);
    return new Promise((resolve) => {
      this.#waiting.set(ref, (status) => {
        if (status !== "ok") this.complaints.push(`${event} was answered with ${status}`);
        resolve();
      });
      this.#socket?.send(JSON.stringify(["1", ref, this.#topic, event, payload]));
    });
  }

  #receive(text: string): void {
    const [, ref, , event, payload] = JSON.parse(text);
    if (event === "phx_error") this.complaints.push("the view crashed");
    if (event !== "phx_reply") return;
    this.#waiting.get(ref)?.(payload.status);
    this.#waiting.delete(ref);
  }
}

/** Opens a WebSocket for a page. */
export const openSocket = (port: number, { csrfToken, cookie }: JoinInfo): WebSocket =>
  new WebSocket(`ws://127.0.0.1:${port}/live/websocket?vsn=2.0.0&_csrf_token=${csrfToken}`, {
    headers: { cookie, origin: `http://127.0.0.1:${port}` },
    perMessageDeflate: false,
  }).on("error", () => {}); // "close" follows

/** Returns the payload of a page's join. */
export const joinPayload = (port: number, path: string, { token, csrfToken }: JoinInfo) => ({
  token,
  url: `http://127.0.0.1:${port}${path}`,
  params: { _csrf_token: csrfToken, _mounts: 0 },
});
