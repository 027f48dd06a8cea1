/**
 * The id of a numbered message: `<milliseconds since 1970>-<number>`, the form of the ids of a Redis stream. A later message
 * of the topic has a larger id. Numbers of messages begin at 1; an id with the number 0 is a time without a message.
 */
export type MessageId = string;

/** The id before the first message of a topic. */
export const beforeAll: MessageId = "0-0";

const form = /^\d{1,15}-\d{1,15}$/;

/** Whether a value has the form of an id. */
export const isMessageId = (value: unknown): value is MessageId =>
  typeof value === "string" && form.test(value);

/** Returns a negative number if `a` is smaller, 0 if both are equal, and a positive number if `a` is larger. */
export function compareIds(a: MessageId, b: MessageId): number {
  return a === b ? 0 : timeOf(a) - timeOf(b) || numberOf(a) - numberOf(b);
}

/** Returns the time of an id, in milliseconds since 1970. */
export const timeOf = (id: MessageId): number => Number(id.slice(0, id.indexOf("-")));

/** Returns the id that stands for a time, in milliseconds since 1970. */
export const idOfTime = (time: number): MessageId => `${time}-0`;

/** Whether an id belongs to a message, and not only to a time. */
export const isOfMessage = (id: MessageId): boolean => numberOf(id) > 0;

/** Returns the id of a message that follows another one at a time. The clock may have been set back meanwhile. */
export const nextId = (last: MessageId, time: number): MessageId =>
  time > timeOf(last) ? `${time}-1` : `${timeOf(last)}-${numberOf(last) + 1}`;

const numberOf = (id: MessageId): number => Number(id.slice(id.indexOf("-") + 1));
