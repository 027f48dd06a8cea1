import { debuglog } from "node:util";
import type { EventPayload, JoinRefusal, Message } from "@live-session/components/protocol";
import { emptyList } from "../../live/empty-list.js";
import { closeUnclaimed } from "../../live/nested/nested-views.js";
import { parseQuery } from "../../live/parse-query.js";
import { Channel, type ChannelInput, type ChannelListener } from "../../live/runtime/channel.js";
import type { Outbox } from "../../live/runtime/outbox.js";
import { traceRefusedJoin } from "../../live/tracing/tracing.js";
import type { LiveServices } from "../live-services.js";
import { type NestedJoin, toNestedInput } from "../page/nested-join.js";
import { keptPlaceOf, openKept } from "../session/kept-state.js";
import { checkJoin } from "./check-join.js";
import type { HandshakeSession } from "./handshake-session.js";
import { toPageUrl } from "./page-url.js";

const logRefusedJoin = debuglog("live:join");

/** Refuses a join that the browser may try again later. */
export const busy: JoinRefusal = { reason: "busy" };

/** The connection on which views are joined. */
export interface JoinConnection extends Outbox {
  /** Whether the connection is closed, or its carrier has passed to another connection. */
  readonly isOver: boolean;
  sendMessage(message: Message): void;
  /** Replies to a message of the browser. */
  reply(message: Message, status: "ok" | "error", response: unknown): void;
  /** Counts time that was spent on a frame, in milliseconds, as further events. */
  charge(ms: number): void;
  /** Called when a join is allowed, before its view is mounted. */
  handleJoin(join: Message): void;
  /** Called when a view returns that may send its forms, which may be many. */
  handleRejoin(): void;
  /** Called when a frame waits for a view. */
  handleWaitingFrame(): void;
}

/**
 * The views that are joined on one connection. Checks joins and mounts the views, passes the frames of the browser to them, and
 * knows what waits for them.
 */
export class JoinedViews implements ChannelListener {
  readonly #connection: JoinConnection;
  readonly #session: HandshakeSession;
  readonly #services: LiveServices;
  readonly #channels = new Map<string, Channel>();
  /** The views that were left and still handle what the browser had sent before. */
  #left: readonly Channel[] = emptyList;
  /** The joins of nested views that wait for their parents: the refs, by topic; `undefined` until there is one. */
  #nestedJoins: Map<string, string | null> | undefined;
  /** The total size of the join frames whose views are being mounted. */
  #mountingBytes = 0;
  #finishListeners: readonly (() => void)[] = emptyList;

  constructor(connection: JoinConnection, session: HandshakeSession, services: LiveServices) {
    this.#connection = connection;
    this.#session = session;
    this.#services = services;
  }

  /** Returns the view that is joined on a topic. */
  get(topic: string): Channel | undefined {
    return this.#channels.get(topic);
  }

