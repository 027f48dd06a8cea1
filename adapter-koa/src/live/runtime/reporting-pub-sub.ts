import { isThenable } from "../maybe-promise.js";
import { checkMessage, freezeMessage, isDevelopment } from "../socket/broadcast-message.js";
import type { PubSub, PubSubHealth, Subscriber, SubscriptionOptions } from "./pub-sub.js";

/** Options of a subscription. */
export interface ReportedSubscribeOptions extends SubscriptionOptions {
  /** Is called when the PubSub rejects the subscription later, after the error was reported. */
  readonly onFail?: () => void;
}

/**
 * Uses the app's PubSub, and catches and reports the errors of subscribers, of promises and of ending subscriptions, so
 * that an error of one view affects neither other views nor the sender.
 */
export class ReportingPubSub {
  readonly #pubSub: PubSub;
  readonly #onError: (error: unknown, topic: string) => void;
  /** Read once, because reading the environment for each delivery takes time. */
  readonly #isDevelopment = isDevelopment();

  constructor(pubSub: PubSub, onError: (error: unknown, topic: string) => void) {
    this.#pubSub = pubSub;
    this.#onError = onError;
    pubSub.onError?.((error) => onError(error, ""));
  }

  /** The state of the app's PubSub. */
  get health(): PubSubHealth {
    return this.#pubSub.health?.() ?? { connected: true, waiting: 0, lost: 0 };
  }

  /** Whether the messages of a topic have ids. */
  isNumbered(topic: string): boolean {
    return this.#pubSub.isNumbered?.(topic) ?? false;
  }

  /** @returns a function that ends this subscription, even one that is not established yet */
  subscribe(
    topic: string,
    subscriber: Subscriber,
    { onFail, ...options }: ReportedSubscribeOptions = {},
  ): () => void {
    let hasEnded = false;
    const deliver: Subscriber = (message, from, id) => {
      if (hasEnded) return;
      try {
        if (this.#isDevelopment) freezeMessage(message);
        subscriber(message, from, id);
      } catch (error) {
        this.#onError(error, topic);
      }
    };
    const subscription = this.#pubSub.subscribe(topic, deliver, options);
    if (!isThenable(subscription)) return () => this.#report(topic, subscription);
    const unsubscribe = subscription.then(
      (end) => end,
      (error) => {
        this.#onError(error, topic);
        onFail?.();
      },
    );
    return () => {
      hasEnded = true;
      this.#report(topic, () => unsubscribe.then((end) => end?.()));
    };
  }

  /** @throws LiveError `LIVE_ERR_PAYLOAD` when the message is not JSON */
  broadcast(topic: string, message: unknown, from?: string): void {
    checkMessage(topic, message);
    const sent = this.#pubSub.broadcast(topic, message, from);
    if (isThenable(sent)) this.#report(topic, () => sent);
  }

  /** Calls a function and reports its error or the rejection of its promise. */
  #report(topic: string, call: () => unknown): void {
    const onError = (error: unknown) => this.#onError(error, topic);
    try {
      const result = call();
      if (isThenable(result)) result.then(undefined, onError);
    } catch (error) {
      onError(error);
    }
  }
}
