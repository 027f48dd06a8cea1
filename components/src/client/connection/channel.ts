import type { Socket, Channel as SocketChannel } from "phoenix";
import type { EventReply, JoinPayload, JoinRefusal, JoinReply } from "../../protocol/index.js";

const joinTimeoutMs = 10_000;
const pushTimeoutMs = 30_000;

/** Why a push has no reply; `code` is stable, `LIVE_ERR_…`. */
export type PushError = Error & { readonly code: string };

/** The error of a push. */
export const pushError = (code: string, message: string): PushError =>
  Object.assign(new Error(message), { code });

/** What {@link pushError} says of a push to a view that is not joined. */
export const notConnected = ["LIVE_ERR_NOT_CONNECTED", "the view is not connected"] as const;

/** Whom a channel reports to. Nothing is reported after {@link Channel.leave}. */
export interface ChannelHandler {
  /** Asked before every join and rejoin. */
  joinPayload(): JoinPayload;
  handleJoin(reply: JoinReply): void;
  /** A refused join, or (`crashed`) one that was sent and not answered. It is tried again until the channel is left. */
  handleRefusal(refusal: JoinRefusal): void;
  /** Whatever changes the page, in the order of the frames: a push of the server or a reply. */
  handleUpdate(update: EventReply): void;
  /** The view is gone: it crashed, the connection broke, or the server ended it (`closed`, for good). */
  handleDown(cause: "crashed" | "disconnected" | "closed"): void;
}

/** One join of one view: a Phoenix channel, with replies as promises. */
export class Channel {
  readonly #socket: Socket;
  readonly #channel: SocketChannel;
  readonly #waiting = new Set<() => void>();
  #maxPayload: number | undefined;
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
      this.#dropWaiting();
      handler.handleDown(reason?.source === "transport" ? "disconnected" : "crashed");
    });
    channel.onClose(() => {
      this.#dropWaiting();
      if (!this.#left) handler.handleDown("closed");
    });
    channel
      .join(joinTimeoutMs)
      .receive("ok", (reply: JoinReply) => {
        this.#maxPayload = reply.maxPayload;
        handler.handleJoin(reply);
      })
      .receive("error", (refusal: JoinRefusal) => handler.handleRefusal(refusal))
      .receive("timeout", () => {
        // Without a connection it was not even sent.
        if (socket.isConnected()) handler.handleRefusal({ reason: "crashed" });
        else handler.handleDown("disconnected");
      });
  }

  /** Whether a push can be sent now. */
  get isJoined(): boolean {
    return this.#channel.state === "joined" && this.#socket.isConnected();
  }

  /**
   * Sends a message to the view. The reply comes before its update is applied, so that whoever waits can
   * see to it first: apply it in `handleReply`, which runs in the order of the frames.
   *
   * @throws PushError (as rejection) when the view is not joined, refuses, crashes or stays silent, or when the
   *   payload is larger than the server takes, which would end the connection.
   */
  send(
    event: string,
    payload: object,
    handleReply: (reply: EventReply) => void,
  ): Promise<EventReply> {
    return new Promise((resolve, reject) => {
      const fail = (code: string, message: string) => () => {
        this.#waiting.delete(lose);
        reject(pushError(code, message));
      };
      const lose = fail(...notConnected);
      if (!this.isJoined) {
        lose();
        return;
      }
      // Nothing is larger than `undefined`.
      if (new Blob([JSON.stringify(payload)]).size > (this.#maxPayload as number)) {
        fail("LIVE_ERR_TOO_LARGE", "an event is too large")();
        return;
      }
      this.#waiting.add(lose);
      this.#channel
        .push(event, payload, pushTimeoutMs)
        .receive("ok", (reply: EventReply) => {
          this.#waiting.delete(lose);
          handleReply(reply);
          resolve(reply);
        })
        .receive("error", fail("LIVE_ERR_REFUSED", "the view refused an event"))
        .receive("timeout", fail("LIVE_ERR_TIMEOUT", "the view did not answer in time"));
    });
  }

  /** Ends the view on the server. What still comes from it is dropped. */
  leave(): void {
    if (this.#left) return;
    this.#left = true;
    this.#channel.leave();
  }

  #dropWaiting(): void {
    for (const lose of this.#waiting) lose();
  }
}