  /** Whether a view has files of uploads, which another process would have to receive again. */
  get hasFiles(): boolean {
    for (const channel of this.#channels.values()) if (channel.hasFiles) return true;
    return false;
  }

  /** Whether all views have stopped handling messages. */
  get isFinished(): boolean {
    return this.#channels.size === 0 && this.#left.length === 0;
  }

  /** Calls the listener when all views have stopped handling messages. */
  onFinish(listener: () => void): void {
    if (this.isFinished) listener();
    else this.#finishListeners = [...this.#finishListeners, listener];
  }

  /** Calls a function that ends a view, for all views that the browser has not left. */
  end(endView: (channel: Channel) => void): void {
    for (const channel of [...this.#channels.values()]) endView(channel);
    for (const channel of this.#left) if (channel.awaitsBrowser) endView(channel);
  }

  handleLeft(channel: Channel): void {
    if (this.#channels.get(channel.topic) === channel) this.#channels.delete(channel.topic);
    this.#left = [...this.#left, channel];
  }

  handleEnded(channel: Channel): void {
    const others = this.#left.filter((other) => other !== channel);
    this.#left = others.length > 0 ? others : emptyList;
    if (!this.isFinished) return;
    const listeners = this.#finishListeners;
    this.#finishListeners = emptyList;
    for (const listener of listeners) listener();
  }

  /** Passes a frame, which is not a join, to the view of its topic. */
  dispatch(message: Message, bytes: number): void {
    const [joinRef, , topic, event] = message;
    const channel = this.#channels.get(topic);
    if (channel) {
      if (joinRef === null || joinRef === channel.joinRef) this.#toChannel(channel, message, bytes);
    } else if (event === "phx_leave") {
      if (this.#nestedJoins?.get(topic) === joinRef) this.#nestedJoins.delete(topic);
      this.#leftByView(topic)?.leave("leave");
      this.#connection.reply(message, "ok", {}); // the view has ended before the browser left it
    } else {
      this.#connection.reply(message, "error", { reason: "unmatched topic" });
      const left = this.#leftByView(topic);
      // The browser sent the event before it knew that the view navigates. The event has its effect, but is not
      // answered.
      const isOwn = left && (joinRef === null || joinRef === left.joinRef);
      if (isOwn && event === "event") this.#toChannel(left, message, bytes);
    }
  }

  /** Returns the channel of a view that has navigated and that the browser has not left yet. */
  #leftByView(topic: string): Channel | undefined {
    for (const channel of this.#left)
      if (channel.awaitsBrowser && channel.topic === topic) return channel;
    return undefined;
  }

  /** Checks a join and mounts its view. */
  join(message: Message, bytes: number): void {
    const { topics, waitingBytes } = this.#services.options.limits;
    const former = this.#channels.get(message[2]);
    if (!former && this.#channels.size >= topics) {
      this.refuse(message, { reason: "too many channels joined" });
      return;
    }
    this.#leftByView(message[2])?.leave("leave");
    former?.leave("leave"); // before the waiting bytes are counted: a view that was left may have discarded its own
    const waiting = this.#countWaitingBytes(waitingBytes - bytes);
    if (waiting > 0 && waiting + bytes > waitingBytes) {
      this.refuse(message, busy);
      former?.close();
      return;
    }
    const start = performance.now();
    const checked = checkJoin(message, this.#session, this.#services);
    this.#connection.charge(performance.now() - start);
    if ("refusal" in checked) {
      this.refuse(message, checked.refusal, checked.cause);
      former?.close();
      closeUnclaimed(this.#connection.nested, message[2]);
      return;
    }
    this.#connection.handleJoin(message);
    if ("nested" in checked) {
      former?.close();
      this.#joinNested(message, checked.nested, bytes);
      return;
    }
    if (isRejoin(checked.input)) this.#connection.handleRejoin();
    // As in Phoenix, the close frame of the former view follows the reply to the join.
    void this.#mount(checked.input, bytes).finally(() => former?.close());
  }

  /** Mounts a nested view when its parent is shown. The browser may have sent both joins at the same time. */
  #joinNested(message: Message, join: NestedJoin, bytes: number): void {
    const { topic, ref, parentTopic } = join;
    this.#nestedJoins ??= new Map();
    this.#nestedJoins.set(topic, ref);
    this.#mountingBytes += bytes;
    const mount = (): void => {
      this.#mountingBytes -= bytes;
      if (this.#connection.isOver || this.#nestedJoins?.get(topic) !== ref) return;
      this.#nestedJoins.delete(topic);
      const parent = this.#channels.get(parentTopic);
      const input = toNestedInput(join, parent, (sealed, { match, ...place }) =>
        openKept(this.#services.sealer, sealed, keptPlaceOf(match.route, place), false),
      );
      if (!input) {
        this.refuse(message, busy, "its parent does not show the view");
        return;
      }
      if (isRejoin(input)) this.#connection.handleRejoin();
      void this.#mount(input, bytes);
    };
    const parent = this.#channels.get(parentTopic);
    if (parent) parent.whenShown(mount);
    else mount();
  }

  /** A method of its own, because its closures would otherwise refer to the former view and keep it in memory. */
  async #mount(input: ChannelInput, bytes: number): Promise<void> {
    const adopted = this.#services.adoptableViews.take(input);
    const channel = adopted ?? new Channel(input, this.#services, this.#connection, this);
    this.#channels.set(input.topic, channel);
    this.#mountingBytes += bytes;
    try {
      if (adopted) await adopted.adopt(input, this.#connection, this);
      else await channel.join(input);
    } finally {
      this.#mountingBytes -= bytes;
    }
  }

  /** Refuses a join. @param cause the reason for the log */
  refuse(message: Message, refusal: JoinRefusal, cause = "a limit is exceeded"): void {
    traceRefusedJoin(refusal.reason);
    logRefusedJoin("join of %s refused: %s (%s)", message[2], refusal.reason, cause);
    this.#connection.reply(message, "error", refusal);
  }

  /**
   * Returns the total size of the frames that wait for views, joins included. If it exceeds the maximum, views that were left
   * give up first.
   */
  #countWaitingBytes(max: number): number {
    let waiting = this.#mountingBytes;
    for (const channel of this.#channels.values()) waiting += channel.waitingBytes;
    for (const channel of this.#left) waiting += channel.waitingBytes;
    for (const channel of this.#left) {
      if (waiting <= max) break;
      waiting -= channel.waitingBytes;
      channel.giveUp();
    }
    return waiting;
  }

  /** Returns whether frames wait that are larger in total than their limit, even after views that were left have given up. */
  exceedsWaitingBytes(): boolean {
    const { waitingBytes } = this.#services.options.limits;
    return this.#countWaitingBytes(waitingBytes) > waitingBytes;
  }

  #toChannel(channel: Channel, message: Message, bytes: number): void {
    const [, ref, , event, payload] = message;
    switch (event) {
      case "event": {
        const checked = this.#checkEvent(payload);
        if (checked) channel.event(ref, checked.event, checked.value, bytes);
        else this.#connection.reply(message, "error", { reason: "invalid payload" });
        if (channel.waitingBytes > 0) this.#connection.handleWaitingFrame();
        return;
      }
      case "live_patch": {
        if (channel.input.nested) {
          this.#connection.reply(message, "error", { reason: "a nested view has no URL" });
          return;
        }
        const { url: given } = Object(payload) as { url?: unknown };
        const url = toPageUrl(given, this.#session, this.#services);
        if (url) channel.patch(ref, url.href, bytes);
        else this.#connection.reply(message, "error", { reason: "invalid payload" });
        if (channel.waitingBytes > 0) this.#connection.handleWaitingFrame();
        return;
      }
      case "phx_leave":
        channel.leave("leave");
        this.#connection.reply(message, "ok", {});
        this.#connection.sendMessage([
          channel.joinRef,
          channel.joinRef,
          channel.topic,
          "phx_close",
          {},
        ]);
        return;
      default:
        this.#connection.reply(message, "error", { reason: "unknown event" });
    }
  }

  /** Decodes an event's name and value. Returns `undefined` when the payload does not have the protocol's form. */
  #checkEvent(payload: unknown): { event: string; value: unknown } | undefined {
    if (typeof payload !== "object" || payload === null) return undefined;
    const { type, event, value = {} } = payload as Partial<EventPayload>;
    if (typeof type !== "string" || typeof event !== "string" || event === "") return undefined;
    if (type !== "form") return { event, value };
    if (typeof value !== "string") return undefined;
    const start = performance.now();
    const fields = parseQuery(value);
    this.#connection.charge(performance.now() - start);
    return { event, value: fields };
  }
}

/** Returns whether the browser has had the view before: after a reconnect it sends its forms again. */
const isRejoin = ({ connectParams }: ChannelInput): boolean => {
  const mounts = connectParams?._mounts;
  return typeof mounts === "number" && mounts > 0;
};
