import { nanoid } from "nanoid";
import { LiveError, quote } from "../live/live-error.js";
import type { FlushOptions } from "../live/pub-sub/pending-flushes.js";
import {
  checkAfter,
  type ReplayLimits,
  type ReplayOptions,
  toReplayLimits,
} from "../live/pub-sub/replay.js";
import type {
  PubSub,
  PubSubHealth,
  Subscriber,
  SubscriptionOptions,
} from "../live/runtime/pub-sub.js";
import { Outgoing, type OutgoingMessage } from "./outgoing.js";
import type { RedisClient } from "./redis-client.js";
import { RedisLink } from "./redis-link.js";
import { RedisTopic, type RedisTopicHost } from "./redis-topic.js";

/** How long messages of topics that are not numbered are stored, so that a process can fetch those that it has missed. */
const recovery: ReplayLimits = { length: 1000, age: 60_000 };
/** How long `close()` waits until the messages of this process are sent, in milliseconds. */
const closeTime = 5000;

/** Options of {@link redisPubSub}. */
export interface RedisPubSubOptions {
  /**
   * A client of the package `redis`: of `createClient`, `createCluster` or `createSentinel`. It sends commands; a copy of it
   * subscribes. A client that is not connected is connected. It remains open after `close()`.
   */
  readonly client: RedisClient;
  /** The start of the names of keys and channels, which distinguishes apps; `"live:"` by default. */
  readonly prefix?: string;
  /** Numbers the messages of topics and stores them. */
  readonly replay?: ReplayOptions;
  /** How many messages may wait while Redis is not reachable; 10,000 by default. Further ones are lost and reported. */
  readonly queue?: number;
}

/** A PubSub for several processes; made by {@link redisPubSub}. */
export class RedisPubSub implements PubSub {
  readonly #prefix: string;
  readonly #replay: ReplayOptions | undefined;
  readonly #limits: ReplayLimits;
  readonly #link: RedisLink;
  readonly #outgoing: Outgoing;
  readonly #topics = new Map<string, RedisTopic>();
  readonly #errorListeners: ((error: unknown) => void)[] = [];
  readonly #sender = nanoid();
  /** The numbers of messages that were delivered in this process already, and will arrive through Redis later. */
  readonly #delivered = new Set<number>();
  readonly #topicHost: RedisTopicHost;
  #lastOwn = 0;
  #lost = 0;
  /** The messages that were lost since the last report. */
  #unreported = 0;
  /** The difference between the clocks of Redis and of this process, in milliseconds. */
  #clockDifference = 0;
  /** When the messages of all topics were last complete, in milliseconds of the clock of Redis. */
  #completeSince = 0;

