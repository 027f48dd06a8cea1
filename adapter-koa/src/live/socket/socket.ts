import type { FlashMessages } from "@live-session/components/protocol";
import type { MaybePromise } from "../maybe-promise.js";
import type { AsyncResult, TaskKey, TasksOf } from "./async-result.js";
import type { StageCallback } from "./contexts.js";
import type { RedirectStatus, RedirectTarget } from "./navigation.js";
import type { PushEventOptions } from "./pushed-event.js";
import type { HookInfo, Stage } from "./stage.js";
import type { Topic } from "./topic.js";
import type { MessageSource, Tracker, Tracking } from "./tracker.js";

/**
 * A declared live view, made by `liveView`. The type parameters exist for the compiler alone; `Events` and
 * `Data` are `unknown` for a view of any kind.
 */
export interface LiveView<
  Needs extends object = object,
  Own extends object = object,
  Events = unknown,
  Data = unknown,
  PathParams = unknown,
  Session = unknown,
> {
  readonly name: string;
  readonly definition: object;
  readonly onMount: readonly { readonly id: string }[];
  needs?(assigns: Needs): void;
  owns?(assigns: Own): void;
  takes?(params: PathParams): void;
  opens?(session: Session): void;
  readonly events?: Events;
  readonly data?: Data;
}

/** A declared component, made by `liveComponent`. The type of its props exists for the compiler alone. */
export interface ComponentOf<Props extends object = object> {
  readonly name: string;
  readonly definition: object;
  takes?(props: Props): void;
}

/** The type of one assign; `unknown` if the socket's type does not contain it. */
type AssignOf<Assigns, Key> = Key extends keyof Assigns ? Assigns[Key] : unknown;

/** The type that an assign of type `AsyncResult` loads; `never` for other assigns. */
type LoadedBy<Assigned> = unknown extends Assigned
  ? unknown
  : Assigned extends AsyncResult<infer Value>
    ? Value
    : never;

/** The assigns of type `AsyncResult`. */
type AsyncKey<Assigns> = {
  [Key in keyof Assigns]-?: [LoadedBy<Assigns[Key]>] extends [never] ? never : Key;
}[keyof Assigns] &
  string;

/** The names of the assigns; any name if the socket's type contains none, as in hooks that need none. */
type AssignName<Assigns> = [keyof Assigns] extends [never] ? string : keyof Assigns & string;

/** Options of `socket.broadcast`. */
export interface BroadcastOptions {
  /** Whether the sending view receives the message too, as with LiveView's `broadcast`; `false` by default. */
  readonly self?: boolean;
}

/** Options of `socket.subscribe`, for numbered topics. */
export interface SubscribeOptions {
  /** Delivers the stored messages after this id first, then new ones. */
  readonly after?: string | undefined;
  /**
   * Keeps the id of the last handled message in the browser, and delivers the messages after it when the view is joined
   * again. Use it for messages that change kept assigns only: the browser keeps both together. The subscriptions of a live
   * session's hooks also continue after a live navigation. A topic that is not numbered ignores it.
   */
  readonly resume?: boolean;
}

/** Options of `socket.send`. */
export interface SendOptions {
  /** The delay in milliseconds; none by default. */
  readonly after?: number;
}

/**
 * The socket of a mounted live view: its assigns, and the operations of hooks and callbacks. It lives as long
 * as the view. On the disconnected mount, operations that need a connection do nothing.
 */
export interface Socket<Assigns extends object = object> {
  /** The view's id, which is also the id of its `<live-session>` element. */
  readonly id: string;

  /** The mounted view. */
  readonly view: LiveView;

  /** The live action of the current route, or `null` if the route has none. */
  readonly liveAction: string | null;

  /** Whether this is the connected mount, and the view has not been left. */
  readonly connected: boolean;

  /**
   * Aborts when the view is left, the connection ends or the view throws, for `fetch`, `node:timers/promises`,
   * `events.on` and other functions that take an `AbortSignal`. On the disconnected mount it aborts when the page has been
   * rendered. Errors that the signal causes are not reported.
   */
  readonly signal: AbortSignal;

