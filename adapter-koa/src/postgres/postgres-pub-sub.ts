import { setTimeout as delay } from "node:timers/promises";
import { nanoid } from "nanoid";
import { LiveError, quote } from "../live/live-error.js";
import { type FlushOptions, PendingFlushes } from "../live/pub-sub/pending-flushes.js";
import {
  LocalPubSub,
  type PubSub,
  type PubSubHealth,
  type Subscriber,
} from "../live/runtime/pub-sub.js";
import type { PostgresClient } from "./postgres-client.js";

/** The bytes that a notification can have. */
const maxBytes = 7999;
/** How many messages are sent at once. */
const batchLength = 500;
/**
 * How often a process sends a message to all processes, including itself. Also the pause after an error, and the time
 * limit of `close()`. In milliseconds.
 */
const beatEvery = 2000;
const pauseAfterFailure = 200;
const closeTime = 5000;
/** A process that has sent nothing for this time is forgotten, in milliseconds. */
const forgetAfter = 60_000;

/** Options of {@link postgresPubSub}. */
export interface PostgresPubSubOptions {
  /** A client of the package `postgres`. It remains open after `close()`. */
  readonly sql: PostgresClient;
  /** The channel, at most 63 bytes, which distinguishes apps; `"live"` by default. */
  readonly channel?: string;
  /** How many messages may wait while the database is not reachable; 10,000 by default. Further ones are lost and reported. */
  readonly queue?: number;
}

/** A notification: the sender, the number of the message, and the message with its topic. A beat has no message. */
type Notification = [
  sender: string,
  n: number,
  topic?: string,
  message?: unknown,
  from?: string | null,
];

/** A PubSub for several processes; made by {@link postgresPubSub}. */
export class PostgresPubSub implements PubSub {
  readonly #options: Required<PostgresPubSubOptions>;
  readonly #local = new LocalPubSub();
  readonly #sender = nanoid();
  /** The last number and the time of each other process. */
  readonly #others = new Map<string, { n: number; at: number }>();
  readonly #errorListeners: ((error: unknown) => void)[] = [];
  readonly #listening: Promise<{ unlisten(): Promise<unknown> } | undefined>;
  readonly #ended = new AbortController();
  readonly #flushes = new PendingFlushes();
  /** The notifications that wait, each with the number of the last message up to it. */
  #queue: { readonly n: number; readonly text: string }[] = [];
  #sending: Promise<void> | undefined;
  #n = 0;
  #lost = 0;
  #isConnected = false;
  /** Whether the last beat has not arrived yet. */
  #isWaiting = false;
  #hasReported = false;

  constructor({ sql, channel = "live", queue = 10_000 }: PostgresPubSubOptions) {
    this.#options = { sql, channel, queue };
    this.#listening = this.#retry(() => sql.listen(channel, this.#receive));
    void this.#listening.then(() => this.#beat());
  }

  onError(listener: (error: unknown) => void): void {
    this.#errorListeners.push(listener);
  }

