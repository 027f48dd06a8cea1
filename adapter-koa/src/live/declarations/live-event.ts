import type { StandardSchemaV1 } from "@standard-schema/spec";
import { LiveError } from "../live-error.js";
import { type MaybePromise, then } from "../maybe-promise.js";
import type { Reply } from "../socket/hook.js";
import type { Socket } from "../socket/socket.js";
import { refusePayload } from "./refused-payload.js";

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

/** The handlers of a view, by event name. */
export type EventHandlers<Assigns extends object> = Readonly<Record<string, EventHandler<Assigns>>>;

declare const accepted: unique symbol;

/**
 * What a handler with a schema returns for a payload that the schema refuses. `Input` is the payload
 * that the schema accepts and that the browser's `push()` takes; it exists for the compiler alone.
 */
export interface Refusal<Input> extends Reply {
  readonly [accepted]: Input;
}

/**
 * An event handler with a checked and typed payload.
 *
 * A payload that the schema refuses never reaches the handler: the browser's `push()` resolves with
 * `{ issues: { field: [message] } }`, and a warning without the payload goes to the debug log
 * `live:event` and to the diagnostics channel `live:refused-payload`.
 *
 * @param schema any Standard Schema (zod, valibot, arktype …)
 * @throws LiveError `LIVE_ERR_VIEW` when `schema` is not a Standard Schema or `handler` is not a function
 */
// TypeScript delays a generic call until the types of the view around it are known only if the call
// returns a plain function. Otherwise `socket` would have no types here.
export function liveEvent<
  Schema extends StandardSchemaV1,
  Assigns extends object,
  Result extends EventResult,
>(
  schema: Schema,
  handler: EventHandler<Assigns, StandardSchemaV1.InferOutput<Schema>, Result>,
): EventHandler<Assigns, unknown, Result | Refusal<StandardSchemaV1.InferInput<Schema>>> {
  if (typeof schema?.["~standard"]?.validate !== "function" || typeof handler !== "function") {
    throw new LiveError("LIVE_ERR_VIEW", "liveEvent expects a schema and a handler", {
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
