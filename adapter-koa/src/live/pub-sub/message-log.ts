import type { FollowedTopic, StoredMessage, StoredPage } from "./follower.js";
import { compareIds, idOfTime, type MessageId, nextId, timeOf } from "./message-id.js";
import type { ReplayLimits } from "./replay.js";

/** How many messages are read at once. */
const pageLength = 200;

/** The latest messages of one topic, in this process. */
export class MessageLog implements FollowedTopic {
  readonly topic: string;
  readonly #limits: ReplayLimits;
  #messages: StoredMessage[] = [];
  /** The id of the last message that is no longer stored. */
  #forgotten: MessageId;
  /** The id of the last message. */
  position: MessageId;

  /** @param since the time from which on messages of the topic would be in a log, in milliseconds since 1970 */
  constructor(topic: string, limits: ReplayLimits, since: number) {
    const now = Date.now();
    this.topic = topic;
    this.#limits = limits;
    this.#forgotten = idOfTime(Math.max(since, now - limits.age));
    this.position = idOfTime(now);
  }

  add(message: unknown, from: string | undefined): StoredMessage {
    const stored = { id: nextId(this.position, Date.now()), from, message };
    this.position = stored.id;
    this.#messages.push(stored);
    this.#trim();
    return stored;
  }

  /** Reads messages after an id. An id of another process is older than the log. */
  read(after: MessageId): StoredPage {
    this.#trim();
    const isNewer = ({ id }: StoredMessage) => compareIds(id, after) > 0;
    const start = this.#messages.findIndex(isNewer);
    const messages = start === -1 ? [] : this.#messages.slice(start, start + pageLength);
    return {
      messages,
      missed: compareIds(after, this.#forgotten) < 0,
      hasMore: start !== -1 && start + pageLength < this.#messages.length,
    };
  }

  /** Whether the log stores no message. */
  get isEmpty(): boolean {
    this.#trim();
    return this.#messages.length === 0;
  }

  #trim(): void {
    const oldest = Date.now() - this.#limits.age;
    const excess = this.#messages.length - this.#limits.length;
    let count = 0;
    for (const { id } of this.#messages) {
      if (count >= excess && timeOf(id) >= oldest) break;
      this.#forgotten = id;
      count++;
    }
    if (count > 0) this.#messages = this.#messages.slice(count);
  }
}
