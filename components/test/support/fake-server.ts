import type { JoinPayload, Message } from "../../src/protocol/index.js";

/** A message that a page sent. */
export interface Received {
  readonly joinRef: string | null;
  readonly ref: string | null;
  readonly topic: string;
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into payloads of every shape
  readonly payload: any;
}

/** Replaces the browser's WebSocket and passes the page's frames to the fake server. */
class FakeWebSocket {
  static readonly opened: FakeWebSocket[] = [];
  static server: FakeServer;
  readonly url: string;
  readyState = 0;
  bufferedAmount = 0;
  binaryType = "";
  onopen: (() => void) | null = null;
  onclose: ((e: { code: number }) => void) | null = null;
  onmessage: ((e: { data: string }) => void) | null = null;
  onerror: ((e: unknown) => void) | null = null;

  constructor(url: string) {
    this.url = url;
    FakeWebSocket.server.sockets.push(this);
    queueMicrotask(() => {
      if (this.readyState !== 0 || FakeWebSocket.server.ignoresSockets) return;
      if (FakeWebSocket.server.refusesSockets) {
        this.onerror?.({});
        this.end(1006);
        return;
      }
      this.readyState = 1;
      this.onopen?.();
    });
  }

  send(text: string): void {
    FakeWebSocket.server.receive(this, text);
  }

  /** Closes the socket as the page does. A browser refuses the codes of other causes. */
  close(code = 1005): void {
    if (code !== 1005 && code !== 1000 && (code < 3000 || code > 4999))
      throw new DOMException(`the code ${code} is not allowed`, "InvalidAccessError");
    this.end(code);
  }

  /** Closes the socket as the server or the network does. */
  end(code: number): void {
    if (this.readyState > 1) return;
    this.readyState = 2;
    if (!FakeWebSocket.server.closesSlowly) this.finishClosing(code);
  }

  finishClosing(code = 1005): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

/** A server that a test controls frame by frame. */
export class FakeServer {
  readonly sockets: FakeWebSocket[] = [];
  readonly received: Received[] = [];
  /** Whether sockets fail to open. */
  refusesSockets = false;
  /** Whether sockets neither open nor fail. */
  ignoresSockets = false;
  /** Whether the test itself finishes closing sockets. */
  closesSlowly = false;
  /** Whether heartbeats are answered. */
  answersHeartbeats = false;
  /** The status of the answers to `HEAD` requests, or 0 if there is no answer. With 2xx the server has long polling. */
  requestStatus = 404;
  /** The URLs that the page has requested by `HEAD`. */
  readonly requests: string[] = [];
  /** Answers joins. If it returns `undefined`, the test answers the join. */
  onJoin:
    | ((
        payload: JoinPayload,
        message: Received,
      ) => { ok: unknown } | { error: unknown } | undefined)
    | undefined;

  constructor() {
    FakeWebSocket.server = this;
  }

  receive(_socket: FakeWebSocket, text: string): void {
    const [joinRef, ref, topic, event, payload] = JSON.parse(text) as Message;
    const message: Received = { joinRef, ref, topic, event, payload };
    this.received.push(message);
    if (event === "heartbeat" && this.answersHeartbeats) this.reply(message, {});
    if (event === "phx_leave") this.reply(message, {});
    if (event !== "phx_join") return;
    const answer = this.onJoin?.(payload as JoinPayload, message);
    if (answer && "ok" in answer) this.reply(message, answer.ok);
    else if (answer) this.reply(message, answer.error, "error");
  }

  /** Returns the messages of one event. */
  of(event: string): Received[] {
    return this.received.filter((message) => message.event === event);
  }

  /** Answers a message in a microtask. */
  reply({ joinRef, ref, topic }: Received, response: unknown, status = "ok"): void {
    this.#send([joinRef, ref, topic, "phx_reply", { status, response }]);
  }

  /** Pushes to the view that has joined last, or to that of an earlier join. */
  push(event: string, payload: unknown, join = this.of("phx_join").at(-1)): void {
    if (!join) throw new Error("no view has joined");
    this.#send([join.joinRef, null, join.topic, event, payload]);
  }

  /** Breaks the connection. */
  drop(code = 1012): void {
    this.sockets.at(-1)?.end(code);
  }

  #send(message: Message): void {
    const socket = this.sockets.at(-1);
    queueMicrotask(() => {
      if (socket?.readyState === 1) socket.onmessage?.({ data: JSON.stringify(message) });
    });
  }
}

const { WebSocket, fetch } = globalThis;

/** Connects pages to a new fake server until {@link restoreWebSocket}. */
export function fakeServer(): FakeServer {
  globalThis.WebSocket = FakeWebSocket as unknown as typeof globalThis.WebSocket;
  const server = new FakeServer();
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    if (init?.method !== "HEAD") return fetch(input, init);
    server.requests.push(String(input));
    const { requestStatus } = server;
    if (!requestStatus) throw new TypeError("Failed to fetch");
    return new Response(null, { status: requestStatus });
  };
  return server;
}

/** Restores the WebSocket and the requests of the browser. */
export function restoreWebSocket(): void {
  globalThis.WebSocket = WebSocket;
  globalThis.fetch = fetch;
}
