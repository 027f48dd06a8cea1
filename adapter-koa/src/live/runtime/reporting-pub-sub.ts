import type { PubSub, Subscriber } from "./pub-sub.js";

/**
 * A PubSub whose subscribers do not throw when they get a message, nor subscriptions when they end: that
 * is reported, so that one view's trouble is not that of another, or of whoever broadcasts.
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
