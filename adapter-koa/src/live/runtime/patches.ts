import type { NavigationTarget } from "@live-session/components/protocol";
import type { LiveRouter } from "../declarations/live-router.js";
import { LiveError, quote } from "../live-error.js";
import { type MaybePromise, then } from "../maybe-promise.js";
import { withBase, withoutBase } from "./base-path.js";
import { handleParams } from "./lifecycle.js";
import type { ViewSocket } from "./view-socket.js";

/** The number of successive patches that counts as a loop. */
const maxPatches = 20;

/**
 * Counts the successive renders after which an `afterRender` hook has patched the view, because each patch causes another
 * render.
 *
 * @param count the number before this render
 * @throws LiveError `LIVE_ERR_PATCH` when the hook patches after every render
 */
export function countHookPatches(
  count: number,
  { navigation, navigatedBy, view }: ViewSocket,
): number {
  if (navigation?.type !== "patch") return 0;
  if (count < maxPatches) return count + 1;
  throw new LiveError(
    "LIVE_ERR_PATCH",
    `the hook "${navigatedBy}" on afterRender of ${view.name} patched after ${maxPatches} renders in a row`,
    {
      expected: "a patch only while socket.url differs from the wanted URL",
    },
  );
}

/** Patches a view on request of its browser, and clears the flash messages that the browser no longer shows. */
export function runBrowserPatch(
  socket: ViewSocket,
  router: LiveRouter,
  url: string,
): MaybePromise<void> {
  socket.clearFlash();
  return runPatch(socket, router, url);
}

/**
 * Changes the URL of a mounted view and runs `handleParams` with the new params.
 *
 * @param url absolute
 * @throws LiveError `LIVE_ERR_PATCH` when the URL has no route to this view in its live session
 */
function runPatch(socket: ViewSocket, router: LiveRouter, url: string): MaybePromise<void> {
  const { view, liveSession } = socket.route;
  const { origin, pathname, search } = new URL(url);
  const path = withoutBase(pathname, socket.base);
  const isOwn = path !== undefined && origin === new URL(socket.url).origin;
  const match = isOwn ? router.match(path, search) : undefined;
  if (match?.route.view !== view || match.route.liveSession !== liveSession) {
    // Print only the pattern of the route: the path may contain a token.
    throw new LiveError("LIVE_ERR_PATCH", `URL of a patch is not a URL of the view ${view.name}`, {
      expected: "a URL of one of its routes in the same live session; use navigate for others",
      gotText: match ? quote(match.route.path) : "a URL without a route",
    });
  }
  socket.patchTo(match.route, url);
  return handleParams(socket, match.params);
}

/**
 * Runs the patches that callbacks request with `socket.pushPatch`, until none is left. Like every navigation, a
 * patch removes the messages of the previous page.
 *
 * @returns the target of the last patch, or `undefined` if there was none
 */
export function followPatches(
  socket: ViewSocket,
  router: LiveRouter,
  count = 0,
): MaybePromise<NavigationTarget | undefined> {
  const { navigation } = socket;
  if (navigation?.type !== "patch") return undefined;
  if (count === maxPatches) {
    throw new LiveError(
      "LIVE_ERR_PATCH",
      `${socket.view.name} patched ${maxPatches} times in a row`,
    );
  }
  socket.takeNavigation();
  socket.showFlash(socket.freshFlash);
  const to = withBase(navigation.to, socket.base, router);
  return then(runPatch(socket, router, new URL(to, socket.url).href), () =>
    then(followPatches(socket, router, count + 1), (last) => last ?? { to, kind: navigation.kind }),
  );
}
