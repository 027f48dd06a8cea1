import type { PubSub, Subscriber } from "./pub-sub.js";

/**
 * A PubSub that catches and reports the errors of subscribers and of ending subscriptions, so that an error of one
 * view affects neither other views nor the sender.
 */
export class ReportingPubSub implements PubSub {
  readonly #pubSub: PubSub;
  readonly #onError: (error: unknown, topic: string) => void;

  constructor(pubSub: PubSub, onError: (error: unknown, topic: string) => void) {
    this.#pubSub = pubSub;
    this.#onError = onError;
  }

  subscribe(topic: string, subscriber: Subscriber): () => void {
    const deliver: Subscriber = (message, from) => {
      try {
        subscriber(message, from);
      } catch (error) {
        this.#onError(error, topic);
      }
    };
    const unsubscribe = this.#pubSub.subscribe(topic, deliver);
    return () => {
      try {
        unsubscribe();
      } catch (error) {
        this.#onError(error, topic);
      }
    };
  }

  broadcast(topic: string, message: unknown, from?: string): void {
    this.#pubSub.broadcast(topic, message, from);
  }
}
