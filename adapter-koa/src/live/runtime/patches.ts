import type { NavigationTarget } from "@live-session/components/protocol";
import type { LiveRouter } from "../declarations/live-router.js";
import { LiveError, quote } from "../live-error.js";
import { type MaybePromise, then } from "../maybe-promise.js";
import { type Socket, stateOf } from "../socket/socket.js";
import { handleParams } from "./lifecycle.js";

/** Patches that may follow one another before it counts as a loop. */
const maxPatches = 20;

/** Patches a view as its browser asks, which has done with the messages of before. */
export function runBrowserPatch(
  socket: Socket,
  router: LiveRouter,
  url: string,
): MaybePromise<void> {
  stateOf(socket).clearFlash();
  return runPatch(socket, router, url);
}

/**
 * Gives a mounted view a new URL and runs `handleParams` with its params.
 *
 * @param url absolute
 * @throws LiveError `LIVE_ERR_PATCH` when the URL is not one of the view's own in its live session
 */
function runPatch(socket: Socket, router: LiveRouter, url: string): MaybePromise<void> {
  const state = stateOf(socket);
  const { view, liveSession } = state.route;
  const { origin, pathname, search } = new URL(url);
  const match = origin === new URL(state.url).origin ? router.match(pathname, search) : undefined;
  if (match?.route.view !== view || match.route.liveSession !== liveSession) {
    // The route's pattern alone: a path may hold a token.
    throw new LiveError(
      "LIVE_ERR_PATCH",
      `cannot patch: the URL does not point to the current view ${view.name}`,
      {
        expected: "a URL of one of its routes in the same live session; use navigate for others",
        gotText: match ? quote(match.route.path) : "a URL without a route",
      },
    );
  }
  state.patchTo(match.route, url);
  return handleParams(socket, match.params);
}

/**
 * Follows `socket.pushPatch` for as long as callbacks ask for it. Like every navigation, a patch leaves
 * behind what the flash said before.
 *
 * @returns where the last one led, or `undefined` when none was asked for
 */
export function followPatches(
  socket: Socket,
  router: LiveRouter,
  count = 0,
): MaybePromise<NavigationTarget | undefined> {
  const state = stateOf(socket);
  const { navigation } = state;
  if (navigation?.type !== "patch") return undefined;
  if (count === maxPatches) {
    throw new LiveError(
      "LIVE_ERR_PATCH",
      `${state.view.name} patched ${maxPatches} times in a row`,
    );
  }
  state.takeNavigation();
  state.showFlash(state.freshFlash);
  return then(runPatch(socket, router, new URL(navigation.to, state.url).href), () =>
    then(
      followPatches(socket, router, count + 1),
      (last) => last ?? { to: navigation.to, kind: navigation.kind },
    ),
  );
}
