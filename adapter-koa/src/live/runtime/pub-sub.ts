import type { MaybePromise } from "../maybe-promise.js";
import { Follower } from "../pub-sub/follower.js";
import type { MessageId } from "../pub-sub/message-id.js";
import { MessageLog } from "../pub-sub/message-log.js";
import type { FlushOptions } from "../pub-sub/pending-flushes.js";
import {
  checkAfter,
  type ReplayLimits,
  type ReplayOptions,
  toReplayLimits,
} from "../pub-sub/replay.js";

/**
 * Receives the messages of a topic, with the id of their sender if there is one, and the id of the message if the topic is
 * numbered.
 */
export type Subscriber = (message: unknown, from?: string, id?: MessageId) => void;

/** Options of a subscription to a numbered topic. Other topics ignore them. */
export interface SubscriptionOptions {
  /** Delivers the stored messages after this id first; new messages only by default. */
  readonly after?: MessageId;
  /** Is called once, with the id after which messages are delivered. */
  readonly started?: (after: MessageId) => void;
  /** Returns a promise while the subscriber accepts no messages. They are delivered when it resolves. */
  readonly ready?: () => Promise<void> | undefined;
}

/** The state of a PubSub. */
export interface PubSubHealth {
  /** Whether messages reach the other processes. While it is `false`, they wait. */
  readonly connected: boolean;
  /** The number of messages that wait for the other processes. */
  readonly waiting: number;
  /** The number of messages that could not be sent, since the start of the process. */
  readonly lost: number;
}

/**
 * Delivers messages to views. An implementation delivers each message to every subscriber of its topic, including
 * the sender, and keeps the order of one sender's messages. A subscriber with two subscriptions receives it twice.
 *
 * The messages of a numbered topic have ids and are stored for some time. They have the same order for all subscribers.
 */
export interface PubSub {
  /**
   * @returns a function that ends this subscription, or a promise of it; another call of the function does nothing. The
   *   app's `error` event receives the error of a rejected promise.
   */
  subscribe(
    topic: string,
    subscriber: Subscriber,
    options?: SubscriptionOptions,
  ): MaybePromise<() => unknown>;
  /**
   * @param from the id of the sender, to pass unchanged to the subscribers. With it a view recognizes its own
   *   messages, which `socket.broadcast` must not deliver to it.
   * @returns a promise, if the implementation has one; the app's `error` event receives its error
   */
  broadcast(topic: string, message: unknown, from?: string): unknown;
  /** Whether a topic is numbered. Without this method, no topic is. */
  isNumbered?(topic: string): boolean;
  /** Calls the listener for each error that belongs to no call, such as a lost connection. */
  onError?(listener: (error: unknown) => void): void;
  /** The state for `live.health()`. Without this method, the PubSub counts as connected. */
  health?(): PubSubHealth;
  /**
   * Resolves when the end of a process can no longer lose the messages that this process has broadcast before: the
   * server that connects the processes has received them. An event whose callback waits for that is answered
   * afterwards.
   *
   * @throws LiveError (as rejection) `LIVE_ERR_LOST_MESSAGES` when such a message was lost; the reason of the signal
   */
  flush?(options?: FlushOptions): Promise<void>;
  /** Sends the messages that wait, within a time limit, and ends all subscriptions. Call it after `live.close()`. */
  close?(): Promise<void>;
}

/** Options of {@link LocalPubSub}. */
export interface LocalPubSubOptions {
  /** Numbers the messages of topics and stores them in this process. */
  readonly replay?: ReplayOptions;
}

interface Subscription {
  deliver(message: unknown, from: string | undefined, id: MessageId | undefined): void;
  end?(): void;
}

/** A PubSub within one process. */
export class LocalPubSub implements PubSub {
  readonly #topics = new Map<string, Set<Subscription>>();
  readonly #replay: ReplayOptions | undefined;
  readonly #limits: ReplayLimits;
  /** The logs of numbered topics, the one with the latest message last. */
  readonly #logs = new Map<string, MessageLog>();
  readonly #start = Date.now();

  /** @throws LiveError `LIVE_ERR_OPTION` */
  constructor({ replay }: LocalPubSubOptions = {}) {
    this.#replay = replay;
    this.#limits = replay ? toReplayLimits(replay) : { length: 0, age: 0 };
  }

  isNumbered(topic: string): boolean {
    return this.#replay?.topics(topic) ?? false;
  }

  subscribe(topic: string, subscriber: Subscriber, options: SubscriptionOptions = {}): () => void {
    if (this.isNumbered(topic)) return this.#follow(topic, subscriber, options);
    return this.#add(topic, { deliver: subscriber });
  }

  /** @throws the error of a subscriber, after all have received the message; `AggregateError` for several errors */
  broadcast(topic: string, message: unknown, from?: string): void {
    const id = this.isNumbered(topic) ? this.#store(topic, message, from) : undefined;
    const subscriptions = this.#topics.get(topic);
    if (!subscriptions) return;
    const errors: unknown[] = [];
    for (const subscription of [...subscriptions]) {
      try {
        if (subscriptions.has(subscription)) subscription.deliver(message, from, id);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 1) throw new AggregateError(errors, `subscribers of ${topic} threw`);
    if (errors.length === 1) throw errors[0];
  }

  /** Resolves immediately, because there is no other process. */
  async flush({ signal }: FlushOptions = {}): Promise<void> {
    signal?.throwIfAborted();
  }

  /** Ends all subscriptions and forgets the stored messages. */
  async close(): Promise<void> {
    for (const subscriptions of this.#topics.values()) for (const { end } of subscriptions) end?.();
    this.#topics.clear();
    this.#logs.clear();
  }

  #add(topic: string, subscription: Subscription): () => void {
    const subscriptions = this.#topics.get(topic) ?? new Set();
    this.#topics.set(topic, subscriptions.add(subscription));
    return () => {
      const current = this.#topics.get(topic);
      if (current?.delete(subscription) && current.size === 0) this.#topics.delete(topic);
    };
  }

  #follow(
    topic: string,
    subscriber: Subscriber,
    { after, started, ready = () => undefined }: SubscriptionOptions,
  ): () => void {
    checkAfter(after);
    const log = this.#logOf(topic);
    const first = after ?? log.position;
    started?.(first);
    const listener = { deliver: subscriber, ready, fail: rethrow };
    const follower = new Follower(log, listener, first);
    const remove = this.#add(topic, {
      deliver: (message, from, id = "") => follower.receive({ message, from, id }),
      end: () => follower.end(),
    });
    return () => {
      follower.end();
      remove();
    };
  }

  #logOf(topic: string): MessageLog {
    const log = this.#logs.get(topic) ?? new MessageLog(topic, this.#limits, this.#start);
    // The topic is now the last one of the map.
    this.#logs.delete(topic);
    this.#logs.set(topic, log);
    return log;
  }

  #store(topic: string, message: unknown, from: string | undefined): MessageId {
    const { id } = this.#logOf(topic).add(message, from);
    this.#forgetOldest();
    return id;
  }

  /** Removes the topic whose last message is the oldest, if that is no longer stored. */
  #forgetOldest(): void {
    for (const [topic, log] of this.#logs) {
      if (!log.isEmpty) return;
      this.#logs.delete(topic);
      if (!this.#topics.has(topic)) return;
      this.#logs.set(topic, log); // its subscribers still use the log
      return;
    }
  }
}

const rethrow = (error: unknown): never => {
  throw error;
};
