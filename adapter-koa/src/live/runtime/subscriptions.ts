import { nanoid } from "nanoid";
import type { PubSub } from "./pub-sub.js";

/** The topics that one view listens to, and its own messages to them. */
export class Subscriptions {
  readonly #pubSub: PubSub;
  readonly #deliver: (message: unknown) => void;
  #active: (() => void)[] = [];
  /** Tells the view's messages from others, in every process. */
  #sender: string | undefined;

  /** @param deliver takes the messages, but for those that the view has broadcast itself */
  constructor(pubSub: PubSub, deliver: (message: unknown) => void) {
    this.#pubSub = pubSub;
    this.#deliver = deliver;
  }

  /** @returns ends this subscription */
  subscribe(topic: string): () => void {
    const unsubscribe = this.#pubSub.subscribe(topic, (message, from) => {
      if (from === undefined || from !== this.#sender) this.#deliver(message);
    });
    this.#active.push(unsubscribe);
    return () => {
      unsubscribe();
      this.#active = this.#active.filter((other) => other !== unsubscribe);
    };
  }

  /** Sends a message to everybody else who listens to a topic. */
  broadcast(topic: string, message: unknown): void {
    this.#sender ??= nanoid();
    this.#pubSub.broadcast(topic, message, this.#sender);
  }

  /** Ends all subscriptions. */
  end(): void {
    for (const unsubscribe of this.#active) unsubscribe();
    this.#active = [];
  }
}
