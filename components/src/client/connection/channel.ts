import type { EventReply, JoinPayload, JoinRefusal, JoinReply } from "../../protocol/index.js";
import type { Connection, Subscriber } from "./connection.js";

const joinTimeoutMs = 10_000;
const pushTimeoutMs = 30_000;

/** Returns how long to wait before joining a view again: about 1, 2, 5, then 10 s. */
export const rejoinAfterMs = (tries: number): number =>
  ([1000, 2000, 5000][tries - 1] ?? 10_000) * (0.75 + Math.random() / 2);

/** An event or patch that failed. `code` is one of the stable `LIVE_ERR_…` codes. */
export type PushError = Error & { readonly code: string };

const pushError = (code: string, message: string): PushError =>
  Object.assign(new Error(message), { code });

/** Creates the error for an event that is sent while the view is not joined. */
export const notConnectedError = (): PushError =>
  pushError("LIVE_ERR_NOT_CONNECTED", "the view is not connected");

/** Receives the messages of a channel. After {@link Channel.leave} it receives nothing. */
export interface ChannelHandler {
  /** Returns the payload of a join or rejoin. */
  joinPayload(): JoinPayload;
  handleJoin(reply: JoinReply): void;
  /**
   * Handles a refused join, or (`crashed`) a join that was sent and not answered. The channel tries again until it is
   * left.
   */
  handleRefusal(refusal: JoinRefusal): void;
  /** Handles replies and pushes of the server that change the page, in the order of the frames. */
  handleUpdate(update: EventReply): void;
  /** Handles the end of the view: it crashed, the connection broke, or the server has ended it for good (`closed`). */
  handleDown(cause: "crashed" | "disconnected" | "closed"): void;
  /** Handles a lost carrier. The view waits for another one on the server, and events are sent later. */
  handleInterruption(): void;
  /** Handles that the view continues on another carrier. */
  handleResumption(): void;
}

/** Is called with the reply to a message, or with the error if there is none. */
interface Waiting {
  handleReply(status: string, response: unknown): void;
  reject(error: PushError): void;
}

/** One join of one view, with promises for the replies. The protocol is that of a Phoenix channel. */
export class Channel implements Subscriber {
  readonly topic: string;
  /** The reply to the last message, which follows the replies to all earlier ones. */
  lastReply: Promise<EventReply> | undefined;
  readonly #connection: Connection;
  readonly #handler: ChannelHandler;
  #state: "waiting" | "joining" | "joined" = "waiting";
  #joinRef: string | undefined;
  #hasSentJoin = false;
  /** The timer of the join: until its timeout, or until the next attempt. */
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tries = 0;
  /** Whether the handler knows that the view is not joined. */
  #isDown = false;
  /** The messages that have no reply yet, by their refs. */
  readonly #waiting = new Map<string, Waiting>();
  #maxPayload = Number.POSITIVE_INFINITY;

  constructor(connection: Connection, topic: string, handler: ChannelHandler) {
    this.#connection = connection;
    this.topic = topic;
    this.#handler = handler;
    connection.subscribers.add(this);
    this.#timer = setTimeout(() => this.#handleTimeout(), joinTimeoutMs);
    if (connection.isOpen) connection.requestJoin(this);
  }

  /** Whether a message can be sent, if only when there is another carrier. */
  get isJoined(): boolean {
    return this.#state === "joined" && this.#connection.accepts;
  }

