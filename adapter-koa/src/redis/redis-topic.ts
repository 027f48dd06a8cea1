import { setMaxListeners } from "node:events";
import {
  type FollowedTopic,
  Follower,
  type FollowerListener,
  type StoredMessage,
  type StoredPage,
} from "../live/pub-sub/follower.js";
import {
  beforeAll,
  compareIds,
  idOfTime,
  isOfMessage,
  type MessageId,
  timeOf,
} from "../live/pub-sub/message-id.js";
import type { RedisLink } from "./redis-link.js";
import { readScript } from "./scripts.js";

/** How many messages are read at once. */
const pageLength = 500;

/** A message as Redis delivers it. */
interface Received extends StoredMessage {
  /** The id of the message before it. */
  readonly former: MessageId;
  readonly sender: string;
  readonly n: number;
}

/** The operations that a topic needs from the PubSub. */
export interface RedisTopicHost {
  readonly link: RedisLink;
  /** Returns whether this process has already delivered one of its own messages, because Redis was not reachable. */
  hasDelivered(sender: string, n: number): boolean;
  /** The number of the last message of this process. */
  readonly lastOwn: number;
  readonly sender: string;
  /** The time of the Redis server, in milliseconds since 1970, as far as it is known. */
  now(): number;
  noticeTime(time: number): void;
  /** Reports that messages of a topic may be lost for this process. */
  reportLost(topic: string): void;
  reportError(error: unknown): void;
}

/** The places of a topic in Redis. */
export interface RedisTopicKeys {
  readonly topic: string;
  readonly stream: string;
  readonly channel: string;
  /** How long a message is stored, in milliseconds. */
  readonly age: number;
}

type Deliver = (message: unknown, from?: string) => void;

/** A topic that this process subscribes to. All its subscribers share one subscription in Redis. */
export class RedisTopic implements FollowedTopic {
  readonly topic: string;
  readonly #keys: RedisTopicKeys;
  readonly #host: RedisTopicHost;
  readonly #direct = new Set<{ readonly deliver: Deliver; readonly since: number }>();
  readonly #followers = new Set<Follower>();
  readonly #closing = new AbortController();
  /** Resolves when Redis has confirmed the subscription for the first time, or the topic is closed. */
  readonly subscribed: Promise<unknown>;
  /** Resolves when the position is known. */
  readonly #located: Promise<void>;
  #resolveLocated = () => {};
  #isLocated = false;
  /** Whether messages that arrive wait for those that are being read. */
  #isReading = false;
  /** Whether to read again, because a message may have arrived after the last page was read. */
  #readsAgain = false;
  #reading: Promise<void> | undefined;
  position: MessageId = beforeAll;

