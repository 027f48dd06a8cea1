import type { StandardSchemaV1 } from "@standard-schema/spec";
import { LiveError } from "../live-error.js";
import { type MaybePromise, then } from "../maybe-promise.js";
import type { Reply } from "../socket/outcome.js";
import type { Socket } from "../socket/socket.js";
import type { UploadsIn } from "../upload-state.js";
import { refusePayload } from "./refused-payload.js";

/** The result of an event handler: nothing, or a reply to the browser. */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler that returns nothing is declared void
export type EventResult = Reply | void;

/** The argument of an event handler. The payload is `unknown` unless a schema has validated it. */
export interface EventContext<Assigns extends object, Payload = unknown> {
  readonly event: string;
  readonly payload: Payload;
  readonly socket: Socket<Assigns>;
  /** The uploads of the view, by name. */
  readonly uploads: UploadsIn<Assigns>;
}

/** A handler of one event. */
export type EventHandler<
  Assigns extends object,
  Payload = unknown,
  Result extends EventResult = EventResult,
> = (context: EventContext<Assigns, Payload>) => MaybePromise<Result>;

/** The handlers of a view, by event name. */
export type EventHandlers<Assigns extends object> = Readonly<Record<string, EventHandler<Assigns>>>;

declare const accepted: unique symbol;

/**
 * The reply to a payload that a schema refuses. `Input` is the payload that the schema accepts and that the
 * browser's `push()` takes; it exists for the compiler alone.
 */
export interface Refusal<Input> extends Reply {
  readonly [accepted]: Input;
}

/**
 * Creates an event handler with a validated and typed payload.
 *
 * A payload that the schema refuses does not reach the handler. Instead, the browser's `push()` resolves with
 * `{ issues: { field: [message] } }`, and a warning without the payload goes to the debug log `live:event` and to
 * the diagnostics channel `live:refused-payload`.
 *
 * @param schema any Standard Schema (zod, valibot, arktype …)
 * @throws LiveError `LIVE_ERR_VIEW` when `schema` is not a Standard Schema or `handler` is not a function
 */
// The result is a plain function. Only for such generic calls does TypeScript delay the inference until it knows
// the types of the view around the call; otherwise `socket` would have no types here.
export function liveEvent<
  Schema extends StandardSchemaV1,
  Assigns extends object,
  Result extends EventResult,
>(
  schema: Schema,
  handler: EventHandler<Assigns, StandardSchemaV1.InferOutput<Schema>, Result>,
): EventHandler<Assigns, unknown, Result | Refusal<StandardSchemaV1.InferInput<Schema>>> {
  if (typeof schema?.["~standard"]?.validate !== "function" || typeof handler !== "function") {
    throw new LiveError("LIVE_ERR_VIEW", "schema or handler passed to liveEvent is invalid", {
      expected: "a Standard Schema (zod, valibot, arktype …) and a function",
      got: typeof handler === "function" ? schema : handler,
    });
  }
  return (context) =>
    then(schema["~standard"].validate(context.payload), (checked) => {
      if (checked.issues) {
        const refusal = refusePayload(context.socket.view.name, context.event, checked.issues);
        return refusal as Refusal<StandardSchemaV1.InferInput<Schema>>;
      }
      return handler({ ...context, payload: checked.value });
    });
}
