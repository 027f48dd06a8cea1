import type { FlashMessages } from "@live-session/components/protocol";
import { assertAssignNames } from "./assign-names.js";

/**
 * The data of a live session with one more view. Entries that only a view provides are optional, because the pages of
 * other views lack them.
 */
export type WithViewData<Data, OfView> = [keyof OfView] extends [never]
  ? Data
  : {
      [Key in keyof Data]: Key extends keyof OfView ? Data[Key] | OfView[Key] : Data[Key];
    } & { readonly [Key in Exclude<keyof OfView, keyof Data>]?: OfView[Key] };

/**
 * The data that elements receive: the `provide` lists of a live session's hooks and views, or those of one view or hook,
 * and the flash. `Source` is the type of a live session, a view, a hook, or a function that creates one.
 *
 * The type of a live session is that of its declaration: `const shop = router.liveSession(…).live(…)`. Assigns that
 * `socket.provide(…)` names at run time are not part of the type.
 *
 * @example
 * import type { ProvidedData } from "@live-session/adapter-koa";
 * import type { shop } from "../router.js";
 *
 * readonly #live = new LiveSessionController<AnyEvents, ProvidedData<typeof shop>>(this);
 */
export type ProvidedData<Source> = Source extends (...args: never) => infer Created
  ? ProvidedData<Created>
  : Source extends { readonly data?: infer Data }
    ? Flat<(unknown extends Data ? object : Data) & { readonly flash: FlashMessages }>
    : never;

type Flat<Data> = { readonly [Key in keyof Data]: Data[Key] };

/**
 * Checks a list of names of assigns to provide.
 *
 * @throws LiveError `LIVE_ERR_PROVIDE`
 */
export function assertProvided(keys: unknown, where: string): asserts keys is readonly string[] {
  assertAssignNames(keys, where, {
    code: "LIVE_ERR_PROVIDE",
    expected: 'names such as "activeNav"; the flash is always provided',
    isRefused: (name) => name === "flash",
  });
}
