import { setTimeout as delay } from "node:timers/promises";
import { type FlushOptions, PendingFlushes } from "../live/pub-sub/pending-flushes.js";
import type { ReplayLimits } from "../live/pub-sub/replay.js";
import { isCluster, isTemporary, type RedisClient } from "./redis-client.js";
import { publishScript } from "./scripts.js";

/** A message on its way to Redis. */
export interface OutgoingMessage {
  readonly topic: string;
  readonly stream: string;
  readonly channel: string;
  /** The number of the message in this process, from 1 on. */
  readonly n: number;
  readonly body: string;
  readonly limits: ReplayLimits;
}

/** How many messages, and how many characters of them, are sent at once. */
const batchLength = 500;
const batchSize = 1_000_000;
const pauseAfterFailure = 50;

/** Receives the messages that could not be sent. */
export type HandleLost = (messages: readonly OutgoingMessage[], cause: unknown) => void;

/**
 * Sends messages in order, in a cluster in the order of each topic, one batch at a time: all messages that were added
 * while the last batch was on its way. If the connection is lost, the batch is sent again; the script ignores messages
 * that it has already appended.
 */
export class Outgoing {
  readonly #client: RedisClient;
  readonly #sender: string;
  readonly #limit: number;
  readonly #onLost: HandleLost;
  readonly #flushes = new PendingFlushes();
  #queue: OutgoingMessage[] = [];
  #sending: Promise<void> | undefined;
  #isClosed = false;
  /** The number of the last message that was added. */
  #last = 0;

  /** @param limit how many messages may wait */
  constructor(client: RedisClient, sender: string, limit: number, onLost: HandleLost) {
    this.#client = client;
    this.#sender = sender;
    this.#limit = limit;
    this.#onLost = onLost;
  }

  /** The messages that wait or are on their way. */
  get waiting(): readonly OutgoingMessage[] {
    return this.#queue;
  }

  /** The number up to which no message waits. */
  get sent(): number {
    return (this.#queue[0]?.n ?? this.#last + 1) - 1;
  }

  add(message: OutgoingMessage): void {
    this.#last = message.n;
    if (this.#isClosed || this.#queue.length >= this.#limit) {
      this.#handleLost([message], undefined);
      return;
    }
    this.#queue.push(message);
    // Messages of the same turn of the event loop share a batch.
    this.#sending ??= Promise.resolve().then(() => this.#sendAll());
  }

  /** Resolves when the messages that were added before are sent; see {@link PendingFlushes.wait}. */
  flush(options?: FlushOptions): Promise<void> {
    return this.#flushes.wait(this.#last, options);
  }

  /** Resolves when all messages are sent, at the latest after some milliseconds. The rest is lost. */
  async close(ms: number): Promise<void> {
    const timer = new AbortController();
    const late = delay(ms, undefined, { signal: timer.signal }).catch(() => {});
    await Promise.race([this.#sending, late]);
    timer.abort();
    this.#isClosed = true;
    const lost = this.#queue.splice(0);
    if (lost.length > 0) this.#handleLost(lost, undefined);
    this.#flushes.handleSent(this.sent, false);
  }

  async #sendAll(): Promise<void> {
    let isRepeated = false;
    while (this.#queue.length > 0) {
      const batch = this.#takeBatch();
      try {
        await this.#send(batch, isRepeated);
        isRepeated = false;
        this.#finish(batch);
      } catch (error) {
        if (this.#isClosed) break;
        isRepeated = isTemporary(error);
        if (isRepeated) await delay(pauseAfterFailure, undefined, { ref: false });
        else {
          this.#handleLost(batch, error);
          this.#finish(batch);
        }
      }
    }
    this.#sending = undefined;
  }

  /** Returns the first messages. In a cluster they have one topic, because each topic has its server. */
  #takeBatch(): readonly OutgoingMessage[] {
    const topic = isCluster(this.#client) ? this.#queue[0]?.topic : undefined;
    const batch: OutgoingMessage[] = [];
    let size = 0;
    for (const message of this.#queue) {
      if (topic !== undefined && message.topic !== topic) continue;
      size += message.body.length;
      if (batch.length > 0 && (batch.length >= batchLength || size > batchSize)) break;
      batch.push(message);
    }
    return batch;
  }

  #send(batch: readonly OutgoingMessage[], isRepeated: boolean): Promise<unknown> {
    const streams = new Map<string, number>();
    for (const { stream } of batch) if (!streams.has(stream)) streams.set(stream, streams.size + 1);
    const values = batch.flatMap(({ stream, n, body, limits, channel }) => [
      String(streams.get(stream)),
      String(n),
      body,
      String(limits.length),
      String(limits.age),
      channel,
    ]);
    return this.#client.eval(publishScript, {
      keys: [...streams.keys()],
      arguments: [this.#sender, isRepeated ? "1" : "0", ...values],
    });
  }

  #finish(batch: readonly OutgoingMessage[]): void {
    const finished = new Set(batch);
    this.#queue = this.#queue.filter((message) => !finished.has(message));
    this.#flushes.handleSent(this.sent, this.#queue.length === 0);
  }

  #handleLost(messages: readonly OutgoingMessage[], cause: unknown): void {
    for (const { n } of messages) this.#flushes.handleLost(n);
    this.#onLost(messages, cause);
  }
}
