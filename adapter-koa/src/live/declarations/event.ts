import type { StandardSchemaV1 } from "@standard-schema/spec";
import { LiveError } from "../live-error.js";
import type { MaybePromise } from "../maybe-promise.js";
import type { Reply } from "../socket/hook.js";
import type { Socket } from "../socket/socket.js";

/** Returned by an event handler: nothing, or an answer for the browser. */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler that answers nothing is declared void
export type EventResult = Reply | void;

/** What an event handler gets; the payload is `unknown` unless a schema has checked it. */
export interface EventContext<Assigns extends object, Payload = unknown> {
  readonly event: string;
  readonly payload: Payload;
  readonly socket: Socket<Assigns>;
}

/** A handler of one event. */
export type EventHandler<
  Assigns extends object,
  Payload = unknown,
  Result extends EventResult = EventResult,
> = (context: EventContext<Assigns, Payload>) => MaybePromise<Result>;

/**
 * A handler with the schema its payload must satisfy; made by `event(schema, handler)`. `Input` is what
 * the schema takes, `Result` what the handler returns; both exist for the compiler alone.
 */
export interface CheckedEvent<
  Assigns extends object,
  Input = unknown,
  Result extends EventResult = EventResult,
> {
  readonly schema: StandardSchemaV1<Input>;
  handler(context: EventContext<Assigns, never>): MaybePromise<Result>;
}

/** The handlers of a view, by event name. */
export type EventHandlers<Assigns extends object> = Readonly<
  Record<string, EventHandler<Assigns> | CheckedEvent<Assigns>>
>;

/**
 * An event handler with a checked and typed payload.
 *
 * A payload that the schema refuses never reaches the handler: the browser's `push()` resolves with
 * `{ issues: { field: [message] } }`, and a warning without the payload goes to the debug log
 * `live:event` and to the diagnostics channel `live:refused-payload`.
 *
 * @param schema any Standard Schema (zod, valibot, arktype …)
 * @throws LiveError `LIVE_ERR_VIEW` when schema or handler is none
 */
export function event<
  Schema extends StandardSchemaV1,
  Assigns extends object,
  Result extends EventResult,
>(
  schema: Schema,
  handler: EventHandler<Assigns, StandardSchemaV1.InferOutput<Schema>, Result>,
): CheckedEvent<Assigns, StandardSchemaV1.InferInput<Schema>, Result> {
  if (typeof schema?.["~standard"]?.validate !== "function" || typeof handler !== "function") {
    throw new LiveError("LIVE_ERR_VIEW", "event expects a schema and a handler", {
      expected: "a Standard Schema (zod, valibot, arktype …) and a function",
      got: typeof handler === "function" ? schema : handler,
    });
  }
  return { schema, handler };
}
