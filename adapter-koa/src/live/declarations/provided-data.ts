import type { FlashMessages } from "@live-session/components/protocol";
import { LiveError, quote } from "../live-error.js";

/** A list of names of assigns. */
export type AssignNames<Assigns> = readonly (keyof Assigns & string)[];

/** The data of a live session with one more view: what only a view provides is there on its pages alone. */
export type WithViewData<Data, OfView> = unknown extends OfView
  ? Data
  : {
      [Key in keyof Data]: Key extends keyof OfView ? Data[Key] | OfView[Key] : Data[Key];
    } & { readonly [Key in Exclude<keyof OfView, keyof Data>]?: OfView[Key] };

/**
 * The mount data that elements get: the `provide` lists of a live session's hooks and views, or those
 * of one view or hook, and the flash. A function that makes the view or the hook does as well.
 *
 * A live session's type is that of what declares it: `const shop = router.liveSession(…).live(…)`. What a
 * `socket.provide(…)` names while it runs is not in the type.
 *
 * @example
 * import type { ProvidedData } from "@live-session/adapter-koa";
 * import type { shop } from "../router.js";
 *
 * readonly #live = new LiveSessionController<AnyEvents, ProvidedData<typeof shop>>(this);
 */
export type ProvidedData<Source> = Source extends (...made: never) => infer Made
  ? ProvidedData<Made>
  : Source extends { readonly data?: infer Data }
    ? Flat<(unknown extends Data ? object : Data) & { readonly flash: FlashMessages }>
    : never;

type Flat<Data> = { readonly [Key in keyof Data]: Data[Key] };

/**
 * Checks names of assigns to provide.
 *
 * @throws LiveError `LIVE_ERR_PROVIDE`
 */
export function assertProvided(keys: unknown, where: string): asserts keys is readonly string[] {
  const list: readonly unknown[] = Array.isArray(keys) ? keys : [keys];
  const wrong = list.find((key) => typeof key !== "string" || key === "flash");
  if (Array.isArray(keys) && wrong === undefined && !list.includes(undefined)) return;
  throw new LiveError("LIVE_ERR_PROVIDE", `${where} expects names of assigns`, {
    expected: 'names such as "activeNav"; the flash is always provided',
    gotText: quote(wrong),
  });
}
