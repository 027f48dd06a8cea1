/** Gets the messages of a topic, and of each who sent it, where that was said. */
export type Subscriber = (message: unknown, from?: string) => void;

/**
 * How messages reach views. An implementation delivers to every subscriber of a topic, the sender
 * included, messages of one sender in order; two subscriptions deliver twice.
 */
export interface PubSub {
  /** @returns ends this subscription; calling it again does nothing */
  subscribe(topic: string, subscriber: Subscriber): () => void;
  /**
   * @param from whose message it is, to be handed to the subscribers as it is: by it a view knows its own,
   *   which `socket.broadcast` leaves out
   */
  broadcast(topic: string, message: unknown, from?: string): void;
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

  /** @throws what subscribers threw, after all have got the message; an `AggregateError` of several */
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
