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
import type { Outbox } from "../../live/runtime/channel-input.js";
import { SentTemplates } from "../../render/sent-templates.js";
import type { LiveServices } from "../live-services.js";
import type { Carrier, CarrierListener } from "./carrier.js";
import { checkJoin, toPageUrl } from "./check-join.js";
import type { HandshakeSession } from "./handshake-session.js";
import { Rate } from "./rate.js";

const suspicious = /__proto__|constructor|\\u/;

/** Parses JSON; keys that would reach a prototype are dropped. Most frames have nothing that needs a look. */
const safeParse = (text: string): unknown =>
  suspicious.test(text)
    ? parse(text, undefined, { protoAction: "remove", constructorAction: "remove" })
    : JSON.parse(text);

/**
 * The topic whose messages end the sockets with a `live_socket_id`: one of its own, since an app may well have a
 * topic that is called like the id.
 */
export const disconnectTopic = (liveSocketId: string | number): string =>
  `live_socket:${liveSocketId}`;

/** One browser's connection with the views on it. */
export class Connection implements Outbox, CarrierListener {
  readonly sentTemplates = new SentTemplates();
  readonly #carrier: Carrier;
  readonly #session: HandshakeSession;
  readonly #services: LiveServices;
  readonly #channels = new Map<string, Channel>();
  readonly #joins: Rate;
  readonly #events: Rate;
  readonly #drained: (() => void)[] = [];
  readonly #ended: (() => void)[] = [];
  /** The size of the joins whose views are being mounted. */
  #mountingBytes = 0;
  /** When the last frame came, in milliseconds since 1970. */
  lastFrame = Date.now();

  constructor(carrier: Carrier, session: HandshakeSession, services: LiveServices) {
    this.#carrier = carrier;
    this.#session = session;
    this.#services = services;
    this.#joins = new Rate(services.options.limits.joinsPerSecond);
    this.#events = new Rate(services.options.limits.eventsPerSecond);
    carrier.listen(this);
    const liveSocketId = session.data.live_socket_id;
    if (typeof liveSocketId === "string" || typeof liveSocketId === "number") {
      const disconnect = () => this.close(CloseCode.goingAway, "disconnect");
      this.#ended.push(services.pubSub.subscribe(disconnectTopic(liveSocketId), disconnect));
    }
  }

  get writable(): boolean {
    return this.#carrier.writable;
  }

  onDrain(listener: () => void): void {
    this.#drained.push(listener);
  }

  send(message: Message): void {
    if (this.#carrier.isOpen) this.#carrier.send(encodeMessage(message));
  }

  overflow(what: string): void {
    this.close(CloseCode.policyViolation, `too many ${what}`);
  }

  /** The view that is joined on a topic. */
  channel(topic: string): Channel | undefined {
    return this.#channels.get(topic);
  }

  /** Calls back when the connection has ended. */
  onEnd(listener: () => void): void {
    this.#ended.push(listener);
  }

  /** Ends the connection with a close code; views end at once, and nothing that still comes is heard. */
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
    for (const listener of this.#ended.splice(0)) listener();
  }

  #endChannels(): void {
    for (const channel of [...this.#channels.values()]) channel.end();
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

  /** Pings are answered here rather than by `ws`, so that they are limited like other frames. */
  handlePing(answer: () => void): void {
    this.#receive(() => {
      this.#count(this.#events, "events");
      answer();
    });
  }

  handleDrain(): void {
    this.#carrier.resume();
    for (const listener of this.#drained.splice(0)) listener();
  }

  #receive(take: () => void): void {
    // A peer that does not answer our close frame could otherwise go on for as long as `ws` waits for it.
    if (!this.#carrier.isOpen) return;
    this.lastFrame = Date.now();
    try {
      take();
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

  /** Whoever does not read our answers is not read either, so that they cannot pile up here. */
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
      this.#reply(message, "ok", {}); // its view ended by itself meanwhile
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
    // As in Phoenix, the former view's close frame comes after the answer to the join.
    void channel.join(checked.input).finally(() => {
      this.#mountingBytes -= bytes;
      former?.close();
    });
    this.#checkWaiting();
  }

  /** A slow view decides how long frames wait for it; how much that may be is decided here. */
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

/** An event's name and decoded value; `undefined` when its payload is not of the protocol's form. */
function checkEvent(payload: unknown): { event: string; value: unknown } | undefined {
  if (typeof payload !== "object" || payload === null) return undefined;
  const { type, event, value = {} } = payload as Partial<EventPayload>;
  if (typeof type !== "string" || typeof event !== "string" || event === "") return undefined;
  if (type !== "form") return { event, value };
  return typeof value === "string" ? { event, value: parseQuery(value) } : undefined;
}
