import type { MaybePromise } from "../maybe-promise.js";

/** Receives the messages of a topic, with the id of their sender if there is one. */
export type Subscriber = (message: unknown, from?: string) => void;

/**
 * Delivers messages to views. An implementation delivers each message to every subscriber of its topic, including
 * the sender, and keeps the order of one sender's messages. A subscriber with two subscriptions receives it twice.
 */
export interface PubSub {
  /**
   * @returns a function that ends this subscription, or a promise of it; another call of the function does nothing. The
   *   app's `error` event receives the error of a rejected promise.
   */
  subscribe(topic: string, subscriber: Subscriber): MaybePromise<() => unknown>;
  /**
   * @param from the id of the sender, to pass unchanged to the subscribers. With it a view recognizes its own
   *   messages, which `socket.broadcast` must not deliver to it.
   * @returns a promise, if the implementation has one; the app's `error` event receives its error
   */
  broadcast(topic: string, message: unknown, from?: string): unknown;
}

/** A PubSub within one process. */
export class LocalPubSub implements PubSub {
  readonly #topics = new Map<string, Set<{ readonly deliver: Subscriber }>>();

  subscribe(topic: string, subscriber: Subscriber): () => void {
    const subscription = { deliver: subscriber };
    const subscriptions = this.#topics.get(topic) ?? new Set();
    this.#topics.set(topic, subscriptions.add(subscription));
    return () => {
      const current = this.#topics.get(topic);
      if (current?.delete(subscription) && current.size === 0) this.#topics.delete(topic);
    };
  }

  /** @throws the error of a subscriber, after all have received the message; `AggregateError` for several errors */
  broadcast(topic: string, message: unknown, from?: string): void {
    const subscriptions = this.#topics.get(topic);
    if (!subscriptions) return;
    const errors: unknown[] = [];
    for (const subscription of [...subscriptions]) {
      try {
        if (subscriptions.has(subscription)) subscription.deliver(message, from);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 1) throw new AggregateError(errors, `subscribers of ${topic} threw`);
    if (errors.length === 1) throw errors[0];
  }
}
