import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { TemplateResult } from "lit";
import { LiveError, quote } from "../live-error.js";
import type { MaybePromise } from "../maybe-promise.js";
import type { WithTasks } from "../socket/async-result.js";
import type { AsyncContexts, MountContext, StageContexts } from "../socket/contexts.js";
import { type InfoHandler, isInfoHandler } from "../socket/info-handler.js";
import { assertLayout, type Layout, type RenderAssigns } from "../socket/layout.js";
import type { Cont, MountOptions } from "../socket/outcome.js";
import type { LiveView, Socket } from "../socket/socket.js";
import type { UnmountContext } from "../socket/unmount.js";
import { assertUploads, type UploadStates, type Uploads } from "../uploads/upload.js";
import type { AssignNames } from "./assign-names.js";
import { type Keep, type KeepOptions, toKeep } from "./keep.js";
import type { EventHandlers } from "./live-event.js";
import type { EventOf } from "./live-events.js";
import {
  type AnyOnMount,
  type DataOfResult,
  type OwnHook,
  type Provided,
  toOnMountList,
} from "./on-mount.js";
import type { RequiredParamsOf } from "./path-params.js";
import { assertProvided } from "./provided-data.js";

/** The types of a view, for the compiler alone. */
export interface ViewTypes {
  /** The assigns that the live session's hooks must set. */
  readonly needs?: object;
  /** The assigns that the view sets itself. */
  readonly own?: object;
  /** The params that the path of each route must have: `{ id: string }` for `/rooms/:id`. */
  readonly params?: object;
  /** The session data of a nested view, which `nested` requires. */
  readonly session?: object;
  /** The values of the tasks of `socket.startAsync`, by key: `{ search: readonly Row[] }`. */
  readonly tasks?: object;
  /**
   * The names of the events, `"save" | "close"`, for the third argument of `render`. Only needed if all handlers are results of
   * `liveEvent`, from which TypeScript infers the names too late.
   */
  readonly events?: string;
}

// While TypeScript infers the types of a `liveEvent`, those of a view without `types` are `never`.
type NeedsOf<Types> = [Types] extends [never]
  ? Record<never, never>
  : Types extends { readonly needs: infer Needs extends object }
    ? Needs
    : Record<never, never>;
type DeclaredOwn<Types> = [Types] extends [never]
  ? Record<never, never>
  : Types extends { readonly own: infer Own extends object }
    ? Own
    : Record<never, never>;
/** The assigns that `types` declares. */
type AssignsOf<Types> = NeedsOf<Types> & DeclaredOwn<Types>;
/** The assigns that a view sets: those that `types` declares, and those that `mount` returns. */
type OwnOf<Types, Result> = [keyof Provided<Result>] extends [never]
  ? DeclaredOwn<Types>
  : DeclaredOwn<Types> & Provided<Result>;
/** The assigns of the callbacks, with the types of the tasks. */
type CallbackAssigns<Types, Result, Declared> = WithTypesOfTasks<
  Types,
  NeedsOf<Types> & OwnOf<Types, Result> & UploadAssign<Declared>
>;
type WithTypesOfTasks<Types, Assigns> = [Types] extends [never]
  ? Assigns
  : Types extends { readonly tasks: infer Tasks extends object }
    ? Assigns & WithTasks<Tasks>
    : Assigns;
/** The params that a view receives: those of its schema, or those that it declares. */
type ParamsOf<Types, Schema> = Schema extends StandardSchemaV1
  ? StandardSchemaV1.InferOutput<Schema>
  : DeclaredParams<Types>;
/** The params that each path of a view must have. */
type PathParamsOf<Types, Schema> = Schema extends StandardSchemaV1
  ? RequiredParamsOf<Schema>
  : DeclaredParams<Types>;
type DeclaredParams<Types> = Types extends { readonly params: infer Params extends object }
  ? Params
  : unknown;

/** The session data that the view declares. */
type SessionOf<Types> = [Types] extends [never]
  ? unknown
  : Types extends { readonly session: infer Session extends object }
    ? Readonly<Session>
    : unknown;

type NoUploads = Record<never, never>;
/** The uploads of a view as an assign. While TypeScript infers the handlers, the type of the uploads may be `never`. */
type UploadAssign<Declared> = [Declared] extends [never]
  ? unknown
  : [keyof Declared] extends [never]
    ? unknown
    : { readonly uploads: UploadStates<Declared> };
/** All assigns of a view. */
type AllOf<Types, Declared> = AssignsOf<Types> & UploadAssign<Declared>;
/** The uploads as a member of the arguments of callbacks. */
interface WithUploads<Declared> {
  readonly uploads: UploadStates<Declared>;
}

