import { nanoid } from "nanoid";
import { freezeMessage } from "../socket/broadcast-message.js";
import type { Receiver } from "../socket/info-handler.js";
import type { BroadcastOptions } from "../socket/socket.js";
import type { MessageSource } from "../socket/tracker.js";
import type { ReportingPubSub } from "./reporting-pub-sub.js";

/** Receives a message of a topic. */
type Deliver = (message: unknown, topic: string, receive: Receiver | undefined) => void;

/** The subscriptions of one view, its own broadcasts, and its delayed messages. */
export class Messages {
  readonly #pubSub: ReportingPubSub;
  readonly #deliver: Deliver;
  #subscriptions: (() => void)[] = [];
  #timers: Set<NodeJS.Timeout> | undefined;
  /** Identifies the view's own messages, in every process. */
  #sender: string | undefined;

  /** @param deliver receives the messages of topics, except those that the view has broadcast itself */
  constructor(pubSub: ReportingPubSub, deliver: Deliver) {
    this.#pubSub = pubSub;
    this.#deliver = deliver;
  }

  /** The number of delayed messages. */
  get delayed(): number {
    return this.#timers?.size ?? 0;
  }

  /**
   * @param receive the hook that has subscribed; `undefined` for the view
   * @returns a function that ends this subscription
   */
  subscribe(source: string | MessageSource, receive: Receiver | undefined): () => void {
    const topic = typeof source === "string" ? source : source.topic;
    const deliver = (message: unknown, from?: string) => {
      if (from !== undefined && from === this.#sender) return;
      freezeMessage(message);
      this.#deliver(message, topic, receive);
    };
    const unsubscribe =
      typeof source === "string"
        ? this.#pubSub.subscribe(topic, deliver)
        : source.subscribe((message) => deliver(message));
    this.#subscriptions.push(unsubscribe);
    return () => {
      unsubscribe();
      this.#subscriptions = this.#subscriptions.filter((other) => other !== unsubscribe);
    };
  }

  /** Sends a message to all subscribers of a topic, by default except this view. */
  broadcast(topic: string, message: unknown, { self = false }: BroadcastOptions = {}): void {
    if (!self) this.#sender ??= nanoid();
    this.#pubSub.broadcast(topic, message, self ? undefined : this.#sender);
  }

  /** Calls a function after some milliseconds, unless the view has ended by then. */
  delay(ms: number, call: () => void): void {
    this.#timers ??= new Set();
    const timers = this.#timers;
    const timer = setTimeout(() => {
      timers.delete(timer);
      call();
    }, ms).unref();
    timers.add(timer);
  }

  /** Ends all subscriptions and cancels the delayed messages. */
  end(): void {
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    this.#subscriptions = [];
    for (const timer of this.#timers ?? []) clearTimeout(timer);
    this.#timers?.clear();
  }
}
