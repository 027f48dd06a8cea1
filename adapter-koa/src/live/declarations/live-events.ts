import type { Jsonified } from "../json.js";
import type { Reply } from "../socket/hook.js";
import type { Refusal } from "./live-event.js";
import type { LiveView } from "./live-view.js";
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

/** What `push()` resolves with: an empty object where the handler gives no answer. */
type ReplyOf<Result> =
  Result extends Refusal<unknown>
    ? RefusedPayload
    : Result extends Reply<infer Value>
      ? Jsonified<Value>
      : Record<never, never>;

/**
 * What elements may push to a live view: by event name, `payload` is what the event's schema takes and
 * `reply` what `push()` resolves with. A function that makes the view does as well as the view.
 *
 * A hook that halts an event may reply with something else.
 *
 * @example
 * import type { LiveEvents } from "@live-session/adapter-koa";
 * import type { userSettingsLive } from "../live/user-settings-live.js";
 *
 * handle.push<LiveEvents<typeof userSettingsLive>>("validate_email", { user: { email } });
 */
export type LiveEvents<View> = View extends (...made: never) => infer Made
  ? LiveEvents<Made>
  : View extends LiveView<never, never, infer Events>
    ? unknown extends Events
      ? { readonly "use the type of what liveView(…) returns to have its events": never }
      : Events
    : never;
