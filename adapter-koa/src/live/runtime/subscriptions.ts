import { nanoid } from "nanoid";
import { freezeMessage } from "../socket/broadcast-message.js";
import type { BroadcastOptions } from "../socket/socket.js";
import type { ReportingPubSub } from "./reporting-pub-sub.js";

/** The subscriptions of one view, and its own broadcasts. */
export class Subscriptions {
  readonly #pubSub: ReportingPubSub;
  readonly #deliver: (message: unknown) => void;
  #active: (() => void)[] = [];
  /** Identifies the view's own messages, in every process. */
  #sender: string | undefined;

  /** @param deliver receives the messages, except those that the view has broadcast itself */
  constructor(pubSub: ReportingPubSub, deliver: (message: unknown) => void) {
    this.#pubSub = pubSub;
    this.#deliver = deliver;
  }

  /** @returns a function that ends this subscription */
  subscribe(topic: string): () => void {
    const unsubscribe = this.#pubSub.subscribe(topic, (message, from) => {
      if (from !== undefined && from === this.#sender) return;
      freezeMessage(message);
      this.#deliver(message);
    });
    this.#active.push(unsubscribe);
    return () => {
      unsubscribe();
      this.#active = this.#active.filter((other) => other !== unsubscribe);
    };
  }

  /** Sends a message to all subscribers of a topic, by default except this view. */
  broadcast(topic: string, message: unknown, { self = false }: BroadcastOptions = {}): void {
    if (!self) this.#sender ??= nanoid();
    this.#pubSub.broadcast(topic, message, self ? undefined : this.#sender);
  }

  /** Ends all subscriptions. */
  end(): void {
    for (const unsubscribe of this.#active) unsubscribe();
    this.#active = [];
  }
}