// Not exported: otherwise the declaration files of an app would name it, which they cannot.
type EventsOf<Handlers> = { readonly [Name in keyof Handlers]: EventOf<Handlers[Name]> };

/** The data that a view provides to elements. */
type DataOf<Named, Result> = [keyof DataOfResult<Result>] extends [never]
  ? Named
  : Named & DataOfResult<Result>;

/** The names of a view's events, so that TypeScript checks those of a template. */
type EventNames<Types, Handlers> = {
  readonly [Name in DeclaredEvent<Types, keyof Handlers & string>]: Name;
};
type DeclaredEvent<Types, Otherwise> = [Types] extends [never]
  ? Otherwise
  : Types extends { readonly events: infer Event extends string }
    ? Event
    : Otherwise;
/** The handlers that a view must have. */
type DeclaredHandlers<Types> = { readonly [Name in DeclaredEvent<Types, never>]: unknown };

/** The result of a view's `mount`: its assigns with `cont({ … })`, options, or nothing. */
// biome-ignore lint/suspicious/noConfusingVoidType: most mounts return nothing
export type ViewMountResult = Cont | MountOptions | void;

/** The handlers of a view's tasks, by key. A task without a handler needs none; its error ends the view. */
export type AsyncHandlers<Assigns extends object, Uploaded = unknown> = {
  readonly [Key in keyof AsyncContexts<Assigns>]?: (
    context: AsyncContexts<Assigns>[Key] & Uploaded,
  ) => MaybePromise<void>;
};

/** The callbacks and options of a live view. Only `render` is required. */
export interface LiveViewDefinition<
  Types extends ViewTypes,
  Result extends ViewMountResult = ViewMountResult,
  Handlers extends EventHandlers<CallbackAssigns<Types, Result, Declared>> = EventHandlers<
    AssignsOf<Types>
  >,
  Names extends AssignNames<AssignsOf<Types>> = AssignNames<AssignsOf<Types>>,
  KeptNames extends AssignNames<AssignsOf<Types>> = AssignNames<AssignsOf<Types>>,
  Schema extends StandardSchemaV1 | undefined = StandardSchemaV1 | undefined,
  Declared extends Uploads = NoUploads,