  health(): PubSubHealth {
    return { connected: this.#isConnected, waiting: this.#queue.length, lost: this.#lost };
  }

  subscribe(topic: string, subscriber: Subscriber): () => void {
    return this.#local.subscribe(topic, subscriber);
  }

  /** @throws LiveError `LIVE_ERR_PAYLOAD` when the message is too large; the errors of subscribers of this process */
  broadcast(topic: string, message: unknown, from?: string): void {
    const n = this.#n + 1;
    const text = JSON.stringify([this.#sender, n, topic, message, from ?? null]);
    if (Buffer.byteLength(text) > maxBytes)
      throw new LiveError(
        "LIVE_ERR_PAYLOAD",
        `a message to the topic ${quote(topic)} is too large`,
        {
          expected: `at most ${maxBytes} bytes as JSON, together with its topic; send an id, and load the rest`,
          gotText: `${Buffer.byteLength(text)} bytes`,
        },
      );
    this.#n++;
    if (this.#queue.length < this.#options.queue) this.#send(text);
    else {
      this.#flushes.handleLost(n);
      this.#handleLost(1, "did not reach other processes");
    }
    // The copy of JSON is the same message that other processes receive.
    this.#local.broadcast(topic, (JSON.parse(text) as Notification)[3], from);
  }

  /** Resolves when the database has received the messages that this process has broadcast before. */
  flush(options?: FlushOptions): Promise<void> {
    return this.#flushes.wait(this.#n, options);
  }

  /** Sends the messages that wait, within five seconds, and ends the subscription. The client remains open. */
  async close(): Promise<void> {
    await Promise.race([this.#sending, delay(closeTime, undefined, { ref: false })]);
    this.#ended.abort();
    const lost = this.#queue.splice(0);
    for (const { n } of lost) this.#flushes.handleLost(n);
    this.#flushes.handleSent(this.#n, false);
    this.#handleLost(lost.length, "did not reach other processes");
    await (await this.#listening)?.unlisten();
  }

  #send(text: string): void {
    this.#queue.push({ n: this.#n, text });
    // Messages of the same turn of the event loop share a query.
    this.#sending ??= Promise.resolve().then(() => this.#sendAll());
  }

  async #sendAll(): Promise<void> {
    const { sql, channel } = this.#options;
    const query =
      "SELECT pg_notify($1, text) FROM json_array_elements_text($2::text::json) AS text";
    while (this.#queue.length > 0 && !this.#ended.signal.aborted) {
      const batch = this.#queue.slice(0, batchLength);
      // A query whose answer was lost is repeated. Processes ignore the numbers that they know.
      const texts = JSON.stringify(batch.map(({ text }) => text));
      await this.#retry(() => sql.unsafe(query, [channel, texts]));
      this.#queue = this.#queue.slice(batch.length);
      const [next] = this.#queue;
      this.#flushes.handleSent(next ? next.n - 1 : this.#n, !next);
    }
    this.#sending = undefined;
  }

  /** Sends a message without content from time to time, by which processes notice what they have missed. */
  async #beat(): Promise<void> {
    const { signal } = this.#ended;
    while (!signal.aborted) {
      if (this.#isWaiting) this.#isConnected = false;
      if (this.#queue.length === 0)
        this.#send(JSON.stringify([this.#sender, this.#n] satisfies Notification));
      this.#isWaiting = true;
      for (const [sender, { at }] of this.#others)
        if (performance.now() - at > forgetAfter) this.#others.delete(sender);
      await delay(beatEvery, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  readonly #receive = (text: string): void => {
    try {
      const notification = parseNotification(text);
      const [sender, , topic] = notification;
      if (sender !== this.#sender) this.#receiveFromOther(notification);
      else if (topic === undefined) this.#receiveOwnBeat();
    } catch (error) {
      this.#report(error);
    }
  };

  #receiveOwnBeat(): void {
    this.#isConnected = true;
    this.#isWaiting = false;
    this.#hasReported = false;
  }

  #receiveFromOther([sender, n, topic, message, from]: Notification): void {
    const isBeat = topic === undefined;
    const before = isBeat ? n : n - 1;
    const known = this.#others.get(sender)?.n ?? before;
    this.#others.set(sender, { n: Math.max(n, known), at: performance.now() });
    if (before > known) this.#handleLost(before - known, "of another process did not arrive");
    if (!isBeat && n > known) this.#local.broadcast(topic, message, from ?? undefined);
  }

  /** Calls a function that uses the database, again after an error, until it succeeds or the PubSub is closed. */
  async #retry<Result>(call: () => PromiseLike<Result>): Promise<Result | undefined> {
    while (!this.#ended.signal.aborted) {
      try {
        return await call();
      } catch (error) {
        this.#isConnected = false;
        if (!this.#hasReported) this.#report(error);
        this.#hasReported = true;
        await delay(pauseAfterFailure, undefined, { ref: false });
      }
    }
  }

  #handleLost(count: number, what: string): void {
    if (count === 0) return;
    this.#lost += count;
    this.#report(new LiveError("LIVE_ERR_LOST_MESSAGES", `${count} messages ${what}`));
  }

  #report(error: unknown): void {
    for (const listener of this.#errorListeners) listener(error);
  }
}

/** @throws LiveError when another program has sent it */
function parseNotification(text: string): Notification {
  const value: unknown = text.startsWith("[") ? JSON.parse(text) : undefined;
  if (Array.isArray(value) && typeof value[0] === "string" && Number.isSafeInteger(value[1]))
    return value as Notification;
  throw new LiveError(
    "LIVE_ERR_OPTION",
    "the channel received the notification of another program",
    {
      expected: 'a channel that only this app uses: the option "channel" of postgresPubSub',
    },
  );
}

/**
 * Creates a PubSub that uses `NOTIFY` of PostgreSQL, for an app with several processes that has such a database and no Redis.
 * Messages have at most 7,999 bytes, and PostgreSQL does not store them: what a process misses while it is not connected is
 * lost, which the app's `error` event reports. There are no numbered topics.
 *
 * @example
 * const pubSub = postgresPubSub({ sql: postgres(process.env.DATABASE_URL) });
 * const live = createLive(router, { secret, pubSub });
 */
export const postgresPubSub = (options: PostgresPubSubOptions): PostgresPubSub =>
  new PostgresPubSub(options);