  constructor(keys: RedisTopicKeys, host: RedisTopicHost) {
    this.topic = keys.topic;
    this.#keys = keys;
    this.#host = host;
    this.#located = new Promise((resolve) => {
      this.#resolveLocated = resolve;
    });
    // Many subscribers may wait at once for a connection.
    setMaxListeners(0, this.#closing.signal);
    void this.#locate();
    this.subscribed = host.link.subscribe(keys.channel, this.#receive, this.#closing.signal);
    void Promise.all([this.#located, this.subscribed]).then(() => this.#readLater());
  }

  get isUnused(): boolean {
    return this.#direct.size === 0 && this.#followers.size === 0;
  }

  /** Adds a subscriber of a topic that is not numbered. @returns a function that removes it */
  add(deliver: Deliver): () => void {
    const subscriber = { deliver, since: this.#host.lastOwn };
    this.#direct.add(subscriber);
    return () => this.#direct.delete(subscriber);
  }

  /** Adds a subscriber of a numbered topic. @returns a function that removes it */
  follow(
    listener: FollowerListener,
    after: MessageId | undefined,
    started: ((after: MessageId) => void) | undefined,
  ): () => void {
    let follower: Follower | undefined;
    let hasEnded = false;
    const start = () => {
      if (hasEnded) return;
      const first = after ?? this.position;
      started?.(first);
      follower = new Follower(this, listener, first);
      this.#followers.add(follower);
    };
    if (this.#isLocated) start();
    else void this.#located.then(start);
    return () => {
      hasEnded = true;
      follower?.end();
      if (follower) this.#followers.delete(follower);
    };
  }

  /** Delivers a message of this process directly, while it cannot arrive through Redis. */
  deliverDirectly(message: unknown, from: string | undefined): void {
    for (const { deliver } of [...this.#direct]) this.#call(deliver, message, from);
  }

  /** Uses the clock instead of Redis, which is not reachable, to find where the subscription starts. */
  locateByClock(): void {
    if (this.#isLocated) return;
    this.#moveTo(idOfTime(this.#host.now()));
  }

  close(): void {
    this.#closing.abort();
    void this.#host.link.unsubscribe(this.#keys.channel, this.#receive);
  }

  /** Reads again after an error, until the topic is closed. */
  async read(after: MessageId): Promise<StoredPage> {
    const read = () => this.#readPage(after);
    const page = await this.#host.link.retry(read, this.#closing.signal);
    if (!page) return { messages: [], missed: false, hasMore: false };
    return { ...page, missed: this.#isMissing(page, after, timeOf(after)) };
  }

  /** Delivers what is stored after the position. @param since when the topic was last complete, in milliseconds */
  catchUp(since = this.#host.now()): Promise<void> {
    this.#readsAgain = true;
    this.#reading ??= this.#readAll(since).finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readAll(since: number): Promise<void> {
    await this.#located;
    this.#isReading = true;
    try {
      while (this.#readsAgain && !this.#closing.signal.aborted) {
        this.#readsAgain = false;
        const page = await this.#readPage(this.position);
        if (this.#isMissing(page, this.position, since)) this.#host.reportLost(this.topic);
        for (const received of page.messages) this.#deliver(received);
        this.#readsAgain ||= page.hasMore;
      }
    } finally {
      this.#isReading = false;
    }
  }

  /** Finds the last message before the subscription. */
  async #locate(): Promise<void> {
    if (!this.#host.link.isUp) return this.locateByClock();
    const read = () => this.#eval("");
    const reply = await this.#host.link.retry(read, this.#closing.signal);
    if (reply && !this.#isLocated) this.#moveTo(reply.last || idOfTime(reply.time));
  }

  #moveTo(position: MessageId): void {
    this.position = position;
    this.#isLocated = true;
    this.#resolveLocated();
  }

  async #readPage(after: MessageId) {
    const { entries, last, time } = await this.#eval(after);
    const messages = entries.map(toReceived);
    const hasMore = messages.length === pageLength;
    return { messages, hasMore, isEmpty: last === "", time };
  }

  async #eval(after: MessageId | "") {
    const keys = [this.#keys.stream];
    const reply = await this.#host.link.commands.eval(readScript, {
      keys,
      arguments: [after, String(pageLength)],
    });
    const [time, last, entries] = reply as [string, string, readonly Entry[]];
    this.#host.noticeTime(Number(time));
    return { time: Number(time), last, entries };
  }

  /**
   * Whether messages after an id are no longer stored, or may have existed.
   *
   * @param since when all messages before that id were known, in milliseconds
   */
  #isMissing(
    { messages, isEmpty, time }: { messages: readonly Received[]; isEmpty: boolean; time: number },
    after: MessageId,
    since: number,
  ): boolean {
    const { age } = this.#keys;
    const [first] = messages;
    if (first && first.former !== beforeAll) return compareIds(first.former, after) > 0;
    if (!first && !isEmpty) return false;
    // The stream is empty or new. It must still contain a young message, unless Redis has lost its data.
    const isYoung = time - timeOf(after) < age - 1000;
    return (isOfMessage(after) && isYoung) || time - since > age;
  }

  readonly #receive = (text: string): void => {
    try {
      this.#readsAgain = true;
      if (this.#isReading || !this.#isLocated) return; // it will be read
      const [id = "", former = ""] = text.split(" ", 2);
      if (compareIds(id, this.position) <= 0) return;
      if (compareIds(former, this.position) > 0) this.#readLater();
      else this.#deliver(toReceivedText(text));
    } catch (error) {
      this.#host.reportError(error);
    }
  };

  /** Catches up. If the connection fails, the topic catches up when it works again. */
  #readLater(): void {
    if (!this.#closing.signal.aborted)
      this.catchUp().catch((error: unknown) => this.#host.reportError(error));
  }

  #deliver(received: Received): void {
    const { id, from, message, sender, n } = received;
    this.position = id;
    for (const follower of [...this.#followers]) follower.receive(received);
    if (this.#direct.size === 0 || this.#host.hasDelivered(sender, n)) return;
    const isOwn = sender === this.#host.sender;
    for (const { deliver, since } of [...this.#direct])
      if (!isOwn || n > since) this.#call(deliver, message, from);
  }

  #call(deliver: Deliver, message: unknown, from: string | undefined): void {
    try {
      deliver(message, from);
    } catch (error) {
      this.#host.reportError(error);
    }
  }
}

/** An entry of a stream: its id, and the names and values of its fields. */
type Entry = readonly [id: MessageId, fields: readonly string[]];

function toReceived([id, fields]: Entry): Received {
  const [, former = "", , sender = "", , n = "", , body = ""] = fields;
  return { id, former, sender, n: Number(n), ...toMessage(body) };
}

function toReceivedText(text: string): Received {
  const [id = "", former = "", sender = "", n = ""] = text.split(" ", 4);
  const body = text.slice(id.length + former.length + sender.length + n.length + 4);
  return { id, former, sender, n: Number(n), ...toMessage(body) };
}

function toMessage(body: string): { from: string | undefined; message: unknown } {
  const [message, from] = JSON.parse(body) as [unknown, string?];
  return { message, from };
}