> {
  /**
   * The types of the view, for the compiler alone. All keys are optional.
   *
   * @example
   * types: {} as { needs: { currentUser: User }; own: { count: number } },
   */
  readonly types?: Types;
  /**
   * Validates the params of the path and the query, with any Standard Schema, and types them for `mount` and
   * `handleParams`. Params that it refuses are answered with 404, after the hooks have run. Each path of the view must
   * have the params that the schema requires.
   *
   * @example
   * params: z.object({ id: z.coerce.number(), page: z.coerce.number().catch(1) }),
   */
  readonly params?: Schema;
  /**
   * The uploads by name. Templates and callbacks receive their states as `uploads`.
   *
   * @example
   * uploads: { avatar: upload({ accept: ["image/*"], maxFileSize: 1_000_000 }) },
   */
  readonly uploads?: Declared;
  /**
   * Runs after the on-mount hooks, on the disconnected and on the connected mount. If `types` does not declare an assign, the
   * result `cont({ … })` sets it, and no callback can read it before.
   */
  mount?(
    context: MountContext<
      WithTypesOfTasks<Types, AllOf<Types, Declared>>,
      ParamsOf<Types, Schema>,
      Readonly<Partial<Pick<AssignsOf<Types>, KeptNames[number]>>>,
      SessionOf<Types>
    > &
      WithUploads<Declared>,
  ): MaybePromise<Result>;
  /**
   * Runs once on the connected mount, when `mount` and `handleParams` are complete: for what needs a browser, such as a
   * message to other views. In a live session with `adopt`, only this callback runs when the browser joins.
   */
  connected?(
    context: StageContexts<CallbackAssigns<Types, Result, Declared>>["connected"] &
      WithUploads<Declared>,
  ): MaybePromise<void>;
  /** Runs after `mount` and on every patch. */
  handleParams?(
    context: StageContexts<
      CallbackAssigns<Types, Result, Declared>,
      ParamsOf<Types, Schema>
    >["handleParams"] &
      WithUploads<Declared>,
  ): MaybePromise<void>;
  /** The handlers by event name. An event without a handler ends the view with an error, unless a hook halts it. */
  readonly handleEvent?: Handlers &
    EventHandlers<CallbackAssigns<Types, Result, Declared>> &
    DeclaredHandlers<Types>;
  /**
   * Receives the messages of `socket.send` and of subscribed topics. `on(topic, handler)` creates a handler of the typed messages
   * of a topic. In a list, each message goes to the first handler that handles it.
   */
  readonly handleInfo?:
    | InfoHandler<CallbackAssigns<Types, Result, Declared>>
    | readonly InfoHandler<CallbackAssigns<Types, Result, Declared>>[];
  /**
   * Receives the outcomes of `socket.startAsync`: a function, or handlers by key. Without it, an error of a task ends the view.
   */
  readonly handleAsync?:
    | ((
        context: StageContexts<CallbackAssigns<Types, Result, Declared>>["handleAsync"] &
          WithUploads<Declared>,
      ) => MaybePromise<void>)
    | AsyncHandlers<CallbackAssigns<Types, Result, Declared>, WithUploads<Declared>>;
  /**
   * Runs once on the connected mount, as the last callback, when the view has ended: to release what `mount` has
   * acquired, such as the listener of an external source. Nothing more is sent to the browser. Errors reach the app's
   * `error` event.
   */
  unmount?(context: UnmountContext<CallbackAssigns<Types, Result, Declared>>): MaybePromise<void>;
  /** The assigns to provide to the page's elements, as `socket.provide` does. They are part of `ProvidedData`. */
  readonly provide?: Names;
  /**
   * The assigns whose values the browser keeps, so that they survive the end of the view's process. The reply to an event
   * carries them, sealed, and the next join of the view returns them: `mount` receives them as `kept`, and `assignNew`
   * uses them. They must be JSON, at most 16 KB in total.
   */
  readonly keep?: KeptNames | KeepOptions<KeptNames>;
  /** The view's own hooks. They run after the live session's hooks. */
  readonly onMount?:
    | OwnHook<NoInfer<AssignsOf<Types>>>
    | readonly OwnHook<NoInfer<AssignsOf<Types>>>[]
    | readonly []; // makes TypeScript infer a tuple, so that it checks each hook of a list by itself
  /** The layout if the live session has none; `false` for no layout. */
  readonly layout?: Layout | false;
  /**
   * Renders the page. It must be a pure function of the assigns: the library does not notice changes of other data. A
   * row of a `repeat` is reused if its item is the same object and its row function uses nothing but the item. Other
   * rows are rendered again, unless nothing that the templates read has changed.
   *
   * @param events the names of the view's events, so that a template cannot name another one: `live-click=${events.inc}`
   */
  render(
    assigns: Readonly<NeedsOf<Types> & OwnOf<Types, Result> & UploadAssign<Declared>> &
      RenderAssigns,
    socket: Socket<CallbackAssigns<Types, Result, Declared>>,
    events: EventNames<Types, Handlers>,
  ): TemplateResult;
}

/** A live view as the runtime uses it. */
export interface DeclaredView extends LiveView {
  readonly definition: LiveViewDefinition<ViewTypes> & { readonly uploads?: Uploads };
  readonly onMount: readonly AnyOnMount[];
  readonly keep: Keep | undefined;
  readonly eventNames: Readonly<Record<string, string>>;
}

/**
 * Declares a live view.
 *
 * `types` in the definition contains the types of the assigns: `needs` lists the assigns that the hooks of the live
 * session must set, `own` those that the view sets itself. `.live()` does not accept the view in a live session whose
 * hooks lack an assign. TypeScript infers the types of the events and of the provided data; see `LiveEvents` and
 * `ProvidedData`.
 *
 * @example
 * export const counterLive = liveView("CounterLive", {
 *   types: {} as { own: { count: number } },
 *   mount({ socket }) {
 *     socket.assign({ count: 0 });
 *   },
 *   handleEvent: {
 *     inc({ socket }) {
 *       socket.assign({ count: socket.assigns.count + 1 });
 *     },
 *   },
 *   render: ({ count }) => html`<button live-click="inc">${count}</button>`,
 * });
 *
 * @throws LiveError `LIVE_ERR_VIEW` when the name or a callback is missing or has the wrong type, or an option is unknown,
 *   `LIVE_ERR_ON_MOUNT`, `LIVE_ERR_LAYOUT`, `LIVE_ERR_PROVIDE`, `LIVE_ERR_KEEP`
 */
export function liveView<
  // First, so that explicit type arguments do not compile: the types of the events would be lost.
  const Names extends AssignNames<AssignsOf<Types>> = readonly [],
  Types extends ViewTypes = Record<never, never>,
  Result extends ViewMountResult = void,
  Handlers extends EventHandlers<CallbackAssigns<Types, Result, Declared>> = Record<never, never>,
  const KeptNames extends AssignNames<AssignsOf<Types>> = readonly [],
  Schema extends StandardSchemaV1 | undefined = undefined,
  Declared extends Uploads = NoUploads,
