import { LiveError } from "../live-error.js";
import type { Layout } from "./layout.js";
import type { Destination } from "./navigation.js";

/** The options that `mount` may return for its view. */
export interface MountOptions {
  /** The layout around the view, or `false` for none. */
  readonly layout?: Layout | false;
  /** Assigns that are reset to these values after each render. */
  readonly temporaryAssigns?: Readonly<Record<string, unknown>>;
}

/** The options that an on-mount hook may pass to {@link cont}. */
export interface OnMountOptions<Names extends string = string> extends MountOptions {
  /** Names of assigns to provide to elements of the page. They are part of `ProvidedData`. */
  readonly provide?: readonly Names[];
}

/** The result of a hook that continues, made by {@link cont}. `Names` lists the assigns it provides to elements. */
export class Cont<Assigns extends object = object, Names extends string = never> {
  readonly assigns: Assigns | undefined;
  readonly options: OnMountOptions | undefined;
  // A function of the names: of two results, the one that provides less is then the wider type.
  declare readonly provides?: (names: Names) => void;

  constructor(assigns?: Assigns, options?: OnMountOptions) {
    this.assigns = assigns;
    this.options = options;
  }
}

/** The result of a hook that halts, made by {@link halt}. */
export class Halt<With extends Destination | Reply | undefined = undefined> {
  readonly with: With;

  constructor(outcome: With) {
    this.with = outcome;
  }
}

/** A reply to an event of the browser, made by {@link reply}. */
export class Reply<
  Value extends Readonly<Record<string, unknown>> = Readonly<Record<string, unknown>>,
> {
  readonly value: Value;

  constructor(value: Value) {
    this.value = value;
  }
}

const bareCont = new Cont<Record<never, never>>();
const bareHalt = new Halt(undefined);

/** Continues with the next hook, and after the last hook with the view's own callback. */
export function cont(): Cont<Record<never, never>>;
/**
 * Continues with the next hook, and after the last hook with the view's own callback.
 *
 * @param assigns set on the socket before the next hook runs
 * @param options only in an on-mount hook: assigns to provide to elements, the layout, temporary assigns
 */
export function cont<Assigns extends object, const Names extends keyof Assigns & string = never>(
  assigns: Assigns,
  options?: OnMountOptions<Names>,
): Cont<Assigns, Names>;
export function cont(assigns?: object, options?: OnMountOptions): Cont {
  return assigns === undefined && options === undefined ? bareCont : new Cont(assigns, options);
}

/**
 * Skips the remaining hooks and the view's own callback.
 *
 * An on-mount hook must pass a destination: `halt(redirect("/"))`. A `handleEvent` hook may pass a reply:
 * `halt(reply({ … }))`. Hooks of other stages pass nothing.
 */
export function halt(): Halt;
export function halt<With extends Destination | Reply>(outcome: With): Halt<With>;
export function halt(outcome?: Destination | Reply): Halt<Destination | Reply | undefined> {
  return outcome === undefined ? bareHalt : new Halt(outcome);
}

/**
 * Replies to the current event: the browser's `push()` resolves with `value`.
 *
 * @throws LiveError `LIVE_ERR_CALLBACK_RETURN` when `value` is not an object
 */
export function reply<Value extends Readonly<Record<string, unknown>>>(value: Value): Reply<Value> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new LiveError("LIVE_ERR_CALLBACK_RETURN", "value passed to reply is invalid", {
      expected: "an object of JSON values",
      got: value,
    });
  }
  return new Reply(value);
}
