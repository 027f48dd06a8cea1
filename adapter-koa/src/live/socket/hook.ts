import type { Layout } from "../declarations/layout.js";
import { LiveError, quote } from "../live-error.js";
import type { MaybePromise } from "../maybe-promise.js";
import type { Params } from "../parse-query.js";
import type { Destination } from "./navigation.js";
import type { Socket } from "./socket.js";

/** The stages of a mounted view's life that hooks can intercept. */
export const stages = [
  "handleParams",
  "handleEvent",
  "handleInfo",
  "handleAsync",
  "afterRender",
] as const;

/** One of {@link stages}. */
export type Stage = (typeof stages)[number];

/** What a mount may decide for its view besides assigns. */
export interface MountOptions {
  /** The layout around the view, or `false` for none. */
  readonly layout?: Layout | false;
  /** Assigns that go back to these values after each render. */
  readonly temporaryAssigns?: Readonly<Record<string, unknown>>;
}

/** What an on-mount hook may decide besides assigns. */
export interface OnMountOptions<Names extends string = string> extends MountOptions {
  /** Assigns that elements of the page get, as with `socket.provide`, and listed in `ProvidedData`. */
  readonly provide?: readonly Names[];
}

/** A hook's wish to go on, made by {@link cont}. `Names` is which assigns it provides to elements. */
export class Cont<Assigns extends object = object, Names extends string = never> {
  readonly assigns: Assigns | undefined;
  readonly options: OnMountOptions | undefined;
  // Of a parameter, so that of two results the one that provides less is the wider type.
  declare readonly provides?: (names: Names) => void;

  constructor(assigns?: Assigns, options?: OnMountOptions) {
    this.assigns = assigns;
    this.options = options;
  }
}

/** A hook's wish to stop, made by {@link halt}. */
export class Halt<With extends Destination | Reply | undefined = undefined> {
  readonly with: With;

  constructor(outcome: With) {
    this.with = outcome;
  }
}

/** An answer to the browser's event, made by {@link reply}. */
export class Reply<
  Value extends Readonly<Record<string, unknown>> = Readonly<Record<string, unknown>>,
> {
  readonly value: Value;

  constructor(value: Value) {
    this.value = value;
  }
}

const goOn = new Cont<Record<never, never>>();
const stop = new Halt(undefined);

/** Continues with the next hook, and at last with the view's own callback. */
export function cont(): Cont<Record<never, never>>;
/**
 * Continues with the next hook, and at last with the view's own callback.
 *
 * @param assigns merged into the socket's assigns first
 * @param options in an on-mount hook only: what of it elements get, the view's layout and temporary assigns
 */
export function cont<Assigns extends object, const Names extends keyof Assigns & string = never>(
  assigns: Assigns,
  options?: OnMountOptions<Names>,
): Cont<Assigns, Names>;
export function cont(assigns?: object, options?: OnMountOptions): Cont {
  return assigns === undefined && options === undefined ? goOn : new Cont(assigns, options);
}

/**
 * Skips the hooks that follow and the view's own callback.
 *
 * In an on-mount hook it needs a destination, `halt(redirect("/"))`; in a `handleEvent` hook it may
 * carry an answer, `halt(reply({ … }))`; elsewhere it carries nothing.
 */
export function halt(): Halt;
export function halt<With extends Destination | Reply>(outcome: With): Halt<With>;
export function halt(outcome?: Destination | Reply): Halt<Destination | Reply | undefined> {
  return outcome === undefined ? stop : new Halt(outcome);
}

/**
 * An answer to the event being handled; the browser's `push()` resolves with `value`.
 *
 * @throws LiveError `LIVE_ERR_CALLBACK_RETURN` when `value` is no object
 */
export function reply<Value extends Readonly<Record<string, unknown>>>(value: Value): Reply<Value> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new LiveError("LIVE_ERR_CALLBACK_RETURN", "reply expects an object", {
      expected: "an object that JSON can carry",
      got: value,
    });
  }
  return new Reply(value);
}

/** The result of an asynchronous task: `ok` tells which of the two others is there. */
export type AsyncOutcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: unknown };

/** What hooks and callbacks of each stage are called with. */
export interface StageContexts<Assigns extends object = object> {
  handleParams: { readonly params: Params; readonly url: string; readonly socket: Socket<Assigns> };
  handleEvent: {
    readonly event: string;
    readonly payload: unknown;
    readonly socket: Socket<Assigns>;
  };
  handleInfo: { readonly message: unknown; readonly socket: Socket<Assigns> };
  handleAsync: {
    readonly key: string;
    readonly result: AsyncOutcome;
    readonly socket: Socket<Assigns>;
  };
  afterRender: { readonly socket: Socket<Assigns>; readonly changed: ReadonlySet<string> };
}

/** Some entries of `Assigns`, and maybe others besides. */
export type SomeOf<Assigns> = Partial<Assigns> & object;

/** What hooks of each stage may return. What they assign has the type that the socket knows it by. */
export interface StageResults<Assigns extends object = object> {
  handleParams: Cont<SomeOf<Assigns>> | Halt;
  handleEvent: Cont<SomeOf<Assigns>> | Halt | Halt<Reply>;
  handleInfo: Cont<SomeOf<Assigns>> | Halt;
  handleAsync: Cont<SomeOf<Assigns>> | Halt;
  // biome-ignore lint/suspicious/noConfusingVoidType: a hook that returns nothing is declared void
  afterRender: Cont<SomeOf<Assigns>> | void;
}

/** A function attached to a stage. */
export type StageCallback<S extends Stage, Assigns extends object = object> = (
  context: StageContexts<Assigns>[S],
) => MaybePromise<StageResults<NoInfer<Assigns>>[S]>; // else a wrong result would decide what is right

/** An attached hook. */
export interface Hook<S extends Stage = Stage> {
  readonly id: string;
  readonly stage: S;
  readonly run: (context: StageContexts[S]) => unknown;
}

/** A hook's identity, for pages that show the chain. */
export interface HookInfo {
  readonly id: string;
  readonly stage: Stage | "mount";
}

/** @throws LiveError `LIVE_ERR_HOOK_STAGE` when `stage` is none of {@link stages}. */
export function assertStage(
  stage: unknown,
  caller: "attachHook" | "detachHook",
): asserts stage is Stage {
  if (stages.includes(stage as Stage)) return;
  throw new LiveError("LIVE_ERR_HOOK_STAGE", `invalid lifecycle stage provided to ${caller}`, {
    expected: `one of ${stages.join(" | ")}`,
    gotText: quote(stage),
  });
}