>(
  name: string,
  definition: LiveViewDefinition<Types, Result, Handlers, Names, KeptNames, Schema, Declared>,
): LiveView<
  NeedsOf<Types>,
  OwnOf<Types, Result>,
  EventsOf<Handlers>,
  DataOf<Pick<AssignsOf<Types>, Names[number]>, Result>,
  PathParamsOf<Types, Schema>,
  SessionOf<Types>
> {
  if (typeof name !== "string" || name === "") {
    throw new LiveError("LIVE_ERR_VIEW", "name of a live view is invalid", {
      expected: "a non-empty string",
      got: name,
    });
  }
  const untyped = definition as unknown as LiveViewDefinition<ViewTypes>;
  assertDefinition(name, untyped);
  const onMount = toOnMountList(untyped.onMount, name);
  const keep = toKeep(untyped.keep, name);
  const events = Object.keys(untyped.handleEvent ?? {});
  const eventNames = Object.freeze(Object.fromEntries(events.map((event) => [event, event])));
  return Object.freeze({ name, definition: untyped, onMount, keep, eventNames });
}

const callbackNames = ["mount", "connected", "handleParams", "unmount"] as const;

const definitionNames = [
  ...callbackNames,
  "handleInfo",
  "handleAsync",
  "types",
  "params",
  "uploads",
  "handleEvent",
  "provide",
  "keep",
  "onMount",
  "layout",
  "render",
] satisfies (keyof LiveViewDefinition<ViewTypes>)[];

function assertDefinition(view: string, definition: LiveViewDefinition<ViewTypes>): void {
  if (typeof definition !== "object" || definition === null) {
    throw new LiveError("LIVE_ERR_VIEW", `definition of the live view ${view} is invalid`, {
      expected: "an object of callbacks with at least render",
      got: definition,
    });
  }
  const names: readonly string[] = definitionNames;
  const unknown = Object.keys(definition).find((key) => !names.includes(key));
  if (unknown !== undefined) {
    throw new LiveError("LIVE_ERR_VIEW", `option of the live view ${view} is unknown`, {
      expected: names.join(", "),
      gotText: quote(unknown),
    });
  }
  for (const callback of callbackNames) {
    if (definition[callback] !== undefined) assertCallback(view, callback, definition[callback]);
  }
  assertCallback(view, "render", definition.render);
  if (definition.handleInfo !== undefined && !isInfoHandler(definition.handleInfo)) {
    throw new LiveError("LIVE_ERR_VIEW", `handleInfo of the live view ${view} is invalid`, {
      expected: "a function, or a list of functions",
      got: definition.handleInfo,
    });
  }
  assertHandleAsync(view, definition.handleAsync);
  const { params } = definition;
  if (params !== undefined && typeof params?.["~standard"]?.validate !== "function") {
    throw new LiveError("LIVE_ERR_VIEW", `params of the live view ${view} is invalid`, {
      expected: "a Standard Schema (zod, valibot, arktype …)",
      got: params,
    });
  }
  assertLayout(definition.layout, `layout of the live view ${view}`);
  assertUploads(definition.uploads, view);
  const { handleEvent = {}, provide = [] } = definition;
  assertProvided(provide, `provide of the live view ${view}`);
  if (typeof handleEvent !== "object" || handleEvent === null) {
    throw new LiveError("LIVE_ERR_VIEW", `handleEvent of the live view ${view} is invalid`, {
      expected: "an object of handlers by event name",
      got: handleEvent,
    });
  }
  for (const [event, handler] of Object.entries(handleEvent)) {
    assertCallback(view, `handleEvent.${event}`, handler);
  }
}

function assertHandleAsync(view: string, handleAsync: unknown): void {
  if (typeof handleAsync !== "object" || handleAsync === null) {
    if (handleAsync !== undefined) assertCallback(view, "handleAsync", handleAsync);
    return;
  }
  for (const [key, handler] of Object.entries(handleAsync))
    assertCallback(view, `handleAsync.${key}`, handler);
}

function assertCallback(view: string, callback: string, value: unknown): void {
  if (typeof value === "function") return;
  throw new LiveError("LIVE_ERR_VIEW", `${callback} of the live view ${view} is invalid`, {
    expected: "a function",
    got: value,
  });
}

/** Whether a value is a result of {@link liveView}. */
export function isLiveView(value: unknown): value is DeclaredView {
  const view = value as Partial<DeclaredView> | null | undefined;
  return typeof view?.name === "string" && typeof view.definition?.render === "function";
}
