import type { StandardSchemaV1 } from "@standard-schema/spec";
import { LiveError, quote } from "../live-error.js";

/**
 * A topic whose messages have a type, such as `room(5)` of `const room = topic("room:%", schema)`. `Sent` is the input type of
 * the schema.
 */
export class Topic<Sent = never> {
  // Private, so that nothing else of the same shape is accepted, such as the function that creates it.
  readonly #name: string;
  readonly schema: StandardSchemaV1;
  // For the compiler alone.
  declare readonly accepts?: (message: Sent) => void;

  constructor(name: string, schema: StandardSchemaV1) {
    this.#name = name;
    this.schema = schema;
  }

  /** The name of the topic in the PubSub, such as `"room:5"`. */
  get name(): string {
    return this.#name;
  }
}

/**
 * Returns the name of a topic.
 *
 * @throws LiveError `LIVE_ERR_TOPIC` when the value is something else
 */
export function toTopicName(topic: string | Topic): string {
  if (topic instanceof Topic) return topic.name;
  if (typeof topic === "string") return topic;
  throw new LiveError("LIVE_ERR_TOPIC", "topic is invalid", {
    expected: 'a string, or a call of topic(pattern, schema), such as room("5")',
    got: topic,
  });
}

/**
 * Checks a message before it is sent to a topic with a schema. The receivers validate it too, so it is sent unchanged.
 *
 * @returns the name of the topic
 * @throws LiveError `LIVE_ERR_PAYLOAD` when the schema refuses the message, `LIVE_ERR_TOPIC` when the schema is async
 */
export function checkSent(topic: string | Topic, message: unknown): string {
  if (!(topic instanceof Topic)) return toTopicName(topic);
  const { issues } = validateMessage(topic.schema, message, topic.name);
  if (!issues) return topic.name;
  throw new LiveError(
    "LIVE_ERR_PAYLOAD",
    `message for the topic ${quote(topic.name)} is refused by its schema`,
    {
      expected: `a message that the schema accepts at ${fieldsOf(issues).join(", ")}`,
      got: message,
    },
  );
}

/** Validates a message with the schema of its topic. @throws LiveError `LIVE_ERR_TOPIC` when the schema is async */
export function validateMessage(
  schema: StandardSchemaV1,
  message: unknown,
  topic: string,
): StandardSchemaV1.Result<unknown> {
  const result = schema["~standard"].validate(message);
  if (!(result instanceof Promise)) return result;
  result.catch(() => {});
  throw new LiveError("LIVE_ERR_TOPIC", `schema of the topic ${quote(topic)} is async`, {
    expected: "a schema that validates synchronously, because messages arrive in order",
  });
}

/** Returns the paths of the fields with issues, such as `"user.email"`. */
export const fieldsOf = (issues: readonly StandardSchemaV1.Issue[]): readonly string[] =>
  issues.map(({ path = [] }) =>
    path.length === 0
      ? "the top"
      : path.map((part) => String(typeof part === "object" ? part.key : part)).join("."),
  );
