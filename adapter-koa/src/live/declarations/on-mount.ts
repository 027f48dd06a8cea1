import { LiveError } from "../live-error.js";
import type { MaybePromise } from "../maybe-promise.js";
import type { MountContext, SomeOf } from "../socket/contexts.js";
import type { Destination } from "../socket/navigation.js";
import type { Cont, Halt } from "../socket/outcome.js";

/** The results that an on-mount hook may return. Halting requires a destination. */
export type OnMountResult = Cont | Halt<Destination>;

/**
 * An on-mount hook. It runs before every view of its live session, on the disconnected and on the connected mount.
 * `Needs` is what earlier hooks must have assigned, `Provides` is what the hook assigns, `Data` is what it provides to
 * elements, and `Events` are the events that it handles. These types exist for the compiler alone.
 */
export interface OnMount<
  Needs extends object = object,
  Provides extends object = object,
  Data = unknown,
  Events = unknown,
> {
  readonly id: string;
  readonly run: (context: MountContext) => unknown;
  // A property, because TypeScript does not check the parameters of methods strictly.
  readonly needs?: (assigns: Needs) => void;
  readonly provides?: Provides;
  readonly data?: Data;
  readonly events?: Events;
}

/** An on-mount hook with any types. */
export type AnyOnMount = OnMount<never>;

/**
 * A hook of a view's own. The assigns that it needs must be among the view's assigns, and the assigns that it sets must
 * have the view's types.
 */
export type OwnHook<Assigns extends object> = AnyOnMount & {
  readonly needs?: (assigns: Assigns) => void;
  readonly provides?: SomeOf<Assigns>;
};

/** The assigns of a hook's results; none if it always halts. */
export type Provided<Result> = [AssignsOf<Result>] extends [never]
  ? Record<never, never>
  : AssignsOf<Result>;
type AssignsOf<Result> = Result extends Cont<infer Assigns> ? Assigns : never;

/** The data that a hook's results provide to elements. */
export type DataOfResult<Result> = [DataOf<Result>] extends [never]
  ? Record<never, never>
  : DataOf<Result>;
type DataOf<Result> =
  Result extends Cont<infer Assigns, infer Names>
    ? Pick<Assigns, Extract<Names, keyof Assigns>>
    : never;

/**
 * Declares an on-mount hook, like LiveView's `on_mount`.
 *
 * The callback returns `cont()`, `cont({ … })` with assigns for the view, or `halt(redirect(to))` /
 * `halt(navigate(to))`. After a halt, neither later hooks nor the view's `mount` and `render` run. A hook that needs
 * assigns of earlier hooks annotates its context:
 * `onMount("audit", ({ socket }: MountContext<{ currentUser: User }>) => cont())`. The option `provide` names assigns
 * for elements of the page: `cont({ cart }, { provide: ["cart"] })`.
 *
 * @example
 * export const mountCurrentUser = onMount("mountCurrentUser", async ({ session, socket }) => {
 *   const currentUser = await socket.assignNew("currentUser", () => userByToken(session.userToken));
 *   return cont({ currentUser });
 * });
 *
 * @throws LiveError `LIVE_ERR_ON_MOUNT` when the id is not a string or the callback is not a function
 */
export function onMount<Result extends OnMountResult, Needs extends object = Record<never, never>>(
  id: string,
  run: (context: MountContext<Needs>) => MaybePromise<Result>,
): OnMount<Needs, Provided<Result>, DataOfResult<Result>> {
  const isId = typeof id === "string" && id !== "";
  if (!isId || typeof run !== "function") {
    throw new LiveError("LIVE_ERR_ON_MOUNT", "id or callback passed to onMount is invalid", {
      expected: 'onMount("id", ({ params, session, socket }) => cont())',
      got: isId ? run : id,
    });
  }
  return Object.freeze({ id, run: run as unknown as AnyOnMount["run"] });
}

/**
 * Converts an `onMount` option to a list of hooks.
 *
 * @param owner the live session or view, for the error message
 * @throws LiveError `LIVE_ERR_ON_MOUNT` when an entry is not a hook
 */
export function toOnMountList(option: unknown, owner: string): readonly AnyOnMount[] {
  const hooks = option === undefined ? [] : Array.isArray(option) ? [...option] : [option];
  for (const hook of hooks) {
    if (typeof hook?.id !== "string" || typeof hook.run !== "function") {
      throw new LiveError("LIVE_ERR_ON_MOUNT", `onMount hook of ${owner} is invalid`, {
        expected: "a result of onMount(id, callback), or a list of them",
        got: hook,
      });
    }
  }
  return hooks;
}

/** `A` with the entries of `B`, which replace those of the same name. Distributes over a union `B`. */
export type Merge<A, B> = B extends unknown ? Omit<A, keyof B> & B : never;

/** The entries of `Needs` that are missing in `Assigns` or have another type there. */
export type Missing<Needs, Assigns> = {
  [Key in keyof Needs as Key extends keyof Assigns
    ? Assigns[Key] extends Needs[Key]
      ? never
      : Key
    : Key]: Needs[Key];
};

/** The same object type without its alias, so that error messages print the entries. */
type Expanded<Type> = Type extends infer Same ? { [Key in keyof Same]: Same[Key] } : never;

/** The list form of an `onMount` option. */
export type OnMountList<Option> = Option extends readonly AnyOnMount[]
  ? Option
  : Option extends AnyOnMount
    ? readonly [Option]
    : readonly [];

/** Replaces the assigns of a chain of hooks if one of them needs assigns that earlier hooks do not provide. */
export interface UnprovenHooks<Lacking> {
  readonly "the hooks before do not provide": Lacking;
}

/**
 * The assigns that a chain of hooks provides, in order. It is a union if a hook has several possible results. If a hook
 * needs assigns that earlier hooks do not provide, the result is {@link UnprovenHooks}.
 *
 * In a list that is not a tuple, each hook may run any number of times. So none of its assigns is certain, but each of
 * them may replace an earlier one.
 */
export type FoldHooks<
  Hooks,
  Assigns extends object = Record<never, never>,
> = Hooks extends readonly [infer First, ...infer Rest]
  ? First extends OnMount<infer Needs, infer Provides>
    ? [Assigns] extends [Needs] // not distributive: each member of the union must satisfy the needs
      ? FoldHooks<Rest, Merge<Assigns, Provides>>
      : UnprovenHooks<Expanded<Missing<Needs, Assigns>>>
    : never
  : Hooks extends readonly []
    ? Assigns
    : Hooks extends readonly OnMount<infer Needs, infer Provides>[]
      ? [Assigns] extends [Needs]
        ? Assigns | Merge<Assigns, Provides>
        : UnprovenHooks<Expanded<Missing<Needs, Assigns>>>
      : Assigns;

/** The data that a chain of hooks provides to elements, in order. */
export type FoldData<Hooks, Data = Record<never, never>> = Hooks extends readonly [
  { readonly data?: infer First },
  ...infer Rest,
]
  ? FoldData<Rest, unknown extends First ? Data : Merge<Data, First>>
  : Data;
