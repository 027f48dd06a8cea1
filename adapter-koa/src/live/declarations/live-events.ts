import type { Reply } from "../socket/hook.js";
import type { CheckedEvent } from "./event.js";
import type { Jsonified } from "./jsonified.js";
import type { LiveView } from "./live-view.js";
import type { RefusedPayload } from "./refused-payload.js";

/** The events of a view's handlers, as elements push them. */
export type EventsOf<Handlers> = { readonly [Name in keyof Handlers]: EventOf<Handlers[Name]> };

type EventOf<Handler> =
  Handler extends CheckedEvent<never, infer Input, infer Result>
    ? { readonly payload: Input; readonly reply: ReplyOf<Result> | RefusedPayload }
    : Handler extends (context: never) => infer Result
      ? {
          readonly payload: Readonly<Record<string, unknown>>;
          readonly reply: ReplyOf<Awaited<Result>>;
        }
      : never;

/** What `push()` resolves with: an empty object where the handler gives no answer. */
type ReplyOf<Result> = Result extends Reply<infer Value> ? Jsonified<Value> : Record<never, never>;

/**
 * What elements may push to a live view: by event name, `payload` is what the event's schema takes and
 * `reply` what `push()` resolves with. A function that makes the view does as well as the view.
 *
 * The events of a view are known where it is declared as `liveView<Needs, Own>()("Name", { … })`. A hook
 * that halts an event may answer it otherwise.
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
      ? { readonly "declare the view as liveView<Needs, Own>()(name, …) to have its events": never }
      : Events
    : never;
