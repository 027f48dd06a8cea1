import {
  CloseCode,
  decodeMessage,
  type EventPayload,
  encodeMessage,
  type Message,
  ProtocolError,
} from "@live-session/components/protocol";
import { parse } from "secure-json-parse";
import { parseQuery } from "../../live/parse-query.js";
import { Channel } from "../../live/runtime/channel.js";
import type { Outbox } from "../../live/runtime/outbox.js";
import { SentTemplates } from "../../render/sent-templates.js";
import type { LiveServices } from "../live-services.js";
import type { Carrier, CarrierListener } from "./carrier.js";
import { checkJoin } from "./check-join.js";
import type { HandshakeSession } from "./handshake-session.js";
import { toPageUrl } from "./page-url.js";
import { Rate } from "./rate.js";

const suspicious = /__proto__|constructor|\\u/;

/**
 * Parses JSON and drops keys that would change a prototype. Only a frame that may contain such a key goes through the
 * slower parser.
 */
const safeParse = (text: string): unknown =>
  suspicious.test(text)
    ? parse(text, undefined, { protoAction: "remove", constructorAction: "remove" })
    : JSON.parse(text);

/**
 * Returns the topic on which `live.disconnect` ends the sockets with a `live_socket_id`. The prefix keeps it apart from
 * the app's own topics, one of which may be equal to the id.
 */
export const disconnectTopic = (liveSocketId: string | number): string =>
  `live_socket:${liveSocketId}`;

/** Serves one browser's connection: checks its frames and passes them to the views that are joined on it. */
export class Connection implements Outbox, CarrierListener {
  readonly sentTemplates = new SentTemplates();
  readonly #carrier: Carrier;
  readonly #session: HandshakeSession;
  readonly #services: LiveServices;
  readonly #channels = new Map<string, Channel>();
  readonly #joins: Rate;
  readonly #events: Rate;
  readonly #drainListeners: (() => void)[] = [];
  readonly #endListeners: (() => void)[] = [];
  /** The total size of the join frames whose views are being mounted. */
  #mountingBytes = 0;
  /** When the last frame was received, in milliseconds since 1970. */
  lastFrame = Date.now();

  constructor(carrier: Carrier, session: HandshakeSession, services: LiveServices) {
    this.#carrier = carrier;
    this.#session = session;
    this.#services = services;
    this.#joins = new Rate(services.options.limits.joinsPerSecond);
    this.#events = new Rate(services.options.limits.eventsPerSecond);
    carrier.listen(this);
    this.#listenForDisconnect(session.data.live_socket_id);
  }

  get writable(): boolean {
    return this.#carrier.writable;
  }

  onDrain(listener: () => void): void {
    this.#drainListeners.push(listener);
  }

  send(message: Message): void {
    if (this.#carrier.isOpen) this.#carrier.send(encodeMessage(message));
  }

  overflow(what: string): void {
    this.close(CloseCode.policyViolation, `too many ${what}`);
  }

  /** Returns the channel of the view that is joined on a topic. */
  channel(topic: string): Channel | undefined {
    return this.#channels.get(topic);
  }

  /** Calls the listener when the connection has ended. */
  onEnd(listener: () => void): void {
    this.#endListeners.push(listener);
  }

  /** Closes the connection with a close code. Its views end at once, and later frames are ignored. */
  close(code: CloseCode, reason: string): void {
    this.#carrier.close(code, reason);
    this.#endChannels();
  }

  /** Ends the connection without waiting for the other side. */
  terminate(): void {
    this.#carrier.terminate();
  }

  handleEnd(): void {
    this.#endChannels();
    for (const listener of this.#endListeners.splice(0)) listener();
  }

  handleText(text: string, bytes: number): void {
    this.#receive(() => {
      const message = decodeMessage(text, safeParse);
      if (message[3] === "phx_join") this.#count(this.#joins, "joins");
      else this.#count(this.#events, "events");
      this.#dispatch(message, bytes);
    });
  }

