import type { Jsonified } from "../json.js";
import type { Reply } from "../socket/outcome.js";
import type { Refusal } from "./live-event.js";
import type { RefusedPayload } from "./refused-payload.js";

/** The event of one handler of a view, as elements push it. */
export type EventOf<Handler> = Handler extends (context: never) => infer Result
  ? EventOfResult<Awaited<Result>>
  : never;

type EventOfResult<Result> = {
  readonly payload: [Extract<Result, Refusal<unknown>>] extends [never]
    ? Readonly<Record<string, unknown>>
    : InputOf<Result>;
  readonly reply: ReplyOf<Result>;
};

type InputOf<Result> = Result extends Refusal<infer Input> ? Input : never;

/** The value that `push()` resolves with: an empty object if the handler does not reply. */
type ReplyOf<Result> =
  Result extends Refusal<unknown>
    ? RefusedPayload
    : Result extends Reply<infer Value>
      ? Jsonified<Value>
      : Record<never, never>;

/**
 * The events that elements may push to a live view or to a hook, by name: `payload` is the input type of the event's schema,
 * `reply` is the type that `push()` resolves with. `View` is the type of a view, of a hook of `defineHook`, or of a function
 * that creates one.
 *
 * A hook that halts an event may reply with something else.
 *
 * @example
 * import type { LiveEvents } from "@live-session/adapter-koa";
 * import type { userSettingsLive } from "../live/user-settings-live.js";
 *
 * handle.push<LiveEvents<typeof userSettingsLive>>("validate_email", { user: { email } });
 */
export type LiveEvents<View> = View extends (...args: never) => infer Created
  ? LiveEvents<Created>
  : View extends { readonly events?: infer Events }
    ? unknown extends Events
      ? { readonly "use the type of what liveView(…) returns to have its events": never }
      : Events
    : never;