  constructor({ client, prefix = "live:", replay, queue = 10_000 }: RedisPubSubOptions) {
    this.#prefix = prefix;
    this.#replay = replay;
    this.#limits = replay ? toReplayLimits(replay) : recovery;
    this.#link = new RedisLink(client, prefix, {
      handleDown: () => this.#handleDown(),
      handleUp: () => this.#handleUp(),
      handleError: (error) => this.#report(error),
    });
    this.#outgoing = new Outgoing(client, this.#sender, queue, (messages, cause) =>
      this.#handleLost(messages, cause),
    );
    this.#topicHost = this.#createTopicHost();
    this.#link.start();
  }

  isNumbered(topic: string): boolean {
    return this.#replay?.topics(topic) ?? false;
  }

  onError(listener: (error: unknown) => void): void {
    this.#errorListeners.push(listener);
  }

  health(): PubSubHealth {
    const waiting = this.#outgoing.waiting.length;
    return { connected: this.#link.isUp, waiting, lost: this.#lost };
  }

  subscribe(
    topic: string,
    subscriber: Subscriber,
    { after, started, ready = () => undefined }: SubscriptionOptions = {},
  ): () => void {
    checkAfter(after);
    const subscribed = this.#topicOf(topic);
    const fail = (error: unknown) => this.#report(error);
    const end = this.isNumbered(topic)
      ? subscribed.follow({ deliver: subscriber, ready, fail }, after, started)
      : subscribed.add(subscriber);
    return () => {
      end();
      this.#closeUnused(topic, subscribed);
    };
  }

  broadcast(topic: string, message: unknown, from?: string): void {
    const isNumbered = this.isNumbered(topic);
    const n = ++this.#lastOwn;
    // The copy of JSON is the same message that other processes receive.
    const body = JSON.stringify(from === undefined ? [message] : [message, from]);
    const limits = isNumbered ? this.#limits : recovery;
    const outgoing = { topic, n, body, limits, ...this.#namesOf(topic) };
    if (!isNumbered && !this.#link.isUp) this.#deliverNow(outgoing);
    this.#outgoing.add(outgoing);
  }

  /** Resolves when Redis has received the messages that this process has broadcast before. */
  flush(options?: FlushOptions): Promise<void> {
    return this.#outgoing.flush(options);
  }

  /** Sends the messages that wait, within five seconds, and ends all subscriptions. The client remains open. */
  async close(): Promise<void> {
    await this.#outgoing.close(closeTime);
    this.#reportLost();
    for (const topic of this.#topics.values()) topic.close();
    this.#topics.clear();
    this.#link.close();
  }

  #createTopicHost(): RedisTopicHost {
    const pubSub = this;
    return {
      link: this.#link,
      sender: this.#sender,
      get lastOwn() {
        return pubSub.#lastOwn;
      },
      hasDelivered: (sender, n) => sender === this.#sender && this.#delivered.delete(n),
      now: () => Date.now() + this.#clockDifference,
      noticeTime: (time) => {
        this.#clockDifference = time - Date.now();
      },
      reportLost: (topic) =>
        this.#report(
          new LiveError(
            "LIVE_ERR_LOST_MESSAGES",
            `messages of the topic ${quote(topic)} are lost`,
            {
              expected: "Redis to store them until this process was connected again",
            },
          ),
        ),
      reportError: (error) => this.#report(error),
    };
  }

  #topicOf(topic: string): RedisTopic {
    const known = this.#topics.get(topic);
    if (known) return known;
    const { age } = this.isNumbered(topic) ? this.#limits : recovery;
    const created = new RedisTopic({ topic, age, ...this.#namesOf(topic) }, this.#topicHost);
    this.#topics.set(topic, created);
    return created;
  }

  #namesOf(topic: string): { readonly stream: string; readonly channel: string } {
    return { stream: `${this.#prefix}stream:${topic}`, channel: `${this.#prefix}topic:${topic}` };
  }

  #closeUnused(name: string, topic: RedisTopic): void {
    if (!topic.isUnused || this.#topics.get(name) !== topic) return;
    this.#topics.delete(name);
    topic.close();
  }

  #deliverNow({ topic, n, body }: OutgoingMessage): void {
    if (this.#delivered.has(n)) return;
    this.#delivered.add(n);
    const [message, from] = JSON.parse(body) as [unknown, string?];
    this.#topics.get(topic)?.deliverDirectly(message, from);
  }

  /** Delivers the messages of this process that were on their way, because Redis does not return them now. */
  #handleDown(): void {
    this.#completeSince = this.#topicHost.now();
    for (const topic of this.#topics.values()) topic.locateByClock();
    for (const message of this.#outgoing.waiting)
      if (!this.isNumbered(message.topic)) this.#deliverNow(message);
  }

  async #handleUp(): Promise<void> {
    const since = this.#completeSince || this.#topicHost.now();
    const { sent } = this.#outgoing;
    const topics = [...this.#topics.values()];
    // The client subscribes to its earlier topics again, but topics that were added during the outage may still be
    // trying.
    await Promise.all(topics.map(({ subscribed }) => subscribed));
    await Promise.all(topics.map((topic) => topic.catchUp(since)));
    // All messages that were sent before have arrived now, including those of topics without subscribers.
    for (const n of this.#delivered) if (n <= sent) this.#delivered.delete(n);
    this.#reportLost();
  }

  #handleLost(messages: readonly OutgoingMessage[], cause: unknown): void {
    for (const { n } of messages) this.#delivered.delete(n);
    this.#lost += messages.length;
    this.#unreported += messages.length;
    // Without a cause the queue is full: the first message is reported now, and the others when Redis is reachable again.
    if (cause !== undefined || this.#lost === messages.length || this.#link.isUp)
      this.#reportLost(cause);
  }

  #reportLost(cause?: unknown): void {
    if (this.#unreported === 0) return;
    const count = this.#unreported;
    this.#unreported = 0;
    this.#report(
      new LiveError("LIVE_ERR_LOST_MESSAGES", `${count} messages did not reach other processes`, {
        expected: "Redis to be reachable before too many messages wait",
        cause,
      }),
    );
  }

  #report(error: unknown): void {
    for (const listener of this.#errorListeners) listener(error);
  }
}

/**
 * Creates a PubSub that uses Redis 6.2 or newer, for an app with several processes. It has one subscription for each topic that is in
 * use in the process, and decodes each message once.
 *
 * While Redis is not reachable, messages reach the subscribers of this process; those for other processes wait. Messages of
 * numbered topics wait for their number.
 *
 * @example
 * const pubSub = redisPubSub({ client: createClient({ url: process.env.REDIS_URL }) });
 * const live = createLive(router, { secret, pubSub });
 */
export const redisPubSub = (options: RedisPubSubOptions): RedisPubSub => new RedisPubSub(options);
