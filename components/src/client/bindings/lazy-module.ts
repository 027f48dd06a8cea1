import { LiveErrorEvent } from "../../events.js";

/**
 * Uses a part of the client, a module that the page loads only when it needs it, as soon as it is there.
 * One that cannot be loaded is told as `live-error` and harms nothing else.
 *
 * @returns when it has been used, or told of.
 *
 * @example
 * useLazyModule(session, import("../page/main-page.js"), ({ MainPage }) => new MainPage(session, state));
 */
export function useLazyModule<Part>(
  session: EventTarget,
  loading: Promise<Part>,
  use: (part: Part) => void,
): Promise<unknown> {
  const fail = () =>
    session.dispatchEvent(
      new LiveErrorEvent("LIVE_ERR_LAZY_MODULE", "a part of the client could not be loaded"),
    );
  return loading.then(use, fail);
}
