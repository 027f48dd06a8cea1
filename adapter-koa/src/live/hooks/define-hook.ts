import type { StandardSchemaV1 } from "@standard-schema/spec";
import { assertKept } from "../declarations/keep.js";
import type { EventHandlers } from "../declarations/live-event.js";
import type { EventOf } from "../declarations/live-events.js";
import {
  type Merge,
  type OnMount,
  type OnMountResult,
  onMount,
  type Provided,
} from "../declarations/on-mount.js";
import { assertProvided } from "../declarations/provided-data.js";
import { LiveError, quote } from "../live-error.js";
import type { MaybePromise } from "../maybe-promise.js";
import type { MountContext, StageContexts, StageResults } from "../socket/contexts.js";
import { type InfoHandler, isInfoHandler } from "../socket/info-handler.js";
import type { UnmountContext } from "../socket/unmount.js";
import { type AnyHookDefinition, DefinedHook } from "./defined-hook.js";

/** The result of a hook's `mount`: that of an on-mount hook, or nothing for `cont()`. */
// biome-ignore lint/suspicious/noConfusingVoidType: a mount that returns nothing is declared void
export type HookMountResult = OnMountResult | void;

/** The assigns that a hook keeps, and for how long. */
export interface HookKeepOptions<Kept> {
  /** The names of the assigns. */
  readonly assigns: readonly string[];
  /** Validates the values that a browser returns. If it refuses them, the hook starts without them. */
  readonly schema?: StandardSchemaV1<unknown, Kept>;
  /** Whether the values also survive a reload of the page, and a tab that the browser has discarded. */
  readonly reload?: boolean;
}

/** The assigns that the callbacks of a hook use: those that it needs, and those that it sets. */
type AssignsOf<Needs extends object, Own extends object, Result> = Merge<
  Known<Needs>,
  Known<Own> & Provided<Result>
> &
  object;

/** While TypeScript infers the types of a `liveEvent`, a type that a hook does not declare is `never`. */
type Known<Type> = [Type] extends [never] ? Record<never, never> : Type;

/**
 * A need that nothing satisfies, if a hook provides an assign that its `mount` does not return. A check of the argument would
 * make TypeScript infer the assigns before it has seen `mount`.
 */
type Unset<Name> = [Name] extends [never]
  ? unknown
  : { readonly "mount does not return the assign of provide": Name };

// Not exported: otherwise the declaration files of an app would name it, which they cannot.
type EventsOf<Handlers> = { readonly [Name in keyof Handlers]: EventOf<Handlers[Name]> };

/**
 * The callbacks and options of a hook. All are optional. TypeScript infers the assigns of the callbacks from what `mount`
 * returns, so `mount` must come before them.
 */
export interface HookDefinition<
  Needs extends object,
  Own extends object,
  Result extends HookMountResult,
  Handlers,
  Names,
  Kept,
> {
  /**
   * The assigns that earlier hooks must set, for the compiler alone.
   *
   * @example
   * needs: {} as { currentUser: User },
   */
  readonly needs?: Needs;
  /**
   * The assigns that the hook sets, for the compiler alone. Only needed if the first callback after `mount` is a
   * `liveEvent`, for which TypeScript does not infer them, or if a callback other than `mount` sets them.
   */
  readonly own?: Own;
  /**
   * The assigns whose values the browser keeps; see {@link Socket.keep}. `mount` receives them as `kept`, and `assignNew`
   * uses them. Those of a hook of a live session also survive live navigation within it.
   */
  readonly keep?: readonly string[] | HookKeepOptions<Kept>;
  /** The assigns to provide to the page's elements. They are part of `ProvidedData`. */
  readonly provide?: Names;
  /** Runs before every view, as an on-mount hook. `cont({ … })` sets the hook's own assigns. */
  mount?(context: MountContext<Needs, unknown, Readonly<Partial<Kept>>>): MaybePromise<Result>;
  /** Runs before the view's `connected`. */
  connected?(
    context: StageContexts<AssignsOf<Needs, Own, Result>>["connected"],
    // biome-ignore lint/suspicious/noConfusingVoidType: a callback that returns nothing is declared void
  ): MaybePromise<StageResults<NoInfer<AssignsOf<Needs, Own, Result>>>["connected"] | void>;
  /** Runs before the view's `handleParams`. */
  handleParams?(
    context: StageContexts<AssignsOf<Needs, Own, Result>>["handleParams"],
    // biome-ignore lint/suspicious/noConfusingVoidType: a callback that returns nothing is declared void
  ): MaybePromise<StageResults<NoInfer<AssignsOf<Needs, Own, Result>>>["handleParams"] | void>;
  /**
   * The handlers by event name. These events reach neither later hooks nor the view. `socket.attachHook` in `mount`
   * intercepts other events.
   */
  readonly handleEvent?: Handlers & EventHandlers<AssignsOf<Needs, Own, Result>>;
  /**
   * Receives the messages of the topics to which the hook has subscribed, and those that it has sent with `socket.send`.
   * Without it, the view receives them. `socket.attachHook` in `mount` intercepts the messages of the view.
   */
  readonly handleInfo?:
    | InfoHandler<AssignsOf<Needs, Own, Result>>
    | readonly InfoHandler<AssignsOf<Needs, Own, Result>>[];
  /** Receives the outcomes of the tasks that the hook has started. Without it, the view receives them. */
  handleAsync?(
    context: StageContexts<AssignsOf<Needs, Own, Result>>["handleAsync"],
  ): MaybePromise<void>;
  /** Runs after each render that has changed something, before it is sent to the browser. */
  afterRender?(
    context: StageContexts<AssignsOf<Needs, Own, Result>>["afterRender"],
  ): MaybePromise<StageResults<NoInfer<AssignsOf<Needs, Own, Result>>>["afterRender"]>;
  /**
   * Runs once on the connected mount when the view has ended, after the view's own `unmount` and that of later hooks: to
   * release what `mount` has acquired. It also runs if the view's mount fails afterwards.
   */
  unmount?(context: UnmountContext<AssignsOf<Needs, Own, Result>>): MaybePromise<void>;
}

