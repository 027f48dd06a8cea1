import { once } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import {
  decodeMessage,
  type EventReply,
  encodeMessage,
  type JoinPayload,
  type JoinRefusal,
  type JoinReply,
  type Message,
} from "@live-session/components/protocol";
import { chunkEvent, encodeBinaryMessage } from "@live-session/components/protocol/uploads";
import type { WebSocket } from "ws";
import { failure, messageOf } from "../failure.js";
import type { AppServer, AppSocket } from "./app-server.js";
import { ReceivedTemplates } from "./received-templates.js";
import { ViewState } from "./view-state.js";

type Outcome =
  | { readonly status: "ok" | "error"; readonly response: unknown }
  | { readonly status: "lost" };

/** Simulates the client of a page: its WebSocket and the view that is joined over it. */
export class ViewConnection {
  /** The state of the joined view. */
  view: ViewState | undefined;
  readonly #server: AppServer;
  readonly #socket: AppSocket;
  readonly #templates: ReceivedTemplates;
  readonly #waiting = new Map<string, (outcome: Outcome) => void>();
  readonly #topic: string;
  #ref = 0;
  #joinRef: string | null = null;
  /** Set when the view has crashed; contains its error. */
  #crash: { cause?: unknown } | undefined;
  #closed: string | undefined;

  /** @throws AssertionError (as rejection) when the handshake is refused */
  static async open(
    server: AppServer,
    url: URL,
    headers: Readonly<Record<string, string>>,
    topic: string,
  ): Promise<ViewConnection> {
    const socket = server.connect(url, headers);
    const connection = new ViewConnection(server, socket, topic, new ReceivedTemplates());
    try {
      await once(socket.webSocket, "open");
    } catch (cause) {
      throw failure(`the socket was refused: ${(cause as Error).message}`, { cause });
    }
    return connection;
  }

