import type { Socket, Channel as SocketChannel } from "phoenix";
import type { EventReply, JoinPayload, JoinRefusal, JoinReply } from "../../protocol/index.js";

const joinTimeoutMs = 10_000;
const pushTimeoutMs = 30_000;

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
}

/** One join of one view: a Phoenix channel with promises for the replies. */
export class Channel {
  /** The reply to the last message, which follows the replies to all earlier ones. */
  lastReply: Promise<EventReply> | undefined;
  readonly #socket: Socket;
  readonly #channel: SocketChannel;
  /** Rejects the messages that have no reply yet. */
  readonly #waiting = new Set<(error: PushError) => void>();
  #maxPayload = Number.POSITIVE_INFINITY;
  #left = false;

  constructor(socket: Socket, topic: string, handler: ChannelHandler) {
    this.#socket = socket;
    const channel = socket.channel(topic, () => handler.joinPayload());
    this.#channel = channel;
    channel.on("diff", (update: EventReply) => handler.handleUpdate(update));
    for (const event of ["live_patch", "live_redirect", "redirect"]) {
      channel.on(event, (target: unknown) => handler.handleUpdate({ [event]: target }));
    }
    channel.onError((reason?: { source?: string }) => {
      this.#rejectWaiting();
      handler.handleDown(reason?.source === "transport" ? "disconnected" : "crashed");
    });
    channel.onClose(() => {
      this.#rejectWaiting();
      if (!this.#left) handler.handleDown("closed");
    });
    channel
      .join(joinTimeoutMs)
      .receive("ok", (reply: JoinReply) => {
        this.#maxPayload = reply.maxPayload ?? Number.POSITIVE_INFINITY;
        handler.handleJoin(reply);
      })
      .receive("error", (refusal: JoinRefusal) => handler.handleRefusal(refusal))
      .receive("timeout", () => {
        // Without a connection the join was not sent.
        if (socket.isConnected()) handler.handleRefusal({ reason: "crashed" });
        else handler.handleDown("disconnected");
      });
  }

  /** Whether a message can be sent now. */
  get isJoined(): boolean {
    return this.#channel.state === "joined" && this.#socket.isConnected();
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
      const fail = (code: string, message: string) => () => {
        this.#waiting.delete(reject);
        reject(pushError(code, message));
      };
      this.#waiting.add(reject);
      this.#channel
        .push(event, payload, pushTimeoutMs)
        .receive("ok", (reply: EventReply) => {
          this.#waiting.delete(reject);
          handleReply(reply);
          resolve(reply);
        })
        .receive("error", fail("LIVE_ERR_REFUSED", "the view refused an event"))
        .receive("timeout", fail("LIVE_ERR_TIMEOUT", "the view did not answer in time"));
    });
    return this.lastReply;
  }

  /** Ends the view on the server. Messages that still arrive from it are dropped. */
  leave(): void {
    if (this.#left) return;
    this.#left = true;
    this.#channel.leave();
  }

  #rejectWaiting(): void {
    for (const reject of this.#waiting) reject(notConnectedError());
    this.#waiting.clear();
  }
}

const byteLength = (payload: object): number => new Blob([JSON.stringify(payload)]).size;
