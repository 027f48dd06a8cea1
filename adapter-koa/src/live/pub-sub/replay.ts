import { LiveError, quote } from "../live-error.js";
import { isMessageId, type MessageId } from "./message-id.js";

/** Which topics are numbered, and how many of their messages are stored. */
export interface ReplayOptions {
  /** Returns whether the messages of a topic have ids and are stored. It must return the same for each call. */
  readonly topics: (topic: string) => boolean;
  /** The number of messages that each topic stores; 1,000 by default. */
  readonly length?: number;
  /** How long a message is stored, in milliseconds; 1 hour by default. */
  readonly age?: number;
}

/** How many messages a topic stores, and for how many milliseconds. */
export interface ReplayLimits {
  readonly length: number;
  readonly age: number;
}

/** Returns the limits of numbered topics. @throws LiveError `LIVE_ERR_OPTION` */
export function toReplayLimits({
  topics,
  length = 1000,
  age = 3_600_000,
}: ReplayOptions): ReplayLimits {
  if (typeof topics !== "function")
    throw new LiveError("LIVE_ERR_OPTION", 'the option "replay.topics" is invalid', {
      expected: "a function",
      got: topics,
    });
  for (const [name, value] of Object.entries({ length, age })) {
    if (Number.isSafeInteger(value) && value > 0) continue;
    throw new LiveError("LIVE_ERR_OPTION", `the option "replay.${name}" is invalid`, {
      expected: "a whole number above 0",
      gotText: quote(value),
    });
  }
  return { length, age };
}

/** Checks the option `after`. @throws LiveError `LIVE_ERR_OPTION` when it is not an id */
export function checkAfter(after: unknown): asserts after is MessageId | undefined {
  if (after === undefined || isMessageId(after)) return;
  throw new LiveError("LIVE_ERR_OPTION", 'the option "after" of subscribe is invalid', {
    expected: 'the id of a message, such as "1700000000000-1"',
    gotText: quote(after),
  });
}

/**
 * The message that a view receives in place of numbered messages that are no longer stored, or may have existed. A view that
 * needs all messages loads its data again.
 */
export class MissedMessages {
  readonly topic: string;
  /** The id of the last message that the view had received. */
  readonly after: MessageId;

  constructor(topic: string, after: MessageId) {
    this.topic = topic;
    this.after = after;
  }
}