  private constructor(
    server: AppServer,
    socket: AppSocket,
    topic: string,
    templates: ReceivedTemplates,
  ) {
    this.#server = server;
    this.#socket = socket;
    this.#topic = topic;
    this.#templates = templates;
    const { webSocket } = socket;
    webSocket.on("message", (data) => this.#receive(decodeMessage(String(data))));
    webSocket.on("close", (code, reason) => this.#end(`${code} ${reason}`.trim()));
    webSocket.on("error", () => {}); // "close" follows
  }

  /** Returns the client of another view over the same socket. */
  share(topic: string): ViewConnection {
    return new ViewConnection(this.#server, this.#socket, topic, this.#templates);
  }

  /** Leaves the view, as a page does when it no longer contains it. */
  async leave(): Promise<void> {
    if (this.#joinRef !== null) await this.#request("phx_leave", {});
    this.#joinRef = null;
  }

  /** Whether the socket is open and the view has not crashed. */
  get isOpen(): boolean {
    return this.#isSocketOpen && !this.#crash;
  }

  /** Whether the view has been joined and has not ended. */
  get isJoined(): boolean {
    return this.isOpen && this.#joinRef !== null;
  }

  /** @throws AssertionError with the view's error, when the view has crashed */
  assertAlive(): void {
    if (this.#crash) throw crashed("the view crashed", this.#crash.cause);
  }

  /**
   * Joins the view, after leaving the view that was joined before.
   *
   * @returns the refusal, if the join is refused
   */
  async join(payload: JoinPayload, url: URL): Promise<JoinRefusal | undefined> {
    if (this.#joinRef !== null) await this.#request("phx_leave", {});
    this.#crash = undefined;
    const { errorCount } = this.#server;
    const pending = this.#request("phx_join", payload, (reply) => {
      this.view = new ViewState(reply as JoinReply, this.#templates, url);
    });
    const outcome = await pending;
    if (outcome.status === "ok") return undefined;
    const refusal = outcome.status === "error" ? (outcome.response as JoinRefusal) : undefined;
    if (refusal && refusal.reason !== "crashed") return refusal;
    throw this.#lost("the view could not be mounted", errorCount);
  }

  /**
   * Sends a message to the view and applies the reply.
   *
   * @throws AssertionError (as rejection) with the view's error
   */
  async push(event: "event" | "live_patch", payload: object): Promise<EventReply> {
    const { errorCount } = this.#server;
    const outcome = await this.#request(event, payload, (reply) =>
      this.view?.update(reply as EventReply),
    );
    if (outcome.status === "ok") return outcome.response as EventReply;
    this.assertAlive();
    if (outcome.status === "lost") throw this.#lost("the view is gone", errorCount);
    throw failure("the view did not accept the message", { got: JSON.stringify(outcome.response) });
  }

  /**
   * Sends a part of a file.
   *
   * @returns the reason if the view refuses it
   * @throws AssertionError (as rejection) with the view's error
   */
  async chunk(payload: Uint8Array): Promise<string | undefined> {
    const { errorCount } = this.#server;
    const outcome = await this.#await((ref) => {
      const joinRef = this.#joinRef ?? "";
      return encodeBinaryMessage({ joinRef, ref, topic: this.#topic, event: chunkEvent, payload });
    });
    if (outcome.status === "lost") throw this.#lost("the view is gone", errorCount);
    return outcome.status === "ok"
      ? undefined
      : (outcome.response as { readonly reason: string }).reason;
  }

  /** Sends the view a message for `handleInfo`, as `socket.send` does. */
  send(message: unknown): void {
    this.#channel?.send(message);
  }

  /**
   * Resolves when the page shows the result of all messages and, with `withTasks`, of all tasks.
   *
   * @throws AssertionError with the view's error, when the view has crashed and `mustLive` is true
   */
  async settle(withTasks: boolean, timeout: number, mustLive = true): Promise<void> {
    const deadline = performance.now() + timeout;
    do {
      await nextTurn();
      if (performance.now() < deadline) continue;
      const tasks = this.#channel?.tasks ?? [];
      throw failure(`the view is still busy after ${timeout} ms`, {
        got:
          tasks.length > 0 ? `running tasks: ${tasks.join(", ")}` : "a callback that does not end",
      });
    } while (!this.#isSettled(withTasks));
    if (mustLive) this.assertAlive();
  }

  /** Closes the connection. Resolves when the server has ended its views. */
  async close(): Promise<void> {
    this.#crash = undefined;
    if (!this.#isSocketOpen) return;
    const server = this.#socket.connection;
    const ended = new Promise<void>((resolve) =>
      server ? server.onEnd(() => resolve()) : resolve(),
    );
    this.#webSocket.close();
    await ended;
    await nextTurn();
  }

  get #webSocket(): WebSocket {
    return this.#socket.webSocket;
  }

  get #isSocketOpen(): boolean {
    return this.#closed === undefined && this.#webSocket.readyState === this.#webSocket.OPEN;
  }

  get #channel() {
    return this.#socket.connection?.channel(this.#topic);
  }

  #isSettled(withTasks: boolean): boolean {
    const channel = this.#channel;
    const isBusy = channel && (!channel.isIdle || (withTasks && channel.tasks.length > 0));
    return !isBusy && this.#socket.isQuiet;
  }

  #request(
    event: string,
    payload: object,
    apply: (reply: unknown) => void = () => {},
  ): Promise<Outcome> {
    return this.#await((ref) => {
      if (event === "phx_join") this.#joinRef = ref;
      return encodeMessage([this.#joinRef, ref, this.#topic, event, payload]);
    }, apply);
  }

  /** Sends a frame and waits for its reply. */
  #await(
    encode: (ref: string) => string | Uint8Array,
    apply: (reply: unknown) => void = () => {},
  ): Promise<Outcome> {
    const ref = String(++this.#ref);
    const frame = encode(ref);
    return new Promise((resolve) => {
      if (!this.#isSocketOpen) {
        resolve({ status: "lost" });
        return;
      }
      this.#waiting.set(ref, (outcome) => {
        // Applied synchronously, so that frames take effect in order.
        if (outcome.status === "ok") apply(outcome.response);
        resolve(outcome);
      });
      this.#webSocket.send(frame);
    });
  }

  #receive([joinRef, ref, topic, event, payload]: Message): void {
    if (topic !== this.#topic) return;
    if (event === "phx_reply") {
      const answer = this.#waiting.get(ref ?? "");
      this.#waiting.delete(ref ?? "");
      answer?.(payload as Outcome);
    } else if (joinRef === this.#joinRef) {
      if (event === "phx_error") this.#noteCrash();
      if (event === "phx_error" || event === "phx_close") {
        this.#joinRef = null;
        this.#lose();
      } else if (event === "diff") this.view?.update(payload as EventReply);
      else this.view?.update({ [event]: payload });
    }
  }

  #noteCrash(): void {
    const crash: { cause?: unknown } = {};
    this.#crash = crash;
    // The server reports the error to the app synchronously after it has written the frame.
    queueMicrotask(() => {
      crash.cause = this.#server.errorSince(0);
    });
  }

  #end(closed: string): void {
    this.#closed = closed;
    this.#lose();
  }

  #lose(): void {
    for (const lose of this.#waiting.values()) lose({ status: "lost" });
    this.#waiting.clear();
  }

  /** Creates the error of a message without a reply. Its cause is the error that the app has emitted meanwhile. */
  #lost(what: string, errorCount: number): Error {
    const cause = this.#server.errorSince(errorCount);
    if (cause !== undefined || this.#closed === undefined) return crashed(what, cause);
    return failure(`the connection was closed: ${this.#closed}`);
  }
}

const crashed = (what: string, cause: unknown): Error =>
  cause === undefined ? failure(what) : failure(`${what}: ${messageOf(cause)}`, { cause });