  /**
   * Sends a message to the view and resolves with the reply. `handleReply` applies the update in the reply: it runs
   * before the promise resolves and in the order of the frames.
   *
   * @throws PushError (as rejection) when the view is not joined, refuses, crashes or does not answer in time, or when
   *   the payload is larger than the server accepts; the server would close the connection.
   */
  send(
    event: string,
    payload: object,
    handleReply: (reply: EventReply) => void,
  ): Promise<EventReply> {
    this.lastReply = new Promise((resolve, reject) => {
      if (!this.isJoined) throw notConnectedError();
      if (byteLength(payload) > this.#maxPayload) {
        throw pushError("LIVE_ERR_TOO_LARGE", "an event is too large");
      }
      const ref = this.#send(event, payload);
      const handleTimeout = (): void => {
        // Without a carrier, the view has no chance to answer.
        if (this.#connection.isOpen) {
          this.#waiting.delete(ref);
          reject(pushError("LIVE_ERR_TIMEOUT", "the view did not answer in time"));
        } else timer = setTimeout(handleTimeout, pushTimeoutMs);
      };
      let timer = setTimeout(handleTimeout, pushTimeoutMs);
      this.#waiting.set(ref, {
        handleReply: (status, response) => {
          clearTimeout(timer);
          if (status !== "ok") {
            reject(pushError("LIVE_ERR_REFUSED", "the view refused an event"));
            return;
          }
          handleReply(response as EventReply);
          resolve(response as EventReply);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
    });
    return this.lastReply;
  }

  /** Ends the view on the server. Messages that still arrive from it are dropped. */
  leave(): void {
    if (!this.#connection.subscribers.delete(this)) return;
    clearTimeout(this.#timer);
    if (this.#hasSentJoin && this.#connection.accepts) this.#send("phx_leave", {});
    this.#rejectWaiting();
  }

  sendJoin(): void {
    if (this.#state !== "waiting" || !this.#connection.subscribers.has(this)) return;
    this.#state = "joining";
    this.#isDown = false;
    this.#hasSentJoin = true;
    this.#startTimer(() => this.#handleTimeout(), joinTimeoutMs);
    this.#joinRef = this.#send("phx_join", this.#handler.joinPayload());
  }

  receive(joinRef: string | null, ref: string | null, event: string, payload: unknown): void {
    // A frame of an earlier join
    if (joinRef !== null && joinRef !== this.#joinRef) return;
    if (event === "phx_reply")
      this.#handleReply(ref, payload as { status: string; response: never });
    else if (event === "phx_error") this.#handleCrash();
    else if (event === "phx_close") this.#handleClose();
    else if (event === "diff") this.#handler.handleUpdate(payload as EventReply);
    else this.#handler.handleUpdate({ [event]: payload });
  }

  handleInterruption(): void {
    if (this.#state === "joined") this.#handler.handleInterruption();
  }

  handleResumption(): void {
    if (this.#state === "joined") this.#handler.handleResumption();
  }

  handleEnd(): void {
    this.#reset();
    clearTimeout(this.#timer);
    this.#tries = 0;
    this.#goDown("disconnected");
  }

  #send(event: string, payload: object): string {
    return this.#connection.send(this.#joinRef ?? null, this.topic, event, payload);
  }

  #handleReply(
    ref: string | null,
    { status, response }: { status: string; response: never },
  ): void {
    if (ref !== this.#joinRef) {
      const waiting = this.#waiting.get(ref ?? "");
      this.#waiting.delete(ref ?? "");
      waiting?.handleReply(status, response);
    } else if (this.#state === "joining") {
      if (status === "ok") this.#handleJoin(response);
      else this.#handleRefusal(response);
    }
  }

  #handleJoin(reply: JoinReply): void {
    this.#state = "joined";
    this.#isDown = false;
    this.#tries = 0;
    clearTimeout(this.#timer);
    this.#maxPayload = reply.maxPayload ?? Number.POSITIVE_INFINITY;
    this.#handler.handleJoin(reply);
  }

  #handleRefusal(refusal: JoinRefusal): void {
    this.#reset();
    this.#isDown = true;
    this.#joinLater();
    this.#handler.handleRefusal(refusal);
  }

  #handleTimeout(): void {
    if (this.#state === "joining" && this.#connection.isOpen) {
      this.#send("phx_leave", {});
      this.#handleRefusal({ reason: "crashed" });
    } else this.#goDown("disconnected");
  }

  #handleCrash(): void {
    this.#reset();
    this.#joinLater();
    this.#goDown("crashed");
  }

  #handleClose(): void {
    this.#connection.subscribers.delete(this);
    this.#reset();
    clearTimeout(this.#timer);
    this.#goDown("closed");
  }

  #goDown(cause: "crashed" | "disconnected" | "closed"): void {
    if (this.#isDown) return;
    this.#isDown = true;
    this.#handler.handleDown(cause);
  }

  /** Forgets the join, so that its frames are ignored. */
  #reset(): void {
    this.#state = "waiting";
    this.#joinRef = undefined;
    this.#rejectWaiting();
  }

  #joinLater(): void {
    const join = (): void => {
      if (this.#connection.isOpen) this.#connection.requestJoin(this);
    };
    this.#startTimer(join, rejoinAfterMs(++this.#tries));
  }

  #startTimer(act: () => void, ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(act, ms);
  }

  #rejectWaiting(): void {
    for (const { reject } of this.#waiting.values()) reject(notConnectedError());
    this.#waiting.clear();
  }
}

const byteLength = (payload: object): number =>
  new TextEncoder().encode(JSON.stringify(payload)).length;
