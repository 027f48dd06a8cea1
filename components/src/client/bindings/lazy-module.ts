import { LiveErrorEvent } from "../../events.js";

/**
 * Uses a module that the page loads only when needed, as soon as it is loaded. If it cannot be loaded, `session`
 * dispatches `live-error` with `LIVE_ERR_LAZY_MODULE`, and the rest of the client works without it.
 *
 * @returns a promise that resolves when the module has been used, or the failure has been reported.
 *
 * @example
 * useLazyModule(session, import("../page/main-page.js"), ({ MainPage }) => new MainPage(session, state));
 */
export function useLazyModule<Module>(
  session: EventTarget,
  loading: Promise<Module>,
  use: (module: Module) => void,
): Promise<unknown> {
  const fail = () =>
    session.dispatchEvent(
      new LiveErrorEvent("LIVE_ERR_LAZY_MODULE", "a module of the client could not be loaded"),
    );
  return loading.then(use, fail);
}