  /** The absolute URL of the page. */
  readonly url: string;

  /** The view's data, a new object after each assign. It stays on the server unless it is rendered or provided. */
  readonly assigns: Readonly<Assigns> & { readonly flash: FlashMessages };

  /** The on-mount hooks, then the attached hooks by stage, for pages and logs that list them. */
  readonly lifecycle: readonly HookInfo[];

  /**
   * The data that the browser's client sent with the join; `null` on the disconnected mount.
   *
   * @throws LiveError `LIVE_ERR_MOUNT_ONLY` after the mount; assign what later callbacks need
   */
  readonly connectParams: Readonly<Record<string, unknown>> | null;

  /**
   * Whether the page has loaded scripts or styles that differ from the `statics` of `createLive`, because it was loaded
   * before a deployment. Only a page load fetches the new files. `false` on the disconnected mount.
   *
   * @throws LiveError `LIVE_ERR_MOUNT_ONLY` after the mount; assign what later callbacks need
   */
  readonly staticChanged: boolean;

  /** The page's title. It is sent to the browser when it changes, and displayed as text. */
  get pageTitle(): string | undefined;
  /** @throws LiveError `LIVE_ERR_PAYLOAD` when the title is not a string */
  set pageTitle(title: string | undefined);

  /**
   * Sets assigns. A key whose value is identical to the old one does not count as changed. The view is rendered after the
   * current callback; changes outside of a callback, as in a timer, are rendered in the next turn of the event loop.
   *
   * @throws LiveError `LIVE_ERR_RESERVED_ASSIGN` for names that the library uses
   */
  assign(changes: Partial<Assigns>): void;

  /**
   * Assigns the result of `make`, unless the key is assigned already. On the disconnected mount, a value of the
   * same name in the request's `ctx.state` is used instead, so that HTTP middleware and hooks share one query.
   *
   * @returns the assigned value
   */
  assignNew<Value extends AssignOf<Assigns, Key>, Key extends string = string>(
    key: Key,
    make: () => MaybePromise<Value>,
  ): Promise<Value>;

  /**
   * Keeps assigns in the browser, so that they survive the end of the view's process. Assigns that a hook of a live session
   * keeps also survive live navigation; the next mount finds them in `kept`, and `assignNew` uses them. They must be JSON.
   */
  keep(...keys: readonly AssignName<Assigns>[]): void;

  /** Provides assigns, as JSON, to the elements of the page through the mount data context. */
  provide(...keys: readonly AssignName<Assigns>[]): void;

  /**
   * Shows a message on this page, or on the next page if the same callback navigates. There is one message per
   * kind. A patch removes the message.
   */
  putFlash(kind: string, message: string): void;

  /** Removes the message of a kind, or all messages. */
  clearFlash(kind?: string): void;

  /**
   * Sends an event to the browser, which dispatches it together with the changes of the same callback.
   *
   * @throws LiveError `LIVE_ERR_PAYLOAD` when the payload is not JSON
   */
  pushEvent(
    name: string,
    payload?: Readonly<Record<string, unknown>>,
    options?: PushEventOptions,
  ): void;

  /**
   * Changes the URL and the params of this view, then runs `handleParams`.
   *
   * @throws LiveError `LIVE_ERR_PATCH` while mounting; `LIVE_ERR_NAVIGATION` when `to` is not a local path, or
   *   the callback already navigates
   */
  pushPatch(to: string, options?: { readonly replace?: boolean }): void;

  /**
   * Navigates to another view: over the same connection within the live session, otherwise by a page load.
   *
   * @throws LiveError `LIVE_ERR_NAVIGATION`
   */
  pushNavigate(to: string, options?: { readonly replace?: boolean }): void;

  /**
   * Loads another page.
   *
   * @throws LiveError `LIVE_ERR_NAVIGATION`
   */
  redirect(to: RedirectTarget, options?: { readonly status?: RedirectStatus }): void;