  handleBinary(): void {
    this.#receive(() => {
      throw new ProtocolError("LIVE_ERR_BINARY_FRAME", "a frame is not text");
    });
  }

  /** Answers a ping. `ws` could do this by itself, but then the limit of frames per second would not apply. */
  handlePing(sendPong: () => void): void {
    this.#receive(() => {
      this.#count(this.#events, "events");
      sendPong();
    });
  }

  handleDrain(): void {
    this.#carrier.resume();
    for (const listener of this.#drainListeners.splice(0)) listener();
  }

  #listenForDisconnect(liveSocketId: unknown): void {
    if (typeof liveSocketId !== "string" && typeof liveSocketId !== "number") return;
    const disconnect = () => this.close(CloseCode.goingAway, "disconnect");
    const topic = disconnectTopic(liveSocketId);
    this.#endListeners.push(this.#services.pubSub.subscribe(topic, disconnect));
  }

  #endChannels(): void {
    for (const channel of [...this.#channels.values()]) channel.end();
  }

  #receive(handle: () => void): void {
    // If a peer does not answer our close frame, `ws` reads on for a while; those frames must have no effect.
    if (!this.#carrier.isOpen) return;
    this.lastFrame = Date.now();
    try {
      handle();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.close(error.closeCode, error.code);
    }
    this.#pauseWhenFull();
  }

  #count(rate: Rate, what: string): void {
    if (rate.take(this.lastFrame)) return;
    throw new ProtocolError(
      "LIVE_ERR_RATE",
      `too many ${what} per second`,
      CloseCode.policyViolation,
    );
  }

  /** Stops reading from a peer that does not read our answers, so that they cannot pile up in memory. */
  #pauseWhenFull(): void {
    if (!this.writable) this.#carrier.pause();
  }

  #dispatch(message: Message, bytes: number): void {
    const [joinRef, , topic, event] = message;
    if (topic === "phoenix" && event === "heartbeat") {
      this.#reply(message, "ok", {});
      return;
    }
    if (event === "phx_join") {
      this.#join(message, bytes);
      return;
    }
    const channel = this.#channels.get(topic);
    if (channel) {
      if (joinRef === null || joinRef === channel.joinRef) this.#toChannel(channel, message, bytes);
    } else if (event === "phx_leave") {
      this.#reply(message, "ok", {}); // the view has ended before the browser left it
    } else {
      this.#reply(message, "error", { reason: "unmatched topic" });
    }
  }

  #join(message: Message, bytes: number): void {
    const topic = message[2];
    const former = this.#channels.get(topic);
    if (!former && this.#channels.size >= this.#services.options.limits.topics) {
      this.#reply(message, "error", { reason: "too many channels joined" });
      return;
    }
    former?.end();
    const checked = checkJoin(message, this.#session, this.#services);
    if ("refusal" in checked) {
      this.#reply(message, "error", checked.refusal);
      former?.close();
      return;
    }
    const channel = new Channel(checked.input, this.#services, this, (ended) => {
      if (this.#channels.get(topic) === ended) this.#channels.delete(topic);
    });
    this.#channels.set(topic, channel);
    this.#mountingBytes += bytes;
    // As in Phoenix, the close frame of the former view follows the reply to the join.
    void channel.join(checked.input).finally(() => {
      this.#mountingBytes -= bytes;
      former?.close();
    });
    this.#checkWaiting();
  }

  /** Closes the connection when the frames that wait for its views exceed `limits.waitingBytes`. */
  #checkWaiting(): void {
    let waiting = this.#mountingBytes;
    for (const channel of this.#channels.values()) waiting += channel.waitingBytes;
    if (waiting > this.#services.options.limits.waitingBytes)
      this.overflow("bytes wait for a view");
  }

  #toChannel(channel: Channel, message: Message, bytes: number): void {
    const [, ref, , event, payload] = message;
    switch (event) {
      case "event": {
        const checked = checkEvent(payload);
        if (checked) channel.event(ref, checked.event, checked.value, bytes);
        else this.#reply(message, "error", { reason: "invalid payload" });
        if (channel.waitingBytes > 0) this.#checkWaiting();
        return;
      }
      case "live_patch": {
        const { url: given } = Object(payload) as { url?: unknown };
        const url = toPageUrl(given, this.#session, this.#services);
        if (url) channel.patch(ref, url.href, bytes);
        else this.#reply(message, "error", { reason: "invalid payload" });
        if (channel.waitingBytes > 0) this.#checkWaiting();
        return;
      }
      case "phx_leave":
        channel.end();
        this.#reply(message, "ok", {});
        this.send([channel.joinRef, channel.joinRef, channel.topic, "phx_close", {}]);
        return;
      default:
        this.#reply(message, "error", { reason: "unknown event" });
    }
  }

  #reply([joinRef, ref, topic]: Message, status: "ok" | "error", response: unknown): void {
    this.send([joinRef, ref, topic, "phx_reply", { status, response }]);
  }
}

/** Decodes an event's name and value. Returns `undefined` when the payload does not have the protocol's form. */
function checkEvent(payload: unknown): { event: string; value: unknown } | undefined {
  if (typeof payload !== "object" || payload === null) return undefined;
  const { type, event, value = {} } = payload as Partial<EventPayload>;
  if (typeof type !== "string" || typeof event !== "string" || event === "") return undefined;
  if (type !== "form") return { event, value };
  return typeof value === "string" ? { event, value: parseQuery(value) } : undefined;
}
