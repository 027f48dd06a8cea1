import { channel } from "node:diagnostics_channel";
import { debuglog } from "node:util";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { LiveError } from "../live-error.js";
import type { MaybePromise } from "../maybe-promise.js";
import { MissedMessages } from "../pub-sub/replay.js";
import { type InfoHandler, unhandled } from "../socket/info-handler.js";
import type { Socket } from "../socket/socket.js";
import { fieldsOf, validateMessage } from "../socket/topic.js";
import type { TopicParams, TopicPattern } from "./topic.js";

const warn = debuglog("live:info");
const refusals = channel("live:refused-message");

/** The message of the diagnostics channel `live:refused-message` for a refused message. It contains no values. */
export interface MessageRefusal {
  /** The name of the live view. */
  readonly view: string;
  /** The pattern of the topic. */
  readonly topic: string;
  /** The paths of the fields with issues, such as `"user.email"`; `"the top"` for the whole message. */
  readonly fields: readonly string[];
}

/** The argument of a handler of {@link on}. */
export interface TopicContext<Message, Params, Assigns extends object> {
  readonly message: Message;
  /** The params of the topic, as strings. */
  readonly params: Params;
  readonly topic: string;
  /** The id of a message of a numbered topic. */
  readonly id: string | undefined;
  readonly socket: Socket<Assigns>;
}

/**
 * Creates a handler of the messages of a topic, for `handleInfo` of a view or hook. Its messages are validated and typed. In a
 * list, other messages go to the next handler.
 *
 * A message that the schema refuses does not reach the handler, and the view continues. A warning without the message goes to the
 * debug log `live:info` and to the diagnostics channel `live:refused-message`.
 *
 * @example
 * handleInfo: [
 *   on(room, ({ message, params: [id], socket }) => socket.assign({ last: `${id}: ${message.text}` })),
 *   ({ message }) => {}, // all others
 * ],
 *
 * @throws LiveError `LIVE_ERR_TOPIC` when `pattern` is not a result of `topic` or `handler` is not a function
 */
// The result is a plain function, so that TypeScript infers the assigns from the view around the call; see liveEvent.
export function on<Pattern extends string, Schema extends StandardSchemaV1, Assigns extends object>(
  pattern: TopicPattern<Pattern, Schema>,
  handler: (
    context: TopicContext<
      StandardSchemaV1.InferOutput<Schema>,
      TopicParams<Pattern, string>,
      Assigns
    >,
  ) => MaybePromise<void>,
): InfoHandler<Assigns> {
  if (typeof pattern?.match !== "function" || typeof handler !== "function") {
    throw new LiveError("LIVE_ERR_TOPIC", "topic or handler passed to on is invalid", {
      expected: "a result of topic(pattern, schema), not a call of it, and a function",
      got: typeof handler === "function" ? pattern : handler,
    });
  }
  return ({ message, topic, id, socket }) => {
    const params = topic === undefined ? undefined : pattern.match(topic);
    if (topic === undefined || !params || message instanceof MissedMessages) return unhandled;
    const checked = validateMessage(pattern.schema, message, pattern.pattern);
    if (!checked.issues)
      return handler({ message: checked.value as never, params, topic, id, socket });
    const refusal: MessageRefusal = {
      view: socket.view.name,
      topic: pattern.pattern,
      fields: fieldsOf(checked.issues),
    };
    warn("%s refused a message of %s: %j", refusal.view, refusal.topic, refusal.fields);
    refusals.publish(refusal);
  };
}