  /**
   * Subscribes to a topic on the connected mount. Messages arrive in `handleInfo`. The subscription ends with
   * the view.
   *
   * If the topic is numbered, messages have ids, and a view can continue after the last one that it has received. In place
   * of messages that are no longer stored, it receives one of the class `MissedMessages`.
   *
   * @param topic a name, a topic of `topic(pattern, schema)`, for whose messages `on` creates a typed handler, or another source
   *   such as `presence.changes(topic)`
   * @returns a function that ends this subscription earlier
   * @throws LiveError `LIVE_ERR_OPTION` when `after` is not an id, or the topic is not numbered
   */
  subscribe(topic: string | Topic | MessageSource, options?: SubscribeOptions): () => void;

  /**
   * Announces on the connected mount that this view is present under a key of a topic, usually the id of its user. Views
   * with the same key are listed together. The presence ends with the view. Another call with the same topic and key
   * replaces the meta.
   *
   * @param presence made by `createPresence`
   * @param meta what `presence.list(topic)` shows of this view
   * @returns an object that changes the meta, or ends the presence earlier
   * @throws LiveError `LIVE_ERR_PAYLOAD` when the topic or the key is not a string, or the meta is not JSON
   */
  track<Meta>(
    presence: Tracker<Meta>,
    topic: string,
    key: string,
    meta: NoInfer<Meta>,
  ): Tracking<Meta>;

  /**
   * Sends a message to all other views that subscribed to a topic, in every process, like LiveView's `broadcast_from`.
   * With `self: true` this view receives it too, if it has subscribed. On the disconnected mount nothing is sent, because
   * the connected mount follows. In development the message is frozen, because all views of a process receive the same
   * object.
   *
   * @throws LiveError `LIVE_ERR_PAYLOAD` when the message is not JSON, or the schema of the topic refuses it
   */
  broadcast<Sent = unknown>(
    topic: string | Topic<Sent>,
    message: NoInfer<Sent>,
    options?: BroadcastOptions,
  ): void;

  /**
   * Sends a message to this view, which handles it after the current callback, or after the delay of the option `after`.
   * A delayed message is cancelled when the view ends.
   *
   * @throws LiveError `LIVE_ERR_OPTION` when `after` is not a number of milliseconds
   */
  send(message: unknown, options?: SendOptions): void;

  /**
   * Gives props to a component of the view after the current callback, as the template does. They stay until the template
   * passes other props. Does nothing if the view does not show the component.
   */
  sendUpdate<Props extends object>(
    component: ComponentOf<Props>,
    id: string | number,
    props: Partial<Props>,
  ): void;

  /**
   * Runs a task in the background; `handleAsync` receives its outcome. A newer task of the same key discards the
   * outcome of an older one. On the disconnected mount nothing runs.
   *
   * @param run receives a signal that aborts when the view ends or a newer task of the same key starts
   */
  startAsync<Key extends TaskKey<Assigns>>(
    key: Key,
    run: (signal: AbortSignal) => MaybePromise<TasksOf<Assigns>[Key]>,
  ): void;

  /**
   * Runs a task in the background and keeps its state in an assign of type {@link AsyncResult}. The assign is
   * loading at first, on both mounts.
   *
   * @param run receives a signal, like the task of {@link startAsync}
   */
  assignAsync<Key extends AsyncKey<Assigns>>(
    key: Key,
    run: (signal: AbortSignal) => MaybePromise<LoadedBy<Assigns[Key]>>,
  ): void;

  /**
   * Attaches a hook to a stage. It runs after the hooks that were attached earlier and before the view's own
   * callback. `halt()` skips the rest.
   *
   * @throws LiveError `LIVE_ERR_HOOK_STAGE`; `LIVE_ERR_HOOK_ID` when the stage has a hook of that id;
   *   `LIVE_ERR_HOOK_FUNCTION`
   */
  attachHook<S extends Stage, HookAssigns extends object = Assigns>(
    id: string,
    stage: S,
    callback: StageCallback<S, HookAssigns>,
  ): void;

  /** Detaches a hook. Does nothing if the hook is not attached. */
  detachHook(id: string, stage: Stage): void;
}
