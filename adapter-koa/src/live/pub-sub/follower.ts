import type { MaybePromise } from "../maybe-promise.js";
import { compareIds, type MessageId } from "./message-id.js";
import { MissedMessages } from "./replay.js";

/** A message that a topic stores. */
export interface StoredMessage {
  readonly id: MessageId;
  readonly from: string | undefined;
  readonly message: unknown;
}

/** Some of the stored messages of a topic, in order. */
export interface StoredPage {
  readonly messages: readonly StoredMessage[];
  /** Whether messages before these are no longer stored. */
  readonly missed: boolean;
  /** Whether more messages follow. */
  readonly hasMore: boolean;
}

/** The topic that a follower reads. */
export interface FollowedTopic {
  readonly topic: string;
  /** The id of the last message of the topic. */
  readonly position: MessageId;
  /** Reads the messages after an id, from the oldest on. */
  read(after: MessageId): MaybePromise<StoredPage>;
}

/** Receives numbered messages. */
export interface FollowerListener {
  deliver(message: unknown, from: string | undefined, id: MessageId): void;
  /** Returns a promise while no message can be delivered. */
  ready(): Promise<void> | undefined;
  fail(error: unknown): void;
}

/**
 * Delivers the numbered messages of a topic to one subscriber: those that are stored after its position, then new ones, each
 * once and in order. If the subscriber is not ready, the messages remain stored and are read later.
 */
export class Follower {
  readonly #topic: FollowedTopic;
  readonly #listener: FollowerListener;
  #position: MessageId;
  #isBehind = false;
  #hasEnded = false;

  constructor(topic: FollowedTopic, listener: FollowerListener, after: MessageId) {
    this.#topic = topic;
    this.#listener = listener;
    this.#position = after;
    if (after !== topic.position) this.#catchUp();
  }

  /** Delivers a new message, unless the stored messages before it are still being read. */
  receive({ id, from, message }: StoredMessage): void {
    if (this.#isBehind || this.#hasEnded || compareIds(id, this.#position) <= 0) return;
    if (this.#listener.ready()) {
      this.#catchUp();
      return;
    }
    this.#position = id;
    this.#listener.deliver(message, from, id);
  }

  /** Reads the stored messages after the position, because the topic may have missed new ones. */
  catchUp(): void {
    if (!this.#isBehind && !this.#hasEnded) this.#catchUp();
  }

  end(): void {
    this.#hasEnded = true;
  }

  #catchUp(): void {
    this.#isBehind = true;
    this.#readAll().catch((error: unknown) => {
      // The subscription remains behind: a later message would leave a gap.
      if (!this.#hasEnded) this.#listener.fail(error);
    });
  }

  async #readAll(): Promise<void> {
    for (;;) {
      const { position } = this.#topic;
      const page = await this.#topic.read(this.#position);
      if (this.#hasEnded) return;
      if (page.missed) this.#deliverMissed(page);
      await this.#deliverAll(page.messages);
      if (this.#hasEnded) return;
      if (!page.hasMore && this.#hasReached(position)) break;
    }
    this.#isBehind = false;
  }

  /**
   * Whether no message has arrived while the last page was read and delivered, or it was part of the page.
   *
   * @param former the position of the topic before the page was read
   */
  #hasReached(former: MessageId): boolean {
    const { position } = this.#topic;
    return position === former || compareIds(position, this.#position) <= 0;
  }

  async #deliverAll(messages: readonly StoredMessage[]): Promise<void> {
    for (const { id, from, message } of messages) {
      const busy = this.#listener.ready();
      if (busy) await busy;
      if (this.#hasEnded) return;
      this.#position = id;
      this.#listener.deliver(message, from, id);
    }
  }

  #deliverMissed({ messages }: StoredPage): void {
    const missed = new MissedMessages(this.#topic.topic, this.#position);
    if (messages.length === 0) this.#position = this.#topic.position;
    this.#listener.deliver(missed, undefined, this.#position);
  }
}