/**
 * Declares a hook with the shape of a view. It is an on-mount hook: a live session's or view's `onMount` lists it, together
 * with those of `onMount(id, callback)`.
 *
 * Messages and outcomes that the hook has asked for reach this hook alone. So a hook and its view may subscribe to the same
 * topic, and each receives its messages once. A payload that the schema of `liveEvent` refuses is answered, as in a view.
 *
 * @example
 * export const notices = defineHook("notices", {
 *   provide: ["notices"],
 *   mount({ socket }) {
 *     socket.subscribe("notices");
 *     return cont({ notices: [] as readonly string[] });
 *   },
 *   handleInfo({ message, socket }) {
 *     socket.assign({ notices: [String(message), ...socket.assigns.notices] });
 *   },
 *   handleEvent: {
 *     "notices:clear": ({ socket }) => socket.assign({ notices: [] }),
 *   },
 * });
 *
 * @throws LiveError `LIVE_ERR_ON_MOUNT` when the id is not a string, a callback is not a function or an option is unknown,
 *   `LIVE_ERR_PROVIDE`, `LIVE_ERR_KEEP`
 */
export function defineHook<
  const Names extends readonly string[] = readonly [],
  Needs extends object = Record<never, never>,
  Own extends object = Record<never, never>,
  Kept = Readonly<Record<string, unknown>>,
  Result extends HookMountResult = void,
  Handlers extends EventHandlers<AssignsOf<Needs, Own, Result>> = Record<never, never>,
>(
  id: string,
  definition: HookDefinition<Needs, Own, Result, Handlers, Names, Kept>,
): OnMount<
  Needs & Unset<Exclude<Names[number], keyof Provided<Result>>>,
  Provided<Result>,
  Pick<Provided<Result>, Names[number] & keyof Provided<Result>>,
  EventsOf<Handlers>
> {
  assertDefinition(id, definition);
  const untyped = definition as unknown as AnyHookDefinition;
  const hook = new DefinedHook(id, untyped);
  return onMount(id, (context) => hook.run(context) as never) as never;
}

const callbackNames = [
  "mount",
  "connected",
  "handleParams",
  "handleAsync",
  "afterRender",
  "unmount",
] as const;
const definitionNames: readonly string[] = [
  "needs",
  "own",
  "keep",
  "provide",
  ...callbackNames,
  "handleInfo",
  "handleEvent",
];

function assertDefinition(id: string, definition: unknown): void {
  const hook = `the hook ${quote(id)}`;
  if (typeof definition !== "object" || definition === null) {
    throw refuse(`definition of ${hook} is invalid`, "an object of callbacks", definition);
  }
  const { keep, provide = [], handleEvent = {}, ...others } = definition as AnyHookDefinition;
  const unknown = Object.keys(others).find((key) => !definitionNames.includes(key));
  if (unknown !== undefined) {
    throw new LiveError("LIVE_ERR_ON_MOUNT", `option of ${hook} is unknown`, {
      expected: definitionNames.join(", "),
      gotText: quote(unknown),
    });
  }
  for (const name of callbackNames) {
    const callback = others[name];
    if (callback !== undefined && typeof callback !== "function")
      throw refuse(`${name} of ${hook} is invalid`, "a function", callback);
  }
  assertHandlers(hook, handleEvent, others.handleInfo);
  assertProvided(provide, `provide of ${hook}`);
  if (keep !== undefined) assertKeep(keep, `keep of ${hook}`);
}

function assertHandlers(hook: string, handleEvent: unknown, handleInfo: unknown): void {
  if (handleInfo !== undefined && !isInfoHandler(handleInfo)) {
    const expected = "a function, or a list of functions";
    throw refuse(`handleInfo of ${hook} is invalid`, expected, handleInfo);
  }
  if (typeof handleEvent !== "object" || handleEvent === null)
    throw refuse(`handleEvent of ${hook} is invalid`, "handlers by event name", handleEvent);
  for (const [event, handler] of Object.entries(handleEvent)) {
    if (typeof handler !== "function")
      throw refuse(`handleEvent.${event} of ${hook} is invalid`, "a function", handler);
  }
}

function assertKeep(keep: NonNullable<AnyHookDefinition["keep"]>, where: string): void {
  const options = "assigns" in keep ? keep : { assigns: keep };
  const { assigns, schema, reload = false, ...others } = options;
  assertKept(assigns, where);
  const isSchema = schema === undefined || typeof schema["~standard"]?.validate === "function";
  if (isSchema && typeof reload === "boolean" && Object.keys(others).length === 0) return;
  throw new LiveError("LIVE_ERR_KEEP", `${where} is invalid`, {
    expected: "a list of names, or { assigns, schema, reload }",
    got: keep,
  });
}

const refuse = (message: string, expected: string, got: unknown): LiveError =>
  new LiveError("LIVE_ERR_ON_MOUNT", message, { expected, got });
