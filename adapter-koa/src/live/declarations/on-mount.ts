import { LiveError } from "../live-error.js";
import type { MaybePromise } from "../maybe-promise.js";
import type { Params } from "../parse-query.js";
import type { Cont, Halt, SomeOf } from "../socket/hook.js";
import type { Destination } from "../socket/navigation.js";
import type { Socket } from "../socket/socket.js";

/** What on-mount hooks and `mount` are called with. */
export interface MountContext<Assigns extends object = object> {
  /** The route's path params over the query's, percent-decoded. */
  readonly params: Params;
  /** The HTTP session's data with the live session's extra data laid over it; as it stood at connect. */
  readonly session: Readonly<Record<string, unknown>>;
  readonly socket: Socket<Assigns>;
}

/** What an on-mount hook may return. Halting needs a destination. */
export type OnMountResult = Cont | Halt<Destination>;

/**
 * An on-mount hook: it runs on the disconnected and on the connected mount of every view of its live
 * session, before the view. `Needs` is what earlier hooks must have assigned, `Provides` what it
 * assigns itself, `Data` what elements get of that; they exist for the compiler alone.
 */
export interface OnMount<
  Needs extends object = object,
  Provides extends object = object,
  Data = unknown,
> {
  readonly id: string;
  readonly run: (context: MountContext) => unknown;
  // A property, since parameters of methods are not checked strictly.
  readonly needs?: (assigns: Needs) => void;
  readonly provides?: Provides;
  readonly data?: Data;
}

/** An on-mount hook, whatever it needs and provides. */
export type AnyOnMount = OnMount<never>;

/**
 * A hook of a view's own: what it needs is among the view's assigns, and what it assigns of these has
 * their types.
 */
export type OwnHook<Assigns extends object> = AnyOnMount & {
  readonly needs?: (assigns: Assigns) => void;
  readonly provides?: SomeOf<Assigns>;
};

/** The assigns a hook's results carry; none where it always halts. */
export type Provided<Result> = [AssignsOf<Result>] extends [never]
  ? Record<never, never>
  : AssignsOf<Result>;
type AssignsOf<Result> = Result extends Cont<infer Assigns> ? Assigns : never;

/** What a hook's results provide to elements. */
type DataOfResult<Result> = [DataOf<Result>] extends [never]
  ? Record<never, never>
  : DataOf<Result>;
type DataOf<Result> =
  Result extends Cont<infer Assigns, infer Names>
    ? Pick<Assigns, Extract<Names, keyof Assigns>>
    : never;

/**
 * Declares an on-mount hook, LiveView's `on_mount`.
 *
 * The callback returns `cont()`, `cont({ … })` with assigns for the view, or `halt(redirect(to))` /
 * `halt(navigate(to))`; halting skips later hooks, the view's `mount` and its render. A hook that needs
 * assigns of earlier hooks annotates its context:
 * `onMount("audit", ({ socket }: MountContext<{ currentUser: User }>) => cont())`. Assigns that elements
 * of the page get are named too: `cont({ cart }, { provide: ["cart"] })`.
 *
 * @example
 * export const mountCurrentUser = onMount("mountCurrentUser", async ({ session, socket }) => {
 *   const currentUser = await socket.assignNew("currentUser", () => userByToken(session.userToken));
 *   return cont({ currentUser });
 * });
 *
 * @throws LiveError `LIVE_ERR_ON_MOUNT` when the id is no text or the callback no function
 */
export function onMount<Result extends OnMountResult, Needs extends object = Record<never, never>>(
  id: string,
  run: (context: MountContext<Needs>) => MaybePromise<Result>,
): OnMount<Needs, Provided<Result>, DataOfResult<Result>> {
  if (typeof id !== "string" || id === "" || typeof run !== "function") {
    throw new LiveError("LIVE_ERR_ON_MOUNT", "onMount expects the hook's id and its callback", {
      expected: 'onMount("id", ({ params, session, socket }) => cont())',
      got: typeof id !== "string" || id === "" ? id : run,
    });
  }
  return Object.freeze({ id, run: run as unknown as AnyOnMount["run"] });
}

/**
 * The hooks of an `onMount` option as a list.
 *
 * @param owner names the live session or view in the error
 * @throws LiveError `LIVE_ERR_ON_MOUNT` when something in it is no hook
 */
export function toOnMountList(option: unknown, owner: string): readonly AnyOnMount[] {
  const hooks = option === undefined ? [] : Array.isArray(option) ? [...option] : [option];
  for (const hook of hooks) {
    if (typeof hook?.id !== "string" || typeof hook.run !== "function") {
      throw new LiveError("LIVE_ERR_ON_MOUNT", `invalid onMount hook declared in ${owner}`, {
        expected: "what onMount(id, callback) returns, or a list of those",
        got: hook,
      });
    }
  }
  return hooks;
}

/** `B` laid over `A`; each of several that `B` may be by itself, as one may lack what another has. */
export type Merge<A, B> = B extends unknown ? Omit<A, keyof B> & B : never;

/** The entries of `Needs` that `Assigns` lacks, or has with another type. */
export type Missing<Needs, Assigns> = {
  [Key in keyof Needs as Key extends keyof Assigns
    ? Assigns[Key] extends Needs[Key]
      ? never
      : Key
    : Key]: Needs[Key];
};

/** The list form of an `onMount` option. */
export type OnMountList<Option> = Option extends readonly AnyOnMount[]
  ? Option
  : Option extends AnyOnMount
    ? readonly [Option]
    : readonly [];

/** What stands in place of assigns where a hook needs what the ones before it do not provide. */
export interface UnprovenHooks<Lacking> {
  readonly "the hooks before do not provide": Lacking;
}

/**
 * The assigns that a chain of hooks provides, from first to last: a union where they differ by what a
 * hook finds. Where a hook needs what the ones before it do not provide, the result says so.
 *
 * Of a list that is no tuple nobody knows which of its hooks run, or how often: none of its assigns is
 * there for sure, but each of them may take the place of an earlier one.
 */
export type FoldHooks<
  Hooks,
  Assigns extends object = Record<never, never>,
> = Hooks extends readonly [infer First, ...infer Rest]
  ? First extends OnMount<infer Needs, infer Provides>
    ? [Assigns] extends [Needs] // as a whole: each of what the hooks may assign has to do
      ? FoldHooks<Rest, Merge<Assigns, Provides>>
      : UnprovenHooks<Missing<Needs, Assigns>>
    : never
  : Hooks extends readonly []
    ? Assigns
    : Hooks extends readonly OnMount<infer Needs, infer Provides>[]
      ? [Assigns] extends [Needs]
        ? Assigns | Merge<Assigns, Provides>
        : UnprovenHooks<Missing<Needs, Assigns>>
      : Assigns;

/** The mount data that a chain of hooks provides, from first to last. */
export type FoldData<Hooks, Data = Record<never, never>> = Hooks extends readonly [
  { readonly data?: infer First },
  ...infer Rest,
]
  ? FoldData<Rest, unknown extends First ? Data : Merge<Data, First>>
  : Data;
